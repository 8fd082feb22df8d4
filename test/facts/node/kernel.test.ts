import { describe, expect, it } from 'vitest'
import { kernelCommandLine } from '../../../src/facts/kernel-command-line.ts'
import { kernelModule, listsModule, namesBuiltin } from '../../../src/facts/kernel-module.ts'
import { sysctlLine, sysctlPath } from '../../../src/facts/node/sysctl-files.ts'
import { sysctl } from '../../../src/facts/sysctl.ts'
import { blind, content, directory, fakeNode, file, plain, recording } from './fake-node.ts'

const nobody = { components: new Map() }
const forwarding = '/proc/sys/net/ipv4/ip_forward'

const readSysctl = (name: string, ...items: Parameters<typeof fakeNode>[0]) =>
  plain(sysctl.derive({ fact: 'sysctl', name }, fakeNode([file('/run/systemd/system'), ...items])))

describe('sysctl', () => {
  it('reads the running value and the last file in name order', () => {
    const found = readSysctl(
      'net.ipv4.ip_forward',
      content(forwarding, '1\n'),
      directory('/etc/sysctl.d', ['/etc/sysctl.d/99-k8s.conf', '/etc/sysctl.d/README']),
      directory('/usr/lib/sysctl.d', ['/usr/lib/sysctl.d/50-default.conf', '/usr/lib/sysctl.d/99-k8s.conf']),
      content('/usr/lib/sysctl.d/50-default.conf', 'net.ipv4.ip_forward = 0\n'),
      content('/usr/lib/sysctl.d/99-k8s.conf', 'net.ipv4.ip_forward = 0\n'),
      content('/etc/sysctl.d/99-k8s.conf', '# x\nnet/ipv4/ip_forward=0\nnet.ipv4.ip_forward=1\n'),
    )
    expect(found).toEqual({ name: 'net.ipv4.ip_forward', value: 1, persistent: 1 })
  })

  it('names the line that counts', () => {
    const fact = sysctl.derive(
      { fact: 'sysctl', name: 'kernel.panic' },
      fakeNode([
        content('/proc/sys/kernel/panic', '10'),
        directory('/etc/sysctl.d', ['/etc/sysctl.d/a.conf']),
        content('/etc/sysctl.d/a.conf', '\nkernel.panic = 10'),
      ]),
    )
    expect(fact.source.at).toContainEqual({ kind: 'file', at: '/etc/sysctl.d/a.conf', line: 2 })
  })

  it('reads /etc/sysctl.conf only where no systemd would ignore it', () => {
    const items = [content(forwarding, '1'), content('/etc/sysctl.conf', 'net.ipv4.ip_forward=1')]
    expect(readSysctl('net.ipv4.ip_forward', ...items)).toMatchObject({ persistent: 'absent' })
    const other = sysctl.derive({ fact: 'sysctl', name: 'net.ipv4.ip_forward' }, fakeNode(items))
    expect(plain(other)).toMatchObject({ persistent: 1 })
  })

  it('claims nothing about files it could not read', () => {
    const listed = directory('/etc/sysctl.d', ['/etc/sysctl.d/a.conf'])
    const unread = blind('content:/etc/sysctl.d/a.conf', 'permission-denied')
    const unlisted = blind('directory:/etc/sysctl.d', 'permission-denied')
    const value = content(forwarding, '1')
    expect(readSysctl('net.ipv4.ip_forward', value, listed, unread)).toMatchObject({
      value: 1,
      persistent: 'unavailable: permission-denied',
    })
    expect(readSysctl('net.ipv4.ip_forward', value, unlisted)).toMatchObject({
      persistent: 'unavailable: permission-denied',
    })
  })

  it('is absent where the kernel has no such key and keeps an unreadable value unavailable', () => {
    expect(readSysctl('net.bridge.bridge-nf-call-iptables')).toBe('absent')
    expect(
      readSysctl('vm.panic_on_oom', blind('content:/proc/sys/vm/panic_on_oom', 'offline')),
    ).toMatchObject({
      value: 'unavailable: offline',
    })
  })

  it('keeps several words as text', () => {
    expect(
      readSysctl('net.ipv4.tcp_rmem', content('/proc/sys/net/ipv4/tcp_rmem', '4096\t131072 6291456\n')),
    ).toMatchObject({
      value: '4096 131072 6291456',
    })
  })

  it.each([
    ['-net.ipv4.conf.all.rp_filter = 2', 'net.ipv4.conf.all.rp_filter', '2'],
    ['net.ipv4.conf.*.rp_filter = 1', 'net.ipv4.conf.all.rp_filter', '1'],
    ['net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.*.rp_filter = 1', 'net.ipv4.conf.all.rp_filter', '0'],
    ['net.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.all.rp_filter = 0', 'net.ipv4.conf.all.rp_filter', '0'],
    ['; kernel.panic = 1\n# kernel.panic = 2', 'kernel.panic', undefined],
    ['kernel.panic_on_oops = 1', 'kernel.panic', undefined],
    ['-kernel.panic', 'kernel.panic', undefined],
  ])('reads %j as %s = %s', (text, name, value) => expect(sysctlLine(text, name)?.value).toBe(value))

  it('lets a named key in an earlier file stand against a pattern in a later one', () => {
    const found = readSysctl(
      'net.ipv4.conf.all.rp_filter',
      content('/proc/sys/net/ipv4/conf/all/rp_filter', '0'),
      directory('/etc/sysctl.d', ['/etc/sysctl.d/a.conf', '/etc/sysctl.d/b.conf']),
      content('/etc/sysctl.d/a.conf', 'net.ipv4.conf.all.rp_filter = 0'),
      content('/etc/sysctl.d/b.conf', 'net.ipv4.conf.*.rp_filter = 1'),
    )
    expect(found).toMatchObject({ persistent: 0 })
  })

  it('finds keys with dots in an interface name, and refuses what is no key', () => {
    expect(sysctlPath('net/ipv4/conf/eth0.100/forwarding')).toBe(
      '/proc/sys/net/ipv4/conf/eth0.100/forwarding',
    )
    const faults = sysctl.faults ?? (() => [])
    expect(faults({ fact: 'sysctl', name: 'net.ipv4.ip_forward' }, nobody)).toEqual([])
    expect(faults({ fact: 'sysctl', name: '../../etc/shadow' }, nobody)).toHaveLength(1)
    expect(faults({ fact: 'sysctl', name: 7 }, nobody)).toHaveLength(1)
    expect(sysctl.probes({ fact: 'sysctl', name: 'kernel.panic' }, nobody)).toContainEqual({
      kind: 'kernel',
      pattern: '/proc/sys/kernel/panic',
    })
    expect(sysctl.fields({ fact: 'sysctl', name: 'x' }, nobody)).toContain('persistent')
  })
})

const readModule = (name: string, items: Parameters<typeof fakeNode>[0], options = {}) =>
  plain(kernelModule.derive({ fact: 'kernel-module', name }, fakeNode(items, options)))

describe('kernel-module', () => {
  it('knows overlay by the file systems of the kernel, in both directions', () => {
    const text = 'nodev\tproc\n\text4\nnodev\toverlay\n'
    expect(readModule('overlay', [content('/proc/filesystems', text)])).toEqual({
      name: 'overlay',
      loaded: true,
    })
    expect(readModule('overlay', [content('/proc/filesystems', 'nodev\toverlayish\n')])).toMatchObject({
      loaded: false,
    })
  })

  it('knows br_netfilter by its sysctls, in both directions', () => {
    const path = '/proc/sys/net/bridge/bridge-nf-call-iptables'
    expect(readModule('br_netfilter', [content(path, '1')])).toMatchObject({ loaded: true })
    expect(readModule('br_netfilter', [])).toMatchObject({ loaded: false })
    expect(readModule('br_netfilter', [blind(`content:${path}`, 'offline')])).toBe('unavailable: offline')
  })

  it('finds others in /sys/module, /proc/modules or modules.builtin of the running kernel', () => {
    const release = content('/proc/sys/kernel/osrelease', '6.1.0-1\n')
    const builtin = content('/lib/modules/6.1.0-1/modules.builtin', 'kernel/net/netfilter/nf-nat.ko\n')
    expect(readModule('nf_conntrack', [file('/sys/module/nf_conntrack')])).toMatchObject({ loaded: true })
    expect(readModule('nf-conntrack', [content('/proc/modules', 'nf_conntrack 1 0 - Live\n')])).toMatchObject(
      { loaded: true },
    )
    expect(readModule('nf_nat', [release, builtin])).toMatchObject({ loaded: true })
    expect(readModule('vxlan', [release, builtin, content('/proc/modules', 'vxlan_x 1 0\n')])).toMatchObject({
      loaded: false,
    })
  })

  it('does not call a module missing that may be built in', () => {
    expect(readModule('vxlan', [content('/proc/modules', '')])).toBe('unavailable: ambiguous')
    expect(readModule('vxlan', [blind('file:/sys/module/vxlan', 'offline')])).toBe('unavailable: offline')
    expect(readModule('overlay', [], { otherwise: 'offline' })).toBe('unavailable: offline')
  })

  it('matches whole names', () => {
    expect(listsModule('br_netfilter 36864 0 - Live 0x0', 'br')).toBe(false)
    expect(namesBuiltin('kernel/fs/overlayfs/overlay.ko', 'overlayfs')).toBe(false)
  })

  it('asks for what it needs and refuses what is no name', () => {
    const faults = kernelModule.faults ?? (() => [])
    expect(faults({ fact: 'kernel-module', name: 'br_netfilter' }, nobody)).toEqual([])
    expect(faults({ fact: 'kernel-module', name: '../x' }, nobody)).toHaveLength(1)
    expect(kernelModule.probes({ fact: 'kernel-module', name: 'overlay' }, nobody)).toEqual([
      { kind: 'kernel', pattern: '/proc/filesystems' },
    ])
    expect(kernelModule.probes({ fact: 'kernel-module', name: 'br-netfilter' }, nobody)).toEqual([
      { kind: 'kernel', pattern: '/proc/sys/net/bridge/bridge-nf-call-iptables' },
    ])
    expect(kernelModule.probes({ fact: 'kernel-module', name: 'vxlan' }, nobody)).toHaveLength(4)
    expect(kernelModule.fields({ fact: 'kernel-module' }, nobody)).toEqual(['name', 'loaded'])
  })
})

describe('kernel-command-line', () => {
  const read = (name: string, text: string) =>
    plain(
      kernelCommandLine.derive(
        { fact: 'kernel-command-line', name },
        fakeNode([content('/proc/cmdline', text)]),
      ),
    )

  it.each([
    ['quiet', true],
    ['root', '/dev/vda1'],
    ['selinux', 'absent'],
  ])('reads %s of a recorded command line', (name, value) => {
    expect(read(name, recording('proc-cmdline'))).toEqual({ value })
  })

  it('takes the last value, whole names only, and keeps blanks in quotes', () => {
    expect(read('selinux', 'selinux=1 noselinux=9 selinux=0\n')).toEqual({ value: '0' })
    expect(read('dyndbg', 'dyndbg="file a +p" quiet')).toEqual({ value: 'file a +p' })
  })

  it('asks for the command line', () => {
    expect(kernelCommandLine.probes({ fact: 'x' }, nobody)).toEqual([
      { kind: 'kernel', pattern: '/proc/cmdline' },
    ])
    expect(kernelCommandLine.fields({ fact: 'x' }, nobody)).toEqual(['value'])
  })
})
