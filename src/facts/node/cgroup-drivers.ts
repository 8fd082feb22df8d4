import type { Evidence, Fact, Source } from '../../model/evidence.ts'
import { joinSources, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { type RuntimeName, runtimeInUse } from '../runtime/in-use.ts'
import { textsOf } from '../runtime/texts.ts'
import { componentState } from '../settings/of-node.ts'
import { compareVersions } from '../settings/version.ts'
import { settingFact } from './component-facts.ts'

type Driver = 'systemd' | 'cgroupfs'

/** The container runtime the kubelet uses, and its cgroup driver. */
export interface RuntimeDriver {
  readonly name: Evidence<RuntimeName>
  readonly driver: Fact
}

/** What Docker's default depends on. */
export interface HostFacts {
  readonly version: Evidence<string>
  readonly systemd: Evidence<boolean>
}

/** What decides which cgroup driver is in force. */
export interface DriverFacts {
  readonly kubelet: Fact
  readonly runtime: RuntimeDriver
  readonly kubeletVersion: Evidence<string>
  /** `name=true` pairs, as the kubelet was given them. */
  readonly featureGates: Fact
  readonly runtimeVersion: Evidence<string>
}

/** Names of runc handlers with their driver: `runc=true` says systemd. */
function handlerDrivers(handlers: Fact): readonly (readonly [string, Driver])[] {
  return textsOf(handlers).flatMap(({ fact }): readonly (readonly [string, Driver])[] => {
    const [, name, value] = /^(.*)=(true|false)$/.exec(fact) ?? []
    return name === undefined ? [] : [[name, value === 'true' ? 'systemd' : 'cgroupfs']]
  })
}

/** containerd's driver, `mixed` when its runc handlers differ; without a handler it is the built-in runc with cgroupfs. */
export function containerdDriver(handlers: Fact): Fact {
  if (handlers.kind === 'absent') return observed('cgroupfs', handlers.source)
  if (handlers.kind === 'unavailable') return handlers
  const { source } = handlers
  const drivers = handlerDrivers(handlers)
  const [first] = drivers
  if (first === undefined)
    return unavailable('unparsable', source, 'the runtime handlers of containerd are not understood')
  return observed(drivers.every(([, driver]) => driver === first[1]) ? first[1] : 'mixed', source)
}

/**
 * Docker's driver: the first `native.cgroupdriver` of exec-opts; without one systemd where systemd is init and cgroup
 * version 2 is mounted, cgroupfs elsewhere (moby daemon/daemon_unix.go UsingSystemd).
 */
function dockerDriver(options: Fact, host: HostFacts): Fact {
  if (options.kind === 'unavailable') return options
  for (const { fact, source } of textsOf(options)) {
    const [, value] = /^native\.cgroupdriver=(.*)$/i.exec(fact) ?? []
    if (value !== undefined) return observed(value, source)
  }
  return mapEvidence(host.version, (version, at): Fact => {
    return mapEvidence(host.systemd, (systemd, source): Fact => {
      const places = joinSources(options.source, at, source)
      return observed(systemd && version === '2' ? 'systemd' : 'cgroupfs', places)
    })
  })
}

function driverOf(node: NodeContext, name: RuntimeName, host: HostFacts): Fact {
  switch (name) {
    case 'containerd': {
      const state = componentState(node, 'containerd')
      const handlers = settingFact(node, 'containerd', 'systemd-cgroup')
      return state.kind === 'observed' ? containerdDriver(handlers) : state
    }
    case 'cri-o':
      return settingFact(node, 'crio', 'cgroup-manager')
    case 'cri-dockerd': {
      const state = componentState(node, 'docker')
      return state.kind === 'observed' ? dockerDriver(settingFact(node, 'docker', 'exec-opt'), host) : state
    }
    default:
      return name satisfies never
  }
}

/** The driver of the runtime in use. */
export function runtimeDriver(node: NodeContext, host: HostFacts): RuntimeDriver {
  const name = runtimeInUse(node)
  return { name, driver: mapEvidence(name, (known): Fact => driverOf(node, known, host)) }
}

const gate = 'KubeletCgroupDriverFromCRI'

/** What the kubelet's gates say of this one: by its name, else by the name of its stage. */
function gateSetting(gates: Fact, stage: string): boolean | undefined {
  const said = textsOf(gates).map(({ fact }) => fact)
  for (const name of [gate, stage]) {
    if (said.includes(`${name}=true`)) return true
    if (said.includes(`${name}=false`)) return false
  }
  return undefined
}

/** Alpha in 1.28, on by default from 1.31, locked on in 1.34 (kubernetes pkg/features/kube_features.go). */
function isGateOn(version: string, gates: Fact): Evidence<boolean> {
  const isAtLeast = (other: string): boolean => compareVersions(version, other) >= 0
  if (isAtLeast('1.34.0')) return observed(true, gates.source)
  if (!isAtLeast('1.28.0')) return observed(false, gates.source)
  if (gates.kind === 'unavailable') return gates
  return isAtLeast('1.31.0')
    ? observed(gateSetting(gates, 'AllBeta') !== false, gates.source)
    : observed(gateSetting(gates, 'AllAlpha') === true, gates.source)
}

/** First release that answers the question for the driver (CRI RuntimeConfig), and the last one known not to. */
const answering: Readonly<Record<RuntimeName, { readonly from: string; readonly until: string }>> = {
  containerd: { from: '2.0.0', until: '2.0.0' },
  'cri-o': { from: '1.28.0', until: '1.28.0' },
  // Added between these two releases of early 2025.
  'cri-dockerd': { from: '0.3.17', until: '0.3.16' },
}

function answers(name: RuntimeName, version: string, source: Source): Evidence<boolean> {
  const { from, until } = answering[name]
  if (compareVersions(version, from) >= 0) return observed(true, source)
  return compareVersions(version, until) < 0
    ? observed(false, source)
    : unavailable(
        'version-unknown',
        source,
        `whether ${name} ${version} tells the kubelet its driver is not known`,
      )
}

/** Whether the kubelet takes the driver from the runtime, which both must be new enough for. */
export function asksRuntime(facts: DriverFacts): Evidence<boolean> {
  const { kubeletVersion, runtimeVersion, featureGates, runtime } = facts
  if (kubeletVersion.kind !== 'observed') return kubeletVersion
  const isOn = isGateOn(kubeletVersion.fact, featureGates)
  if (isOn.kind !== 'observed' || !isOn.fact) return isOn
  return mapEvidence(runtime.name, (name) =>
    mapEvidence(runtimeVersion, (version, source) =>
      answers(name, version, joinSources(kubeletVersion.source, source)),
    ),
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
  if (isSame || kubelet.kind === 'absent') return kubelet
  const asks = asksRuntime(facts)
  if (asks.kind === 'observed' && asks.fact) return driver
  return kubelet.kind === 'observed' && asks.kind === 'unavailable' ? asks : kubelet
}

/** Whether kubelet and runtime create cgroups the same way; true where the kubelet takes the runtime's word. */
export function driversAgree(facts: DriverFacts): Fact {
  const kubelet = asDriver(facts.kubelet)
  const { driver } = facts.runtime
  if (kubelet.kind === 'absent') return kubelet
  const source = joinSources(kubelet.source, driver.source)
  if (driver.kind === 'unavailable') return driver
  if (driver.kind === 'absent')
    return unavailable('ambiguous', source, 'the runtime the kubelet names is not on the node')
  if (driver.fact === 'mixed') return observed(false, source)
  if (kubelet.kind === 'observed' && kubelet.fact === driver.fact) return observed(true, source)
  const asks = asksRuntime(facts)
  if (asks.kind === 'observed' && asks.fact) return observed(true, joinSources(source, asks.source))
  if (kubelet.kind === 'unavailable') return kubelet
  return mapEvidence(asks, (_, at): Fact => observed(false, joinSources(source, at)))
}
