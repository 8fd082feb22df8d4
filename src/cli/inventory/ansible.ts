import { type HopAddress, parseHopAddress } from '../../collect/ssh/hop.ts'
import type { TargetSpec } from '../targets.ts'
import { expandRanges } from './ranges.ts'

export type Variables = ReadonlyMap<string, unknown>

/** Hosts as one line or key of an inventory names them. */
export interface AnsibleHost {
  readonly pattern: string
  readonly variables: Variables
  /** Says what is wrong with it, at its place. */
  readonly complain: Complain
}

/** One group of an Ansible inventory, in either form. */
export interface AnsibleGroup {
  readonly name: string
  readonly hosts: readonly AnsibleHost[]
  readonly children: readonly string[]
  readonly variables: Variables
  readonly complain: Complain
}

/** Says what is wrong with an inventory; never returns. */
export type Complain = (message: string) => never

/** The hosts of an Ansible inventory as targets, each once, in the order they are first named. */
export function ansibleTargets(groups: readonly AnsibleGroup[]): readonly TargetSpec[] {
  const order = byDepth(groups)
  const hosts = new Map<string, { own: Map<string, unknown>; groups: Set<string>; complain: Complain }>()
  for (const group of groups) {
    for (const { pattern, variables, complain } of group.hosts) {
      const names = expandRanges(pattern) ?? complain(`"${pattern}" is not a host name or range`)
      for (const name of names) {
        const host = hosts.get(name) ?? { own: new Map(), groups: new Set(), complain }
        for (const [key, value] of variables) host.own.set(key, value)
        for (const above of ancestors(group.name, groups)) host.groups.add(above)
        hosts.set(name, host)
      }
    }
  }
  return [...hosts].map(([name, host]) => {
    const inherited = order.filter((group) => group.name === 'all' || host.groups.has(group.name))
    return toTarget(
      name,
      new Map([...inherited.flatMap((group) => [...group.variables]), ...host.own]),
      host.complain,
    )
  })
}

function ancestors(name: string, groups: readonly AnsibleGroup[]): ReadonlySet<string> {
  const found = new Set([name])
  for (const one of found) {
    for (const group of groups) if (group.children.includes(one)) found.add(group.name)
  }
  return found
}

/** Parents before children, `all` first, then by name: later groups win, as in Ansible. */
function byDepth(groups: readonly AnsibleGroup[]): readonly AnsibleGroup[] {
  const depth = ({ name, complain }: AnsibleGroup, below: readonly string[]): number => {
    if (name === 'all') return 0
    if (below.includes(name)) return complain(`group "${name}" contains itself`)
    const parents = groups.filter(({ children }) => children.includes(name))
    return 1 + Math.max(0, ...parents.map((parent) => depth(parent, [...below, name])))
  }
  return groups
    .map((group) => ({ group, depth: depth(group, []) }))
    .sort((a, b) => a.depth - b.depth || (a.group.name < b.group.name ? -1 : 1))
    .map(({ group }) => group)
}

function toTarget(name: string, variables: Variables, complain: Complain): TargetSpec {
  const value = (...keys: readonly string[]): string | undefined => {
    const key = keys.find((one) => variables.get(one) !== undefined && variables.get(one) !== null)
    if (key === undefined) return undefined
    const text = String(variables.get(key))
    return text.includes('{{')
      ? complain(`${name}: ${key} is a template (${text}), which khard does not evaluate`)
      : text
  }
  const sudo = becomes(value('ansible_become'))
  if (sudo === true && !['sudo', undefined].includes(value('ansible_become_method'))) {
    complain(`${name}: ansible_become_method "${value('ansible_become_method')}" is not supported, only sudo`)
  }
  const settings = sudo === undefined ? {} : { sudo }
  if (value('ansible_connection') === 'local') return { name, address: { kind: 'local' }, ...settings }
  const written = value('ansible_host', 'ansible_ssh_host') ?? name
  const host = /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(written) ? `[${written}]` : written
  const port = value('ansible_port', 'ansible_ssh_port')
  const address: HopAddress =
    parseHopAddress(port === undefined || /:\d+$/.test(host) ? host : `${host}:${port}`) ??
    complain(`${name}: "${host}" with port ${port ?? 22} is not an address`)
  const user = value('ansible_user', 'ansible_ssh_user')
  const identityFile = value('ansible_ssh_private_key_file', 'ansible_private_key_file')
  if (user?.startsWith('-') === true) complain(`${name}: "${user}" is not a user name`)
  return {
    name,
    address: {
      kind: 'ssh',
      ...address,
      ...(user === undefined ? {} : { user }),
      ...(identityFile === undefined ? {} : { identityFile }),
    },
    ...settings,
  }
}

function becomes(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : /^(true|yes|on|1|y|t)$/i.test(value)
}
