import { describe, expect, it } from 'vitest'
import { containerRuntime } from '../../../src/facts/container-runtime.ts'
import { effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { blind, content, file, plain, runningProcess } from '../node/fake-node.ts'
import { containerd, crio, derive, docker, kubelet, node } from './nodes.ts'

it('is described with its fields, and asked for with everything they rest on', () => {
  const known = { components: shippedComponents() }
  const request = { fact: 'container-runtime' }
  const fact = containerRuntime.derive(request, node(...kubelet(usual), ...containerd('')))
  const fields = fact.kind === 'observed' && typeof fact.fact === 'object' ? Object.keys(fact.fact) : []
  expect(fields).toEqual(containerRuntime.fields(request, known))
  const asked = containerRuntime.probes(request, known)
  expect(asked).toContainEqual({ kind: 'path', path: '/etc/crio/crio.conf.d', holds: 'drop-in-directory' })
  expect(asked).toContainEqual({ kind: 'path', path: '/etc/docker/daemon.json', holds: 'configuration' })
  expect(asked).toContainEqual({
    kind: 'path',
    path: '/etc/containers/registries.conf',
    holds: 'configuration',
  })
})

const runtime = (...items: readonly RawItem[]) => derive(containerRuntime, ...items)
const crioSocket = 'unix:///var/run/crio/crio.sock'
const dockerSocket = 'unix:///run/cri-dockerd.sock'
const usual = 'unix:///run/containerd/containerd.sock'
const bundled = containerd('disabled_plugins = ["cri"]\n', { pid: 60 })

describe('the container runtime', () => {
  it('is the one the kubelet names, whatever else is installed', () => {
    expect(runtime(...kubelet(crioSocket), ...crio(), ...bundled)).toMatchObject({
      name: 'cri-o',
      version: '1.33.1',
    })
    expect(runtime(...kubelet(dockerSocket), ...docker('{}'), ...bundled)).toMatchObject({
      name: 'cri-dockerd',
      version: '0.3.18',
    })
    expect(runtime(...kubelet(''), ...crio(), ...containerd(''))).toMatchObject({ name: 'containerd' })
  })

  it('is whoever listens at the endpoint, also under a name that says nothing', () => {
    const odd = crio(['--listen', '/run/odd.sock'])
    expect(runtime(...kubelet('unix:///run/odd.sock'), ...odd)).toMatchObject({ name: 'cri-o' })
    const shim = docker('{}', [], {
      shimArgv: ['--container-runtime-endpoint=unix:///run/containerd-like.sock'],
    })
    expect(runtime(...kubelet('unix:///run/containerd-like.sock'), ...shim)).toMatchObject({
      name: 'cri-dockerd',
    })
    expect(runtime(...kubelet('unix:///run/odd.sock'))).toBe('unavailable: ambiguous')
  })

  it('says nothing of itself where the kubelet names one that is not there, or nobody could look', () => {
    const nothing = 'unavailable: ambiguous'
    const gone = {
      'pause-image-pinned': nothing,
      'labels-containers': nothing,
      'insecure-registries': nothing,
    }
    expect(runtime(...kubelet(crioSocket))).toMatchObject({
      name: 'cri-o',
      ...gone,
      'monitor-cgroup-fits': nothing,
    })
    const [daemon, shim] = docker('{}')
    if (daemon === undefined || shim === undefined) throw new Error('no docker')
    expect(runtime(...kubelet(dockerSocket), shim)).toMatchObject({
      'pause-image-pinned': true,
      'insecure-registries': nothing,
      'confines-calls': nothing,
      'conflicting-settings': nothing,
    })
    expect(runtime(...kubelet(dockerSocket), daemon)).toMatchObject({
      version: nothing,
      'pause-image-pinned': nothing,
      'insecure-registries': 'absent',
    })
  })

  it('is Docker’s as Mirantis ships it', () => {
    const mke = {
      ...runningProcess(44, 'cri-dockerd', ['/usr/bin/cri-dockerd-mke']),
      comm: 'cri-dockerd-mke',
    }
    const [daemon] = docker(null)
    if (daemon === undefined) throw new Error('no docker')
    expect(runtime(...kubelet('unix:///var/run/cri-dockerd-mke.sock'), daemon, mke)).toMatchObject({
      name: 'cri-dockerd',
    })
  })

  it('is the only one there on a machine without a kubelet, and not the one Docker brings along', () => {
    expect(runtime(...containerd(''))).toMatchObject({ name: 'containerd' })
    expect(runtime(...docker('{}'), ...bundled)).toMatchObject({ name: 'cri-dockerd' })
    expect(runtime()).toBe('absent')
    expect(runtime(...crio(), ...containerd(''))).toBe('unavailable: ambiguous')
    expect(runtime(blind('processes', 'permission-denied'))).toBe('unavailable: permission-denied')
  })
})

describe('several containerds', () => {
  const k3s = '/var/lib/rancher/k3s/agent/etc/containerd/config.toml'
  const own = containerd('version = 3\n[grpc]\naddress = "/run/k3s/containerd/containerd.sock"\n', {
    path: k3s,
    pid: 61,
    unit: 'k3s-agent',
  })
  const selinux = "[plugins.'io.containerd.cri.v1.runtime']\nenable_selinux = true\n"
  const dockers = containerd(`version = 3\n${selinux}`, { pid: 60 })
  const file = (endpoint: string, ...items: readonly RawItem[]) => {
    const settings = effectiveSettings(node(...kubelet(endpoint), ...items), 'containerd')
    return settings.kind === 'observed' ? settings.fact.configurationFiles : plain(settings)
  }

  it('are told apart by the socket the kubelet uses', () => {
    expect(file('unix:///run/k3s/containerd/containerd.sock', ...dockers, ...own)).toEqual([k3s])
    expect(file(usual, ...dockers, ...own)).toEqual(['/etc/containerd/config.toml'])
    const [process, ...files] = own
    if (process?.kind !== 'process' || process.state !== 'observed') throw new Error('no process')
    const flagged = { ...process, argv: ['containerd', '-a', '/run/x.sock', `--config=${k3s}`] }
    expect(file('/run/x.sock', ...dockers, flagged, ...files)).toEqual([k3s])
  })

  it('keep the one whose configuration could not be read in doubt', () => {
    const [process] = own
    if (process === undefined) throw new Error('no process')
    const closed = blind(`content:${k3s}`, 'permission-denied')
    expect(file('unix:///run/k3s/containerd/containerd.sock', ...dockers, process, closed)).toEqual([])
    const broken = content(k3s, 'version = [')
    expect(file('unix:///run/k3s/containerd/containerd.sock', ...dockers, process, broken)).toEqual([])
  })

  it('listen in the usual place without a configuration, or with none that says where', () => {
    const bare = containerd('', { pid: 60 }).slice(0, 1)
    expect(file(usual, ...bare, ...own)).toEqual([])
    const silent = containerd('version = 3\n[grpc]\naddress = ""\n', { pid: 60 })
    expect(file(usual, ...silent, ...own)).toEqual(['/etc/containerd/config.toml'])
  })

  it('are not told apart where the kubelet’s endpoint could not be read, and do not wait for a kubelet', () => {
    const [process, ...rest] = kubelet('')
    if (process === undefined) throw new Error('no kubelet')
    const [, ...noText] = rest
    const closed = blind('content:/var/lib/kubelet/config.yaml', 'permission-denied')
    const settings = effectiveSettings(node(process, closed, ...noText, ...dockers, ...own), 'containerd')
    expect(plain(settings as never)).toBe('unavailable: permission-denied')
    const without = effectiveSettings(node(...dockers, ...own), 'containerd')
    expect(without.kind).toBe('observed')
  })

  it('are one where all of them serve the endpoint, or none', () => {
    expect(file('/run/elsewhere.sock', ...dockers, ...own)).toEqual(['/etc/containerd/config.toml'])
  })
})

describe('the pause image', () => {
  const with_ = (image: string) =>
    containerd(`version = 3\n[plugins.'io.containerd.cri.v1.images'.pinned_images]\nsandbox = "${image}"\n`)
  const digest = `registry.example/pause@sha256:${'0'.repeat(64)}`

  it.each([
    ['registry.k8s.io/pause:3.10', true],
    [digest, true],
    ['registry.example:5000/pause', false],
    ['registry.example/pause:latest', false],
    ['registry.example/pause:latest@sha256:short', false],
  ])('%s is pinned: %s', (image, pinned) => {
    expect(runtime(...kubelet(usual), ...with_(image))).toMatchObject({
      'pause-image': image,
      'pause-image-pinned': pinned,
    })
  })

  it('is pinned by the release where nobody names one, in every runtime', () => {
    const unset = { 'pause-image': 'absent', 'pause-image-pinned': true, 'pause-images-agree': 'absent' }
    expect(runtime(...kubelet(usual), ...containerd(''))).toMatchObject(unset)
    expect(runtime(...kubelet(crioSocket), ...crio())).toMatchObject(unset)
    expect(runtime(...kubelet(dockerSocket), ...docker('{}'))).toMatchObject(unset)
  })

  it('is compared with the one the kubelet keeps, where both name one', () => {
    const flagged = kubelet(usual).map((item) =>
      item.kind === 'process' && item.state === 'observed'
        ? { ...item, argv: [...item.argv, '--pod-infra-container-image=registry.k8s.io/pause:3.9'] }
        : item,
    )
    expect(runtime(...flagged, ...with_('registry.k8s.io/pause:3.10'))).toMatchObject({
      'pause-images-agree': false,
    })
    expect(runtime(...flagged, ...with_('registry.k8s.io/pause:3.9'))).toMatchObject({
      'pause-images-agree': true,
    })
  })

  it('is not known where the configuration could not be read', () => {
    const closed = blind('content:/etc/containerd/config.toml', 'permission-denied')
    const [process] = containerd('')
    if (process === undefined) throw new Error('no containerd')
    expect(runtime(...kubelet(usual), process, closed)).toMatchObject({
      'pause-image-pinned': 'unavailable: permission-denied',
      'insecure-registries': 'unavailable: permission-denied',
      'template-changed': 'unavailable: permission-denied',
    })
  })
})

describe('SELinux labels', () => {
  const enforcing = content('/sys/fs/selinux/enforce', '1')

  it('follow the kernel in CRI-O unless it is told, and are off by default elsewhere', () => {
    const at = (...items: readonly RawItem[]) => runtime(...kubelet(crioSocket), ...items)
    expect(at(...crio(), enforcing)).toMatchObject({ 'labels-containers': true })
    expect(at(...crio())).toMatchObject({ 'labels-containers': false })
    expect(at(...crio(['--selinux=false']), enforcing)).toMatchObject({ 'labels-containers': false })
    expect(at(...crio(), blind('content:/sys/fs/selinux/enforce', 'permission-denied'))).toMatchObject({
      'labels-containers': 'unavailable: permission-denied',
    })
    expect(runtime(...kubelet(dockerSocket), ...docker('{"selinux-enabled": true}'))).toMatchObject({
      'labels-containers': true,
    })
    expect(runtime(...kubelet(dockerSocket), ...docker(null), enforcing)).toMatchObject({
      'labels-containers': false,
    })
    expect(runtime(...kubelet(usual), ...containerd(''), enforcing)).toMatchObject({
      'labels-containers': false,
    })
  })
})

describe('the seccomp profile of the runtime', () => {
  const on = (...items: readonly RawItem[]) => runtime(...items)

  it('confines unless it was switched off', () => {
    expect(on(...kubelet(usual), ...containerd(''))).toMatchObject({ 'confines-calls': true })
    expect(on(...kubelet(crioSocket), ...crio())).toMatchObject({ 'confines-calls': true })
    expect(on(...kubelet(crioSocket), ...crio(['--seccomp-profile=unconfined']))).toMatchObject({
      'confines-calls': false,
    })
    expect(on(...kubelet(dockerSocket), ...docker('{"seccomp-profile": "/etc/p.json"}'))).toMatchObject({
      'confines-calls': true,
    })
    expect(on(...kubelet(dockerSocket), ...docker('{"seccomp-profile": "unconfined"}'))).toMatchObject({
      'confines-calls': false,
    })
  })

  it('is not known without its daemon or its configuration', () => {
    expect(on(...kubelet(dockerSocket), ...docker('{"debug": '))).toMatchObject({
      'confines-calls': 'unavailable: unparsable',
      'open-addresses': 'unavailable: unparsable',
    })
  })
})

describe('addresses of Docker', () => {
  const on = (json: string | null, ...argv: readonly string[]) =>
    runtime(...kubelet(dockerSocket), ...docker(json, argv))

  it('are open over TCP without certificates of clients', () => {
    expect(on(null, '-H', 'fd://', '-H', 'tcp://0.0.0.0:2375')).toMatchObject({
      'open-addresses': ['tcp://0.0.0.0:2375'],
    })
    expect(on(null, '-Htcp://0.0.0.0:2375', '-Dl')).toMatchObject({
      'open-addresses': ['tcp://0.0.0.0:2375'],
    })
    expect(on(null, '-H=tcp://0.0.0.0:2375')).toMatchObject({ 'open-addresses': ['tcp://0.0.0.0:2375'] })
    expect(on('{"hosts": ["tcp://127.0.0.1:2376"], "tls": true}')).toMatchObject({
      'open-addresses': ['tcp://127.0.0.1:2376'],
    })
  })

  it('are closed on sockets, and with certificates of clients', () => {
    expect(on(null)).toMatchObject({ 'open-addresses': 'absent' })
    expect(on('{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}')).toMatchObject({
      'open-addresses': 'absent',
    })
    expect(runtime(...kubelet(usual), ...containerd(''))).toMatchObject({ 'open-addresses': 'absent' })
  })
})

describe('ports below 1024', () => {
  it('are open to containers as each runtime has it', () => {
    const config =
      '[crio.runtime]\ndefault_sysctls = ["net.ipv4.ping_group_range=0 0", "net.ipv4.ip_unprivileged_port_start=0"]\n'
    expect(runtime(...kubelet(crioSocket), ...crio())).toMatchObject({ 'unprivileged-ports': false })
    expect(runtime(...kubelet(crioSocket), ...crio(), content('/etc/crio/crio.conf', config))).toMatchObject({
      'unprivileged-ports': true,
    })
    expect(
      runtime(
        ...kubelet(crioSocket),
        ...crio(['--default-sysctls', 'net.ipv4.ip_unprivileged_port_start=1024']),
      ),
    ).toMatchObject({ 'unprivileged-ports': false })
    expect(
      runtime(...kubelet(crioSocket), ...crio(), blind('content:/etc/crio/crio.conf', 'permission-denied')),
    ).toMatchObject({ 'unprivileged-ports': 'unavailable: permission-denied' })
    expect(runtime(...kubelet(usual), ...containerd(''))).toMatchObject({ 'unprivileged-ports': true })
    expect(runtime(...kubelet(usual), ...containerd('', { version: '1.7.27' }))).toMatchObject({
      'unprivileged-ports': false,
    })
    expect(runtime(...kubelet(dockerSocket), ...docker('{}'))).toMatchObject({ 'unprivileged-ports': true })
    expect(runtime(...kubelet(dockerSocket), ...docker('{}', [], { version: '19.3.1' }))).toMatchObject({
      'unprivileged-ports': false,
    })
  })
})

describe('CRI-O’s monitor', () => {
  const on = (text: string, ...items: readonly RawItem[]) =>
    runtime(
      ...kubelet(crioSocket),
      ...(items.length === 0 ? crio() : items),
      content('/etc/crio/crio.conf', `[crio.runtime]\n${text}`),
    )

  it.each([
    ['cgroup_manager = "cgroupfs"\nconmon_cgroup = "pod"\n', true],
    ['cgroup_manager = "cgroupfs"\nconmon_cgroup = "system.slice"\n', false],
    ['conmon_cgroup = "system.slice"\n', true],
    ['conmon_cgroup = "machine"\n', false],
    ['cgroup_manager = "cgroupfs"\n', true],
    ['', true],
  ])('with %j fits: %s', (text, fits) => {
    expect(on(text)).toMatchObject({ 'monitor-cgroup-fits': fits })
  })

  it('is not judged where CRI-O does not run, could not be read, or is not the runtime', () => {
    const unit: RawItem = {
      kind: 'unit',
      id: 'unit:crio.service',
      name: 'crio.service',
      state: 'observed',
      properties: {
        LoadState: 'loaded',
        UnitFileState: 'enabled',
        FragmentPath: '/etc/systemd/system/crio.service',
      },
    }
    const fragment = content('/etc/systemd/system/crio.service', '[Service]\nExecStart=/usr/bin/crio\n')
    expect(on('cgroup_manager = "cgroupfs"\n', unit, fragment)).toMatchObject({
      'monitor-cgroup-fits': 'unavailable: version-unknown',
    })
    expect(on('conmon_cgroup = [\n')).toMatchObject({ 'monitor-cgroup-fits': 'unavailable: unparsable' })
    expect(runtime(...kubelet(usual), ...containerd(''))).toMatchObject({ 'monitor-cgroup-fits': 'absent' })
  })
})

describe('settings Docker is given twice', () => {
  const on = (json: string | null, ...argv: readonly string[]) =>
    runtime(...kubelet(dockerSocket), ...docker(json, argv))

  it('are named, whatever they say', () => {
    expect(
      on('{"hosts": ["unix:///var/run/docker.sock"], "debug": false}', '-H', 'fd://', '-D'),
    ).toMatchObject({
      'conflicting-settings': ['hosts', 'debug'],
    })
    expect(on('{"exec-opts": []}', '--exec-opt=native.cgroupdriver=systemd')).toMatchObject({
      'conflicting-settings': ['exec-opts'],
    })
  })

  it('are none where each stands in one place', () => {
    expect(on('{"debug": false}', '-H', 'fd://')).toMatchObject({ 'conflicting-settings': 'absent' })
    expect(on(null, '-H', 'fd://')).toMatchObject({ 'conflicting-settings': 'absent' })
  })

  it('are not known where daemon.json could not be read', () => {
    expect(on('{"debug": ')).toMatchObject({ 'conflicting-settings': 'unavailable: unparsable' })
  })
})

describe('the template of K3s and RKE2', () => {
  const place = '/var/lib/rancher/rke2/agent/etc/containerd'
  const rendered = containerd('version = 3\n', { path: `${place}/config.toml`, unit: 'rke2-server' })
  const on = (...items: readonly RawItem[]) =>
    runtime(...kubelet('unix:///run/k3s/containerd/containerd.sock'), ...rendered, ...items)

  it('has been changed when it is newer than what was made from it', () => {
    expect(on(file(`${place}/config-v3.toml.tmpl`, { mtime: 200 }))).toMatchObject({
      'template-changed': true,
    })
    expect(on(file(`${place}/config.toml.tmpl`, { mtime: 200 }))).toMatchObject({ 'template-changed': true })
    expect(on(file(`${place}/config.toml.tmpl`, { mtime: 101 }))).toMatchObject({ 'template-changed': false })
    expect(
      on(
        file(`${place}/config-v3.toml.tmpl`, { mtime: 50 }),
        file(`${place}/config.toml.tmpl`, { mtime: 200 }),
      ),
    ).toMatchObject({ 'template-changed': false })
  })

  it('is absent where there is none, and no guess where it was not looked for', () => {
    expect(on()).toMatchObject({ 'template-changed': 'absent' })
    expect(runtime(...kubelet(usual), ...containerd(''))).toMatchObject({ 'template-changed': 'absent' })
    expect(on(blind(`file:${place}/config-v3.toml.tmpl`, 'not-collected'))).toMatchObject({
      'template-changed': 'unavailable: not-collected',
    })
    const [process, text] = rendered
    if (process === undefined || text === undefined) throw new Error('no containerd')
    expect(
      runtime(
        ...kubelet('unix:///run/k3s/containerd/containerd.sock'),
        process,
        text,
        file(`${place}/config.toml.tmpl`),
        blind(`file:${place}/config.toml`, 'permission-denied'),
      ),
    ).toMatchObject({ 'template-changed': 'unavailable: permission-denied' })
  })
})
