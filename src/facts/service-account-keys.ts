import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../model/evidence.ts'
import { describeCertificate, parseCertificate, publicKeyFingerprint } from './certificates/certificate.ts'
import { type PemBlock, pemBlocks } from './certificates/pem.ts'
import { keyOf, usedText } from './certificates/trust.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import type { SettingFile } from './files/setting-files.ts'
import { settingFiles } from './files/setting-files.ts'
import { apiServer, apiServerProbes, apiServerSettings } from './policies/api-server.ts'

const fields = ['shared-with-serving', 'verify-signing'] as const

/** Fingerprint of a PEM block: of the key itself, or of the key a certificate is for. */
function blockFingerprint({ label, text }: PemBlock): string | undefined {
  if (label.endsWith('PUBLIC KEY')) return publicKeyFingerprint(text)
  const certificate = parseCertificate(text)
  return certificate && describeCertificate(certificate)?.keyFingerprint
}

/** Keys of a file tokens are verified with: public keys, certificates, or the private key itself. */
function verifyingKeys(node: NodeContext, file: Evidence<SettingFile>): Evidence<readonly string[]> {
  if (file.kind !== 'observed') return file
  const derived = keyOf(node, file)
  if (derived.kind === 'observed') return observed([derived.fact], derived.source)
  const text = usedText(node, file.fact)
  if (text.kind !== 'observed') return text
  const found = pemBlocks(text.fact).blocks.map(blockFingerprint)
  const known = found.filter((one) => one !== undefined)
  return known.length > 0 && known.length === found.length
    ? observed(known, text.source)
    : unavailable('unparsable', text.source, `${file.fact.path} holds no key, or one that cannot be read`)
}

/** Every verification key of the API server, or the first reason why one is not known. */
function allVerifyingKeys(node: NodeContext): Evidence<readonly string[]> {
  const keys: string[] = []
  const sources: Source[] = []
  for (const file of settingFiles(node, apiServer, 'service-account-key-file')) {
    const found = verifyingKeys(node, file)
    if (found.kind !== 'observed') return found
    keys.push(...found.fact)
    sources.push(found.source)
  }
  return observed(keys, joinSources(...sources))
}

/** True when the key of a setting is one tokens are verified with; absent when the setting names no key. */
function isVerified(node: NodeContext, keys: Evidence<readonly string[]>, setting: string): Fact {
  const [file] = settingFiles(node, apiServer, setting)
  if (file === undefined || file.kind === 'absent') return absent(keys.source, `${setting} names no key`)
  if (keys.kind !== 'observed') return keys
  const key = keyOf(node, file)
  if (key.kind !== 'observed') return key
  return observed(keys.fact.includes(key.fact), joinSources(keys.source, key.source))
}

/** The keys service account tokens are verified with, compared with those they could be confused with. */
export const serviceAccountKeys: FactKind = {
  kind: 'service-account-keys',
  title:
    'Keys service account tokens are verified with, compared by public half with the signing and the serving key',
  parameters: {},
  fields: () => fields,
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const keys = allVerifyingKeys(node)
    if (keys.kind === 'absent') return keys
    return observed(
      {
        'shared-with-serving': isVerified(node, keys, 'tls-private-key-file'),
        'verify-signing': isVerified(node, keys, 'service-account-signing-key-file'),
      },
      keys.source,
    )
  },
}
