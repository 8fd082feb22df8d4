import { describe, expect, it } from 'vitest'
import { aNode, denied, file, folder, type Part, process, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const env = {
  ETCD_DATA_DIR: '/var/lib/etcd',
  ETCD_CLIENT_CERT_AUTH: 'true',
  ETCD_CERT_FILE: '/etc/ssl/etcd/ssl/member-node1.pem',
  ETCD_KEY_FILE: '/etc/ssl/etcd/ssl/member-node1-key.pem',
  ETCD_LISTEN_CLIENT_URLS: 'https://10.0.0.1:2379,https://127.0.0.1:2379',
}

describe('etcd of Kubespray, which has no flags', () => {
  const fragment = '/etc/systemd/system/etcd.service'
  const service = (text: string): Part => [
    {
      kind: 'unit',
      id: 'unit:etcd.service',
      name: 'etcd.service',
      state: 'observed',
      properties: {
        LoadState: 'loaded',
        ActiveState: 'inactive',
        UnitFileState: 'enabled',
        FragmentPath: fragment,
      },
    },
    ...file(fragment, {
      text: '[Service]\nType=notify\nUser=root\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/local/bin/etcd\n',
    }),
    ...file('/etc/etcd.env', { text }),
  ]
  const lines = (changed: { readonly [name: string]: string } = {}) =>
    Object.entries({ ...env, ...changed })
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')

  it('is judged by the variables of the process', () => {
    const ask = (changed: { readonly [name: string]: string }) =>
      verdictOf(aNode(unit('etcd', [], { env: { ...env, ...changed } })), 'etcd.client-certificates-required')
        .verdict
    expect(ask({})).toBe('pass')
    expect(ask({ ETCD_CLIENT_CERT_AUTH: 'false' })).toBe('fail')
  })

  it('is judged by /etc/etcd.env when it does not run', () => {
    const ask = (text: string) => verdictOf(aNode(service(text)), 'etcd.client-certificates-required')
    expect(ask(lines())).toMatchObject({
      verdict: 'pass',
      provenance: [{ kind: 'file', at: '/etc/etcd.env', line: 2 }],
    })
    expect(ask(lines({ ETCD_CLIENT_CERT_AUTH: 'false' })).verdict).toBe('fail')
    expect(ask(`# ETCD_CLIENT_CERT_AUTH=true\n`).verdict).toBe('fail')
  })

  it('is no pass where its variables may not be read', () => {
    const hidden = process('etcd', ['/usr/local/bin/etcd'], {
      env: null,
      cgroup: '0::/system.slice/etcd.service',
    })
    expect(verdictOf(aNode(hidden), 'etcd.client-certificates-required').verdict).toBe('error')
  })

  it('keeps its data in a directory that belongs to etcd, though root runs it', () => {
    const ask = (owner: string) =>
      verdictOf(
        aNode(unit('etcd', [], { env }), folder('/var/lib/etcd', { mode: 0o700, owner })),
        'etcd.data-directory-owner',
      ).verdict
    expect(ask('etcd:etcd')).toBe('pass')
    expect(ask('root:root')).toBe('fail')
  })
})

describe('the kubelet of Kubespray', () => {
  const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
  const config = (path: string, anonymous: boolean, mode = 0o600) =>
    file(path, { mode, text: `${head}authentication: { anonymous: { enabled: ${anonymous} } }\n` })
  const used = '/etc/kubernetes/kubelet-config.yaml'
  const unused = '/var/lib/kubelet/config.yaml'
  const running = process('kubelet', ['/usr/local/bin/kubelet', `--config=${used}`], {
    cgroup: '0::/system.slice/kubelet.service',
  })

  it('is not judged by the configuration kubeadm left behind', () => {
    const ask = (check: string, ...parts: readonly Part[]) =>
      verdictOf(aNode(running, ...parts), check).verdict
    expect(ask('kubelet.anonymous-auth-off', config(used, false), config(unused, true))).toBe('pass')
    expect(ask('kubelet.anonymous-auth-off', config(used, true), config(unused, false))).toBe('fail')
    expect(ask('kubelet.configuration-mode', config(used, false), config(unused, false, 0o666))).toBe('pass')
    expect(ask('kubelet.configuration-mode', config(used, false, 0o666), config(unused, false))).toBe('fail')
    expect(ask('kubelet.anonymous-auth-off', denied(used), config(unused, false))).toBe('error')
  })

  it('takes its flags from kubelet.env when it does not run, with quotes and lines that go on', () => {
    const fragment = '/etc/systemd/system/kubelet.service'
    const stopped = (args: string): Part => [
      {
        kind: 'unit',
        id: 'unit:kubelet.service',
        name: 'kubelet.service',
        state: 'observed',
        properties: {
          LoadState: 'loaded',
          ActiveState: 'failed',
          UnitFileState: 'enabled',
          FragmentPath: fragment,
        },
      },
      ...file(fragment, {
        text: '[Service]\nEnvironmentFile=-/etc/kubernetes/kubelet.env\nExecStart=/usr/local/bin/kubelet \\\n\t\t$KUBE_LOGTOSTDERR \\\n\t\t$KUBELET_ARGS \\\n\t\t$KUBELET_CLOUDPROVIDER\n',
      }),
      ...file('/etc/kubernetes/kubelet.env', {
        text: `KUBE_LOG_LEVEL="--v=2"\nKUBELET_ARGS="--config=${used} \\\n${args} \\\n "\nKUBELET_CLOUDPROVIDER=""\n`,
      }),
    ]
    const ask = (args: string) =>
      verdictOf(aNode(stopped(args), config(used, false), config(unused, true)), 'kubelet.anonymous-auth-off')
        .verdict
    expect(ask('--v=2')).toBe('pass')
    expect(ask('--anonymous-auth=true')).toBe('fail')
  })
})

const cgroup = '0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-0a.scope'

/** The API server with the mounts Kubespray gives it: one directory lies over /etc/kubernetes itself. */
function apiServer(...flags: readonly string[]): Part {
  const mounts = [
    ['/etc/kubernetes/admission-controls', '/etc/kubernetes'],
    ['/etc/kubernetes/ssl', '/etc/kubernetes/ssl'],
    ['/etc/kubernetes/audit-policy', '/etc/kubernetes/audit-policy'],
    ['/var/log/kubernetes/audit', '/var/log/audit'],
  ] as const
  const all = ['--authorization-mode=Node,RBAC', ...flags]
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver' },
    spec: {
      containers: [
        {
          name: 'kube-apiserver',
          image: 'registry.k8s.io/kube-apiserver:v1.34.2',
          command: ['kube-apiserver', ...all],
          volumeMounts: mounts.map(([, mountPath], index) => ({ name: `v${index}`, mountPath })),
        },
      ],
      volumes: mounts.map(([path], index) => ({ name: `v${index}`, hostPath: { path } })),
    },
  }
  return [
    ...file('/etc/kubernetes/manifests/kube-apiserver.yaml', { text: JSON.stringify(pod) }),
    ...process('kube-apiserver', ['kube-apiserver', ...all], { cgroup, contained: true }),
  ]
}

describe('the API server of Kubespray', () => {
  const plugins = '--enable-admission-plugins=EventRateLimit,NodeRestriction'
  const control = '--admission-control-config-file=/etc/kubernetes/admission-controls.yaml'
  const admission = `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: EventRateLimit\n  path: /etc/kubernetes/eventratelimit.yaml\n`
  const limits = `apiVersion: eventratelimit.admission.k8s.io/v1alpha1\nkind: Configuration\nlimits:\n- type: Namespace\n  qps: 50\n  burst: 100\n  cacheSize: 2000\n`
  const host = '/etc/kubernetes/admission-controls'

  it('reads its admission files where the mount shows them, not where the flag says', () => {
    const ask = (...parts: readonly Part[]) =>
      verdictOf(aNode(apiServer(plugins, control), ...parts), 'kube-apiserver.event-rate-limit-on').verdict
    const files = (text: string) => [
      file(`${host}/admission-controls.yaml`, { text: admission }),
      file(`${host}/eventratelimit.yaml`, { text }),
    ]
    expect(ask(...files(limits))).toBe('pass')
    expect(ask(...files(limits.replace(/limits:[\s\S]*/, 'limits: []\n')))).toBe('fail')
    // The same names without the mount are other files.
    expect(
      ask(
        file('/etc/kubernetes/admission-controls.yaml', { text: admission }),
        file('/etc/kubernetes/eventratelimit.yaml', { text: limits }),
      ),
    ).toBe('error')
  })

  it('reads its audit policy through the mount below, which is the longer one', () => {
    const policy = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n'
    const flags = [
      '--audit-policy-file=/etc/kubernetes/audit-policy/apiserver-audit-policy.yaml',
      '--audit-log-path=/var/log/audit/kube-apiserver-audit.log',
    ]
    const node = (text: string) =>
      aNode(apiServer(...flags), file('/etc/kubernetes/audit-policy/apiserver-audit-policy.yaml', { text }))
    const ask = (text: string) => verdictOf(node(text), 'kube-apiserver.audit-policy-records-events').verdict
    expect(ask(policy)).toBe('pass')
    expect(ask(policy.replace('Metadata', 'None'))).toBe('fail')
  })
})
