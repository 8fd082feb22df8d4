/** One PEM block: its label and the whole text of it. */
export interface PemBlock {
  readonly label: string
  readonly text: string
}

/** PEM blocks of a text, in order. `more` says that the cap cut the list. */
export interface PemBlocks {
  readonly blocks: readonly PemBlock[]
  readonly more: boolean
}

/** A trust bundle of a system holds about 150 certificates; a bundle in use by a component far fewer. */
export const maxBlocks = 256

const begin = /^-----BEGIN ([A-Z0-9 ]{1,40})-----[ \t]*$/

/** Finds PEM blocks line by line (linear in the text); what stands between blocks is not looked at. */
export function pemBlocks(text: string, cap = maxBlocks): PemBlocks {
  const blocks: PemBlock[] = []
  let open: { label: string; lines: string[] } | undefined
  for (const line of text.split(/\r?\n/)) {
    const label = begin.exec(line)?.[1]
    if (label !== undefined) {
      if (blocks.length === cap) return { blocks, more: true }
      open = { label, lines: [line.trim()] }
    } else if (open !== undefined) {
      open.lines.push(line.trim())
      if (line.startsWith(`-----END ${open.label}-----`)) {
        blocks.push({ label: open.label, text: `${open.lines.join('\n')}\n` })
        open = undefined
      }
    }
  }
  return { blocks, more: false }
}

/** True for the labels OpenSSL and Go accept for a certificate. */
export function isCertificateLabel(label: string): boolean {
  return label === 'CERTIFICATE' || label === 'TRUSTED CERTIFICATE' || label === 'X509 CERTIFICATE'
}

/** True for every form of private key (PKCS #1, #8, SEC 1, DSA, OpenSSH, encrypted). */
export function isPrivateKeyLabel(label: string): boolean {
  return label.endsWith('PRIVATE KEY')
}
