import type { FactKind } from '../../../src/facts/fact-kind.ts'
import type { RawItem, RawProcess } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { content, fakeNode, file, plain, processes, runningProcess } from '../node/fake-node.ts'

const components = [...shippedComponents().values()]
const configFile = '/var/lib/kubelet/config.yaml'

/** A node with these items on which everything else was looked for and is not there. */
export function node(...items: readonly RawItem[]) {
  const pids = items.flatMap((item) => (item.kind === 'process' ? [item.pid] : []))
  return fakeNode([...items, processes(pids)], { components })
}

/** A fact of such a node as plain data. */
export function derive(kind: FactKind, ...items: readonly RawItem[]): unknown {
  return plain(kind.derive({ fact: kind.kind }, node(...items)))
}

/** A running kubelet that was given this endpoint and these further lines of configuration. */
export function kubelet(endpoint: string, text = '', version = '1.31.4'): readonly RawItem[] {
  const body = `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${text}\n`
  const argv = [
    '/usr/bin/kubelet',
    `--config=${configFile}`,
    ...(endpoint === '' ? [] : [`--container-runtime-endpoint=${endpoint}`]),
  ]
  const running = { ...runningProcess(40, 'kubelet', argv), version: `Kubernetes v${version}` }
  return [running, content(configFile, body), file(configFile)]
}

/** A running containerd of some version with this configuration. */
export function containerd(
  text: string,
  about: {
    readonly version?: string
    readonly path?: string
    readonly pid?: number
    readonly unit?: string
  } = {},
): readonly RawItem[] {
  const { version = '2.1.4', path = '/etc/containerd/config.toml', pid = 41, unit = 'containerd' } = about
  const argv = ['/usr/bin/containerd', ...(path === '/etc/containerd/config.toml' ? [] : ['-c', path])]
  const running = {
    ...runningProcess(pid, 'containerd', argv),
    cgroup: `0::/system.slice/${unit}.service`,
    version: `containerd github.com/containerd/containerd v${version} x`,
  }
  return [running, content(path, text), file(path, { mtime: 100 })]
}

/** A running CRI-O; `env` holds its CONTAINER_ variables. */
export function crio(
  argv: readonly string[] = [],
  about: { readonly version?: string; readonly env?: { readonly [name: string]: string } } = {},
): readonly RawItem[] {
  const { version = '1.33.1', env = {} } = about
  const running = {
    ...runningProcess(42, 'crio', ['/usr/bin/crio', ...argv]),
    env,
    version: `crio version ${version}\nVersion: ${version}`,
  }
  return [running]
}

/** A process of the unit that has its name, with what its `--version` prints. */
function running(pid: number, name: string, about: Pick<Observed, 'argv' | 'version'>): RawItem {
  return { ...(runningProcess(pid, name, []) as Observed), ...about }
}

type Observed = Extract<RawProcess, { state: 'observed' }>

/** A running dockerd and the cri-dockerd in front of it. */
export function docker(
  daemonJson: string | null,
  argv: readonly string[] = [],
  about: { readonly version?: string; readonly shim?: string; readonly shimArgv?: readonly string[] } = {},
): readonly [daemon: RawItem, shim: RawItem, ...files: RawItem[]] {
  const { version = '28.1.1', shim = '0.3.18', shimArgv = [] } = about
  const path = '/etc/docker/daemon.json'
  return [
    running(43, 'docker', {
      argv: ['/usr/bin/dockerd', ...argv],
      version: `Docker version ${version}, build x`,
    }),
    running(44, 'cri-dockerd', {
      argv: ['/usr/bin/cri-dockerd', ...shimArgv],
      version: `cri-dockerd ${shim} (HEAD)`,
    }),
    ...(daemonJson === null ? [] : [content(path, daemonJson), file(path)]),
  ]
}
