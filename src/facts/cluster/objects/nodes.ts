import { cutNodeArguments } from '../../through-api/kept.ts'
import { compact, flagAt, listAt, textAt, wordsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** The arguments of the server or agent, as RKE2 and K3s note them on their nodes. */
const argumentAnnotations = ['rke2.io/node-args', 'k3s.io/node-args']

/** Annotations that say how a node was set up; no other is kept. */
const tellingAnnotations = ['kubeadm.alpha.kubernetes.io/cri-socket', ...argumentAnnotations]

/** Nodes: what they are and what runs on them. */
export const cutNode: Cut = (node) => {
  const annotations = wordsAt(node, 'metadata', 'annotations')
  const info = wordsAt(node, 'status', 'nodeInfo')
  const ready = listAt(node, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready')
  return {
    ...place(node),
    ...compact({
      labels: wordsAt(node, 'metadata', 'labels'),
      annotated: tellingAnnotations.filter((name) => Object.hasOwn(annotations, name)),
      arguments: argumentAnnotations.flatMap((name) => cutNodeArguments(annotations[name] ?? '')),
      isUnschedulable: flagAt(node, 'spec', 'unschedulable'),
      isReady: ready === undefined ? undefined : textAt(ready, 'status') === 'True',
      addresses: listAt(node, 'status', 'addresses').flatMap((one) => textAt(one, 'address') ?? []),
      machineId: info.machineID,
      systemUuid: info.systemUUID,
      kernel: info.kernelVersion,
      os: info.operatingSystem,
      osImage: info.osImage,
      runtime: info.containerRuntimeVersion,
      kubelet: info.kubeletVersion,
    }),
  }
}
