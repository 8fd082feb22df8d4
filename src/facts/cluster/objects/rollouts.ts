import type { Json } from '../../../model/finding.ts'
import { lookUp } from '../../text/document.ts'
import { compact, listAt, numberAt, textAt, textsAt, wordsAt } from '../json.ts'
import { cutSelector } from '../selectors.ts'
import { type Cut, place } from './reader.ts'

/** Flags of network agents that switch the enforcement of policies; nothing else of arguments is kept. */
const tellingFlags = /^--(?:enable-network-policy|run-firewall)(?:=(?:true|false))?$/

/** The last part of an image's path, without registry, tag and digest: `calico/node:v3` is `node`. */
export function imageName(image: string): string {
  const path = image.split('@')[0]?.split('/').at(-1) ?? ''
  return path.split(':')[0] ?? ''
}

function cutContainer(container: unknown): Json {
  const flags = [...textsAt(container, 'command'), ...textsAt(container, 'args')]
  return compact({
    name: textAt(container, 'name'),
    image: imageName(textAt(container, 'image') ?? ''),
    flags: flags.filter((flag) => tellingFlags.test(flag)),
  })
}

/** DaemonSets: what they run and on how many nodes it is ready. */
export const cutDaemonRollout: Cut = (set) => ({
  ...place(set),
  ...compact({
    containers: listAt(set, 'spec', 'template', 'spec', 'containers').map(cutContainer),
    nodeSelector: wordsAt(set, 'spec', 'template', 'spec', 'nodeSelector'),
    desired: numberAt(set, 'status', 'desiredNumberScheduled'),
    ready: numberAt(set, 'status', 'numberReady') ?? 0,
  }),
})

/** Deployments: what they run, and which pods are theirs. */
export const cutDeploymentRollout: Cut = (deployment) => ({
  ...place(deployment),
  ...compact({
    containers: listAt(deployment, 'spec', 'template', 'spec', 'containers').map(cutContainer),
    selector: cutSelector(lookUp(deployment, ['spec', 'selector'])),
    replicas: numberAt(deployment, 'spec', 'replicas') ?? 1,
    ready: numberAt(deployment, 'status', 'readyReplicas') ?? 0,
  }),
})
