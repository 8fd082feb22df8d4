import { describe, expect, it } from 'vitest'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { aNode, file, folder, type Part, pod, process } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const manifests = '/etc/kubernetes/manifests'
const podCgroup = '0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-0a.scope'
const clusters = {
  main: { name: 'etcd', manifest: 'etcd', port: 4001, peer: 2380 },
  events: { name: 'etcd-events', manifest: 'etcd-events', port: 4002, peer: 2381 },
} as const
type Cluster = keyof typeof clusters

/** The manifest kOps writes: etcd-manager behind a shell, or directly with a log wrapper. */
function managerManifest(which: Cluster, mode = 0o600): Part {
  const { name, manifest, port, peer } = clusters[which]
  const flags = [
    '--backup-store=s3://state/backups',
    `--client-urls=https://__name__:${port}`,
    `--cluster-name=${name}`,
    '--containerized=true',
    `--peer-urls=https://__name__:${peer}`,
    '--quarantine-client-urls=https://__name__:3994',
  ].join(' ')
  const shell = `mkfifo /tmp/pipe; (tee -a /var/log/etcd.log < /tmp/pipe & ) ; exec /etcd-manager ${flags} > /tmp/pipe 2>&1`
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `etcd-manager-${which}` },
    spec: {
      containers: [
        {
          name: 'etcd-manager',
          image: 'registry.k8s.io/etcd-manager/etcd-manager-slim:v3.0.20250803',
          command: ['/bin/sh', '-c', shell],
          volumeMounts: [{ name: 'rootfs', mountPath: '/rootfs' }],
        },
      ],
      volumes: [{ name: 'rootfs', hostPath: { path: '/' } }],
    },
  }
  return file(`${manifests}/${manifest}.manifest`, { mode, text: JSON.stringify(pod) })
}

/** The etcd it started: no flags, everything in the environment, data on a volume of the host. */
function managedEtcd(which: Cluster, changed: { readonly [name: string]: string } = {}): Part {
  const { name, port, peer } = clusters[which]
  const base = `/rootfs/mnt/master-vol-${which}`
  const env = {
    ETCD_NAME: `${name}-a`,
    ETCD_DATA_DIR: `${base}/data/token`,
    ETCD_LISTEN_CLIENT_URLS: `https://0.0.0.0:${port}`,
    ETCD_LISTEN_PEER_URLS: `https://0.0.0.0:${peer}`,
    ETCD_CLIENT_CERT_AUTH: 'true',
    ETCD_TRUSTED_CA_FILE: `${base}/pki/token/clients/ca.crt`,
    ETCD_CERT_FILE: `${base}/pki/token/clients/server.crt`,
    ETCD_KEY_FILE: `${base}/pki/token/clients/server.key`,
    ETCD_PEER_CLIENT_CERT_AUTH: 'true',
    ETCD_PEER_TRUSTED_CA_FILE: `${base}/pki/token/peers/ca.crt`,
    ETCD_PEER_CERT_FILE: `${base}/pki/token/peers/me.crt`,
    ETCD_PEER_KEY_FILE: `${base}/pki/token/peers/me.key`,
    ...changed,
  }
  return process('etcd', ['/opt/etcd-v3.5.21/etcd'], { env, cgroup: podCgroup, contained: true, release: '' })
}

const both = [managerManifest('main'), managerManifest('events')]
const checks = [
  'client-tls-on',
  'client-certificates-required',
  'auto-tls-off',
  'peer-tls-on',
  'peer-certificates-required',
  'peer-auto-tls-off',
] as const

describe('the two etcds of kOps', () => {
  it.each(checks)('are both judged by what etcd-manager gave them: %s', (check) => {
    const node = aNode(...both, managedEtcd('main'), managedEtcd('events'))
    expect(verdictOf(node, `etcd.${check}`).verdict).toBe('pass')
  })

  it.each(['main', 'events'] as const)('do not hide behind each other: %s', (broken) => {
    const other = broken === 'main' ? 'events' : 'main'
    const open = managedEtcd(broken, { ETCD_CLIENT_CERT_AUTH: 'false' })
    const finding = verdictOf(aNode(...both, managedEtcd(other), open), 'etcd.client-certificates-required')
    expect(finding.verdict).toBe('fail')
    expect(finding.reason).toContain(`etcd-manager-${broken}: `)
  })

  it('fail in one voice where both are wrong', () => {
    const open = { ETCD_CLIENT_CERT_AUTH: 'false' }
    const node = aNode(...both, managedEtcd('main', open), managedEtcd('events', open))
    expect(verdictOf(node, 'etcd.client-certificates-required').reason).not.toContain('etcd-manager')
  })

  it('are no pass while one of them is not running', () => {
    const finding = verdictOf(aNode(...both, managedEtcd('main')), 'etcd.client-certificates-required')
    expect(finding.verdict).toBe('error')
    expect(finding.reason).toContain('etcd-manager-events')
  })

  it('are no pass where neither runs', () => {
    expect(verdictOf(aNode(...both), 'etcd.client-certificates-required').verdict).toBe('error')
  })

  it('are judged by their pid where their ports do not tell them apart', () => {
    const lost = managedEtcd('events', { ETCD_CLIENT_CERT_AUTH: 'false', ETCD_LISTEN_CLIENT_URLS: '' })
    const finding = verdictOf(aNode(...both, managedEtcd('main'), lost), 'etcd.client-certificates-required')
    expect(finding).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('etcd (pid ') })
  })

  it('are not confused with an etcd that a workload brings along', () => {
    const workload = process('etcd', ['etcd', '--client-cert-auth=false'], {
      cgroup: podCgroup,
      contained: true,
    })
    const node = aNode(...both, managedEtcd('main'), managedEtcd('events'), workload)
    expect(verdictOf(node, 'etcd.client-certificates-required').verdict).toBe('pass')
  })

  it('are not what a pod starts that only names etcd-manager', () => {
    const words = ['/usr/bin/tool', '--path=/opt/etcd-manager']
    const container = { name: 'tool', image: 'registry.example/tool:v1.0.0', command: words }
    const spec = { containers: [container] }
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tool' }, spec })
    const node = aNode(pod('etcd', ['--client-cert-auth=true']), file(`${manifests}/tool.yaml`, { text }))
    expect(verdictOf(node, 'etcd.client-certificates-required').verdict).toBe('pass')
  })

  it('are static pods, whose manifests both count', () => {
    const open = [managerManifest('main'), managerManifest('events', 0o644)]
    const node = aNode(...open, managedEtcd('main'), managedEtcd('events'))
    expect(verdictOf(node, 'etcd.manifest-mode').verdict).toBe('fail')
    expect(
      verdictOf(aNode(...both, managedEtcd('main'), managedEtcd('events')), 'etcd.manifest-mode').verdict,
    ).toBe('pass')
  })

  it('have peers at a port that is for metrics elsewhere', () => {
    const argv = ['grep', '-hs', ' 0A ', '/proc/net/tcp', '/proc/net/tcp6']
    const text = '   0: 00000000:094D 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1\n'
    const id = `command:${argv.join(' ')}`
    const listening: RawItem = { kind: 'command', id, argv, state: 'observed', text, exitCode: 0 }
    const ask = (...parts: readonly Part[]) =>
      verdictOf(aNode([listening], ...parts), 'node.unguarded-ports-closed').verdict
    expect(ask(...both, managedEtcd('main'), managedEtcd('events'))).toBe('pass')
    expect(ask()).toBe('fail')
  })

  it('are left to the rules for one where a service runs an etcd as well, or etcd-manager starts none', () => {
    const service = process('etcd', ['/usr/local/bin/etcd', '--client-cert-auth=true'], {
      cgroup: '0::/system.slice/etcd.service',
    })
    const open = managedEtcd('main', { ETCD_CLIENT_CERT_AUTH: 'false' })
    expect(verdictOf(aNode(...both, open, service), 'etcd.client-certificates-required').verdict).not.toBe(
      'pass',
    )
    const strange = process('etcd', [], { cgroup: podCgroup, contained: true })
    expect(verdictOf(aNode(...both, strange), 'etcd.client-certificates-required').verdict).toBe('error')
  })

  it('of one name and argument list but other variables are never taken for one', () => {
    const open = managedEtcd('events', { ETCD_CLIENT_CERT_AUTH: 'false' })
    expect(verdictOf(aNode(managedEtcd('main'), open), 'etcd.client-certificates-required').verdict).toBe(
      'error',
    )
    const hidden = managedEtcd('events').map((item) =>
      item.kind === 'process' && item.state === 'observed' ? { ...item, env: null } : item,
    )
    expect(verdictOf(aNode(managedEtcd('main'), hidden), 'etcd.client-certificates-required').verdict).toBe(
      'error',
    )
  })

  it('are called by their file where a manifest has no name', () => {
    const nameless = managerManifest('events').map((item) =>
      item.kind === 'content' && item.state === 'observed'
        ? { ...item, text: item.text.replace('etcd-manager-events', '') }
        : item,
    )
    const open = managedEtcd('events', { ETCD_CLIENT_CERT_AUTH: 'false' })
    const node = aNode(managerManifest('main'), nameless, managedEtcd('main'), open)
    expect(verdictOf(node, 'etcd.client-certificates-required').reason).toContain(
      `${manifests}/etcd-events.manifest: `,
    )
  })

  it('keep their data where the host has it', () => {
    const at = (which: Cluster, mode: number) =>
      folder(`/mnt/master-vol-${which}/data/token`, { mode, owner: 'etcd:etcd' })
    const running = [...both, managedEtcd('main'), managedEtcd('events')]
    const ask = (mode: number) =>
      verdictOf(aNode(...running, at('main', 0o700), at('events', mode)), 'etcd.data-directory-mode').verdict
    expect(ask(0o700)).toBe('pass')
    expect(ask(0o755)).toBe('fail')
  })
})

/** A control-plane manifest of kOps, with the health-check sidecar beside the API server. */
function wrapped(command: readonly string[], args: readonly string[] = []): Part {
  const sidecar = {
    name: 'healthcheck',
    image: 'registry.k8s.io/kops/kube-apiserver-healthcheck:1.34.0',
    command: ['/kube-apiserver-healthcheck'],
    args: ['--ca-cert=/secrets/ca.crt', '--client-cert=/secrets/client.crt', '--anonymous-auth=true'],
  }
  const main = { name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.34.2', command, args }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver' },
    spec: { containers: [main, sidecar] },
  }
  return file(`${manifests}/kube-apiserver.manifest`, { text: JSON.stringify(pod) })
}

const wrapper = [
  '/go-runner',
  '--log-file=/var/log/kube-apiserver.log',
  '--also-stdout',
  '/usr/local/bin/kube-apiserver',
]
const apiServer = (...flags: readonly string[]) =>
  process('kube-apiserver', ['/usr/local/bin/kube-apiserver', ...flags], {
    cgroup: podCgroup,
    contained: true,
  })
const ask = (check: string, ...parts: readonly Part[]) =>
  verdictOf(aNode(...parts), `kube-apiserver.${check}`)

describe('an API server that kOps starts behind a log wrapper', () => {
  it('is judged by the arguments after the wrapper, running or not', () => {
    expect(
      ask('profiling-off', wrapped(['/go-runner'], [...wrapper.slice(1), '--profiling=false'])).verdict,
    ).toBe('pass')
    expect(ask('profiling-off', wrapped(wrapper, ['--profiling=true'])).verdict).toBe('fail')
    expect(
      ask('profiling-off', wrapped(wrapper, ['--profiling=false']), apiServer('--profiling=false')).verdict,
    ).toBe('pass')
  })

  it('is judged by the running process where a shell starts it', () => {
    const shell =
      'mkfifo /tmp/pipe; (tee -a /var/log/kube-apiserver.log < /tmp/pipe & ) ; exec /usr/local/bin/kube-apiserver --profiling=true > /tmp/pipe 2>&1'
    const manifest = wrapped(['/bin/sh', '-c', shell])
    expect(ask('profiling-off', manifest, apiServer('--profiling=false')).verdict).toBe('pass')
    expect(ask('profiling-off', manifest).verdict).toBe('error')
  })

  it('is not its health check', () => {
    expect(
      ask(
        'anonymous-access-limited',
        wrapped(['/go-runner'], [...wrapper.slice(1), '--anonymous-auth=false']),
      ),
    ).toMatchObject({
      verdict: 'pass',
    })
    expect(ask('manifest-mode', wrapped(wrapper), apiServer()).verdict).toBe('pass')
  })

  it('is told apart from what an operator’s own pod calls by that name', () => {
    const copy = process('kube-apiserver', ['/usr/local/bin/kube-apiserver', '--profiling=true'], {
      cgroup: podCgroup,
      contained: true,
    })
    const own = ['--profiling=false', '--secure-port=443']
    expect(
      ask('profiling-off', wrapped(['/go-runner'], [...wrapper.slice(1), ...own]), apiServer(...own), copy)
        .verdict,
    ).toBe('pass')
  })
})

describe('the kubelet of kOps', () => {
  const config = '/var/lib/kubelet/kubelet.conf'
  const text = (anonymous: boolean) =>
    `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication: { anonymous: { enabled: ${anonymous} } }\n`
  const argv = ['/opt/kops/bin/kubelet', `--config=${config}`, '--kubeconfig=/var/lib/kubelet/kubeconfig']
  const running = process('kubelet', argv, { cgroup: '0::/system.slice/kubelet.service' })

  it('reads kubelet.conf as its configuration, not as a kubeconfig', () => {
    expect(
      verdictOf(aNode(running, file(config, { text: text(false) })), 'kubelet.anonymous-auth-off').verdict,
    ).toBe('pass')
    expect(
      verdictOf(aNode(running, file(config, { text: text(true) })), 'kubelet.anonymous-auth-off').verdict,
    ).toBe('fail')
    const kubeconfig = 'apiVersion: v1\nkind: Config\n'
    expect(
      verdictOf(aNode(running, file(config, { text: kubeconfig })), 'kubelet.anonymous-auth-off').verdict,
    ).toBe('error')
  })

  it('has its kubeconfig where its flag says', () => {
    const at = (mode: number) =>
      aNode(
        running,
        file(config, { text: text(false) }),
        file('/var/lib/kubelet/kubeconfig', { mode, text: '{}' }),
      )
    expect(verdictOf(at(0o400), 'kubelet.kubeconfig-mode').verdict).toBe('pass')
    expect(verdictOf(at(0o644), 'kubelet.kubeconfig-mode').verdict).toBe('fail')
  })

  it('takes its flags from DAEMON_ARGS when it does not run', () => {
    const fragment = '/etc/systemd/system/kubelet.service'
    const unit: RawItem = {
      kind: 'unit',
      id: 'unit:kubelet.service',
      name: 'kubelet.service',
      state: 'observed',
      properties: {
        LoadState: 'loaded',
        ActiveState: 'inactive',
        UnitFileState: 'enabled',
        FragmentPath: fragment,
      },
    }
    const stopped = (args: string) =>
      aNode(
        [unit],
        file(fragment, {
          text: '[Service]\nEnvironmentFile=/etc/sysconfig/kubelet\nExecStart=/opt/kops/bin/kubelet "$DAEMON_ARGS"\n',
        }),
        file('/etc/sysconfig/kubelet', { text: `DAEMON_ARGS="--config=${config} ${args}"\nHOME="/root"\n` }),
        file(config, { text: text(false) }),
      )
    expect(verdictOf(stopped('--read-only-port=0'), 'kubelet.anonymous-auth-off').verdict).toBe('pass')
    expect(verdictOf(stopped('--anonymous-auth=true'), 'kubelet.anonymous-auth-off').verdict).toBe('fail')
  })
})
