import { type Evidence, type Fact, joinSources, mapEvidence, observed } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { settingFact } from '../node/component-facts.ts'
import type { RuntimeName } from './in-use.ts'

const settings: Readonly<Record<RuntimeName, readonly [component: string, setting: string]>> = {
  containerd: ['containerd', 'sandbox-image'],
  'cri-o': ['crio', 'pause-image'],
  'cri-dockerd': ['cri-dockerd', 'pod-infra-container-image'],
}

/** The image every pod's namespaces belong to; absent: the one built into the runtime. */
export function pauseImage(node: NodeContext, name: RuntimeName): Fact {
  return settingFact(node, ...settings[name])
}

/** True for a digest, or a tag that says a version; no tag means `latest`, which is another image tomorrow. */
export function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true
  const tag = /:([^:/]+)$/.exec(image.replace(/@.*$/, ''))?.[1]
  return tag !== undefined && tag !== 'latest'
}

/** Every runtime's built-in image has a fixed tag. */
export function pauseImagePinned(image: Fact): Fact {
  if (image.kind === 'absent') return observed(true, image.source)
  return mapEvidence(image, (text, source): Fact => observed(isPinned(String(text)), source))
}

/**
 * Whether the kubelet keeps its garbage collector off the image the runtime uses; absent where either names none
 * (the flag is gone in 1.35, and the runtimes pin the image themselves).
 */
export function pauseImagesAgree(node: NodeContext, image: Fact): Fact {
  const kept: Evidence<unknown> = settingFact(node, 'kubelet', 'pod-infra-container-image')
  return mapEvidence(
    kept,
    (kubelet, at): Fact =>
      mapEvidence(image, (runtime, source): Fact => observed(kubelet === runtime, joinSources(at, source))),
  )
}
