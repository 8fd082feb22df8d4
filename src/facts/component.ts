import { mapEvidence, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { componentState } from './settings/of-node.ts'
import { componentFaults, requestProbes } from './settings/probes.ts'

/** Whether and how a node runs a component. */
export const component: FactKind = {
  kind: 'component',
  title: 'Whether a node runs a component, how it is started, and its version',
  parameters: { of: { means: 'component id, e.g. kube-apiserver' } },
  fields: () => ['started-as', 'running', 'version', 'mode'],
  faults: (request, { components }) => componentFaults(request, components),
  probes: (request, { components }) => requestProbes(request, components),
  derive: (request, node) =>
    mapEvidence(componentState(node, String(request['of'])), (state, source) =>
      observed(
        { 'started-as': state.startedAs, running: state.running, version: state.version, mode: state.mode },
        source,
      ),
    ),
}
