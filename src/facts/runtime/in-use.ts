import {
  absent,
  type Evidence,
  joinSources,
  mapEvidence,
  observed,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { settingFact } from '../node/component-facts.ts'
import { componentState } from '../settings/of-node.ts'
import { socketNames, socketPath } from './socket-path.ts'

export type RuntimeName = 'containerd' | 'cri-o' | 'cri-dockerd'

/** The component that is each runtime. */
export const componentOf = {
  containerd: 'containerd',
  'cri-o': 'crio',
  'cri-dockerd': 'cri-dockerd',
} as const satisfies Record<RuntimeName, string>

/** The component that runs the containers: behind cri-dockerd that is Docker. */
export const engineOf = { ...componentOf, 'cri-dockerd': 'docker' } as const

/** The setting that says where each listens. */
const runtimes = [
  { name: 'containerd', listens: 'address' },
  { name: 'cri-o', listens: 'listen' },
  { name: 'cri-dockerd', listens: 'container-runtime-endpoint' },
] as const

/** Components a runtime in use is made of; their settings are what counts. */
export const runtimeComponents = ['containerd', 'crio', 'cri-dockerd', 'docker'] as const

function isListening(node: NodeContext, path: string): (runtime: (typeof runtimes)[number]) => boolean {
  return ({ name, listens }) => {
    const component = componentOf[name]
    const state = componentState(node, component)
    const address = state.kind === 'observed' ? settingFact(node, component, listens) : state
    return address.kind === 'observed' && socketPath(String(address.fact)) === path
  }
}

/** Who answers at the endpoint the kubelet was given: whoever listens there, else whose socket is called that. */
function byEndpoint(node: NodeContext, endpoint: string): RuntimeName | undefined {
  const path = socketPath(endpoint)
  const found =
    runtimes.find(isListening(node, path)) ??
    runtimes.find(({ name }) => socketNames[componentOf[name]].test(path))
  return found?.name
}

/** The only runtime there is. Docker brings a containerd of its own, which then serves nobody else. */
function onlyOne(node: NodeContext): Evidence<RuntimeName> {
  const states = runtimes.map(({ name }) => ({ name, state: componentState(node, componentOf[name]) }))
  const blind = states.map(({ state }) => state).find((state) => state.kind === 'unavailable')
  if (blind?.kind === 'unavailable') return blind
  const there = states.filter(({ state }) => state.kind === 'observed')
  const source = joinSources(...(there.length > 0 ? there : states).map(({ state }) => state.source))
  const [first, second] = there.filter(
    ({ name }) => name !== 'containerd' || there.every((other) => other.name !== 'cri-dockerd'),
  )
  if (first === undefined) return absent(source, 'no container runtime runs here')
  if (second === undefined) return observed(first.name, source)
  return unavailable('ambiguous', source, `${first.name} and ${second.name} are both set up here`)
}

/** The container runtime the kubelet uses; where no kubelet names one, the only one there is. */
export function runtimeInUse(node: NodeContext): Evidence<RuntimeName> {
  return node.memo('runtime-in-use', () => {
    const endpoint = settingFact(node, 'kubelet', 'container-runtime-endpoint')
    if (endpoint.kind === 'observed')
      return mapEvidence(endpoint, (text, source) => {
        const name = byEndpoint(node, String(text))
        return name === undefined
          ? unavailable('ambiguous', source, `${socketPath(String(text))} is no known runtime`)
          : observed(name, source)
      })
    const only = onlyOne(node)
    return endpoint.kind === 'unavailable' && only.kind !== 'observed' ? endpoint : only
  })
}

/** Version of the runtime in use. */
export function runtimeVersion(node: NodeContext): Evidence<string> {
  return mapEvidence(runtimeInUse(node), (name) =>
    mapEvidence(componentState(node, componentOf[name]), ({ version }) => version),
  )
}
