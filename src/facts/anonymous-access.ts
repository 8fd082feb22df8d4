import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { Authorizers } from './authorizers.ts'
import { nodeAuthorizers } from './authorizers.ts'
import type { FactKind } from './fact-kind.ts'
import type { AnonymousScope } from './policies/anonymous.ts'
import { readAnonymousScope } from './policies/anonymous.ts'
import {
  apiServerProbes,
  apiServerSettings,
  isGiven,
  settingDocument,
  settingOf,
} from './policies/api-server.ts'

/** Who gets in without credentials, and what decides that. */
export interface AnonymousAccess {
  readonly scope: AnonymousScope
  readonly decidedBy: 'flag' | 'default' | 'authentication-configuration' | 'authorization-mode'
}

/** From the flag, the AuthenticationConfiguration (absent: it leaves this to the flag) and the authorizers. */
export function anonymousAccessOf(
  flag: Fact,
  file: Evidence<AnonymousScope>,
  modes: Evidence<Authorizers>,
): Evidence<AnonymousAccess> {
  const asked = requestedAccess(flag, file)
  if (asked.kind !== 'observed' || asked.fact.scope === 'none') return asked
  if (modes.kind !== 'observed') return modes
  if (!modes.fact.modes.includes('AlwaysAllow')) return asked
  // The API server drops anonymous requests beside AlwaysAllow (pkg/kubeapiserver/options/authentication.go).
  const source = joinSources(asked.source, modes.source)
  return observed({ scope: 'none', decidedBy: 'authorization-mode' }, source)
}

function requestedAccess(flag: Fact, file: Evidence<AnonymousScope>): Evidence<AnonymousAccess> {
  if (file.kind === 'unavailable') return file
  if (file.kind === 'observed') {
    if (!isGiven(flag))
      return observed({ scope: file.fact, decidedBy: 'authentication-configuration' }, file.source)
    const both = joinSources(flag.source, file.source)
    return unavailable(
      'ambiguous',
      both,
      'anonymous-auth and anonymous in authentication-config exclude each other',
    )
  }
  if (flag.kind !== 'observed') return flag
  if (typeof flag.fact !== 'boolean')
    return unavailable('unparsable', flag.source, 'anonymous-auth is neither true nor false')
  const scope = flag.fact ? 'all' : 'none'
  return observed({ scope, decidedBy: isGiven(flag) ? 'flag' : 'default' }, flag.source)
}

/** Who reaches the API server without credentials. */
export const anonymousAccess: FactKind = {
  kind: 'anonymous-access',
  title: 'Who reaches the API server without credentials: nobody, health probes, or anyone',
  parameters: {},
  fields: () => ['scope', 'decided-by'],
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const flag = settingOf(settings, 'anonymous-auth')
    const file = readAnonymousScope(settingDocument(node, 'authentication-config'))
    const access = anonymousAccessOf(flag, file, nodeAuthorizers(node))
    return mapEvidence(access, ({ scope, decidedBy }, source) =>
      observed({ scope: observed(scope, source), 'decided-by': observed(decidedBy, source) }, source),
    )
  },
}
