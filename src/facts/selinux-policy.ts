import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { sourceOf } from './files/raw-source.ts'
import { serverConfiguration } from './rancher/configuration.ts'
import { dataDirectory } from './rancher/datastore.ts'
import { programProbes, type RancherProgram, rancherPrograms } from './rancher/program.ts'

/** Policy modules of the packages rke2-selinux, k3s-selinux and container-selinux. */
const modules = ['container', 'k3s', 'rke2'] as const

/** Where a loaded module lies, by priority: packages use 100, 200 and 400 (semodule -lfull). */
const store = '/var/lib/selinux/targeted/active/modules'
const priorities = ['100', '200', '300', '400'] as const

function pathsOf(module: string): readonly string[] {
  return priorities.map((priority) => `${store}/${priority}/${module}`)
}

/** The store belongs to root alone: another account cannot tell. */
function isLoaded(view: NodeView, module: string): Evidence<boolean> {
  const files = pathsOf(module).map((path) => view.file(path))
  const seen = files.find(({ state }) => state === 'observed')
  if (seen !== undefined) return observed(true, sourceOf(seen))
  const gap = files.find((file) => file.state === 'unavailable')
  return gap?.state === 'unavailable'
    ? unavailable(gap.reason, sourceOf(gap), gap.detail)
    : observed(false, joinSources(...files.map(sourceOf)))
}

const programs = ['rke2', 'k3s'] as const satisfies readonly RancherProgram[]

/** Type of a label: `container_var_lib_t` of `system_u:object_r:container_var_lib_t:s0`. */
function labelOf(view: NodeView, path: string): Fact {
  const file = view.file(path)
  const source = sourceOf(file)
  if (file.state === 'unavailable') return unavailable(file.reason, source, file.detail ?? path)
  if (file.state === 'absent') return absent(source, `${path} does not exist`)
  const type = file.stat.selinux?.split(':')[2]
  return type === undefined ? absent(source, `${path} has no label`) : observed(type, source)
}

/** The data directory of RKE2 or K3s: where it is, whether policy knows that place, and how it is labelled. */
function dataFacts(node: NodeContext): { readonly [field: string]: Fact } {
  const { view } = node
  for (const program of programs) {
    const configuration = serverConfiguration(view, program)
    if (configuration.kind === 'absent') continue
    const usual = rancherPrograms[program].dataDirectory
    const directory = dataDirectory(configuration, usual)
    if (directory.kind !== 'observed')
      return { 'data-directory': directory, 'data-directory-usual': directory, 'data-label': directory }
    return {
      'data-directory': directory,
      'data-directory-usual': observed(directory.fact === usual, directory.source),
      'data-label': labelOf(view, directory.fact),
    }
  }
  const none = absent({ items: [], at: [] }, 'neither RKE2 nor K3s is here')
  return { 'data-directory': none, 'data-directory-usual': none, 'data-label': none }
}

/** What SELinux knows of the node's Kubernetes: policy modules, and the label of the data directory. */
export const selinuxPolicy: FactKind = {
  kind: 'selinux-policy',
  title: 'SELinux policy modules for containers, K3s and RKE2, and the label of their data directory',
  parameters: {},
  fields: () => [...modules, 'data-directory', 'data-directory-usual', 'data-label'],
  probes: () => [
    ...modules.flatMap(pathsOf).map((path): Probe => ({ kind: 'path', path, holds: 'file' })),
    ...programs.flatMap((program) => programProbes(rancherPrograms[program])),
    ...programs.map(
      (program): Probe => ({ kind: 'path', path: rancherPrograms[program].dataDirectory, holds: 'file' }),
    ),
  ],
  derive: (_request, node) => {
    const loaded = modules.map((module) => [module, isLoaded(node.view, module)] as const)
    const source = joinSources(...loaded.map(([, fact]) => fact.source))
    return observed({ ...Object.fromEntries(loaded), ...dataFacts(node) }, source)
  },
}
