import type { Json } from '../../../model/finding.ts'
import { listAt, textAt, textsAt } from '../json.ts'

/** A network component as its maker ships it: DaemonSet, container and image, each exactly. */
interface Agent {
  readonly what: string
  readonly sets: readonly string[]
  readonly container: string
  /** Last part of the image's path: mirrors change what stands before it. */
  readonly images: readonly string[]
  /** Enforces only with this flag. */
  readonly needs?: string
  /** Enforces unless it has this flag. */
  readonly without?: string
  /** A setting of its own that can switch enforcement off, and that is not read. */
  readonly caution?: string
}

const calicoImages = ['node', 'mirrored-calico-node', 'hardened-calico', 'calico-node']

/** Agents that enforce NetworkPolicies. */
const enforcing: readonly Agent[] = [
  {
    what: 'Calico',
    sets: ['calico-node', 'canal', 'rke2-canal'],
    container: 'calico-node',
    images: calicoImages,
  },
  {
    what: 'Cilium',
    sets: ['cilium', 'anetd'],
    container: 'cilium-agent',
    images: ['cilium', 'mirrored-cilium-cilium', 'cilium-ci'],
    caution: 'its own configuration (enable-policy) is not read',
  },
  {
    what: 'Antrea',
    sets: ['antrea-agent'],
    container: 'antrea-agent',
    images: ['antrea-agent-ubuntu', 'antrea-agent-ubi', 'antrea-ubuntu', 'antrea-ubi'],
  },
  {
    what: 'kube-router',
    sets: ['kube-router'],
    container: 'kube-router',
    images: ['kube-router'],
    without: '--run-firewall=false',
  },
  {
    what: 'OVN-Kubernetes',
    sets: ['ovnkube-node'],
    container: 'ovnkube-controller',
    images: ['ovn-kube-f', 'ovn-kube-u', 'ovn-kube-fedora', 'ovn-kube-ubuntu', 'ose-ovn-kubernetes'],
  },
  { what: 'Weave Net', sets: ['weave-net'], container: 'weave-npc', images: ['weave-npc'] },
  {
    what: 'the AWS VPC CNI’s policy agent',
    sets: ['aws-node'],
    container: 'aws-eks-nodeagent',
    images: ['aws-network-policy-agent', 'network-policy-agent'],
    needs: '--enable-network-policy=true',
  },
  {
    what: 'Azure Network Policy Manager',
    sets: ['azure-npm'],
    container: 'azure-npm',
    images: ['azure-npm'],
  },
  {
    what: 'kube-network-policies',
    sets: ['kube-network-policies'],
    container: 'kube-network-policies',
    images: ['kube-network-policies'],
  },
]

/** Agents that connect pods and enforce nothing. */
const connecting: readonly Agent[] = [
  {
    what: 'flannel',
    sets: ['kube-flannel-ds', 'kube-flannel', 'rke2-flannel'],
    container: 'kube-flannel',
    images: ['flannel', 'mirrored-flannel-flannel', 'hardened-flannel'],
  },
  { what: 'the AWS VPC CNI', sets: ['aws-node'], container: 'aws-node', images: ['amazon-k8s-cni'] },
]

function isRun({ container, images }: Agent, one: unknown): boolean {
  return textAt(one, 'name') === container && images.includes(textAt(one, 'image') ?? '')
}

function isEnforcing({ needs, without }: Agent, flags: readonly string[]): boolean {
  const last = (flag: string): string | undefined =>
    flags.findLast((one) => one.split('=')[0] === flag.split('=')[0])
  return (
    (needs === undefined || last(needs) === needs) && (without === undefined || last(without) !== without)
  )
}

/** What one DaemonSet is for the network. */
export interface NetworkAgent {
  readonly what: string
  readonly enforces: boolean
  readonly caution?: string
}

function agentOf(known: readonly Agent[], set: Json, enforces: boolean): NetworkAgent | undefined {
  for (const agent of known.filter(({ sets }) => sets.includes(textAt(set, 'name') ?? ''))) {
    const container = listAt(set, 'containers').find((one) => isRun(agent, one))
    if (container === undefined) continue
    const { what, caution } = agent
    const isOn = enforces && isEnforcing(agent, textsAt(container, 'flags'))
    return { what, enforces: isOn, ...(caution === undefined ? {} : { caution }) }
  }
  return undefined
}

/** Recognises a network agent by its exact identity: what only has a similar name is none. */
export function networkAgent(set: Json): NetworkAgent | undefined {
  const enforcer = agentOf(enforcing, set, true)
  return enforcer?.enforces === true ? enforcer : (agentOf(connecting, set, false) ?? enforcer)
}
