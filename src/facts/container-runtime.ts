import { absent, type Fact, mapEvidence, observed, type Source, unavailable } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { settingProbes } from './node/component-facts.ts'
import { dockerConflicts } from './runtime/conflicts.ts'
import {
  confinesCalls,
  dockerAddresses,
  labelsContainers,
  monitorFits,
  unprivilegedPorts,
} from './runtime/containment.ts'
import {
  componentOf,
  engineOf,
  type RuntimeName,
  runtimeComponents,
  runtimeInUse,
  runtimeVersion,
} from './runtime/in-use.ts'
import { pauseImage, pauseImagePinned, pauseImagesAgree } from './runtime/pause-image.ts'
import { insecureRegistries, registryProbes } from './runtime/registries.ts'
import { templateChanged, templateProbes } from './runtime/template.ts'
import { componentState } from './settings/of-node.ts'

/** What the component says that is there; one the kubelet names and that is not there says nothing. */
function saidBy(node: NodeContext, component: string, fact: () => Fact): Fact {
  const state = componentState(node, component)
  if (state.kind !== 'absent') return mapEvidence(state, fact)
  return unavailable(
    'ambiguous',
    state.source,
    `${component} is to serve the kubelet, and is not on this node`,
  )
}

function described(node: NodeContext, name: RuntimeName, source: Source): Fact {
  const own = (fact: () => Fact): Fact => saidBy(node, componentOf[name], fact)
  const engine = (fact: () => Fact): Fact => saidBy(node, engineOf[name], fact)
  const only = (owner: RuntimeName, fact: () => Fact): Fact =>
    name === owner ? engine(fact) : absent(source, `the runtime is ${name}`)
  const image = own(() => pauseImage(node, name))
  return observed(
    {
      name: observed(name, source),
      version: own(() => runtimeVersion(node)),
      'pause-image': image,
      'pause-image-pinned': pauseImagePinned(image),
      'pause-images-agree': pauseImagesAgree(node, image),
      'labels-containers': engine(() => labelsContainers(node, name)),
      'confines-calls': engine(() => confinesCalls(node, name)),
      'unprivileged-ports': engine(() => unprivilegedPorts(node, name)),
      'insecure-registries': engine(() => insecureRegistries(node, name, source)),
      'template-changed': only('containerd', () => templateChanged(node)),
      'monitor-cgroup-fits': only('cri-o', () => monitorFits(node)),
      'conflicting-settings': only('cri-dockerd', () => dockerConflicts(node)),
      'open-addresses': only('cri-dockerd', () => dockerAddresses(node)),
    },
    source,
  )
}

/** The container runtime the kubelet uses, whatever else is installed, in one language for all of them. */
export const containerRuntime: FactKind = {
  kind: 'container-runtime',
  title: 'The container runtime the kubelet uses: its images, registries and how it contains pods',
  parameters: {},
  fields: () => [
    'name',
    'version',
    'pause-image',
    'pause-image-pinned',
    'pause-images-agree',
    'labels-containers',
    'confines-calls',
    'unprivileged-ports',
    'insecure-registries',
    'template-changed',
    'monitor-cgroup-fits',
    'conflicting-settings',
    'open-addresses',
  ],
  probes: (_request, knowledge) => [
    ...['kubelet', ...runtimeComponents].flatMap((component) => settingProbes(component, knowledge)),
    { kind: 'kernel', pattern: '/sys/fs/selinux/enforce' },
    ...registryProbes,
    ...templateProbes,
  ],
  derive: (_request, node) =>
    mapEvidence(runtimeInUse(node), (name, source) => described(node, name, source)),
}
