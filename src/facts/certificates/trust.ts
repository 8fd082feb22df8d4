import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Evidence } from '../../model/evidence.ts'
import { joinSources, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { textOf } from '../files/raw-source.ts'
import type { SettingFile } from '../files/setting-files.ts'
import { trustBundle } from './bundle.ts'
import { keyFingerprint, parsePublicKey } from './certificate.ts'
import { usedFiles } from './used-files.ts'
import type { SettingRef } from './uses.ts'

/** Text of a file in use; a file that does not exist contradicts what names it. */
export function usedText(node: NodeContext, file: SettingFile): Evidence<string> {
  const text = textOf(node.view.content(file.path))
  const source = joinSources(text.source, file.source)
  if (text.kind === 'observed') return observed(text.fact, source)
  if (text.kind === 'absent')
    return unavailable('ambiguous', source, `${file.path} is in use and does not exist`)
  return unavailable(text.reason, source, text.detail ?? file.path)
}

/** Certificates a trust setting names; absent when the component is not here or the setting is unset. */
export function trustedBySetting(node: NodeContext, ref: SettingRef): Evidence<readonly X509Certificate[]> {
  return node.memo(`certificates:trust ${ref.component} ${ref.setting}`, () => {
    const [file, ...more] = usedFiles(node, ref.component, ref.setting)
    if (file === undefined || more.length > 0)
      return unavailable('ambiguous', { items: [], at: [] }, ref.setting)
    return file.kind === 'observed' ? trustBundle(usedText(node, file.fact), file.fact.path) : file
  })
}

/** The public half of a key file, which the node derived. */
export function publicKeyOf(node: NodeContext, file: Evidence<SettingFile>): Evidence<KeyObject> {
  if (file.kind !== 'observed') return file
  const { path, source: from } = file.fact
  const key = node.view.key(path)
  const source = joinSources({ items: [key.id], at: [{ kind: 'file', at: path }] }, from)
  if (key.state === 'absent') return unavailable('ambiguous', source, `${path} is in use and does not exist`)
  if (key.state === 'unavailable') return unavailable(key.reason, source, key.detail ?? path)
  const parsed = parsePublicKey(key.publicKey)
  return parsed === undefined
    ? unavailable('unparsable', source, `${path}: its public half is not a public key`)
    : observed(parsed, source)
}

/** Fingerprint of the public half of a key file. */
export function keyOf(node: NodeContext, file: Evidence<SettingFile>): Evidence<string> {
  return mapEvidence(publicKeyOf(node, file), (key, source) => observed(keyFingerprint(key), source))
}
