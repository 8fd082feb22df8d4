import { describe, expect, it } from 'vitest'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { effectiveSettings, settingDrift } from '../../../src/facts/settings/of-node.ts'
import { referencedDocument } from '../../../src/facts/settings/referenced-document.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import {
  content,
  directory,
  file,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
} from '../../support/settings-node.ts'

const base = [...noUnits, ...noManifests]

function value(node: NodeContext, component: string, setting: string): unknown {
  const settings = effectiveSettings(node, component)
  if (settings.kind !== 'observed') throw new Error(JSON.stringify(settings))
  return plain(settings.fact.values[setting])
}

function apiserver(...flags: readonly string[]): NodeContext {
  return nodeWith([
    ...base,
    process({ name: 'kube-apiserver', argv: ['kube-apiserver', ...flags], version: 'Kubernetes v1.31.4' }),
  ])
}

const kubeletKind = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

function kubelet(flags: readonly string[], ...items: readonly RawItem[]): NodeContext {
  return nodeWith([
    ...base,
    process({
      name: 'kubelet',
      argv: ['/usr/bin/kubelet', ...flags],
      version: 'Kubernetes v1.31.4',
      cgroup: '0::/system.slice/kubelet.service',
    }),
    ...items,
  ])
}

describe('flags', () => {
  it('take the last of a repeated scalar, not the first', () => {
    expect(
      value(apiserver('--anonymous-auth=false', '--anonymous-auth=true'), 'kube-apiserver', 'anonymous-auth'),
    ).toBe(true)
  })

  it('add up for a repeated list', () => {
    const node = apiserver(
      '--enable-admission-plugins=NodeRestriction',
      '--enable-admission-plugins=EventRateLimit,AlwaysPullImages',
    )
    expect(value(node, 'kube-apiserver', 'enable-admission-plugins')).toEqual([
      'NodeRestriction',
      'EventRateLimit',
      'AlwaysPullImages',
    ])
  })

  it('merge key by key for a repeated map', () => {
    const node = apiserver('--feature-gates=A=true,B=true', '--feature-gates=B=false')
    expect(value(node, 'kube-apiserver', 'feature-gates')).toEqual(['A=true', 'B=false'])
  })

  it('are not found by the beginning of their name', () => {
    expect(value(apiserver('--anonymous-auth-config=false'), 'kube-apiserver', 'anonymous-auth')).toBe(true)
  })

  it('are not taken for the longer flag that stands before them', () => {
    const node = apiserver(
      '--encryption-provider-config-automatic-reload=true',
      '--encryption-provider-config=/etc/enc.yaml',
    )
    expect(value(node, 'kube-apiserver', 'encryption-provider-config')).toBe('/etc/enc.yaml')
    expect(
      value(
        apiserver('--encryption-provider-config-automatic-reload=true'),
        'kube-apiserver',
        'encryption-provider-config',
      ),
    ).toBeUndefined()
  })

  it('never take the next word when they are booleans', () => {
    const node = apiserver('--profiling', 'false')
    expect(value(node, 'kube-apiserver', 'profiling')).toBe(true)
  })

  it('take the next word when they are not', () => {
    expect(
      value(
        apiserver('--client-ca-file', '/ca.crt', '--profiling=false'),
        'kube-apiserver',
        'client-ca-file',
      ),
    ).toBe('/ca.crt')
  })

  it('read underscores as hyphens, as the component does', () => {
    expect(value(apiserver('--anonymous_auth=false'), 'kube-apiserver', 'anonymous-auth')).toBe(false)
  })

  it('keep everything behind the first equals sign', () => {
    const node = apiserver('--service-account-issuer=https://a/?b=c')
    expect(value(node, 'kube-apiserver', 'service-account-issuer')).toEqual(['https://a/?b=c'])
  })

  it('stay text when the value has the wrong type', () => {
    expect(value(apiserver('--profiling=maybe'), 'kube-apiserver', 'profiling')).toBe('maybe')
  })

  it('count as not given when they are set to nothing', () => {
    expect(value(apiserver('--token-auth-file='), 'kube-apiserver', 'token-auth-file')).toBeUndefined()
  })

  it('name the process and the flag they come from', () => {
    const settings = effectiveSettings(apiserver('--profiling=false'), 'kube-apiserver')
    expect(settings).toMatchObject({
      fact: {
        values: {
          profiling: {
            source: {
              items: ['process:34'],
              at: [{ kind: 'process-argument', at: 'kube-apiserver (pid 34) --profiling' }],
            },
          },
        },
      },
    })
  })
})

describe('defaults', () => {
  it('name the component and release they are of', () => {
    const settings = effectiveSettings(apiserver(), 'kube-apiserver')
    expect(settings).toMatchObject({
      fact: {
        values: {
          'anonymous-auth': {
            fact: true,
            source: { at: [{ kind: 'default', at: 'kube-apiserver 1.31' }] },
          },
        },
      },
    })
  })

  it('are unavailable when they depend on a version nobody knows', () => {
    const node = nodeWith([...base, process({ name: 'kube-apiserver', argv: ['kube-apiserver'] })])
    expect(value(node, 'kube-apiserver', 'audit-log-maxage')).toEqual({ unavailable: 'version-unknown' })
    expect(value(node, 'kube-apiserver', 'profiling')).toBe(true)
  })

  it('are unavailable for a release no source speaks of', () => {
    const node = nodeWith([
      ...base,
      process({ name: 'kube-apiserver', argv: ['kube-apiserver'], version: 'Kubernetes v1.35.0' }),
    ])
    expect(value(node, 'kube-apiserver', 'audit-log-maxage')).toEqual({ unavailable: 'version-unknown' })
  })

  it('do not exist for a release that has no such setting', () => {
    const node = nodeWith([
      ...base,
      process({ name: 'kube-apiserver', argv: ['kube-apiserver'], version: 'Kubernetes v1.31.4' }),
    ])
    expect(value(node, 'kube-apiserver', 'insecure-port')).toBeUndefined()
  })

  it('of scheduler and controller manager listen on every address', () => {
    const node = nodeWith([
      ...base,
      process({ name: 'kube-scheduler', pid: 1, argv: ['kube-scheduler'] }),
      process({ name: 'kube-controller-manager', pid: 2, argv: ['kube-controller-manager'] }),
    ])
    expect(value(node, 'kube-scheduler', 'bind-address')).toBe('0.0.0.0')
    expect(value(node, 'kube-controller-manager', 'bind-address')).toBe('0.0.0.0')
  })
})

describe('the kubelet', () => {
  it('keeps the open read-only port without --config, also with a drop-in directory', () => {
    expect(value(kubelet([]), 'kubelet', 'read-only-port')).toBe(10255)
    const dropIns = kubelet(['--config-dir=/etc/kubelet.d'], directory('/etc/kubelet.d'))
    expect(value(dropIns, 'kubelet', 'read-only-port')).toBe(10255)
    expect(value(dropIns, 'kubelet', 'anonymous-auth')).toBe(true)
    expect(value(dropIns, 'kubelet', 'authorization-mode')).toBe('AlwaysAllow')
  })

  it('closes it with --config', () => {
    expect(
      value(kubelet(['--config=/k.yaml'], content('/k.yaml', kubeletKind)), 'kubelet', 'read-only-port'),
    ).toBe(0)
  })

  it('does not take values from a stale file it does not use', () => {
    const stale = content(
      '/var/lib/kubelet/config.yaml',
      `${kubeletKind}readOnlyPort: 0\nseccompDefault: true\n`,
    )
    const node = kubelet(['--config=/k.yaml'], content('/k.yaml', kubeletKind), stale)
    expect(value(node, 'kubelet', 'seccomp-default')).toBe(false)
    expect(value(kubelet([], stale), 'kubelet', 'read-only-port')).toBe(10255)
  })

  it('lets flags win over drop-ins, and drop-ins over the file', () => {
    const node = kubelet(
      ['--config=/k.yaml', '--config-dir=/d', '--event-qps=7'],
      content(
        '/k.yaml',
        `${kubeletKind}podPidsLimit: 1\neventRecordQPS: 1\nclusterDNS: [10.0.0.1, 10.0.0.2]\n`,
      ),
      directory('/d', '20-b.conf', '10-a.conf', 'notes.txt'),
      content('/d/10-a.conf', `${kubeletKind}podPidsLimit: 2\nseccompDefault: true\n`),
      content('/d/20-b.conf', `${kubeletKind}podPidsLimit: 3\nclusterDNS: [10.0.0.9]\n`),
    )
    expect(value(node, 'kubelet', 'pod-max-pids')).toBe(3)
    expect(value(node, 'kubelet', 'seccomp-default')).toBe(true)
    expect(value(node, 'kubelet', 'event-qps')).toBe(7)
    expect(value(node, 'kubelet', 'cluster-dns')).toEqual(['10.0.0.9'])
  })

  it('merges feature gates of file and flag', () => {
    const node = kubelet(
      ['--config=/k.yaml', '--feature-gates=B=false'],
      content('/k.yaml', `${kubeletKind}featureGates: {A: true, B: true}\n`),
    )
    expect(value(node, 'kubelet', 'feature-gates')).toEqual(['A=true', 'B=false'])
  })

  it('reads a zero timeout in the file as the default, and in a flag as off', () => {
    const zero = content('/k.yaml', `${kubeletKind}streamingConnectionIdleTimeout: 0s\n`)
    expect(value(kubelet(['--config=/k.yaml'], zero), 'kubelet', 'streaming-connection-idle-timeout')).toBe(
      '4h0m0s',
    )
    expect(
      value(
        kubelet(['--config=/k.yaml', '--streaming-connection-idle-timeout=0'], zero),
        'kubelet',
        'streaming-connection-idle-timeout',
      ),
    ).toBe('0')
  })

  it('does not take a kubeconfig of the same name for its configuration', () => {
    const node = kubelet(
      ['--config=/etc/kubernetes/kubelet.conf'],
      content('/etc/kubernetes/kubelet.conf', 'apiVersion: v1\nkind: Config\n'),
    )
    const settings = effectiveSettings(node, 'kubelet')
    expect(settings).toMatchObject({
      fact: {
        values: {
          'read-only-port': {
            kind: 'unavailable',
            reason: 'unparsable',
            detail:
              '/etc/kubernetes/kubelet.conf:2: kubelet.config.k8s.io/KubeletConfiguration is expected, this is Config',
          },
        },
      },
    })
  })

  it('says which line has a duplicate key', () => {
    const node = kubelet(
      ['--config=/k.yaml'],
      content('/k.yaml', `${kubeletKind}readOnlyPort: 0\nreadOnlyPort: 10255\n`),
    )
    expect(effectiveSettings(node, 'kubelet')).toMatchObject({
      fact: {
        values: { 'read-only-port': { kind: 'unavailable', detail: expect.stringContaining('/k.yaml:4:') } },
      },
    })
  })

  it('leaves flags readable when its file is not', () => {
    const node = kubelet(['--config=/k.yaml', '--read-only-port=0'])
    expect(value(node, 'kubelet', 'read-only-port')).toBe(0)
    expect(value(node, 'kubelet', 'anonymous-auth')).toEqual({ unavailable: 'not-collected' })
  })

  it('marks values of a file that changed after it had started', () => {
    const node = kubelet(
      ['--config=/k.yaml', '--event-qps=1'],
      content('/k.yaml', `${kubeletKind}readOnlyPort: 0\n`),
      file('/k.yaml', 5000),
    )
    expect(value(node, 'kubelet', 'read-only-port')).toBe(0)
    expect(settingDrift(node, 'kubelet', 'read-only-port')).toEqual({
      says: expect.stringContaining('/k.yaml was changed after kubelet (pid 34) had started'),
      isUnsure: true,
    })
    expect(settingDrift(node, 'kubelet', 'event-qps')).toBeUndefined()
  })
})

describe('etcd', () => {
  const etcd = (
    fields: { argv: readonly string[]; env?: Readonly<Record<string, string>> | null },
    ...items: readonly RawItem[]
  ) =>
    nodeWith([
      ...base,
      process({
        name: 'etcd',
        cgroup: '0::/system.slice/etcd.service',
        version: 'etcd Version: 3.5.15',
        ...fields,
      }),
      ...items,
    ])

  it('takes its environment where no flag is given', () => {
    const node = etcd({
      argv: ['/usr/local/bin/etcd', '--cert-file=/flag.crt'],
      env: { ETCD_CLIENT_CERT_AUTH: 'true', ETCD_CERT_FILE: '/env.crt' },
    })
    expect(value(node, 'etcd', 'client-cert-auth')).toBe(true)
    expect(value(node, 'etcd', 'cert-file')).toBe('/flag.crt')
  })

  it('answers nothing when its environment is unreadable, since ETCD_CONFIG_FILE would void its flags', () => {
    const node = etcd({ argv: ['etcd', '--auto-tls=false'], env: null })
    expect(value(node, 'etcd', 'client-cert-auth')).toEqual({ unavailable: 'permission-denied' })
    expect(value(node, 'etcd', 'auto-tls')).toEqual({ unavailable: 'permission-denied' })
  })

  it('ignores flags and environment once a configuration file is given', () => {
    const config = content('/etc/etcd.yml', 'client-transport-security:\n  client-cert-auth: true\n')
    const node = etcd(
      {
        argv: ['etcd', '--config-file=/etc/etcd.yml', '--auto-tls=true'],
        env: { ETCD_PEER_AUTO_TLS: 'true' },
      },
      config,
    )
    expect(value(node, 'etcd', 'client-cert-auth')).toBe(true)
    expect(value(node, 'etcd', 'auto-tls')).toBe(false)
    expect(value(node, 'etcd', 'peer-auto-tls')).toBe(false)
  })

  it('reads single-dash flags with separate values', () => {
    const node = etcd({ argv: ['etcd', '-name', 'cp', '-client-cert-auth', '-cert-file', '/c.crt'] })
    expect(value(node, 'etcd', 'client-cert-auth')).toBe(true)
    expect(value(node, 'etcd', 'cert-file')).toBe('/c.crt')
  })
})

describe('scheduler and kube-proxy', () => {
  it('ignore profiling=false on the command line once a file is given', () => {
    const config = content(
      '/s.yaml',
      'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n',
    )
    const node = nodeWith([
      ...base,
      config,
      process({
        name: 'kube-scheduler',
        argv: ['kube-scheduler', '--config=/s.yaml', '--profiling=false', '--bind-address=127.0.0.1'],
      }),
    ])
    expect(value(node, 'kube-scheduler', 'profiling')).toBe(true)
    expect(value(node, 'kube-scheduler', 'bind-address')).toBe('127.0.0.1')
  })

  it('take the metrics address from the file, not the flag, and read empty as the default', () => {
    const kind = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n'
    const proxy = (text: string) =>
      nodeWith([
        ...base,
        content('/proc/34/root/c.conf', kind + text),
        process({
          name: 'kube-proxy',
          contained: true,
          argv: ['/usr/local/bin/kube-proxy', '--config=/c.conf', '--metrics-bind-address=127.0.0.1:1'],
        }),
      ])
    expect(value(proxy('metricsBindAddress: 0.0.0.0:10249\n'), 'kube-proxy', 'metrics-bind-address')).toBe(
      '0.0.0.0:10249',
    )
    expect(value(proxy('metricsBindAddress: ""\n'), 'kube-proxy', 'metrics-bind-address')).toBe(
      '127.0.0.1:10249',
    )
  })
})

describe('files a setting names', () => {
  it('are read through the host path of the pod', () => {
    const manifest = [
      'apiVersion: v1',
      'kind: Pod',
      'metadata: {name: kube-apiserver}',
      'spec:',
      '  containers:',
      '  - name: kube-apiserver',
      '    image: k8s/kube-apiserver:v1.31.4',
      '    command: [kube-apiserver, --authentication-config=/conf/auth.yaml]',
      '    volumeMounts: [{name: c, mountPath: /conf}]',
      '  volumes: [{name: c, hostPath: {path: /etc/kubernetes/conf}}]',
    ].join('\n')
    const node = nodeWith([
      ...noUnits,
      directory('/etc/kubernetes/manifests', 'a.yaml'),
      missing('directory', '/var/lib/rancher/rke2/agent/pod-manifests'),
      content('/etc/kubernetes/manifests/a.yaml', manifest),
      content(
        '/etc/kubernetes/conf/auth.yaml',
        'kind: AuthenticationConfiguration\nanonymous:\n  enabled: false\n',
      ),
      process({
        name: 'kube-apiserver',
        contained: true,
        argv: ['kube-apiserver', '--authentication-config=/conf/auth.yaml'],
      }),
    ])
    const document = referencedDocument(node, 'kube-apiserver', 'authentication-config')
    if (document.kind !== 'observed') throw new Error(JSON.stringify(document))
    expect(document.fact.path).toBe('/etc/kubernetes/conf/auth.yaml')
    expect(document.fact.document).toMatchObject({ anonymous: { enabled: false } })
    expect(document.fact.lineOf(['anonymous', 'enabled'])).toBe(3)
  })

  it('are unavailable, not absent, when they are gone', () => {
    const node = nodeWith([
      ...base,
      missing('content', '/p.yaml'),
      process({ name: 'kube-apiserver', argv: ['kube-apiserver', '--audit-policy-file=/p.yaml'] }),
    ])
    expect(referencedDocument(node, 'kube-apiserver', 'audit-policy-file')).toMatchObject({
      kind: 'unavailable',
      reason: 'ambiguous',
    })
    expect(referencedDocument(node, 'kube-apiserver', 'authorization-config')).toMatchObject({
      kind: 'absent',
    })
  })
})
