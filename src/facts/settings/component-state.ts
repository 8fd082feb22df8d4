import type { ComponentSpec, StartedAs } from '../../model/component.ts'
import {
  absent,
  type Evidence,
  joinSources,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Manifests } from '../manifest/manifests.ts'
import { rancherService } from '../rancher/service.ts'
import { type UnitOnDisk, unitOnDisk } from '../systemd/unit.ts'
import { type Argument, type CommandLine, parseCommandLine, runsComponent, usesOf } from './command-line.ts'
import {
  type ComponentPod,
  configuredPod,
  configuredUnit,
  podArguments,
  podsAmong,
  unitArguments,
} from './configured.ts'
import { type EmbeddedComponent, embeddedIn } from './embedded.ts'
import type { Environment } from './environment-value.ts'
import { launchingPod } from './launched.ts'
import { hasArgumentsOf, pickProcess } from './pick-process.ts'
import { type ObservedProcess, placeOf } from './process-place.ts'
import { imageVersion, versionIn } from './version.ts'

/** A component on a node: how it is started, by what, with which command line. */
export interface ComponentState {
  readonly spec: ComponentSpec
  readonly startedAs: Evidence<StartedAs>
  readonly running: Evidence<boolean>
  /** `1.31.4`; unavailable when nothing tells. */
  readonly version: Evidence<string>
  /** Start mode; absent for components whose defaults do not depend on it. */
  readonly mode: Evidence<string>
  /** The command line in force, or the one on disk when nothing runs. */
  readonly commandLine: Evidence<CommandLine>
  readonly process: ObservedProcess | undefined
  /** The static pod on disk that runs it, also when the process is what counts. */
  readonly pod: ComponentPod | undefined
  /** The unit on disk that runs it. */
  readonly unit: UnitOnDisk | undefined
  /** Set where its variables are known, or known to be hidden, other than from a process, pod or unit here. */
  readonly environment?: Environment
  readonly source: Source
}

/** What is known about a component's start, before its command line is read. */
interface Start {
  readonly startedAs: Evidence<StartedAs>
  readonly running: Evidence<boolean>
  readonly process: ObservedProcess | undefined
  readonly pod: ComponentPod | undefined
  readonly unit: UnitOnDisk | undefined
  /** Set for a component inside another process. */
  readonly embedded?: EmbeddedComponent
  readonly source: Source
}

/**
 * Absent: the node neither runs the component nor is set up to. Unavailable: that cannot be told.
 * `manifests`: the static pods of the node's kubelet.
 */
export function stateOf(view: NodeView, spec: ComponentSpec, manifests: Manifests): Evidence<ComponentState> {
  const start = startOf(view, spec, manifests)
  return start.kind === 'observed' ? observed(describe(spec, start.fact), start.fact.source) : start
}

function startOf(view: NodeView, spec: ComponentSpec, manifests: Manifests): Evidence<Start> {
  const pods = podsAmong(spec, manifests)
  const pod = configuredPod(view, spec, manifests)
  const unit = configuredUnit(view, spec)
  const process = pickProcess(view, spec, pods)
  const embedded = embeddedIn(view, spec)
  const isHost = rancherService(view, 'k3s').kind === 'observed'
  const host = embeddedOver({ process, pod, unit, isHost }, embedded)
  if (host !== undefined) return host
  if (process.kind === 'observed')
    return observed(runningStart(view, spec, { process: process.fact, pod, pods, manifests }), process.source)
  if (process.kind === 'unavailable' && process.reason === 'ambiguous') return process
  const isTold = process.kind === 'absent' || process.reason === 'offline'
  const running = isTold ? stoppedUnlessActive(view, { spec, unit }, process.source) : process
  return stoppedStart({ pod, unit, running, process })
}

/**
 * The answer of k3s where it runs the component inside itself, or would. On such a node a process of that name in a
 * pod is a cluster of its own that somebody runs there. Undefined: k3s is not what runs it here.
 */
function embeddedOver(
  seen: {
    readonly process: Evidence<ObservedProcess>
    readonly pod: Evidence<ComponentPod>
    readonly unit: Evidence<UnitOnDisk>
    /** True when k3s is what this node runs. */
    readonly isHost: boolean
  },
  embedded: Evidence<EmbeddedComponent>,
): Evidence<Start> | undefined {
  const { process, pod, unit } = seen
  const isSetUp = pod.kind === 'observed' || unit.kind === 'observed'
  if (process.kind === 'observed' && (isSetUp || placeOf(process.fact).kind === 'service')) return undefined
  switch (embedded.kind) {
    case 'observed': {
      const { isRunning } = embedded.fact
      const isBeaten = !isRunning && (isSetUp || process.kind === 'observed')
      return isBeaten ? undefined : observed(embeddedStart(embedded.fact, embedded.source), embedded.source)
    }
    case 'absent':
      return embedded.detail === undefined || isSetUp ? undefined : embedded
    case 'unavailable':
      if (isSetUp || process.kind === 'unavailable') return undefined
      return process.kind === 'absent' || seen.isHost ? embedded : undefined
    default:
      return embedded satisfies never
  }
}

function embeddedStart(embedded: EmbeddedComponent, source: Source): Start {
  return {
    startedAs: observed('embedded', source),
    running: observed(embedded.isRunning, source),
    process: undefined,
    pod: undefined,
    unit: undefined,
    embedded,
    source,
  }
}

/** No process carries its name. When systemd says that its unit runs all the same, what runs there is not known. */
function stoppedUnlessActive(
  view: NodeView,
  { spec, unit }: { readonly spec: ComponentSpec; readonly unit: Evidence<UnitOnDisk> },
  source: Source,
): Evidence<boolean> {
  const shown = unit.kind === 'observed' ? view.unit(unit.fact.name) : undefined
  if (shown?.state !== 'observed' || shown.properties['SubState'] !== 'running')
    return observed(false, source)
  const both = joinSources(source, { items: [shown.id], at: [] })
  return unavailable('ambiguous', both, `${shown.name} runs, but none of its processes is called ${spec.id}`)
}

function runningStart(
  view: NodeView,
  spec: ComponentSpec,
  seen: {
    process: ObservedProcess
    pod: Evidence<ComponentPod>
    pods: readonly ComponentPod[]
    manifests: Manifests
  },
): Start {
  const { process } = seen
  const source: Source = { items: [process.id], at: [] }
  const place = placeOf(process)
  const base = { running: observed(true, source), process, source }
  const none = { pod: undefined, unit: undefined }
  switch (place.kind) {
    case 'pod': {
      const exact = seen.pods.find((pod) => hasArgumentsOf(process, spec, pod))
      const launched = launchingPod(process, seen.pods)
      const pod = exact ?? launched ?? (seen.pod.kind === 'observed' ? seen.pod.fact : undefined)
      if (pod !== undefined) {
        const both = joinSources(source, pod.source)
        return { ...base, ...none, pod, startedAs: observed('static-pod', both), source: both }
      }
      return {
        ...base,
        ...none,
        startedAs:
          seen.pod.kind === 'unavailable'
            ? seen.pod
            : (seen.manifests.directoryGap ?? observed('container', source)),
      }
    }
    case 'service': {
      const unit = unitOnDisk(view, place.unit)
      const runsIt = unit.kind === 'observed' && runsComponent(unitArguments(unit.fact), spec)
      if (runsIt) {
        const both = joinSources(source, unit.source)
        return { ...base, ...none, unit: unit.fact, startedAs: observed('unit', both), source: both }
      }
      return {
        ...base,
        ...none,
        startedAs: observed(spec.units.includes(place.unit) ? 'unit' : 'process', source),
      }
    }
    case 'container':
      return { ...base, ...none, startedAs: observed('container', source) }
    case 'user':
    case 'other':
      return { ...base, ...none, startedAs: observed('process', source) }
    default:
      return place satisfies never
  }
}

function stoppedStart(seen: {
  pod: Evidence<ComponentPod>
  unit: Evidence<UnitOnDisk>
  running: Evidence<boolean>
  process: Evidence<ObservedProcess>
}): Evidence<Start> {
  const { pod, unit, running } = seen
  const source = joinSources(seen.process.source, pod.source, unit.source)
  if (pod.kind === 'observed' && unit.kind === 'observed')
    return unavailable(
      'ambiguous',
      source,
      `both ${pod.fact.pod.path} and ${unit.fact.name} are set up to run it`,
    )
  const base = { running, process: undefined, pod: undefined, unit: undefined, source }
  if (pod.kind === 'observed')
    return observed({ ...base, pod: pod.fact, startedAs: observed('static-pod', pod.source) }, source)
  if (unit.kind === 'observed')
    return observed({ ...base, unit: unit.fact, startedAs: observed('unit', unit.source) }, source)
  if (running.kind === 'unavailable') return running
  if (pod.kind === 'unavailable') return pod
  if (unit.kind === 'unavailable') return unit
  return absent(source)
}

/** A component whose unit nothing starts: what it would run with is what the unit says. */
export function restingState(spec: ComponentSpec, unit: UnitOnDisk, source: Source): ComponentState {
  const base = { running: observed(false, source), process: undefined, pod: undefined }
  return describe(spec, { ...base, unit, startedAs: observed('unit', source), source })
}

function describe(spec: ComponentSpec, start: Start): ComponentState {
  const commandLine = commandLineOf(spec, start)
  return { ...start, spec, commandLine, version: versionOf(spec, start), mode: modeOf(spec, commandLine) }
}

/** Words of the running process, each naming the flag it is. */
export function processArguments(spec: ComponentSpec, process: ObservedProcess): readonly Argument[] {
  return process.argv.map((text) => {
    const flag = text.startsWith('-') ? ` ${text.replace(/=[\s\S]*$/, '')}` : ''
    return { text, at: { kind: 'process-argument', at: `${spec.id} (pid ${process.pid})${flag}` } }
  })
}

function commandLineOf(spec: ComponentSpec, start: Start): Evidence<CommandLine> {
  const { process, pod, unit, embedded, source } = start
  // Files say what will be started next; what runs now may have been started with something else.
  if (start.running.kind === 'unavailable') return start.running
  const inside = embedded?.words ?? observed([], source)
  if (inside.kind !== 'observed') return inside
  const words =
    process !== undefined
      ? processArguments(spec, process)
      : pod !== undefined
        ? podArguments(pod)
        : unit !== undefined
          ? unitArguments(unit)
          : inside.fact
  if (process === undefined && unit !== undefined && unit.execStart !== undefined) {
    const { unset } = unit.execStart.line
    const [file] = unit.unreadEnvironmentFiles
    if (unset.length > 0 && file !== undefined)
      return unavailable(
        'not-collected',
        source,
        `${unset.join(', ')} may be set in ${file}, which was not read`,
      )
  }
  const line = parseCommandLine(words, spec)
  return line.kind === 'parsed'
    ? observed(line.value, source)
    : unavailable('unparsable', source, line.detail)
}

/** K3s's containerd is k3s under another name and answers with its version; that is nobody's but Kubernetes'. */
function ownVersion(spec: ComponentSpec, printed: string): string | undefined {
  const isKubernetes = spec.id.startsWith('kube')
  return /^(k3s|rke2) version/.test(printed) && !isKubernetes ? undefined : versionIn(printed)
}

function versionOf(spec: ComponentSpec, start: Start): Evidence<string> {
  const printed = start.process?.version === undefined ? undefined : ownVersion(spec, start.process.version)
  const version =
    start.embedded?.version ??
    printed ??
    (start.pod?.isLauncher === true
      ? versionIn(start.process?.argv[0] ?? '')
      : start.pod && imageVersion(start.pod.container.image))
  if (version !== undefined) return observed(version, start.source)
  return unavailable('version-unknown', start.source, `nothing on the node tells the version of ${spec.id}`)
}

function modeOf(spec: ComponentSpec, commandLine: Evidence<CommandLine>): Evidence<string> {
  if (spec.modes.length === 0) return absent(commandLine.source)
  if (commandLine.kind !== 'observed') return commandLine
  const setting = spec.settings.find((one) => one.name === spec.configuration?.setting)
  const isGiven = setting !== undefined && usesOf(commandLine.fact, setting).some((use) => use.value !== '')
  return observed(isGiven ? 'config' : 'flags', commandLine.source)
}
