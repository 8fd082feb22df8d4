import {
  absent,
  type Fact,
  joinSources,
  mapEvidence,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { textOf } from '../files/raw-source.ts'
import { componentVersion, settingFact } from '../node/component-facts.ts'
import { componentState } from '../settings/of-node.ts'
import { compareVersions } from '../settings/version.ts'
import { engineOf, type RuntimeName } from './in-use.ts'
import { textsOf } from './texts.ts'

/** CRI-O follows the kernel unless told otherwise: on where SELinux is there (pkg/config selinuxEnabled). */
function crioLabels(node: NodeContext): Fact {
  const told = settingFact(node, 'crio', 'selinux')
  if (told.kind !== 'absent') return told
  const kernel = textOf(node.view.content('/sys/fs/selinux/enforce'))
  if (kernel.kind === 'unavailable') return kernel
  return observed(kernel.kind === 'observed', joinSources(told.source, kernel.source))
}

/** Whether containers get SELinux labels. */
export function labelsContainers(node: NodeContext, name: RuntimeName): Fact {
  switch (name) {
    case 'containerd':
      return settingFact(node, 'containerd', 'enable-selinux')
    case 'cri-o':
      return crioLabels(node)
    case 'cri-dockerd':
      return settingFact(node, 'docker', 'selinux-enabled')
    default:
      return name satisfies never
  }
}

const firstPort = /^net\.ipv4\.ip_unprivileged_port_start=(\d+)$/

/** The first port CRI-O gives to everybody, when default_sysctls says one. */
function crioPorts(node: NodeContext): Fact {
  const sysctls = settingFact(node, 'crio', 'default-sysctls')
  if (sysctls.kind === 'unavailable') return sysctls
  const ports = textsOf(sysctls).flatMap(({ fact }) => {
    const port = firstPort.exec(fact)?.[1]
    return port === undefined ? [] : [Number(port)]
  })
  return observed((ports.at(-1) ?? 1024) < 1024, sysctls.source)
}

/** Whether containers may listen below port 1024 without a capability. Docker allows it since 20.10. */
export function unprivilegedPorts(node: NodeContext, name: RuntimeName): Fact {
  switch (name) {
    case 'containerd':
      return settingFact(node, 'containerd', 'enable-unprivileged-ports')
    case 'cri-o':
      return crioPorts(node)
    case 'cri-dockerd':
      return mapEvidence(componentVersion(node, 'docker'), (version, source): Fact => {
        return observed(compareVersions(version, '20.10.0') >= 0, source)
      })
    default:
      return name satisfies never
  }
}

/**
 * Whether CRI-O starts with its pair of cgroup_manager and conmon_cgroup: with cgroupfs the monitor belongs to the pod,
 * with systemd to the pod or a slice. One that runs has started with what it was given.
 */
export function monitorFits(node: NodeContext): Fact {
  const group = settingFact(node, 'crio', 'conmon-cgroup')
  if (group.kind === 'unavailable') return group
  const name = group.kind === 'observed' ? String(group.fact) : ''
  return mapEvidence(settingFact(node, 'crio', 'cgroup-manager'), (manager, at): Fact => {
    const source = joinSources(at, group.source)
    if (name === 'pod') return observed(true, source)
    if (manager === 'systemd') return observed(name === '' || name.endsWith('.slice'), source)
    if (name !== '') return observed(false, source)
    const runs = mapEvidence(componentState(node, 'crio'), (state) => state.running)
    return runs.kind === 'observed' && runs.fact
      ? observed(true, source)
      : unavailable(
          'version-unknown',
          source,
          'whether this release takes cgroupfs without conmon_cgroup = "pod"',
        )
  })
}

/** The profile a pod gets that asks for the runtime's: `unconfined` is none. containerd has its own built in. */
export function confinesCalls(node: NodeContext, name: RuntimeName): Fact {
  if (name === 'containerd') {
    const builtIn: Source = { items: [], at: [{ kind: 'default', at: 'containerd: its built-in profile' }] }
    return observed(true, joinSources(componentState(node, name).source, builtIn))
  }
  const profile = settingFact(node, engineOf[name], 'seccomp-profile')
  if (profile.kind === 'unavailable') return profile
  return observed(profile.kind === 'absent' || profile.fact !== 'unconfined', profile.source)
}

/** Addresses at which dockerd obeys whoever connects: TCP without certificates of clients, loopback included. */
export function dockerAddresses(node: NodeContext): Fact {
  const hosts = settingFact(node, 'docker', 'host')
  if (hosts.kind === 'unavailable') return hosts
  const open = textsOf(hosts).filter(({ fact }) => /^(?:tcp|http):/i.test(fact))
  if (open.length === 0) return absent(hosts.source, 'dockerd listens on sockets of the node only')
  return mapEvidence(settingFact(node, 'docker', 'tlsverify'), (isVerified, source): Fact => {
    const both = joinSources(hosts.source, source)
    return isVerified === true ? absent(both, 'clients show a certificate') : observed(open, both)
  })
}
