import { describe, expect, it } from 'vitest'
import { loadContent } from '../../../src/content/load-content.ts'
import { readTree } from '../../../src/content/read-tree.ts'
import { component } from '../../../src/facts/component.ts'
import { componentSettings } from '../../../src/facts/component-settings.ts'
import { noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import { shipped, shippedComponents } from '../../support/components.ts'
import { plain } from '../../support/settings-node.ts'

/** Flags that CIS Kubernetes 1.12, sections 1 to 4, and the Kubernetes STIG ask about. */
const asked: Readonly<Record<string, readonly string[]>> = {
  'kube-apiserver': [
    'anonymous-auth',
    'token-auth-file',
    'enable-admission-plugins',
    'kubelet-client-certificate',
    'kubelet-client-key',
    'kubelet-certificate-authority',
    'authorization-mode',
    'disable-admission-plugins',
    'profiling',
    'audit-log-path',
    'audit-log-maxage',
    'audit-log-maxbackup',
    'audit-log-maxsize',
    'request-timeout',
    'service-account-lookup',
    'service-account-key-file',
    'etcd-certfile',
    'etcd-keyfile',
    'tls-cert-file',
    'tls-private-key-file',
    'client-ca-file',
    'etcd-cafile',
    'encryption-provider-config',
    'tls-cipher-suites',
    'service-account-extend-token-expiration',
    'oidc-issuer-url',
    'authentication-config',
    'authentication-token-webhook-config-file',
    'enable-bootstrap-token-auth',
    'audit-policy-file',
    'admission-control-config-file',
    'basic-auth-file',
    'insecure-bind-address',
    'insecure-port',
    'secure-port',
    'tls-min-version',
    'feature-gates',
    'authorization-config',
  ],
  'kube-controller-manager': [
    'terminated-pod-gc-threshold',
    'profiling',
    'use-service-account-credentials',
    'service-account-private-key-file',
    'root-ca-file',
    'feature-gates',
    'bind-address',
    'tls-min-version',
  ],
  'kube-scheduler': ['profiling', 'bind-address', 'tls-min-version', 'feature-gates'],
  etcd: [
    'cert-file',
    'key-file',
    'client-cert-auth',
    'auto-tls',
    'peer-cert-file',
    'peer-key-file',
    'peer-client-cert-auth',
    'peer-auto-tls',
    'trusted-ca-file',
  ],
  kubelet: [
    'anonymous-auth',
    'authorization-mode',
    'client-ca-file',
    'read-only-port',
    'streaming-connection-idle-timeout',
    'make-iptables-util-chains',
    'hostname-override',
    'event-qps',
    'tls-cert-file',
    'tls-private-key-file',
    'rotate-certificates',
    'feature-gates',
    'rotate-server-certificates',
    'tls-cipher-suites',
    'pod-max-pids',
    'seccomp-default',
    'pod-manifest-path',
    'protect-kernel-defaults',
  ],
  'kube-proxy': ['metrics-bind-address'],
}

const askedKeys: Readonly<Record<string, readonly string[]>> = {
  'kube-scheduler': ['enableProfiling'],
  kubelet: [
    'authentication.anonymous.enabled',
    'authorization.mode',
    'authentication.x509.clientCAFile',
    'readOnlyPort',
    'streamingConnectionIdleTimeout',
    'makeIPTablesUtilChains',
    'eventRecordQPS',
    'tlsCertFile',
    'tlsPrivateKeyFile',
    'rotateCertificates',
    'serverTLSBootstrap',
    'featureGates',
    'tlsCipherSuites',
    'podPidsLimit',
    'seccompDefault',
    'staticPodPath',
    'protectKernelDefaults',
  ],
  'kube-proxy': ['metricsBindAddress'],
  etcd: [
    'client-transport-security.cert-file',
    'peer-transport-security.client-cert-auth',
    'peer-transport-security.trusted-ca-file',
  ],
}

const knowledge = { components: shippedComponents() }

describe('component descriptions', () => {
  for (const [id, flags] of Object.entries(asked)) {
    it(`name every flag and key the benchmarks ask of ${id}, each with a default`, () => {
      const { settings } = shipped(id)
      const known = settings.flatMap((setting) => setting.flags)
      const keys = settings.flatMap((setting) => (setting.key === undefined ? [] : [setting.key]))
      const named = settings.filter((setting) => setting.flags.some((flag) => flags.includes(flag)))

      expect(flags.filter((flag) => !known.includes(flag))).toEqual([])
      expect((askedKeys[id] ?? []).filter((key) => !keys.includes(key))).toEqual([])
      expect(named.filter((setting) => setting.defaults.length === 0)).toEqual([])
    })
  }

  it('say what every path holds and where every default was read', () => {
    const settings = [...knowledge.components.values()].flatMap((spec) => spec.settings)

    expect(settings.filter((setting) => setting.type === 'path' && setting.holds === undefined)).toEqual([])
    expect(settings.flatMap((setting) => setting.defaults).filter((row) => row.source.length < 8)).toEqual([])
  })

  it('use every name and flag of a component once', () => {
    for (const spec of knowledge.components.values()) {
      const names = spec.settings.map((setting) => setting.name)
      const flags = spec.settings.flatMap((setting) => setting.flags)
      expect(new Set(names).size, spec.id).toBe(names.length)
      expect(new Set(flags).size, spec.id).toBe(flags.length)
    }
  })
})

describe('the content loader', () => {
  it('accepts the descriptions and reads them as these tests do', () => {
    const root = new URL('../../..', import.meta.url).pathname
    const onlyComponents = (folder: string) =>
      readTree(folder).filter((file) => file.path.includes('components/'))

    const content = loadContent({
      roots: [root],
      factKinds: [component, componentSettings],
      operators: [],
      readTree: onlyComponents,
    })

    expect(content.components).toEqual(shippedComponents())
  })
})

describe('the component-settings fact', () => {
  const request = { fact: 'component-settings', of: 'kubelet' } as const

  it('fills in what an example leaves out, for its version and mode', () => {
    const given = observed({ 'seccomp-default': observed(true, noSource) }, noSource)

    const filled = (example: object) =>
      plain(componentSettings.complete?.(request, given, knowledge, example))

    expect(filled({})).toMatchObject({
      'seccomp-default': true,
      'read-only-port': 0,
      'event-qps': { unavailable: 'version-unknown' },
    })
    expect(filled({ mode: 'flags', version: 'v1.31.0' })).toMatchObject({
      'read-only-port': 10255,
      'event-qps': 50,
    })
  })

  it('leaves an unavailable example as it is', () => {
    const given = unavailable('permission-denied', noSource)

    expect(componentSettings.complete?.(request, given, knowledge, {})).toBe(given)
  })

  it('tells the author of a check about an unknown component', () => {
    expect(componentSettings.faults?.({ fact: 'component-settings', of: 'kubelt' }, knowledge)).toEqual([
      expect.stringContaining('"of" names no component: kubelt'),
    ])
    expect(componentSettings.faults?.(request, knowledge)).toEqual([])
  })

  it('asks for process, units, manifests and usual files', () => {
    const probes = componentSettings.probes({ fact: 'component-settings', of: 'etcd' }, knowledge)

    expect(probes).toContainEqual(
      expect.objectContaining({
        kind: 'process',
        name: 'etcd',
        env: expect.arrayContaining(['ETCD_CERT_FILE', 'ETCD_CONFIG_FILE']),
      }),
    )
    expect(probes).toContainEqual({ kind: 'unit', name: 'etcd.service' })
    expect(probes).toContainEqual({
      kind: 'glob',
      pattern: '/etc/kubernetes/manifests/*',
      holds: 'configuration',
    })
    expect(probes).toContainEqual({ kind: 'path', path: '/etc/etcd.env', holds: 'environment' })
  })
})
