import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, observed, unavailable } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import {
  apiServerProbes,
  apiServerSettings,
  isGiven,
  settingDocument,
  settingOf,
  wordsOf,
} from './policies/api-server.ts'
import { readAuthorizerTypes } from './policies/authorization.ts'

/** Authorizer types in order, and what set them. */
export interface Authorizers {
  readonly modes: readonly string[]
  readonly decidedBy: 'flag' | 'default' | 'authorization-configuration'
}

/** From the flag's value and the configuration file's types (absent when the flag for it is unset). */
export function authorizersOf(flag: Fact, file: Evidence<readonly string[]>): Evidence<Authorizers> {
  if (file.kind === 'unavailable') return file
  if (file.kind === 'observed') {
    if (!isGiven(flag))
      return observed({ modes: file.fact, decidedBy: 'authorization-configuration' }, file.source)
    const both = joinSources(flag.source, file.source)
    return unavailable('ambiguous', both, 'authorization-mode and authorization-config exclude each other')
  }
  if (flag.kind !== 'observed') return flag
  return observed({ modes: wordsOf(flag), decidedBy: isGiven(flag) ? 'flag' : 'default' }, flag.source)
}

/** Authorizers of the node's API server; absent when it runs none. */
export function nodeAuthorizers(node: NodeContext): Evidence<Authorizers> {
  const settings = apiServerSettings(node)
  if (settings.kind !== 'observed') return settings
  const flag = settingOf(settings, 'authorization-mode')
  return authorizersOf(flag, readAuthorizerTypes(settingDocument(node, 'authorization-config')))
}

/** Who decides what a request may do, whether a flag or a file says so. */
export const authorizers: FactKind = {
  kind: 'authorizers',
  title: 'Authorizers of the API server in order, from the flag or the AuthorizationConfiguration',
  parameters: {},
  fields: () => ['modes', 'decided-by'],
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const found = nodeAuthorizers(node)
    if (found.kind !== 'observed') return found
    const { source } = found
    const modes = found.fact.modes.map((mode) => observed(mode, source))
    return observed(
      { modes: observed(modes, source), 'decided-by': observed(found.fact.decidedBy, source) },
      source,
    )
  },
}
