import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a test wants in a certificate. */
export interface Wanted {
  readonly name: string
  readonly subject: string
  readonly issuer?: string
  readonly days?: number
  readonly extensions?: readonly string[]
  readonly key?: readonly string[]
}

const ec = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] as const

/** A throwaway certificate authority on disk; certificates come from the real openssl. */
export function opensslPki(): {
  issue(wanted: Wanted): string
  publicKey(name: string): string
  privateKey(name: string): string
  remove(): void
} {
  const directory = mkdtempSync(join(tmpdir(), 'khard-pki-'))
  const at = (name: string): string => join(directory, name)
  const openssl = (...argv: readonly string[]): string =>
    execFileSync('openssl', argv, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  return {
    issue({ name, subject, issuer, days = 365, extensions = [], key = ec }) {
      const [algorithm = '', ...options] = key
      openssl('genpkey', '-algorithm', algorithm, ...options, '-out', `${name}.key`)
      const added = extensions.flatMap((extension) => ['-addext', extension])
      const signer =
        issuer === undefined
          ? ['-key', `${name}.key`]
          : ['-key', `${name}.key`, '-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`]
      openssl(
        'req',
        '-x509',
        ...signer,
        '-subj',
        subject,
        '-days',
        String(days),
        '-out',
        `${name}.crt`,
        ...added,
      )
      return readFileSync(at(`${name}.crt`), 'utf8')
    },
    publicKey: (name) => openssl('pkey', '-in', `${name}.key`, '-pubout'),
    privateKey: (name) => readFileSync(at(`${name}.key`), 'utf8'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
