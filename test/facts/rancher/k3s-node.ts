import type { RawItem, RawProcess } from '../../../src/model/node-evidence.ts'
import { content, directory, missing, process, unit } from '../../support/settings-node.ts'

/** The line k3s logs for a component, as logrus writes it. */
export function said(message: string, time = '2026-11-21T10:00:05Z'): string {
  return `time="${time}" level=info msg="${message.replaceAll('"', '\\"')}"`
}

export const tls = '/var/lib/rancher/k3s/server/tls'
export const etcdConfig = '/var/lib/rancher/k3s/server/db/etcd/config'
export const config = '/etc/rancher/k3s/config.yaml'

export const apiServer = [
  'Running kube-apiserver --anonymous-auth=false',
  '--authorization-mode=Node,RBAC',
  `--client-ca-file=${tls}/client-ca.crt`,
  '--enable-admission-plugins=NodeRestriction',
  '--etcd-servers=https://127.0.0.1:2379',
  '--profiling=false',
].join(' ')

const started = [
  said('Starting k3s v1.34.1+k3s1 (24fc436e)'),
  said(apiServer),
  said('Running kube-scheduler --bind-address=127.0.0.1 --profiling=false'),
  said('Running kube-controller-manager --bind-address=127.0.0.1 --profiling=false'),
  said(
    'Running kubelet --config-dir=/var/lib/rancher/k3s/agent/etc/kubelet.conf.d --node-labels= --read-only-port=0',
  ),
  said('Running kube-proxy --cluster-cidr=10.42.0.0/16 --proxy-mode=iptables'),
]

export interface K3s {
  readonly role?: 'server' | 'agent'
  readonly lines?: readonly string[]
  readonly log?: Extract<RawProcess, { state: 'observed' }>['startLog']
  readonly configuration?: string
  /** Words behind the role in the unit. */
  readonly flags?: string
  /** The unit it runs in; null: none. */
  readonly unit?: string | null
  readonly version?: string
  readonly startedAt?: number | null
  readonly from?: string
}

/** Items that are there on every K3s node, its configuration and its process. */
export function k3s(about: K3s = {}): readonly RawItem[] {
  const { role = 'server', flags = '', lines = started, from = 'journal' } = about
  const { unit: name = role === 'server' ? 'k3s.service' : 'k3s-agent.service' } = about
  const { startedAt = Date.parse('2026-11-21T10:00:04Z') / 1000 } = about
  const startLog = about.log ?? { state: 'observed', from, lines }
  const supervisor = process({
    name: 'k3s',
    pid: 700,
    argv: [`/usr/local/bin/k3s ${role}`],
    comm: 'k3s-server',
    cgroup: name === null ? '0::/' : `0::/system.slice/${name}`,
    startedAt,
    startLog,
    ...(about.version === undefined ? {} : { version: about.version }),
  })
  const file = `/etc/systemd/system/${name}`
  return [
    supervisor,
    ...(name === null
      ? []
      : [
          unit(name, { ActiveState: 'active', FragmentPath: file, LoadState: 'loaded' }),
          content(
            file,
            `[Service]\nEnvironmentFile=-/etc/default/%N\nExecStart=/usr/local/bin/k3s \\\n    ${role} \\\n    ${flags}\n`,
          ),
          missing('content', `/etc/default/${name.replace('.service', '')}`),
        ]),
    about.configuration === undefined ? missing('content', config) : content(config, about.configuration),
    missing('directory', `${config}.d`),
    missing('directory', '/etc/kubernetes/manifests'),
    missing('directory', '/var/lib/rancher/rke2/agent/pod-manifests'),
    directory('/var/lib/rancher/k3s/agent/etc/kubelet.conf.d', '00-k3s-defaults.conf'),
    content(
      '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf',
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication:\n  anonymous: {enabled: false}\n',
    ),
    ...['kubelet', 'etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'kube-proxy'].map(
      (one): RawItem => ({
        kind: 'unit',
        id: `unit:${one}.service`,
        name: `${one}.service`,
        state: 'absent',
      }),
    ),
  ]
}
