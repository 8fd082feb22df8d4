import { joinSources } from '../../model/evidence.ts'
import type { FactKind } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, nameOf, type Remark } from './inspection.ts'
import { type Rbac, rbacLists, readRbac } from './rbac/read-rbac.ts'
import { type Rights, rightsIn } from './rbac/rights-of-accounts.ts'
import { wordsIn } from './request.ts'
import { readTokenMounts, type TokenMount, tokenProbes } from './tokens/mounts.ts'

type Weighed = Pick<Inspection, 'offending' | 'noted' | 'exempted'>

interface Against {
  readonly rbac: Rbac
  readonly rights: Rights
  readonly system: ReadonlySet<string>
}

/** What is said of one mount, and in which list; undefined where it cannot be said. */
function weigh(
  mount: TokenMount,
  { rbac, rights, system }: Against,
): readonly [keyof Weighed, Remark] | undefined {
  const { workload, account, namespace, opensApi, secret } = mount
  const say = (list: keyof Weighed, because: string) => [list, { on: workload, because }] as const
  const what = secret === undefined ? 'a token' : `through Secret ${secret} a lasting token`
  const holds = `holds ${what} of ${nameOf(account)}`
  if (!opensApi) return say('noted', `${holds} for an audience other than the API server`)
  if (system.has(namespace)) return say('exempted', `${holds}; the namespace is the system's own`)
  if (account.name === 'default')
    return say('offending', `${holds}, the account of everything that names none`)
  const [given] = rights.all(account)
  if (given !== undefined) return say('noted', `${holds}, which is given rights by ${nameOf(given)}`)
  // Where not all bindings were seen, nobody may be said to have no rights; the gap says so.
  return rbac.gaps.length > 0 ? undefined : say('offending', `${holds}, which has no rights to use it for`)
}

/** Pods that hold a token of their service account: without any use for it, or of the account everybody shares. */
export const tokenMounts: FactKind = {
  kind: 'token-mounts',
  about: 'cluster',
  title:
    'Workloads whose pods hold a token for the API: without rights to use it for, or of the default account',
  parameters: {
    system: { means: 'namespaces whose pods may hold tokens', optional: true },
  },
  fields: () => inspectionFields,
  probes: () => [...rbacLists.map((resource) => ({ kind: 'list', resource }) as const), ...tokenProbes],
  derive: (request, node) => {
    const rbac = readRbac(node)
    const pods = readTokenMounts(node)
    const system = new Set(wordsIn(request, 'system'))
    const against = { rbac, rights: rightsIn(rbac), system }
    const said = pods.mounts.flatMap((mount) => {
      const one = weigh(mount, against)
      return one === undefined ? [] : [one]
    })
    const listed = (list: keyof Weighed): readonly Remark[] =>
      said.flatMap(([where, remark]) => (where === list ? [remark] : []))
    return inspectionFact({
      lookedAt: pods.lookedAt,
      offending: listed('offending'),
      noted: listed('noted'),
      exempted: listed('exempted'),
      gaps: [...pods.gapsOutside(system), ...rbac.gaps],
      source: joinSources(pods.source, rbac.source),
    })
  },
}
