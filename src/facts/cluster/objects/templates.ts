import { lookUp } from '../../text/document.ts'
import { numberAt } from '../json.ts'
import { cutPodSpec } from './pod-spec.ts'
import { controllerOf } from './pods.ts'
import { type Cut, place } from './reader.ts'

/** Objects that pods are made from; `path` leads to the template in them. */
export function cutTemplate(...path: readonly string[]): Cut {
  return (object) => {
    const spec = cutPodSpec(lookUp(object, [...path, 'spec']))
    if (typeof spec === 'string') return spec
    const owner = controllerOf(object)
    return {
      ...place(object),
      ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name } }),
      ...spec,
    }
  }
}

/** ReplicaSets. One that a Deployment scaled down to nothing is its history: no pod is made from it any more. */
export const cutReplicaSet: Cut = (replicaSet) => {
  const isHistory =
    controllerOf(replicaSet)?.kind === 'Deployment' && numberAt(replicaSet, 'spec', 'replicas') === 0
  return isHistory ? undefined : cutTemplate('spec', 'template')(replicaSet)
}
