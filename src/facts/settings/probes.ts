import type { ComponentSpec } from '../../model/component.ts'
import type { Probe } from '../../model/probe.ts'
import { usualManifestDirectories } from '../manifest/manifests.ts'
import { unitFileProbes } from '../systemd/places.ts'
import { hostProbes } from './embedded.ts'
import { traceProbes } from './resting.ts'

/** Where installers put configuration and environment files, for nodes on which nothing runs. */
const usualConfiguration: Readonly<Record<string, readonly string[]>> = {
  kubelet: [
    '/var/lib/kubelet/config.yaml',
    '/var/lib/kubelet/kubelet-config.yaml',
    '/etc/kubernetes/kubelet-config.yaml',
  ],
  'kube-proxy': ['/var/lib/kube-proxy/config.conf', '/var/lib/kube-proxy/kube-proxy-config.yaml'],
  'kube-scheduler': ['/etc/kubernetes/config/kube-scheduler.yaml'],
  etcd: ['/etc/etcd/etcd.conf.yml', '/var/lib/rancher/rke2/server/db/etcd/config'],
}

const usualEnvironment: Readonly<Record<string, readonly string[]>> = {
  kubelet: ['/var/lib/kubelet/kubeadm-flags.env', '/etc/kubernetes/kubelet.env'],
  etcd: ['/etc/etcd.env', '/etc/etcd/etcd.conf'],
}

/** Unit files, drop-ins and enabling links of one unit, as they lie on disk. */
function unitFiles(unit: string): readonly Probe[] {
  return [
    ...unitFileProbes(unit),
    { kind: 'glob', pattern: `/etc/systemd/system/*.wants/${unit}`, holds: 'unit' },
  ]
}

function environmentFiles(spec: ComponentSpec): readonly Probe[] {
  const usual = [`/etc/default/${spec.id}`, `/etc/sysconfig/${spec.id}`, ...(usualEnvironment[spec.id] ?? [])]
  return usual.map((path) => ({ kind: 'path', path, holds: 'environment' }))
}

/** Everything a node is asked about one component; files it names are followed by the collector. */
export function componentProbes(spec: ComponentSpec): readonly Probe[] {
  const env = spec.readsEnvironment
    ? spec.settings.map((setting) => setting.env).filter((name) => name !== undefined)
    : []
  const { defaultPath, dropInDefaultPath: dropIns } = spec.configuration ?? {}
  const configuration = [
    ...(defaultPath === undefined ? [] : [defaultPath]),
    ...(usualConfiguration[spec.id] ?? []),
  ]
  const manifests = spec.staticPod === undefined ? [] : usualManifestDirectories
  return [
    { kind: 'process', name: spec.id, binaries: spec.binaries, env, versionArgument: '--version' },
    ...spec.units.map((name): Probe => ({ kind: 'unit', name })),
    ...hostProbes(spec),
    ...traceProbes(spec),
    ...spec.units.flatMap(unitFiles),
    ...(spec.units.length === 0 ? [] : environmentFiles(spec)),
    ...manifests.map(
      (directory): Probe => ({ kind: 'glob', pattern: `${directory}/*`, holds: 'configuration' }),
    ),
    ...configuration.map((path): Probe => ({ kind: 'path', path, holds: 'configuration' })),
    ...(dropIns === undefined ? [] : [{ kind: 'path', path: dropIns, holds: 'drop-in-directory' } as const]),
    ...(spec.configuration?.layout === 'containerd' ? importProbes(configuration) : []),
  ]
}

/** The drop-in directory newer containerd imports by default (config file of containerd 2.2). */
function importProbes(configuration: readonly string[]): readonly Probe[] {
  return configuration.map((path) => ({
    kind: 'glob',
    pattern: `${path.slice(0, path.lastIndexOf('/'))}/conf.d/*.toml`,
    holds: 'configuration',
  }))
}

/** The same for a request; a component that may be a static pod needs the kubelet, which says where those lie. */
export function requestProbes(
  request: { readonly [parameter: string]: unknown },
  components: ReadonlyMap<string, ComponentSpec>,
): readonly Probe[] {
  const spec = specOf(request, components)
  const kubelet = spec?.staticPod === undefined ? undefined : components.get('kubelet')
  return [spec, kubelet].flatMap((one) => (one === undefined ? [] : componentProbes(one)))
}

/** The component a request is about; undefined when `of` names none. */
export function specOf(
  request: { readonly [parameter: string]: unknown },
  components: ReadonlyMap<string, ComponentSpec>,
): ComponentSpec | undefined {
  const of = request['of']
  return typeof of === 'string' ? components.get(of) : undefined
}

/** What is wrong with the `of` of a request, for the author of a check. */
export function componentFaults(
  request: { readonly [parameter: string]: unknown },
  components: ReadonlyMap<string, ComponentSpec>,
): readonly string[] {
  if (specOf(request, components) !== undefined) return []
  return [
    `"of" names no component: ${String(request['of'])} (known: ${[...components.keys()].sort().join(', ')})`,
  ]
}
