import { absent, type Fact, mapEvidence, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { serverConfiguration } from './rancher/configuration.ts'
import { rancherKeys } from './rancher/keys.ts'
import { programProbes, type RancherProgram, rancherPrograms } from './rancher/program.ts'

function isProgram(of: unknown): of is RancherProgram {
  return of === 'k3s' || of === 'rke2'
}

function programOf(request: { readonly [parameter: string]: unknown }): RancherProgram {
  return request['of'] === 'rke2' ? 'rke2' : 'k3s'
}

/**
 * What an operator told K3s or RKE2: every key of the configuration language, merged. Fields are its keys as they
 * are written (`profile`, `selinux`, `kube-apiserver-arg`); `role` is server or agent. Keys nobody gives are absent.
 */
export const serverConfigurationKind: FactKind = {
  kind: 'server-configuration',
  title: 'What K3s or RKE2 was told: command line over config.yaml and its drop-ins over environment',
  parameters: { of: { means: 'k3s or rke2' } },
  fields: (request) => [...rancherKeys[programOf(request)], 'role'],
  faults: (request) =>
    isProgram(request['of']) ? [] : [`"of" is neither k3s nor rke2: ${String(request['of'])}`],
  probes: (request) => programProbes(rancherPrograms[programOf(request)]),
  derive: (request, node) => {
    const program = programOf(request)
    return mapEvidence(serverConfiguration(node.view, program), ({ role, values }, source): Fact => {
      const unset = Object.fromEntries(
        rancherKeys[program].map((key) => [key, absent(source, 'nobody sets it')]),
      )
      return observed({ ...unset, ...Object.fromEntries(values), role: observed(role, source) }, source)
    })
  },
}
