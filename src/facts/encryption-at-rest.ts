import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { apiServerProbes, apiServerSettings, settingDocument, settingOf } from './policies/api-server.ts'
import type { SecretEncryption } from './policies/encryption-configuration.ts'
import { readEncryption } from './policies/encryption-configuration.ts'

/** What the encryption configuration does to secrets; without one they are stored as they are. */
export function encryptionFact(encryption: Evidence<SecretEncryption>): Fact {
  const { source } = encryption
  if (encryption.kind === 'unavailable') {
    const unread = encryption
    const record = {
      configured: observed(true, source),
      'covers-secrets': unread,
      'secrets-provider': unread,
      'secrets-providers': unread,
    }
    return observed(record, source)
  }
  const providers = encryption.kind === 'observed' ? encryption.fact.providers : []
  const [first] = providers
  const list = providers.map((provider) => observed(provider, source))
  return observed(
    {
      configured: observed(encryption.kind === 'observed', source),
      // The first provider writes; `identity` writes what it is given.
      'covers-secrets': observed(first !== undefined && first !== 'identity', source),
      'secrets-provider':
        first === undefined ? absent(source, 'nothing encrypts secrets') : observed(first, source),
      'secrets-providers':
        list.length === 0 ? absent(source, 'nothing encrypts secrets') : observed(list, source),
    },
    source,
  )
}

/** How the API server encrypts secrets before they go to etcd. */
export const encryptionAtRest: FactKind = {
  kind: 'encryption-at-rest',
  title: 'How the API server encrypts secrets at rest: the first provider of the entry that decides',
  parameters: {},
  fields: () => ['configured', 'covers-secrets', 'secrets-provider', 'secrets-providers'],
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const value = settingOf(settings, 'encryption-provider-config')
    if (value.kind === 'unavailable') return value // whether a file is configured at all is not known either
    return encryptionFact(readEncryption(settingDocument(node, 'encryption-provider-config')))
  },
}
