import type { Evidence, Fact } from '../model/evidence.ts'
import { mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { apiServerProbes, apiServerSettings, settingDocument, settingOf } from './policies/api-server.ts'
import type { Mapping } from './policies/document.ts'
import { mappingList, readDocument, stringList } from './policies/document.ts'
import { isRecord, lookUp } from './text/document.ts'

/** `aescbc(key1, key2)`: a provider with the names of its keys, which are not secret; their values never come. */
function providerText(entry: Mapping): string {
  return Object.entries(entry)
    .map(([kind, settings]) => {
      const keys = lookUp({ settings }, ['settings', 'keys']) ?? [lookUp({ settings }, ['settings'])]
      const names = Array.isArray(keys) ? keys.flatMap(nameOf) : []
      return names.length === 0 ? kind : `${kind}(${names.join(', ')})`
    })
    .join(' and ')
}

function nameOf(value: unknown): readonly string[] {
  const name = isRecord(value) ? value['name'] : undefined
  return typeof name === 'string' ? [name] : []
}

/** `secrets: aescbc(key1), then identity`; undefined for what is no entry. */
function entryText(entry: Mapping): string | undefined {
  const names = stringList(entry['resources'])
  const providers = mappingList(entry['providers'])
  return (
    names && providers && `${names.toSorted().join(', ')}: ${providers.map(providerText).join(', then ')}`
  )
}

function layoutOf(document: Evidence<Mapping>): Fact {
  return mapEvidence(document, (fact, source): Fact => {
    const texts = mappingList(fact['resources'])?.map(entryText)
    const known = texts?.filter((text) => text !== undefined)
    return known === undefined || known.length !== texts?.length
      ? unavailable('unparsable', source, 'it is not in the form of an EncryptionConfiguration')
      : observed(known.join('; '), source)
  })
}

/** How the encryption configuration is laid out: what must be the same on every API server of a cluster. */
export const encryptionLayout: FactKind = {
  kind: 'encryption-layout',
  title: 'Resources, providers and key names of the API server’s encryption configuration, in order',
  parameters: {},
  fields: () => ['layout'],
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const value = settingOf(settings, 'encryption-provider-config')
    const layout =
      value.kind === 'observed'
        ? layoutOf(
            readDocument(settingDocument(node, 'encryption-provider-config'), {
              kind: 'EncryptionConfiguration',
              apiVersions: ['apiserver.config.k8s.io/v1'],
            }),
          )
        : value
    return observed({ layout }, layout.source)
  },
}
