import type { KeyObject } from 'node:crypto'
import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import { keyFingerprint, parseCertificate, parsePublicKey } from './certificates/certificate.ts'
import { type PemBlock, pemBlocks } from './certificates/pem.ts'
import { keyStrength } from './certificates/strength.ts'
import { keyOf, publicKeyOf, usedText } from './certificates/trust.ts'
import { usedFiles } from './certificates/used-files.ts'
import type { SettingRef } from './certificates/uses.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { probesFor } from './files/probes-for.ts'
import type { SettingFile } from './files/setting-files.ts'
import { apiServer, apiServerProbes, apiServerSettings } from './policies/api-server.ts'

const fields = [
  'shared-with-serving',
  'verify-signing',
  'verify-controller-signing',
  'weakest-strength',
] as const

/** A key by fingerprint, with the bits of security it gives where that is known. */
interface KnownKey {
  readonly fingerprint: string
  readonly strength: number | undefined
}

function knownKey(key: KeyObject): KnownKey {
  return { fingerprint: keyFingerprint(key), strength: keyStrength(key) }
}

/** The key of a PEM block: itself, or the key a certificate is for. */
function blockKey({ label, text }: PemBlock): KnownKey | undefined {
  const key = label.endsWith('PUBLIC KEY') ? parsePublicKey(text) : parseCertificate(text)?.publicKey
  return key && knownKey(key)
}

/** Keys of a file tokens are verified with: public keys, certificates, or the private key itself. */
function verifyingKeys(node: NodeContext, file: Evidence<SettingFile>): Evidence<readonly KnownKey[]> {
  if (file.kind !== 'observed') return file
  const derived = publicKeyOf(node, file)
  if (derived.kind === 'observed') return observed([knownKey(derived.fact)], derived.source)
  const text = usedText(node, file.fact)
  if (text.kind !== 'observed') return text
  const found = pemBlocks(text.fact).blocks.map(blockKey)
  const known = found.filter((one) => one !== undefined)
  return known.length > 0 && known.length === found.length
    ? observed(known, text.source)
    : unavailable('unparsable', text.source, `${file.fact.path} holds no key, or one that cannot be read`)
}

/** Every verification key of the API server, or the first reason why one is not known. */
function allVerifyingKeys(node: NodeContext): Evidence<readonly KnownKey[]> {
  const keys: KnownKey[] = []
  const sources: Source[] = []
  for (const file of usedFiles(node, apiServer, 'service-account-key-file')) {
    const found = verifyingKeys(node, file)
    if (found.kind !== 'observed') return found
    keys.push(...found.fact)
    sources.push(found.source)
  }
  return observed(keys, joinSources(...sources))
}

/** True when the key of a setting is one tokens are verified with; absent when the setting names no key. */
function isVerified(
  node: NodeContext,
  keys: Evidence<readonly KnownKey[]>,
  { component, setting }: SettingRef,
): Fact {
  const [file] = usedFiles(node, component, setting)
  if (file === undefined || file.kind === 'absent') return absent(keys.source, `${setting} names no key`)
  if (keys.kind !== 'observed') return keys
  const key = keyOf(node, file)
  if (key.kind !== 'observed') return key
  const isOne = keys.fact.some(({ fingerprint }) => fingerprint === key.fact)
  return observed(isOne, joinSources(keys.source, key.source))
}

/** Bits of security of the weakest of them. */
function weakest(keys: Evidence<readonly KnownKey[]>): Fact {
  return mapEvidence(keys, (known, source): Fact => {
    const strengths = known.flatMap(({ strength }) => strength ?? [])
    return strengths.length < known.length
      ? unavailable('unparsable', source, 'the strength of one of the keys is not known')
      : observed(Math.min(...strengths), source)
  })
}

/** Fingerprints of the keys tokens are verified with; absent where no API server runs. */
export function verifyingKeysOf(node: NodeContext): Evidence<readonly string[]> {
  const keys = mapEvidence(apiServerSettings(node), () => allVerifyingKeys(node))
  return mapEvidence(keys, (known, source) =>
    observed(
      known.map(({ fingerprint }) => fingerprint),
      source,
    ),
  )
}

/** The controller manager signs tokens that are kept in Secrets. */
const controllerKey: SettingRef = {
  component: 'kube-controller-manager',
  setting: 'service-account-private-key-file',
}

function ofApiServer(setting: string): SettingRef {
  return { component: apiServer, setting }
}

/** The keys service account tokens are verified with, compared with those they could be confused with. */
export const serviceAccountKeys: FactKind = {
  kind: 'service-account-keys',
  title:
    'Keys service account tokens are verified with, compared by public half with the signing and the serving key',
  parameters: {},
  fields: () => fields,
  probes: (_, knowledge) => [
    ...apiServerProbes(knowledge),
    ...probesFor(knowledge, [controllerKey.component]),
  ],
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const keys = allVerifyingKeys(node)
    if (keys.kind === 'absent') return keys
    return observed(
      {
        'shared-with-serving': isVerified(node, keys, ofApiServer('tls-private-key-file')),
        'verify-signing': isVerified(node, keys, ofApiServer('service-account-signing-key-file')),
        'verify-controller-signing': isVerified(node, keys, controllerKey),
        'weakest-strength': weakest(keys),
      },
      keys.source,
    )
  },
}
