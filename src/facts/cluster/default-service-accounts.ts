import { joinSources } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, nameOf, type Remark } from './inspection.ts'
import { authorizersRequest, openServers } from './rbac/open-servers.ts'
import { rbacLists, readRbac } from './rbac/read-rbac.ts'
import { type Rights, rightsIn } from './rbac/rights-of-accounts.ts'
import { accountsOf, type Subject } from './rbac/subject.ts'
import { wordsIn } from './request.ts'
import { accountsList, readServiceAccounts, type ServiceAccount } from './service-accounts.ts'
import { readTokenMounts, type TokenMounts, tokenProbes } from './tokens/mounts.ts'

const isDefault = ({ kind, name }: Subject): boolean => kind === 'ServiceAccount' && name === 'default'

/** Subjects whose rights are rights of default accounts. */
const isOfDefaults = (subject: Subject): boolean =>
  isDefault(subject) ||
  accountsOf(subject) !== undefined ||
  (subject.kind === 'Group' && subject.name === 'system:serviceaccounts')

/** Every binding that gives a default account something: to itself, or to the accounts of its namespace or of all. */
function boundDefaults(node: NodeContext, rights: Rights): readonly Remark[] {
  const subjects = new Map<string, Subject>()
  for (const binding of readRbac(node).bindings)
    for (const subject of binding.subjects) if (isOfDefaults(subject)) subjects.set(nameOf(subject), subject)
  return [...subjects.values()].flatMap((subject) =>
    rights.byItself(subject).map((binding) => ({
      on: subject,
      because: `is given ${binding.roleKind} ${binding.roleName} by ${nameOf(binding)}${
        isDefault(subject) ? '' : ', and the default account with it'
      }`,
    })),
  )
}

type Weighed = Pick<Inspection, 'offending' | 'noted' | 'exempted'>

/** Default accounts whose pods get a token unless they say otherwise. */
function mounting(
  defaults: readonly ServiceAccount[],
  system: ReadonlySet<string>,
): Omit<Weighed, 'offending'> {
  const open = defaults
    .filter(({ automount }) => automount !== false)
    .map(
      ({ namespace, name, automount }): Remark => ({
        on: { kind: 'ServiceAccount', namespace, name },
        because: `automountServiceAccountToken is ${automount === undefined ? 'not set' : 'true'}`,
      }),
    )
  const isSystem = ({ on }: Remark): boolean => system.has(on.namespace ?? '')
  return {
    noted: open.filter((one) => !isSystem(one)),
    exempted: open
      .filter(isSystem)
      .map(({ on, because }) => ({ on, because: `${because}; the namespace is the system's own` })),
  }
}

// Enough to see where; the check on tokens names them all.
const mostWorkloads = 3

/** Default accounts outside the system's namespaces whose token pods hold. */
function inUse({ mounts }: TokenMounts, system: ReadonlySet<string>): readonly Remark[] {
  const used = new Map<string, { readonly on: Subject; readonly by: string[] }>()
  for (const { workload, account, namespace, opensApi } of mounts) {
    if (account.name !== 'default' || !opensApi || system.has(namespace)) continue
    const known = used.get(namespace) ?? { on: account, by: [] }
    used.set(namespace, known)
    known.by.push(nameOf(workload))
  }
  return [...used.values()].map(({ on, by }) => {
    const names = [...new Set(by)].sort()
    const more = names.length - mostWorkloads
    const shown = `${names.slice(0, mostWorkloads).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    return { on, because: `its token is held by ${shown}` }
  })
}

/** The account named default of each namespace: what it is given, and whether its pods get a token. */
export const defaultServiceAccounts: FactKind = {
  kind: 'default-service-accounts',
  about: 'cluster',
  asksNodes: [authorizersRequest],
  title:
    'The default service account of each namespace: rights it was given, who uses it, whether its token is mounted unasked',
  parameters: {
    system: { means: 'namespaces whose default account may have its token mounted', optional: true },
    mounted: { means: 'true when a token that is mounted unasked counts as well', optional: true },
  },
  fields: () => inspectionFields,
  probes: () => [
    ...[...rbacLists, accountsList].map((resource) => ({ kind: 'list', resource }) as const),
    ...tokenProbes,
  ],
  derive: (request, node) => {
    const rbac = readRbac(node)
    const { accounts, gaps, source } = readServiceAccounts(node)
    const defaults = accounts.filter(({ name }) => name === 'default')
    const system = new Set(wordsIn(request, 'system'))
    const pods = readTokenMounts(node)
    const bound = [...openServers(node), ...boundDefaults(node, rightsIn(rbac)), ...inUse(pods, system)]
    const { noted, exempted } = mounting(defaults, system)
    const isCounted = request.mounted === true
    return inspectionFact({
      lookedAt: defaults.length,
      offending: isCounted ? [...bound, ...noted] : bound,
      noted: isCounted ? [] : noted,
      exempted,
      gaps: [...rbac.gaps, ...gaps, ...pods.gapsOutside(system)],
      source: joinSources(rbac.source, source, pods.source),
    })
  },
}
