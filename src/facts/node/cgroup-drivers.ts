import type { Evidence, Fact } from '../../model/evidence.ts'
import { joinSources, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { socketPath } from '../runtime-socket.ts'
import { componentState } from '../settings/of-node.ts'
import { compareVersions } from '../settings/version.ts'
import { ownSettingFact, settingFact } from './component-facts.ts'

type Driver = 'systemd' | 'cgroupfs'

/** The container runtime the kubelet uses, and its cgroup driver. */
export interface RuntimeDriver {
  readonly name: Fact
  readonly driver: Fact
}

/** What decides which cgroup driver is in force. */
export interface DriverFacts {
  readonly kubelet: Fact
  readonly runtime: RuntimeDriver
  readonly kubeletVersion: Evidence<string>
  /** `name=true` pairs, as the kubelet was given them. */
  readonly featureGates: Fact
  readonly containerdVersion: Evidence<string>
}

function runtimeName(node: NodeContext): Evidence<string> {
  return mapEvidence(ownSettingFact(node, 'kubelet', 'container-runtime-endpoint'), (endpoint, source) => {
    const path = socketPath(String(endpoint))
    if (path.includes('containerd')) return observed('containerd', source)
    if (path.includes('crio')) return observed('cri-o', source)
    return path.includes('dockerd')
      ? observed('cri-dockerd', source)
      : unavailable('ambiguous', source, `${path} is no known runtime`)
  })
}

/** Names of runc handlers with their driver: `runc=true` says systemd. */
function handlerDrivers(handlers: readonly Fact[]): readonly (readonly [string, Driver])[] {
  return handlers.flatMap((handler): readonly (readonly [string, Driver])[] => {
    const [, name, value] =
      handler.kind === 'observed' ? (/^(.*)=(true|false)$/.exec(String(handler.fact)) ?? []) : []
    return name === undefined ? [] : [[name, value === 'true' ? 'systemd' : 'cgroupfs']]
  })
}

/** containerd's driver, `mixed` when its runc handlers differ; without a handler it is the built-in runc with cgroupfs. */
export function containerdDriver(handlers: Fact): Fact {
  if (handlers.kind === 'absent') return observed('cgroupfs', handlers.source)
  if (handlers.kind === 'unavailable') return handlers
  const { fact, source } = handlers
  const drivers = Array.isArray(fact) ? handlerDrivers(fact) : []
  const [first] = drivers
  if (first === undefined)
    return unavailable('unparsable', source, 'the runtime handlers of containerd are not understood')
  return observed(drivers.every(([, driver]) => driver === first[1]) ? first[1] : 'mixed', source)
}

/** The driver of the runtime in use. CRI-O and Docker are not read yet, and that is said. */
export function runtimeDriver(node: NodeContext): RuntimeDriver {
  const name = runtimeName(node)
  if (name.kind !== 'observed') return { name, driver: name }
  if (name.fact !== 'containerd') {
    const why = `the cgroup driver of ${name.fact} is not read`
    return { name, driver: unavailable('not-collected', name.source, why) }
  }
  const handlers = settingFact(node, 'containerd', 'systemd-cgroup')
  const state = componentState(node, 'containerd')
  return { name, driver: state.kind === 'observed' ? containerdDriver(handlers) : state }
}

const gate = 'KubeletCgroupDriverFromCRI'

function isSwitchedOff(gates: Fact): boolean {
  const pairs = gates.kind === 'observed' && Array.isArray(gates.fact) ? gates.fact : []
  return pairs.some((pair) => pair.kind === 'observed' && pair.fact === `${gate}=false`)
}

/**
 * The kubelet takes the driver from a runtime that answers RuntimeConfig (containerd 2.0): always from 1.34,
 * from 1.31 unless the gate is switched off (pkg/features/kube_features.go).
 */
export function asksRuntime(facts: DriverFacts): Evidence<boolean> {
  const { kubeletVersion, containerdVersion, featureGates } = facts
  if (kubeletVersion.kind !== 'observed') return kubeletVersion
  const isAtLeast = (version: string): boolean => compareVersions(kubeletVersion.fact, version) >= 0
  if (!isAtLeast('1.31.0')) return observed(false, kubeletVersion.source)
  if (!isAtLeast('1.34.0')) {
    if (featureGates.kind === 'unavailable') return featureGates
    if (isSwitchedOff(featureGates)) return observed(false, featureGates.source)
  }
  return mapEvidence(containerdVersion, (version, source) =>
    observed(compareVersions(version, '2.0.0') >= 0, joinSources(kubeletVersion.source, source)),
  )
}

function asDriver(fact: Fact): Fact {
  if (fact.kind !== 'observed' || fact.fact === 'systemd' || fact.fact === 'cgroupfs') return fact
  return unavailable('unparsable', fact.source, `"${String(fact.fact)}" is no cgroup driver`)
}

/** The driver in force for pods. */
export function effectiveDriver(facts: DriverFacts): Fact {
  const kubelet = asDriver(facts.kubelet)
  const { driver } = facts.runtime
  const isSame = kubelet.kind === 'observed' && driver.kind === 'observed' && kubelet.fact === driver.fact
  if (isSame || kubelet.kind !== 'observed') return kubelet
  const asks = asksRuntime(facts)
  if (asks.kind === 'unavailable') return asks
  return asks.kind === 'observed' && asks.fact ? driver : kubelet
}

/** Whether kubelet and runtime create cgroups the same way; true where the kubelet takes the runtime's word. */
export function driversAgree(facts: DriverFacts): Fact {
  const kubelet = asDriver(facts.kubelet)
  const { driver } = facts.runtime
  if (kubelet.kind !== 'observed') return kubelet
  const source = joinSources(kubelet.source, driver.source)
  if (driver.kind === 'unavailable') return driver
  if (driver.kind === 'absent')
    return unavailable('ambiguous', source, 'the runtime the kubelet names is not on the node')
  if (driver.fact === 'mixed' || kubelet.fact === driver.fact)
    return observed(driver.fact !== 'mixed', source)
  return mapEvidence(asksRuntime(facts), (asks, at): Fact => observed(asks, joinSources(source, at)))
}
