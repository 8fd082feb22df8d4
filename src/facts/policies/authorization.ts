import type { Evidence } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import { mappingList, readDocument } from './document.ts'

/** Authorizer types of an AuthorizationConfiguration, in order. Not one is refused by the API server. */
export function readAuthorizerTypes(file: Evidence<unknown>): Evidence<readonly string[]> {
  const document = readDocument(file, {
    kind: 'AuthorizationConfiguration',
    apiVersions: ['v1alpha1', 'v1beta1', 'v1'].map((version) => `apiserver.config.k8s.io/${version}`),
  })
  if (document.kind !== 'observed') return document
  const { source } = document
  const types = mappingList(document.fact['authorizers'])?.map((authorizer) => authorizer['type'])
  const named = types?.filter((type) => typeof type === 'string') ?? []
  if (types === undefined || types.length === 0 || named.length < types.length) {
    return unavailable('unparsable', source, 'it lists no authorizers, or one without a type')
  }
  return observed(named, source)
}
