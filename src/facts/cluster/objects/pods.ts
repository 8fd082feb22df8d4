import type { Json } from '../../../model/finding.ts'
import { isRecord, lookUp } from '../../text/document.ts'
import { flagAt, listAt, nameAt, textAt } from '../json.ts'
import { cutPodSpec, type Kept } from './pod-spec.ts'
import { broken, type ListReader } from './reader.ts'

/** What made an object: a kind and a name in its own namespace. */
export interface Owner {
  readonly kind: string
  readonly name: string
}

/** The owner that manages an object; undefined for one that stands alone. */
export function controllerOf(object: unknown): Owner | undefined {
  const owners = listAt(object, 'metadata', 'ownerReferences')
  const owner = owners.find((one) => flagAt(one, 'controller') === true)
  const [kind, name] = [textAt(owner, 'kind'), textAt(owner, 'name')]
  return kind === undefined || name === undefined ? undefined : { kind, name }
}

/** A Deployment names its ReplicaSets after itself and the hash that it labels their pods with. */
function ownerOf(pod: unknown, own: Owner): Owner {
  const owner = controllerOf(pod)
  if (owner === undefined || owner.kind === 'Node') return own
  const hash = nameAt(pod, 'metadata', 'labels', 'pod-template-hash')
  const isOfDeployment = owner.kind === 'ReplicaSet' && hash !== '' && owner.name.endsWith(`-${hash}`)
  return isOfDeployment ? { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) } : owner
}

/** A pod the kubelet made for a file on its node. A kubelet removes one that no file of its node stands behind. */
function isMirror(pod: unknown): boolean {
  const annotations = lookUp(pod, ['metadata', 'annotations'])
  return (
    isRecord(annotations) &&
    Object.hasOwn(annotations, 'kubernetes.io/config.mirror') &&
    controllerOf(pod)?.kind === 'Node'
  )
}

/** A pod that ended and is not started again: its volumes are gone, and with them its tokens. */
export function isFinished(pod: unknown): boolean {
  const phase = textAt(pod, 'status', 'phase')
  return phase === 'Succeeded' || phase === 'Failed'
}

function cutPod(pod: unknown): Kept | string {
  const [namespace, name] = [textAt(pod, 'metadata', 'namespace'), textAt(pod, 'metadata', 'name')]
  if (namespace === undefined || name === undefined) return 'it has no name and namespace'
  const spec = cutPodSpec(lookUp(pod, ['spec']))
  if (typeof spec === 'string') return spec
  const { kind, name: ownerName } = ownerOf(pod, { kind: 'Pod', name })
  const owner = { kind, name: ownerName }
  return {
    namespace,
    owner,
    ...(isMirror(pod) ? { isMirror: true } : {}),
    ...(isFinished(pod) ? { isFinished: true } : {}),
    ...spec,
  }
}

interface Alike {
  readonly kept: Kept
  readonly names: string[]
  count: number
}

// Enough to find them by; the rest are counted.
const mostNames = 3

function addName(names: string[], name: string): void {
  names.push(name)
  names.sort()
  if (names.length > mostNames) names.pop()
}

function entryOf({ kept, names, count }: Alike): Kept {
  const isAlone = lookUp(kept, ['owner', 'kind']) === 'Pod'
  return { ...kept, count, ...(isAlone ? {} : { pods: names }) }
}

/**
 * Pods, one entry for all of one workload that are alike in what is kept: a large cluster is then as many small
 * entries as it has workloads.
 */
export function podsReader(): ListReader {
  const alike = new Map<string, Alike>()
  const faulty: Kept[] = []
  return {
    add: (pod) => {
      const kept = cutPod(pod)
      if (typeof kept === 'string') {
        faulty.push(broken(pod, kept))
        return
      }
      const { namespace, owner } = kept
      const key = JSON.stringify([namespace, owner, kept])
      const known = alike.get(key) ?? { kept, names: [], count: 0 }
      known.count += 1
      addName(known.names, nameAt(pod, 'metadata', 'name'))
      alike.set(key, known)
    },
    finish: (): readonly Json[] => [
      ...[...alike].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => entryOf(one)),
      ...faulty.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ],
  }
}
