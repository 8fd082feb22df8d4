import { describe, expect, it } from 'vitest'
import { capacity, countList, memoryMib } from '../../../src/facts/capacity.ts'
import type { FactKind } from '../../../src/facts/fact-kind.ts'
import { identity } from '../../../src/facts/identity.ts'
import { iptables, readVersion } from '../../../src/facts/iptables.ts'
import { memoryController } from '../../../src/facts/memory-controller.ts'
import { readListeners } from '../../../src/facts/node/listening.ts'
import { coversDomain, coversNetwork, noProxyEntries } from '../../../src/facts/node/no-proxy.ts'
import { ports } from '../../../src/facts/ports.ts'
import { proxyEnvironment } from '../../../src/facts/proxy-environment.ts'
import { rootlessK3s } from '../../../src/facts/rootless-k3s.ts'
import { selinuxPolicy } from '../../../src/facts/selinux-policy.ts'
import { units } from '../../../src/facts/units.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import {
  blind,
  command,
  content,
  fakeNode,
  file,
  plain,
  processes,
  runningProcess,
  unit,
} from './fake-node.ts'

const shipped = shippedComponents()
const components = [...shipped.values()]

type Items = readonly RawItem[]

const derive = (kind: FactKind, items: Items, request: object = {}) =>
  plain(kind.derive({ fact: kind.kind, ...request }, fakeNode(items, { components })))

describe('listening sockets', () => {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
  const line = (local: string, state = '0A') =>
    `   0: ${local} ${local.length > 20 ? '0'.repeat(32) : '00000000'}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1\n`

  it('are read as the kernel prints them on a little-endian machine', () => {
    expect(
      readListeners(head + line('0100007F:1FB9') + line('00000000:280A') + line('0B01A8C0:192B')),
    ).toEqual([
      { port: 8121, address: '127.0.0.1', isLoopback: true },
      { port: 10250, address: '0.0.0.0', isLoopback: false },
      { port: 6443, address: '192.168.1.11', isLoopback: false },
    ])
  })

  it('are read for IPv6 too, mapped addresses as what they are', () => {
    const any = '0'.repeat(32)
    const loopback = '00000000000000000000000001000000'
    const mapped = '0000000000000000FFFF00000100007F'
    const other = 'B80D0120000000000000000001000000'
    expect(readListeners([any, loopback, mapped, other].map((one) => line(`${one}:280F`)).join(''))).toEqual([
      { port: 10255, address: '::', isLoopback: false },
      { port: 10255, address: '0:0:0:0:0:0:0:1', isLoopback: true },
      { port: 10255, address: '127.0.0.1', isLoopback: true },
      { port: 10255, address: '2001:db8:0:0:0:0:0:1', isLoopback: false },
    ])
  })

  it('are only those that listen', () => {
    expect(readListeners(line('0100007F:1FB9', '01') + line('0100007F:1FB9', '06'))).toEqual([])
    expect(readListeners('0A\n 0A \nnonsense 0A here\n')).toEqual([])
  })

  const argv = ['grep', '-hs', ' 0A ', '/proc/net/tcp', '/proc/net/tcp6']
  const listening = (...local: readonly string[]) => command(argv, local.map((one) => line(one)).join(''))
  const nobody = command(argv, '', 1)
  const bare = [processes([])]

  it('must leave the ports of Kubernetes free on a machine that is to run it', () => {
    expect(derive(ports, [...bare, listening('00000000:192B', '00000000:0016')])).toEqual({
      taken: ['port 6443 of kube-apiserver'],
      unguarded: 'absent',
    })
    expect(derive(ports, [...bare, nobody])).toEqual({ taken: 'absent', unguarded: 'absent' })
  })

  it('may be those of the components that run, at the ports they were told', () => {
    const kubelet = runningProcess(40, 'kubelet', ['/usr/bin/kubelet', '--port=10350'])
    expect(
      derive(ports, [processes([40]), kubelet, listening('00000000:280A', '00000000:192B')]),
    ).toMatchObject({
      taken: 'absent',
    })
  })

  it('may not be held by others where a component is set up and down', () => {
    const stopped = [
      unit('kubelet.service', {
        ActiveState: 'inactive',
        UnitFileState: 'enabled',
        FragmentPath: '/etc/systemd/system/kubelet.service',
      }),
      content('/etc/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/bin/kubelet --port=10350\n'),
      file('/etc/systemd/system/multi-user.target.wants/kubelet.service'),
    ]
    expect(derive(ports, [...bare, ...stopped, listening('00000000:280A')])).toMatchObject({
      taken: 'absent',
    })
    expect(derive(ports, [...bare, ...stopped, listening('00000000:286E')])).toMatchObject({
      taken: ['port 10350 of kubelet'],
    })
  })

  it('are not known to be anybody’s where a unit runs without a process of its name', () => {
    const fragment = '/etc/systemd/system/kubelet.service'
    const wrapped = [
      unit('kubelet.service', {
        ActiveState: 'active',
        SubState: 'running',
        UnitFileState: 'enabled',
        FragmentPath: fragment,
      }),
      content(fragment, '[Service]\nExecStart=/usr/bin/kubelet\n'),
      file('/etc/systemd/system/multi-user.target.wants/kubelet.service'),
    ]
    expect(derive(ports, [...bare, ...wrapped, listening('00000000:280A')])).toMatchObject({
      taken: ['unavailable: ambiguous'],
    })
  })

  it('are not known to be anybody’s while it is not known what runs', () => {
    const blinded = [blind('processes', 'permission-denied'), listening('00000000:280A')]
    expect(derive(ports, blinded)).toMatchObject({
      taken: expect.arrayContaining(['unavailable: permission-denied']),
    })
  })

  it('tell of ports that ask nobody, unless they are the node’s alone', () => {
    const open = listening('00000000:280F', '0100007F:2809', `${'0'.repeat(32)}:2809`, '00000000:280F')
    expect(derive(ports, [...bare, open])).toMatchObject({
      unguarded: ['0.0.0.0:10255 (kubelet without authentication)', '[::]:10249 (kube-proxy metrics)'],
    })
  })

  it('are unknown when grep failed, and read when only tcp6 is missing', () => {
    expect(derive(ports, [...bare, command(argv, '', 2)])).toMatchObject({
      unguarded: 'unavailable: tool-failed',
    })
    expect(derive(ports, [...bare, command(argv, line('00000000:280F'), 2)])).toMatchObject({
      unguarded: ['0.0.0.0:10255 (kubelet without authentication)'],
    })
    expect(derive(ports, [...bare, blind(`command:${argv.join(' ')}`, 'tool-missing')])).toMatchObject({
      taken: expect.arrayContaining(['unavailable: tool-missing']),
      unguarded: 'unavailable: tool-missing',
    })
  })

  it('are asked for in one process', () => {
    const asked = ports.probes({ fact: 'ports' }, { components: shipped })
    expect(asked.filter(({ kind }) => kind === 'command')).toEqual([{ kind: 'command', argv }])
    expect(ports.fields({ fact: 'ports' }, { components: shipped })).toEqual(['taken', 'unguarded'])
  })
})

describe('units', () => {
  const names = ['firewalld.service', 'ufw.service']

  it('run, or start by themselves, or neither', () => {
    const items = [unit('firewalld.service', { ActiveState: 'active', UnitFileState: 'enabled' })]
    expect(derive(units, items, { names })).toEqual([
      { name: 'firewalld.service', active: true, enabled: true },
      { name: 'ufw.service', active: false, enabled: false },
    ])
  })

  it('that systemd did not tell of are unknown one by one', () => {
    expect(derive(units, [blind('unit:ufw.service', 'permission-denied')], { names })).toEqual([
      { name: 'firewalld.service', active: false, enabled: false },
      'unavailable: permission-denied',
    ])
  })

  it('are asked for by full names', () => {
    expect(units.faults?.({ fact: 'units', names }, { components: shipped })).toEqual([])
    for (const bad of [['ufw'], [], 'ufw.service', ['a b.service']])
      expect(units.faults?.({ fact: 'units', names: bad }, { components: shipped })).toHaveLength(1)
    expect(units.probes({ fact: 'units', names }, { components: shipped })).toContainEqual({
      kind: 'unit',
      name: 'ufw.service',
    })
    expect(units.fields({ fact: 'units', names }, { components: shipped })).toContain('enabled')
  })
})

describe('capacity', () => {
  it('is read from the kernel', () => {
    const items = [
      content('/proc/meminfo', 'MemTotal:        4029548 kB\nMemFree: 1 kB\n'),
      content('/sys/devices/system/cpu/online', '0-3,8\n'),
    ]
    expect(derive(capacity, items)).toEqual({ 'memory-mib': 3935, processors: 5 })
    expect(capacity.probes({ fact: 'capacity' }, { components: shipped })).toHaveLength(2)
    expect(capacity.fields({ fact: 'capacity' }, { components: shipped })).toEqual([
      'memory-mib',
      'processors',
    ])
  })

  it('is unknown where the kernel says something else', () => {
    expect(memoryMib('MemFree: 1 kB\n')).toBeNull()
    expect([countList('0'), countList('0-1'), countList(''), countList('all')]).toEqual([1, 2, null, null])
    expect(derive(capacity, [content('/proc/meminfo', 'odd')])).toMatchObject({
      'memory-mib': 'unavailable: unparsable',
      processors: 'absent',
    })
  })
})

describe('the memory controller', () => {
  const v2 = (text: string) => content('/sys/fs/cgroup/cgroup.controllers', text)
  const v1 = (flag: string, hierarchy = '4') =>
    content('/proc/cgroups', `#subsys_name\thierarchy\nmemory\t${hierarchy}\t91\t${flag}\npids\t0\t91\t1\n`)
  const boot = (text: string) => content('/proc/cmdline', text)

  it('is on where version 2 offers it, or version 1 has it enabled', () => {
    expect(derive(memoryController, [v2('cpu memory pids\n'), boot('ro')])).toEqual({
      enabled: true,
      'boot-parameter': 'absent',
    })
    expect(derive(memoryController, [v1('1')])).toMatchObject({ enabled: true })
  })

  it('is off on a Raspberry Pi as it comes', () => {
    expect(derive(memoryController, [v2('cpu pids\n'), v1('0'), boot('ro cgroup_disable=memory')])).toEqual({
      enabled: false,
      'boot-parameter': 'cgroup_disable=memory',
    })
    expect(derive(memoryController, [v1('0'), boot('cgroup_enable=memory')])).toEqual({
      enabled: false,
      'boot-parameter': 'cgroup_enable=memory',
    })
  })

  it('is on in a hybrid hierarchy, where version 1 has it', () => {
    expect(derive(memoryController, [v2('\n'), v1('1')])).toMatchObject({ enabled: true })
    expect(derive(memoryController, [v2('\n'), v1('1', '0')])).toMatchObject({ enabled: false })
  })

  it('that the kernel was built without is off', () => {
    expect(derive(memoryController, [content('/proc/cgroups', 'pids\t0\t91\t1\n')])).toMatchObject({
      enabled: false,
    })
  })

  it('is unknown where nothing could be read', () => {
    const id = 'content:/sys/fs/cgroup/cgroup.controllers'
    expect(derive(memoryController, [blind(id, 'permission-denied'), v1('1')])).toBe(
      'unavailable: permission-denied',
    )
    expect(memoryController.probes({ fact: '' }, { components: shipped })).toHaveLength(3)
    expect(memoryController.fields({ fact: '' }, { components: shipped })).toContain('enabled')
  })
})

describe('iptables', () => {
  const argv = ['iptables', '--version']

  it('tells version and mode', () => {
    expect(derive(iptables, [command(argv, 'iptables v1.8.4 (nf_tables)\n')])).toEqual({
      version: '1.8.4',
      mode: 'nf_tables',
    })
    expect(readVersion('iptables v1.6.1\n')).toEqual({ version: '1.6.1', mode: 'legacy' })
  })

  it('is absent where there is none, and unknown where it does not answer', () => {
    const none: RawItem = { kind: 'command', id: 'command:iptables --version', argv, state: 'absent' }
    expect(derive(iptables, [none])).toBe('absent')
    expect(derive(iptables, [blind('command:iptables --version', 'tool-missing')])).toBe(
      'unavailable: tool-missing',
    )
    expect(derive(iptables, [blind('command:iptables --version', 'timed-out')])).toBe(
      'unavailable: timed-out',
    )
    expect(derive(iptables, [command(argv, 'busybox')])).toBe('unavailable: unparsable')
    expect(iptables.probes({ fact: '' }, { components: shipped })).toEqual([{ kind: 'command', argv }])
    expect(iptables.fields({ fact: '' }, { components: shipped })).toEqual(['version', 'mode'])
  })
})

describe('policy modules of SELinux', () => {
  const store = '/var/lib/selinux/targeted/active/modules'
  const rke2 = [
    unit('rke2-server.service', {
      ActiveState: 'active',
      UnitFileState: 'enabled',
      FragmentPath: '/usr/lib/systemd/system/rke2-server.service',
    }),
    content('/usr/lib/systemd/system/rke2-server.service', '[Service]\nExecStart=/usr/bin/rke2 server\n'),
    {
      ...runningProcess(9, 'rke2', ['/usr/bin/rke2', 'server']),
      cgroup: '0::/system.slice/rke2-server.service',
    } as RawItem,
    processes([9]),
  ]
  const labelled = (label: string) =>
    file('/var/lib/rancher/rke2', { type: 'directory', selinux: `system_u:object_r:${label}:s0` })

  it('are found under any priority', () => {
    expect(derive(selinuxPolicy, [file(`${store}/200/rke2`), file(`${store}/100/container`)])).toMatchObject({
      container: true,
      k3s: false,
      rke2: true,
      'data-directory': 'absent',
      'data-directory-usual': 'absent',
      'data-label': 'absent',
    })
  })

  it('are unknown to an account that may not look', () => {
    expect(derive(selinuxPolicy, [blind(`file:${store}/400/k3s`, 'permission-denied')])).toMatchObject({
      k3s: 'unavailable: permission-denied',
      rke2: false,
    })
  })

  it('go with the label of the data directory', () => {
    expect(derive(selinuxPolicy, [...rke2, labelled('container_var_lib_t')])).toMatchObject({
      'data-directory': '/var/lib/rancher/rke2',
      'data-directory-usual': true,
      'data-label': 'container_var_lib_t',
    })
    expect(derive(selinuxPolicy, [...rke2, file('/var/lib/rancher/rke2')])).toMatchObject({
      'data-label': 'absent',
    })
    expect(derive(selinuxPolicy, rke2)).toMatchObject({ 'data-label': 'absent' })
    expect(
      derive(selinuxPolicy, [...rke2, blind('file:/var/lib/rancher/rke2', 'permission-denied')]),
    ).toMatchObject({
      'data-label': 'unavailable: permission-denied',
    })
  })

  it('know the usual place only', () => {
    const moved = content('/etc/rancher/rke2/config.yaml', 'data-dir: /data/rke2/\n')
    expect(derive(selinuxPolicy, [...rke2, moved])).toMatchObject({
      'data-directory': '/data/rke2',
      'data-directory-usual': false,
    })
    const hidden = blind('content:/etc/rancher/rke2/config.yaml', 'permission-denied')
    expect(derive(selinuxPolicy, [...rke2, hidden])).toMatchObject({
      'data-directory': 'unavailable: permission-denied',
      'data-label': 'unavailable: permission-denied',
    })
  })

  it('are asked for by path', () => {
    const asked = selinuxPolicy.probes({ fact: '' }, { components: shipped })
    expect(asked).toContainEqual({ kind: 'path', path: `${store}/200/rke2`, holds: 'file' })
    expect(selinuxPolicy.fields({ fact: '' }, { components: shipped })).toContain('data-label')
  })
})

describe('proxies', () => {
  const path = '/etc/systemd/system/containerd.service'
  const dropIn = `${path}.d/proxy.conf`
  const containerd = (environment: string, stat = {}): Items => [
    unit('containerd.service', { ActiveState: 'active', FragmentPath: path, DropInPaths: dropIn }),
    content(path, '[Service]\nExecStart=/usr/bin/containerd\n'),
    content(dropIn, `[Service]\n${environment}\n`),
    file(dropIn, stat),
  ]
  const proxy = 'Environment=HTTPS_PROXY=http://proxy:3128'

  it('are none on most nodes', () => {
    expect(derive(proxyEnvironment, [processes([]), ...containerd('')])).toEqual({
      services: 'absent',
      'password-files': 'absent',
    })
  })

  it('must be told what is inside', () => {
    const missing = (noProxy: string, ...more: Items) => {
      const items = [processes([]), ...containerd(`${proxy}\nEnvironment="NO_PROXY=${noProxy}"`), ...more]
      const { services } = derive(proxyEnvironment, items) as { services: { missing: unknown }[] }
      return services[0]?.missing
    }
    expect(missing('localhost,127.0.0.0/8,.svc,10.0.0.0/8')).toBe('absent')
    expect(missing('*')).toBe('absent')
    expect(missing('')).toEqual(['localhost', '127.0.0.0/8', '.svc'])
    expect(missing('localhost,127.0.0.1,cluster.local')).toBe('absent')
    const server = runningProcess(40, 'kube-apiserver', [
      '/usr/bin/kube-apiserver',
      '--service-cluster-ip-range=10.96.0.0/12,fd00::/112',
    ])
    const kubelet = runningProcess(41, 'kubelet', ['/usr/bin/kubelet', '--node-ip=192.168.1.4'])
    expect(missing('localhost,127.0.0.1,.svc,10.96.0.0/16', server, kubelet)).toEqual([
      '10.96.0.0/12',
      'fd00::/112',
      '192.168.1.4',
    ])
    expect(missing('localhost,127.0.0.1,svc,10.96.0.0/12,fd00::/112,192.168.0.0/16', server, kubelet)).toBe(
      'absent',
    )
  })

  it('of K3s and RKE2 need not be told of the cluster', () => {
    const fragment = '/etc/systemd/system/k3s.service'
    const k3s = [
      unit('k3s.service', { ActiveState: 'active', FragmentPath: fragment }),
      content(
        fragment,
        '[Service]\nEnvironmentFile=-/etc/systemd/system/%N.service.env\nExecStart=/usr/local/bin/k3s server\n',
      ),
      content(
        '/etc/systemd/system/k3s.service.env',
        'CONTAINERD_HTTP_PROXY=http://proxy\nCONTAINERD_NO_PROXY=localhost,127.0.0.0/8\n',
      ),
    ]
    expect(derive(proxyEnvironment, [processes([]), ...k3s])).toMatchObject({
      services: [{ unit: 'k3s.service', missing: 'absent', 'no-proxy': ['localhost', '127.0.0.0/8'] }],
    })
    const hidden = [
      ...k3s.slice(0, 2),
      blind('content:/etc/systemd/system/k3s.service.env', 'permission-denied'),
    ]
    expect(derive(proxyEnvironment, [processes([]), ...hidden])).toMatchObject({
      services: ['unavailable: not-collected'],
    })
  })

  it('with a password want a file of root’s', () => {
    const secret =
      'Environment=HTTP_PROXY=http://user:<redacted>@proxy:3128 HTTPS_PROXY=http://user:<redacted>@proxy'
    expect(derive(proxyEnvironment, [processes([]), ...containerd(secret, { mode: 0o644 })])).toMatchObject({
      'password-files': [{ path: dropIn, mode: 0o644 }],
    })
    const items = containerd(secret).slice(0, 3)
    expect(derive(proxyEnvironment, [processes([]), ...items])).toMatchObject({
      'password-files': ['unavailable: ambiguous'],
    })
    expect(
      derive(proxyEnvironment, [processes([]), ...items, blind(`file:${dropIn}`, 'permission-denied')]),
    ).toMatchObject({ 'password-files': ['unavailable: permission-denied'] })
  })

  it('of a unit that could not be read are unknown', () => {
    const items = [
      processes([]),
      ...containerd(proxy).slice(0, 2),
      blind(`content:${dropIn}`, 'permission-denied'),
    ]
    expect(derive(proxyEnvironment, items)).toMatchObject({ services: ['unavailable: permission-denied'] })
  })

  it('are asked for by unit', () => {
    const asked = proxyEnvironment.probes({ fact: '' }, { components: shipped })
    expect(asked).toContainEqual({ kind: 'unit', name: 'containerd.service' })
    expect(proxyEnvironment.fields({ fact: '' }, { components: shipped })).toContain('services.missing')
  })
})

describe('what NO_PROXY takes in', () => {
  it('is a network by its address bits', () => {
    expect(coversNetwork(['10.0.0.0/8'], '10.96.0.0/12')).toBe(true)
    expect(coversNetwork(['10.96.0.0/16'], '10.96.0.0/12')).toBe(false)
    expect(coversNetwork(['0.0.0.0/0'], '10.96.0.1')).toBe(true)
    expect(coversNetwork(['10.96.0.1'], '10.96.0.1')).toBe(true)
    expect(coversNetwork(['11.0.0.0/8', '10.300.0.0/8', '10.0.0.0/33', '10.0/8'], '10.0.0.1')).toBe(false)
    expect(coversNetwork(['fd00::/8'], 'fd00::/112')).toBe(false)
  })

  it('is a domain with or without its dot', () => {
    expect(coversDomain(['.svc'], 'svc')).toBe(true)
    expect(coversDomain(['svc'], 'svc')).toBe(true)
    expect(coversDomain(['my.svc.example'], 'svc')).toBe(false)
    expect(noProxyEntries(' a , ,B')).toEqual(['a', 'b'])
  })
})

describe('K3s without root', () => {
  const process = { ...runningProcess(7, 'k3s', ['k3s', 'server']), uid: 1000 } as RawItem
  const own = '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/cgroup.controllers'
  const v2 = content('/sys/fs/cgroup/cgroup.controllers', 'cpu memory pids')

  it('has what systemd hands to its account', () => {
    expect(derive(rootlessK3s, [processes([7]), process, v2, content(own, 'memory pids\n')])).toEqual({
      uid: 1000,
      'cgroup-version': '2',
      delegated: ['memory', 'pids'],
    })
    expect(derive(rootlessK3s, [processes([7]), process, v2, content(own, '\n')])).toMatchObject({
      delegated: 'absent',
    })
    expect(derive(rootlessK3s, [processes([7]), process, v2])).toMatchObject({ delegated: 'absent' })
    expect(
      derive(rootlessK3s, [processes([7]), process, v2, blind(`content:${own}`, 'permission-denied')]),
    ).toMatchObject({ delegated: 'unavailable: permission-denied' })
  })

  it('is absent where K3s runs as root, or does not', () => {
    expect(derive(rootlessK3s, [processes([7]), runningProcess(7, 'k3s', ['k3s', 'server'])])).toBe('absent')
    expect(derive(rootlessK3s, [processes([])])).toBe('absent')
    expect(derive(rootlessK3s, [])).toBe('absent')
    expect(derive(rootlessK3s, [blind('processes', 'permission-denied')])).toBe(
      'unavailable: permission-denied',
    )
    expect(rootlessK3s.probes({ fact: '' }, { components: shipped })).toHaveLength(5)
    expect(rootlessK3s.fields({ fact: '' }, { components: shipped })).toContain('delegated')
  })
})

describe('hardware addresses', () => {
  const mac = (name: string, text: string) => content(`/sys/class/net/${name}/address`, `${text}\n`)
  const addresses = (...items: Items) =>
    (derive(identity, items) as { 'mac-addresses': unknown })['mac-addresses']

  it('are those of the machine’s own interfaces', () => {
    const virtual = [
      'lo',
      'veth1a2b',
      'cali9f',
      'cni0',
      'docker0',
      'flannel.1',
      'eni0123456789a',
      'br0',
      'tunl0',
    ]
    const others = virtual.map((name) => mac(name, '02:00:00:00:00:01'))
    const own = [
      'eth0',
      'ens3',
      'enp1s0',
      'eno1',
      'enx001122334455',
      'em1',
      'p1p1',
      'bond0',
      'wlan0',
      'wlp2s0',
    ]
    const real = own.map((name, index) => mac(name, `52:54:00:00:00:0${index}`))
    expect(addresses(...others, ...real)).toEqual(own.map((_, index) => `52:54:00:00:00:0${index}`))
  })

  it('count once, whatever their case, and not when they are none', () => {
    expect(addresses(mac('bond0', '52:54:00:AA:00:01'), mac('eth0', '52:54:00:aa:00:01'))).toEqual([
      '52:54:00:aa:00:01',
    ])
    expect(addresses(mac('lo', '00:00:00:00:00:00'), mac('eth0', '00:00:00:00:00:00'))).toBe('absent')
    expect(addresses(mac('eth0', 'nonsense'))).toBe('absent')
  })

  it('are unknown where they could not be read, or were not asked for', () => {
    expect(addresses(blind('content:/sys/class/net/eth0/address', 'permission-denied'))).toBe(
      'unavailable: permission-denied',
    )
    const path = '/sys/class/net/eth0/address'
    const said = { ...blind(`content:${path}`, 'truncated'), detail: 'too long' } as RawItem
    expect(addresses(said)).toBe('unavailable: truncated')
    expect(addresses(blind('content:/sys/class/net/*/address', 'not-collected'))).toBe(
      'unavailable: not-collected',
    )
  })
})

describe('a machine that is a container', () => {
  const contained = (...items: Items) => (derive(identity, items) as { contained: unknown }).contained

  it('is known by what its manager left', () => {
    expect(contained()).toBe(false)
    expect(contained(file('/.dockerenv'))).toBe(true)
    expect(contained(blind('file:/kind', 'permission-denied'))).toBe('unavailable: permission-denied')
  })
})
