import { describe, expect, it } from 'vitest'
import { cgroup } from '../../../src/facts/cgroup.ts'
import type { FactKind } from '../../../src/facts/fact-kind.ts'
import { asksRuntime, containerdDriver } from '../../../src/facts/node/cgroup-drivers.ts'
import { settingFact } from '../../../src/facts/node/component-facts.ts'
import { socketPath } from '../../../src/facts/runtime/socket-path.ts'
import { runtimeSocket } from '../../../src/facts/runtime-socket.ts'
import { swap, swapDevices } from '../../../src/facts/swap.ts'
import { absent, noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import {
  blind,
  content,
  fakeNode,
  file,
  plain,
  processes,
  recording,
  runningProcess,
  unit,
} from './fake-node.ts'

const components = [...shippedComponents().values()]
const knowledge = { components: shippedComponents() }

const derive = (kind: FactKind, ...items: readonly RawItem[]) =>
  plain(kind.derive({ fact: kind.kind }, fakeNode([processes([]), ...items], { components })))

const configFile = '/var/lib/kubelet/config.yaml'

/** A running kubelet with this configuration text; its flags come after --config. */
function kubelet(text: string, version = '1.31.4', ...flags: readonly string[]): readonly RawItem[] {
  const argv = ['/usr/bin/kubelet', `--config=${configFile}`, ...flags]
  const running = {
    ...runningProcess(40, 'kubelet', argv),
    version: `Kubernetes v${version}`,
  }
  const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
  return [running, content(configFile, `${head}${text}\n`), file(configFile)]
}

/** A running containerd with this configuration text. */
function containerd(text: string, version = '1.7.27'): readonly RawItem[] {
  const path = '/etc/containerd/config.toml'
  const running = {
    ...runningProcess(41, 'containerd', ['/usr/bin/containerd']),
    version: `containerd github.com/containerd/containerd v${version} x`,
  }
  return [running, content(path, text), file(path)]
}

const handler = (name: string, systemd: boolean) =>
  `[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${name}]\nruntime_type = "io.containerd.runc.v2"\n` +
  `[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${name}.options]\nSystemdCgroup = ${systemd}\n`

const systemdContainerd = containerd(`version = 2\n${handler('runc', true)}`)
const cgroupfsContainerd = (version?: string) => containerd(`version = 2\n${handler('runc', false)}`, version)
const v2 = content('/sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory pids\n')
const systemd = file('/run/systemd/system', { type: 'directory' })

describe('cgroup drivers', () => {
  it('agree where kubelet and runc handler both say systemd', () => {
    expect(derive(cgroup, v2, systemd, ...kubelet('cgroupDriver: systemd'), ...systemdContainerd)).toEqual({
      version: '2',
      controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
      systemd: true,
      'kubelet-driver': 'systemd',
      'runtime-driver': 'systemd',
      runtime: 'containerd',
      'effective-driver': 'systemd',
      'drivers-agree': true,
      'driver-fits-init': true,
      'kubelet-starts': true,
    })
  })

  it('differ where the runtime keeps its default', () => {
    expect(
      derive(cgroup, v2, systemd, ...kubelet('cgroupDriver: systemd'), ...containerd('version = 2\n')),
    ).toMatchObject({
      'runtime-driver': 'cgroupfs',
      'effective-driver': 'systemd',
      'drivers-agree': false,
    })
  })

  it('fight with systemd where both are cgroupfs by default', () => {
    expect(derive(cgroup, v2, systemd, ...kubelet(''), ...cgroupfsContainerd())).toMatchObject({
      'kubelet-driver': 'cgroupfs',
      'drivers-agree': true,
      'driver-fits-init': false,
    })
    expect(derive(cgroup, v2, ...kubelet(''), ...cgroupfsContainerd())).toMatchObject({
      'driver-fits-init': true,
    })
  })

  it('differ where two runc handlers differ, whatever the kubelet says', () => {
    const mixed = containerd(`version = 2\n${handler('runc', true)}${handler('other', false)}`)
    expect(derive(cgroup, v2, systemd, ...kubelet('cgroupDriver: systemd'), ...mixed)).toMatchObject({
      'runtime-driver': 'mixed',
      'drivers-agree': false,
    })
  })

  it.each([
    ['1.30.9', '2.0.4', 'cgroupfs', false],
    ['1.31.4', '1.7.27', 'cgroupfs', false],
    ['1.31.4', '2.0.4', 'systemd', true],
    ['1.34.1', '1.7.27', 'cgroupfs', false],
    ['1.34.1', '2.0.4', 'systemd', true],
  ])('of a kubelet %s over containerd %s: %s counts', (...row) => {
    const [kubeletVersion, version, effective, agree] = row
    const runtime = containerd(`version = 2\n${handler('runc', true)}`, version)
    expect(
      derive(cgroup, v2, systemd, ...kubelet('cgroupDriver: cgroupfs', kubeletVersion), ...runtime),
    ).toMatchObject({
      'effective-driver': effective,
      'drivers-agree': agree,
    })
  })

  it('of a kubelet 1.33 with the gate off are its own', () => {
    const gate = kubelet('featureGates:\n  KubeletCgroupDriverFromCRI: false', '1.33.1')
    expect(
      derive(cgroup, v2, systemd, ...gate, ...containerd(`version = 2\n${handler('runc', true)}`, '2.0.4')),
    ).toMatchObject({
      'effective-driver': 'cgroupfs',
      'drivers-agree': false,
    })
  })

  it('cannot be compared with a runtime that is not read, not there, or not known', () => {
    const crio = kubelet('containerRuntimeEndpoint: unix:///var/run/crio/crio.sock')
    expect(derive(cgroup, v2, systemd, ...crio)).toMatchObject({
      runtime: 'cri-o',
      'drivers-agree': 'unavailable: ambiguous',
    })
    const docker = kubelet('containerRuntimeEndpoint: unix:///run/cri-dockerd.sock')
    expect(derive(cgroup, v2, systemd, ...docker)).toMatchObject({ runtime: 'cri-dockerd' })
    expect(derive(cgroup, v2, systemd, ...kubelet(''))).toMatchObject({
      'drivers-agree': 'unavailable: ambiguous',
    })
    const odd = kubelet('containerRuntimeEndpoint: unix:///run/odd.sock')
    expect(derive(cgroup, v2, systemd, ...odd)).toMatchObject({ runtime: 'unavailable: ambiguous' })
    const unknown = kubelet('cgroupDriver: sometimes')
    expect(derive(cgroup, v2, systemd, ...unknown, ...systemdContainerd)).toMatchObject({
      'drivers-agree': 'unavailable: unparsable',
      'effective-driver': 'unavailable: unparsable',
    })
  })

  it('are not asked for on a machine without a kubelet', () => {
    expect(derive(cgroup, v2, systemd)).toMatchObject({
      'kubelet-driver': 'absent',
      'drivers-agree': 'absent',
      'driver-fits-init': 'absent',
      'kubelet-starts': 'absent',
    })
  })

  it('are not known of a kubelet inside k3s that does not show its settings', () => {
    const k3s = runningProcess(50, 'k3s', ['/usr/local/bin/k3s server'])
    expect(derive(cgroup, v2, systemd, k3s)).toMatchObject({
      'kubelet-driver': 'unavailable: not-collected',
      runtime: 'unavailable: not-collected',
      'drivers-agree': 'unavailable: not-collected',
    })
    const socket = file('/run/k3s/containerd/containerd.sock', { type: 'socket', mode: 0o660 })
    expect(derive(runtimeSocket, k3s, socket)).toMatchObject({ path: 'unavailable: not-collected' })
    const path = '/etc/systemd/system/k3s.service'
    const fragment = content(path, '[Service]\nExecStart=/usr/local/bin/k3s server\n')
    const service = unit('k3s.service', { ActiveState: 'active', FragmentPath: path })
    expect(derive(runtimeSocket, k3s, service, fragment, socket)).toMatchObject({
      path: '/run/k3s/containerd/containerd.sock',
      mode: 0o660,
      pinned: false,
    })
  })

  it('stay undecided while it is not known who asks whom', () => {
    const nameless = kubelet('cgroupDriver: cgroupfs').map((item) =>
      item.kind === 'process' ? { ...item, version: '' } : item,
    )
    const [running, ...rest] = systemdContainerd
    const unknown = running?.kind === 'process' ? [{ ...running, version: '' }, ...rest] : []
    expect(derive(cgroup, v2, systemd, ...nameless, ...systemdContainerd)).toMatchObject({
      'drivers-agree': 'unavailable: version-unknown',
    })
    expect(
      derive(cgroup, v2, systemd, ...kubelet('cgroupDriver: cgroupfs', '1.34.0'), ...unknown),
    ).toMatchObject({
      'effective-driver': 'unavailable: version-unknown',
    })
  })
})

describe('containerdDriver', () => {
  const handlers = (...pairs: readonly string[]) =>
    observed(
      pairs.map((pair) => observed(pair, noSource)),
      noSource,
    )

  it('reads handler names with any character in them', () => {
    expect(plain(containerdDriver(handlers('a=b=true', 'runc=true')))).toBe('systemd')
    expect(plain(containerdDriver(handlers('runc=false')))).toBe('cgroupfs')
  })

  it('is the built-in runc without handlers, and no guess without evidence', () => {
    expect(plain(containerdDriver(absent(noSource)))).toBe('cgroupfs')
    expect(plain(containerdDriver(unavailable('unparsable', noSource)))).toBe('unavailable: unparsable')
    expect(plain(containerdDriver(handlers('runc=maybe')))).toBe('unavailable: unparsable')
    expect(plain(containerdDriver(observed('rubbish', noSource)))).toBe('unavailable: unparsable')
    expect(plain(containerdDriver(observed([unavailable('unparsable', noSource)], noSource)))).toBe(
      'unavailable: unparsable',
    )
  })

  it('does not say who asks whom while the gates are unreadable', () => {
    const version = (text: string) => observed(text, noSource)
    const driver = observed('systemd', noSource)
    const facts = {
      kubelet: driver,
      runtime: { name: observed('containerd' as const, noSource), driver },
      kubeletVersion: version('1.32.0'),
      runtimeVersion: version('2.0.0'),
    }
    expect(plain(asksRuntime({ ...facts, featureGates: unavailable('unparsable', noSource) }))).toBe(
      'unavailable: unparsable',
    )
    expect(plain(asksRuntime({ ...facts, featureGates: handlers('Other=false') }))).toBe(true)
  })

  it('is not asked of settings khard does not know', () => {
    expect(
      plain(settingFact(fakeNode([processes([]), ...kubelet('')], { components }), 'kubelet', 'no-such')),
    ).toBe('unavailable: not-collected')
  })
})

describe('cgroup version', () => {
  const own = content('/proc/self/cgroup', recording('proc-self-cgroup'))

  it('is what is mounted at /sys/fs/cgroup, also where old controllers are still in use elsewhere', () => {
    expect(
      derive(cgroup, content('/sys/fs/cgroup/cgroup.controllers', recording('cgroup.controllers')), own),
    ).toMatchObject({
      version: '2',
      controllers: 'absent',
    })
    expect(derive(cgroup, content('/sys/fs/cgroup/unified/cgroup.controllers', ''), own)).toMatchObject({
      version: 'hybrid',
    })
    expect(derive(cgroup, content('/proc/self/cgroup', '2:memory:/\n1:name=systemd:/\n'))).toMatchObject({
      version: '1',
    })
  })

  it('cannot be told where nothing is mounted or nothing could be read', () => {
    expect(derive(cgroup, content('/proc/self/cgroup', '0::/\n'))).toMatchObject({
      version: 'unavailable: ambiguous',
    })
    expect(derive(cgroup, blind('content:/sys/fs/cgroup/cgroup.controllers', 'offline'))).toMatchObject({
      version: 'unavailable: offline',
    })
    expect(derive(cgroup, blind('content:/proc/self/cgroup', 'permission-denied'))).toMatchObject({
      version: 'unavailable: permission-denied',
    })
  })

  it('1 keeps a kubelet 1.35 from starting unless it was told otherwise', () => {
    const v1 = content('/proc/self/cgroup', '2:memory:/\n')
    expect(derive(cgroup, v1, ...kubelet('', '1.34.0'))).toMatchObject({ 'kubelet-starts': true })
    expect(derive(cgroup, v1, ...kubelet('', '1.35.0'))).toMatchObject({ 'kubelet-starts': false })
    expect(derive(cgroup, v1, ...kubelet('failCgroupV1: false', '1.35.0'))).toMatchObject({
      'kubelet-starts': true,
    })
    expect(derive(cgroup, v1)).toMatchObject({ 'kubelet-starts': 'absent' })
    expect(derive(cgroup, ...kubelet('', '1.35.0'))).toMatchObject({
      version: 'absent',
      'kubelet-starts': 'absent',
    })
  })

  it('says when it cannot be seen which init runs', () => {
    const blindInit = blind('file:/run/systemd/system', 'permission-denied')
    expect(
      derive(cgroup, v2, blindInit, ...kubelet('cgroupDriver: systemd'), ...systemdContainerd),
    ).toMatchObject({
      systemd: 'unavailable: permission-denied',
      'driver-fits-init': 'unavailable: permission-denied',
    })
  })

  it('gives the fields it promises', () => {
    expect(Object.keys(derive(cgroup, v2) as object).sort()).toEqual(
      [...(cgroup.fields({ fact: 'cgroup' }, knowledge) ?? [])].sort(),
    )
    expect(cgroup.probes({ fact: 'cgroup' }, knowledge)).toContainEqual({
      kind: 'kernel',
      pattern: '/proc/self/cgroup',
    })
  })
})

describe('swap', () => {
  const heading = recording('proc-swaps')
  const used = content(
    '/proc/swaps',
    `${heading}/dev/zram0\tpartition\t1024\t0\t100\n/swap\\040file file 1 0 -2\n`,
  )

  it('is off where the kernel lists none', () => {
    expect(derive(swap, content('/proc/swaps', heading))).toEqual({
      'in-use': false,
      devices: 'absent',
      'kubelet-allows': 'absent',
      behavior: 'absent',
    })
    expect(derive(swap)).toMatchObject({ 'in-use': false })
  })

  it('lists what is in use and whether the kubelet was told', () => {
    expect(
      derive(swap, used, ...kubelet('failSwapOn: false\nmemorySwap:\n  swapBehavior: LimitedSwap')),
    ).toEqual({
      'in-use': true,
      devices: ['/dev/zram0', '/swap\\040file'],
      'kubelet-allows': true,
      behavior: 'LimitedSwap',
    })
    expect(derive(swap, used, ...kubelet(''))).toMatchObject({ 'kubelet-allows': false })
  })

  it('is not off where it could not be read', () => {
    expect(derive(swap, blind('content:/proc/swaps', 'offline'))).toMatchObject({
      'in-use': 'unavailable: offline',
      devices: 'unavailable: offline',
    })
  })

  it('reads past the heading and gives the fields it promises', () => {
    expect(swapDevices('')).toEqual([])
    expect(swap.fields({ fact: 'swap' }, knowledge)).toEqual(Object.keys(derive(swap) as object))
    expect(swap.probes({ fact: 'swap' }, knowledge)).toContainEqual({
      kind: 'kernel',
      pattern: '/proc/swaps',
    })
  })
})

describe('runtime-socket', () => {
  const path = '/run/containerd/containerd.sock'
  const socket = (at: string, mode = 0o660) => file(at, { type: 'socket', mode })
  const names = [
    content('/etc/passwd', 'root:x:0:0::/:/bin/sh\n'),
    content('/etc/group', 'root:x:0:\ndocker:x:990:\n'),
  ]

  it('is the one the kubelet was told to use', () => {
    const flags = kubelet(
      '',
      '1.31.4',
      `--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock`,
    )
    expect(derive(runtimeSocket, ...flags, socket(path), ...names)).toEqual({
      path,
      mode: 0o660,
      owner: 'root:root',
      uid: 0,
      gid: 0,
      type: 'socket',
      count: 1,
      pinned: true,
    })
  })

  it("is found where only the kubelet's spelling of the path was looked at", () => {
    const flags = kubelet('containerRuntimeEndpoint: unix:///var/run/odd.sock')
    expect(derive(runtimeSocket, ...flags, socket('/var/run/odd.sock', 0o666))).toMatchObject({
      path: '/run/odd.sock',
      mode: 0o666,
    })
  })

  it('is the only one there is when the kubelet names none', () => {
    expect(derive(runtimeSocket, ...kubelet(''), socket(path))).toMatchObject({
      path,
      count: 1,
      pinned: false,
    })
    expect(derive(runtimeSocket, socket(path))).toMatchObject({ path, pinned: false })
  })

  it('is ambiguous with two of them and none named', () => {
    expect(derive(runtimeSocket, socket(path), socket('/run/crio/crio.sock'))).toMatchObject({
      path: 'unavailable: ambiguous',
      mode: 'unavailable: ambiguous',
      count: 2,
      pinned: false,
    })
  })

  it('is absent without a runtime, and unavailable where it was not looked at', () => {
    expect(derive(runtimeSocket)).toBe('absent')
    expect(derive(runtimeSocket, blind(`file:${path}`, 'permission-denied'))).toMatchObject({
      path: 'unavailable: permission-denied',
    })
    expect(derive(runtimeSocket, ...kubelet('containerRuntimeEndpoint: unix:///run/odd.sock'))).toMatchObject(
      { path: '/run/odd.sock', mode: 'unavailable: ambiguous' },
    )
    const blindKubelet = [
      runningProcess(40, 'kubelet', ['/usr/bin/kubelet', `--config=${configFile}`]),
      blind(`content:${configFile}`, 'permission-denied'),
    ]
    expect(derive(runtimeSocket, ...blindKubelet)).toMatchObject({
      path: 'unavailable: permission-denied',
      pinned: 'unavailable: permission-denied',
    })
  })

  it('reads every spelling of an endpoint, and asks for every known socket', () => {
    expect(['unix:///var/run/x.sock', 'unix:/run/x.sock', '/run/x.sock'].map(socketPath)).toEqual(
      Array(3).fill('/run/x.sock'),
    )
    expect(runtimeSocket.probes({ fact: 'runtime-socket' }, knowledge)).toContainEqual({
      kind: 'path',
      path,
      holds: 'file',
    })
    expect(runtimeSocket.fields({ fact: 'runtime-socket' }, knowledge)).toContain('pinned')
  })
})
