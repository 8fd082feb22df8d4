import { describe, expect, it } from 'vitest'
import { containerRuntime } from '../../../src/facts/container-runtime.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { blind, content, directory, file } from '../node/fake-node.ts'
import { containerd, crio, derive, docker, kubelet } from './nodes.ts'

const runtime = (...items: readonly RawItem[]) => derive(containerRuntime, ...items)
const crioSocket = 'unix:///var/run/crio/crio.sock'
const dockerSocket = 'unix:///run/cri-dockerd.sock'
const usual = 'unix:///run/containerd/containerd.sock'

describe('insecure registries of containerd', () => {
  const found = (...items: readonly RawItem[]) => {
    const fact = runtime(...kubelet(usual), ...items)
    return (fact as { readonly 'insecure-registries': unknown })['insecure-registries']
  }
  const at = (version: string, text: string) => containerd(text, { version })
  const certs = (...names: readonly string[]) =>
    directory(
      '/etc/containerd/certs.d',
      names.map((name) => `/etc/containerd/certs.d/${name}`),
    )
  const hosts = (name: string, text: string) => content(`/etc/containerd/certs.d/${name}/hosts.toml`, text)

  it('stand in the older tables, this node’s own aside', () => {
    const text = [
      'version = 2',
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]',
      'endpoint = ["http://mirror.example:5000", "https://registry-1.docker.io", "http://127.0.0.1:5000"]',
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."http.example"]',
      'endpoint = ["http://http.example", "http://[::1]:5000", "http://localhost"]',
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."none.example"]',
      '[plugins."io.containerd.grpc.v1.cri".registry.configs."self.example".tls]',
      'insecure_skip_verify = true',
      '[plugins."io.containerd.grpc.v1.cri".registry.configs."127.0.0.1:5000".tls]',
      'insecure_skip_verify = true',
      '[plugins."io.containerd.grpc.v1.cri".registry.configs."good.example".tls]',
      'ca_file = "/x"',
    ].join('\n')
    expect(found(...at('1.7.27', text))).toEqual([
      'http://mirror.example:5000 for docker.io (plain HTTP)',
      'http://http.example (plain HTTP)',
      'self.example (certificate not verified)',
    ])
  })

  it('stand in hosts.toml, one directory a registry', () => {
    const text =
      "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/etc/containerd/certs.d/'\n"
    expect(
      found(
        ...at('2.1.4', text),
        certs('docker.io', 'good.example', 'reg.example:5000', 'none.example', 'README'),
        file('/etc/containerd/certs.d/README'),
        hosts('docker.io', 'server = "https://registry-1.docker.io"\n[host."http://mirror.example"]\n'),
        hosts('good.example', '[host."https://good.example"]\nskip_verify = false\n'),
        hosts(
          'reg.example:5000',
          'server = "http://reg.example:5000"\nskip_verify = true\n[host."https://a.example"]\nskip_verify = true\n',
        ),
      ),
    ).toEqual([
      'http://mirror.example for docker.io (plain HTTP)',
      'http://reg.example:5000 (plain HTTP)',
      'http://reg.example:5000 (certificate not verified)',
      'https://a.example (certificate not verified)',
    ])
  })

  it('are looked for in the default places from 2.2 on, and nowhere before', () => {
    const places = [certs('docker.io'), hosts('docker.io', '[host."http://m.example"]\n')]
    expect(found(...at('2.2.0', 'version = 3\n'), ...places)).toEqual([
      'http://m.example for docker.io (plain HTTP)',
    ])
    expect(found(...at('2.1.4', 'version = 3\n'), ...places)).toBe('absent')
    const none = "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = ''\n"
    expect(found(...at('2.2.0', none), ...places)).toBe('absent')
  })

  it('beside one that could not be read still count; alone that one is a gap', () => {
    const bad = blind('content:/etc/containerd/certs.d/b/hosts.toml', 'permission-denied')
    expect(found(...at('2.2.0', ''), certs('a', 'b'), hosts('a', 'server = "http://a"\n'), bad)).toEqual([
      'http://a (plain HTTP)',
    ])
    expect(found(...at('2.2.0', ''), certs('a', 'b'), hosts('a', 'server = "https://a"\n'), bad)).toBe(
      'unavailable: permission-denied',
    )
    expect(found(...at('2.2.0', ''), certs('a'), hosts('a', 'server = ['))).toBe('unavailable: unparsable')
    expect(found(...at('2.2.0', ''), blind('directory:/etc/containerd/certs.d', 'permission-denied'))).toBe(
      'unavailable: permission-denied',
    )
    const nameless = containerd('version = 3\n').map((item) =>
      item.kind === 'process' ? { ...item, version: '' } : item,
    )
    expect(found(...nameless)).toBe('unavailable: version-unknown')
  })

  it('stand in registries.yaml of the distribution whose containerd it is', () => {
    const yaml = [
      'mirrors:',
      '  docker.io:',
      '    endpoint: ["http://mirror.example:5000", "https://b.example"]',
      '  "*": {}',
      'configs:',
      '  self.example: { tls: { insecure_skip_verify: true } }',
      '  good.example: { tls: { ca_file: /x } }',
    ].join('\n')
    const files = [
      content('/etc/rancher/rke2/registries.yaml', yaml),
      content(
        '/etc/rancher/k3s/registries.yaml',
        'mirrors: { docker.io: { endpoint: ["http://old.example"] } }',
      ),
    ]
    const on = (path: string, ...items: readonly RawItem[]) =>
      found(...containerd('', { path, version: '2.1.4' }), ...items)
    const rke2 = '/var/lib/rancher/rke2/agent/etc/containerd/config.toml'
    const said = [
      'http://mirror.example:5000 for docker.io (plain HTTP)',
      'self.example (certificate not verified)',
    ]
    expect(on(rke2, ...files)).toEqual(said)
    expect(on('/data/agent/etc/containerd/config.toml', ...files)).toEqual([
      'http://old.example for docker.io (plain HTTP)',
      ...said,
    ])
    expect(found(...at('2.1.4', ''), ...files)).toBe('absent')
    expect(on(rke2, content('/etc/rancher/rke2/registries.yaml', '- a'))).toBe('absent')
    expect(on(rke2, content('/etc/rancher/rke2/registries.yaml', 'a: ['))).toBe('unavailable: unparsable')
    expect(on(rke2, blind('content:/etc/rancher/rke2/registries.yaml', 'permission-denied'))).toBe(
      'unavailable: permission-denied',
    )
  })
})

describe('insecure registries of CRI-O and Docker', () => {
  const of = (fact: unknown) => (fact as { readonly 'insecure-registries': unknown })['insecure-registries']

  it('stand in CRI-O’s own list, and in registries.conf with its drop-ins', () => {
    const toml = [
      '[[registry]]',
      'location = "a.example"',
      'insecure = true',
      '[[registry.mirror]]',
      'location = "b.example"',
      'insecure = true',
      '[[registry]]',
      'prefix = "c.example"',
      '[[registry]]',
      'prefix = "d.example"',
      'insecure = true',
      '[[registry]]',
      'insecure = true',
    ].join('\n')
    const drop = '/etc/containers/registries.conf.d'
    const files = [
      content('/etc/containers/registries.conf', toml),
      directory(drop, [`${drop}/a.conf`, `${drop}/README`]),
      content(`${drop}/a.conf`, '[registries.insecure]\nregistries = ["e.example", "localhost:5000"]\n'),
    ]
    const note = '(plain HTTP, or certificate not verified)'
    expect(
      of(runtime(...kubelet(crioSocket), ...crio(['--insecure-registry', 'z.example']), ...files)),
    ).toEqual(
      ['z.example', 'a.example', 'b.example', 'd.example', 'a registry', 'e.example'].map(
        (one) => `${one} ${note}`,
      ),
    )
    expect(of(runtime(...kubelet(crioSocket), ...crio()))).toBe('absent')
    const closed = blind(`directory:${drop}`, 'permission-denied')
    expect(of(runtime(...kubelet(crioSocket), ...crio(), closed))).toBe('unavailable: permission-denied')
  })

  it('stand in daemon.json, loopback aside', () => {
    const json =
      '{"insecure-registries": ["a.example:5000", "127.0.0.0/8", "::1/128"], "registry-mirrors": ["http://m.example", "https://n.example"]}'
    expect(of(runtime(...kubelet(dockerSocket), ...docker(json)))).toEqual([
      'a.example:5000 (plain HTTP, or certificate not verified)',
      'http://m.example for docker.io (plain HTTP)',
    ])
    expect(of(runtime(...kubelet(dockerSocket), ...docker('{"debug": ')))).toBe('unavailable: unparsable')
  })
})
