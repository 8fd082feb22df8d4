import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { sourceOf, textOf } from './files/raw-source.ts'
import type { DriverFacts } from './node/cgroup-drivers.ts'
import { driversAgree, effectiveDriver, runtimeDriver } from './node/cgroup-drivers.ts'
import { componentVersion, settingFact, settingProbes } from './node/component-facts.ts'
import { readWords } from './node/systemd-value.ts'
import { runtimeComponents, runtimeVersion } from './runtime/in-use.ts'
import { compareVersions } from './settings/version.ts'

const v2File = '/sys/fs/cgroup/cgroup.controllers'
const hybridFile = '/sys/fs/cgroup/unified/cgroup.controllers'

type CgroupVersion = '1' | '2' | 'hybrid'

/** What is mounted at /sys/fs/cgroup decides, as it does for the kubelet. */
export function cgroupVersion(view: NodeView): Evidence<CgroupVersion> {
  const unified = textOf(view.content(v2File))
  if (unified.kind === 'observed') return observed('2', unified.source)
  const hybrid = textOf(view.content(hybridFile))
  if (hybrid.kind === 'observed') return observed('hybrid', hybrid.source)
  if (unified.kind === 'unavailable') return unified
  const own = textOf(view.content('/proc/self/cgroup'))
  if (own.kind !== 'observed') return own
  const source = joinSources(own.source, unified.source)
  return /^\d+:[a-z]/m.test(own.fact)
    ? observed('1', source)
    : unavailable('ambiguous', source, 'no cgroup hierarchy is mounted at /sys/fs/cgroup')
}

/** Controllers of the unified hierarchy; absent where it offers none, or is not there. */
function controllers(view: NodeView): Fact {
  return mapEvidence(textOf(view.content(v2File)), (text, source): Fact => {
    const names = readWords(text)
    return names.length === 0
      ? absent(source)
      : observed(
          names.map((name) => observed(name, source)),
          source,
        )
  })
}

/** systemd is PID 1 when it made this directory (sd_booted(3)). */
function isSystemd(view: NodeView): Evidence<boolean> {
  const directory = view.file('/run/systemd/system')
  const source = sourceOf(directory)
  if (directory.state === 'unavailable') return unavailable(directory.reason, source, directory.detail)
  return observed(directory.state === 'observed', source)
}

/** With systemd as PID 1 two managers of one tree fight; without it nobody answers the systemd driver. */
function fitsInit(effective: Fact, init: Evidence<boolean>): Fact {
  if (effective.kind !== 'observed') return effective
  return mapEvidence(init, (systemd, source): Fact => {
    const wanted = systemd ? 'systemd' : 'cgroupfs'
    return observed(effective.fact === wanted, joinSources(effective.source, source))
  })
}

/** From 1.35 on the kubelet refuses to start on v1 unless failCgroupV1 is switched off. */
function kubeletStarts(node: NodeContext, version: Evidence<CgroupVersion>): Fact {
  const installed = componentVersion(node, 'kubelet')
  if (installed.kind === 'absent') return installed
  if (version.kind !== 'observed') return version
  if (version.fact === '2') return observed(true, version.source)
  return mapEvidence(installed, (kubelet, source): Fact => {
    if (compareVersions(kubelet, '1.35.0') < 0) return observed(true, joinSources(version.source, source))
    return mapEvidence(settingFact(node, 'kubelet', 'fail-cgroupv1'), (refuses, at): Fact => {
      return observed(refuses === false, joinSources(version.source, source, at))
    })
  })
}

function derive(node: NodeContext): Fact {
  const version = cgroupVersion(node.view)
  const init = isSystemd(node.view)
  const runtime = runtimeDriver(node, { version, systemd: init })
  const facts: DriverFacts = {
    kubelet: settingFact(node, 'kubelet', 'cgroup-driver'),
    runtime,
    kubeletVersion: componentVersion(node, 'kubelet'),
    featureGates: settingFact(node, 'kubelet', 'feature-gates'),
    runtimeVersion: runtimeVersion(node),
  }
  const effective = effectiveDriver(facts)
  return observed(
    {
      version,
      controllers: controllers(node.view),
      systemd: init,
      'kubelet-driver': facts.kubelet,
      'runtime-driver': runtime.driver,
      runtime: runtime.name,
      'effective-driver': effective,
      'drivers-agree': driversAgree(facts),
      'driver-fits-init': fitsInit(effective, init),
      'kubelet-starts': kubeletStarts(node, version),
    },
    joinSources(version.source, effective.source),
  )
}

/** The node's cgroup hierarchy and who manages it: init, kubelet and container runtime must be of one mind. */
export const cgroup: FactKind = {
  kind: 'cgroup',
  title: 'cgroup version, and whether kubelet, container runtime and init agree on the cgroup driver',
  parameters: {},
  fields: () => [
    'version',
    'controllers',
    'systemd',
    'kubelet-driver',
    'runtime-driver',
    'runtime',
    'effective-driver',
    'drivers-agree',
    'driver-fits-init',
    'kubelet-starts',
  ],
  probes: (_request, knowledge) => [
    { kind: 'kernel', pattern: v2File },
    { kind: 'kernel', pattern: hybridFile },
    { kind: 'kernel', pattern: '/proc/self/cgroup' },
    { kind: 'path', path: '/run/systemd/system', holds: 'file' },
    ...settingProbes('kubelet', knowledge),
    ...runtimeComponents.flatMap((component) => settingProbes(component, knowledge)),
  ],
  derive: (_request, node) => derive(node),
}
