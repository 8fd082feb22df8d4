import type { ComponentSpec } from '../model/component.ts'
import type { Probe } from '../model/probe.ts'
import type { FollowTable } from './script/follow-table.ts'
import { followTable } from './script/follow-table.ts'

export type PathHolds = Extract<Probe, { kind: 'path' }>['holds']
export type ProcessProbe = Omit<Extract<Probe, { kind: 'process' }>, 'kind'>

/** Everything one node is asked, merged and in a fixed order: the same checks give the same plan. */
export interface CollectionPlan {
  readonly paths: readonly { readonly path: string; readonly holds: PathHolds }[]
  readonly globs: readonly { readonly pattern: string; readonly holds: PathHolds }[]
  readonly trees: readonly { readonly path: string; readonly depth: number }[]
  readonly kernel: readonly string[]
  readonly processes: readonly ProcessProbe[]
  readonly units: readonly string[]
  readonly commands: readonly (readonly string[])[]
  readonly follow: FollowTable
}

/** Names of owners and groups are needed to say who owns a file, whatever the checks ask. */
const always: readonly Probe[] = [
  { kind: 'path', path: '/etc/passwd', holds: 'text' },
  { kind: 'path', path: '/etc/group', holds: 'text' },
]

function unique<T>(values: readonly T[], key: (value: T) => string): readonly T[] {
  const byKey = new Map(values.map((value) => [key(value), value]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

function ofKind<K extends Probe['kind']>(probes: readonly Probe[], kind: K): Extract<Probe, { kind: K }>[] {
  return probes.filter((probe): probe is Extract<Probe, { kind: K }> => probe.kind === kind)
}

const words = (values: readonly string[]): readonly string[] => unique(values, (value) => value)

function mergeProcesses(probes: readonly Probe[]): readonly ProcessProbe[] {
  const merged = new Map<string, ProcessProbe>()
  for (const { name, binaries, env, versionArgument, startLog } of ofKind(probes, 'process')) {
    const known = merged.get(name)
    const argument = known?.versionArgument ?? versionArgument
    const logs = known?.startLog ?? startLog
    merged.set(name, {
      name,
      binaries: words([...(known?.binaries ?? []), ...binaries]),
      env: words([...(known?.env ?? []), ...env]),
      ...(argument === undefined ? {} : { versionArgument: argument }),
      ...(logs === undefined ? {} : { startLog: logs }),
    })
  }
  return unique([...merged.values()], (probe) => probe.name)
}

function mergeTrees(probes: readonly Probe[]): CollectionPlan['trees'] {
  const depths = new Map<string, number>()
  for (const { path, depth } of ofKind(probes, 'tree'))
    depths.set(path, Math.max(depth, depths.get(path) ?? 0))
  return unique(
    [...depths].map(([path, depth]) => ({ path, depth })),
    (tree) => tree.path,
  )
}

/** Merges the probes of all selected checks into what one script asks. */
export function planCollection(
  probes: readonly Probe[],
  components: ReadonlyMap<string, ComponentSpec>,
): CollectionPlan {
  const all = [...always, ...probes]
  return {
    paths: unique(
      ofKind(all, 'path').map(({ path, holds }) => ({ path, holds })),
      (probe) => `${probe.path} ${probe.holds}`,
    ),
    globs: unique(
      ofKind(all, 'glob').map(({ pattern, holds }) => ({ pattern, holds })),
      (probe) => `${probe.pattern} ${probe.holds}`,
    ),
    trees: mergeTrees(all),
    kernel: words(ofKind(all, 'kernel').map((probe) => probe.pattern)),
    processes: mergeProcesses(all),
    units: words(ofKind(all, 'unit').map((probe) => probe.name)),
    commands: unique(
      ofKind(all, 'command').map((probe) => probe.argv),
      (argv) => argv.join(' '),
    ),
    follow: followTable(components),
  }
}
