import type { ComponentSpec, PathClass, SettingSpec } from '../../model/component.ts'
import {
  absent,
  type Evidence,
  joinSources,
  mapEvidence,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { type UnitOnDisk, unitOnDisk } from '../systemd/unit.ts'
import { parseCommandLine, usesOf } from './command-line.ts'
import { unitArguments } from './configured.ts'

/** What a component leaves on a machine it ran on, and its package does not bring. */
const usualTraces: { readonly [component: string]: readonly string[] } = {
  kubelet: [
    '/etc/kubernetes/kubelet.conf',
    '/etc/kubernetes/kubelet-config.yaml',
    '/var/lib/kubelet/config.yaml',
    '/var/lib/kubelet/kubeconfig',
    '/var/lib/kubelet/kubelet-config.yaml',
  ],
  'kube-proxy': ['/var/lib/kube-proxy/config.conf', '/var/lib/kube-proxy/kubeconfig'],
}

/** Directories whose names tell whether something that is named is there. */
const usualPlaces: { readonly [component: string]: readonly string[] } = {
  kubelet: ['/etc/kubernetes', '/var/lib/kubelet'],
  'kube-apiserver': ['/etc/kubernetes', '/var/lib/kubernetes'],
  'kube-controller-manager': ['/etc/kubernetes', '/var/lib/kubernetes'],
  'kube-scheduler': ['/etc/kubernetes', '/etc/kubernetes/config', '/var/lib/kubernetes'],
  'kube-proxy': ['/var/lib/kube-proxy'],
  etcd: ['/etc/etcd', '/var/lib/etcd'],
}

/** Classes of files that are made for one node: a CA's certificate may lie on nodes that never ran the component. */
const ownClasses: readonly (PathClass | undefined)[] = ['configuration', 'kubeconfig', 'private-key']

/** What is asked to tell a component that was stopped from a package that nobody used. */
export function traceProbes(spec: ComponentSpec): readonly Probe[] {
  const places = usualPlaces[spec.id] ?? []
  const traces = usualTraces[spec.id] ?? []
  return [
    ...places.map((path): Probe => ({ kind: 'path', path, holds: 'directory' })),
    ...traces.map((path): Probe => ({ kind: 'path', path, holds: 'file' })),
  ]
}

interface Trace {
  readonly path: string
  /** A directory tells nothing while it is empty. */
  readonly isDirectory: boolean
}

function tracesOf(unit: UnitOnDisk, spec: ComponentSpec): readonly Trace[] {
  const line = parseCommandLine(unitArguments(unit), spec)
  const given = (setting: SettingSpec): string | undefined => {
    const flag = line.kind === 'parsed' ? usesOf(line.value, setting).at(-1)?.value : undefined
    const variable = setting.env === undefined ? undefined : unit.environment.get(setting.env)?.value
    return flag ?? (spec.readsEnvironment ? variable : undefined)
  }
  return spec.settings.flatMap((setting) => {
    const isDirectory = setting.holds === 'directory' || setting.holds === 'data-directory'
    const path = isDirectory || ownClasses.includes(setting.holds) ? given(setting) : undefined
    return path?.startsWith('/') === true ? [{ path, isDirectory }] : []
  })
}

/** Whether a path is there. A directory above it that was listed, or is missing, answers as well. */
function presence(view: NodeView, { path, isDirectory }: Trace): Evidence<string> {
  const file = view.file(path)
  const content = view.content(path)
  const listing = view.directory(path)
  const seen = isDirectory ? [listing] : [file, content]
  const source: Source = { items: [...seen, file].map(({ id }) => id), at: [{ kind: 'file', at: path }] }
  if (isDirectory && listing.state === 'observed')
    return listing.entries.length > 0 ? observed(path, source) : absent(source)
  if (!isDirectory && seen.some(({ state }) => state === 'observed')) return observed(path, source)
  if ([...seen, file].some(({ state }) => state === 'absent')) return absent(source)
  const closed = seen.find((item) => item.state === 'unavailable' && item.reason !== 'not-collected')
  if (closed?.state === 'unavailable') return unavailable(closed.reason, source, `${path} could not be seen`)
  return isBelowNothing(view, path)
    ? absent(source)
    : unavailable('not-collected', source, `whether ${path} is there was not asked`)
}

function isBelowNothing(view: NodeView, path: string): boolean {
  const cut = path.lastIndexOf('/')
  if (cut <= 0) return false
  const parent = path.slice(0, cut)
  const listing = view.directory(parent)
  if (listing.state === 'observed') return !listing.entries.includes(path)
  return listing.state === 'absent' || view.file(parent).state === 'absent' || isBelowNothing(view, parent)
}

/** The first thing that shows that the component was used here; absent when none does. */
function traceOf(view: NodeView, traces: readonly Trace[]): Evidence<string> {
  const seen = traces.map((trace) => presence(view, trace))
  return (
    seen.find(({ kind }) => kind === 'observed') ??
    seen.find(({ kind }) => kind === 'unavailable') ??
    absent(joinSources(...seen.map(({ source }) => source)))
  )
}

/** The installed unit of a component, whoever would start it. */
export function installedUnit(view: NodeView, spec: ComponentSpec): Evidence<UnitOnDisk> {
  const units = spec.units.map((name) => unitOnDisk(view, name))
  return (
    units.find(({ kind }) => kind === 'observed') ??
    units.find(({ kind }) => kind === 'unavailable') ??
    units.find((unit) => unit.kind === 'absent' && unit.detail !== undefined) ??
    absent(joinSources(...units.map(({ source }) => source)))
  )
}

/**
 * The unit of a component that nothing starts, on a machine that shows that it was used: what it would start with is
 * there. Absent: nothing but the package is. A component that was stopped must not look better than one that runs.
 */
export function restingUnit(view: NodeView, spec: ComponentSpec): Evidence<UnitOnDisk> {
  const unit = installedUnit(view, spec)
  const usual = (usualTraces[spec.id] ?? []).map((path): Trace => ({ path, isDirectory: false }))
  if (unit.kind === 'unavailable') return unit
  if (unit.kind === 'absent') {
    const trace = unit.detail === undefined ? unit : traceOf(view, usual)
    if (trace.kind === 'unavailable') return trace
    if (trace.kind === 'absent') return absent(unit.source)
    const source = joinSources(unit.source, trace.source)
    return unavailable('ambiguous', source, `${unit.detail}, but ${trace.fact} shows that it was used here`)
  }
  return mapEvidence(traceOf(view, [...usual, ...tracesOf(unit.fact, spec)]), (_path, source) =>
    observed(unit.fact, joinSources(unit.source, source)),
  )
}
