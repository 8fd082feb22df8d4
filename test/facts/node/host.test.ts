import { describe, expect, it } from 'vitest'
import { apparmor } from '../../../src/facts/apparmor.ts'
import type { FactKind } from '../../../src/facts/fact-kind.ts'
import { identity, isHostname, isMachineId, isProductUuid } from '../../../src/facts/identity.ts'
import { osReleaseKind } from '../../../src/facts/os-release.ts'
import { configuredMode, selinux } from '../../../src/facts/selinux.ts'
import { timeSync } from '../../../src/facts/time-sync.ts'
import { blind, command, content, fakeNode, plain, recording, unit } from './fake-node.ts'

const nobody = { components: new Map() }
type Items = Parameters<typeof fakeNode>[0]

const derive = (kind: FactKind, items: Items, options = {}) =>
  plain(kind.derive({ fact: kind.kind }, fakeNode(items, options)))

/** Every field a kind promises is in the fact, and nothing else. */
function expectPromisedFields(kind: FactKind, items: Items): void {
  expect(Object.keys(derive(kind, items) as object).sort()).toEqual(
    [...(kind.fields({ fact: kind.kind }, nobody) ?? [])].sort(),
  )
}

describe('selinux', () => {
  const enforce = (text: string) => content('/sys/fs/selinux/enforce', text)
  const config = (text: string) => content('/etc/selinux/config', text)

  it('tells the running mode from the configured one', () => {
    expect(
      derive(selinux, [
        enforce('1'),
        config('# SELINUX=disabled\nSELINUX=permissive\nSELINUXTYPE=targeted\n'),
      ]),
    ).toEqual({
      supported: true,
      mode: 'enforcing',
      configured: 'permissive',
      'at-boot': 'absent',
    })
    expect(derive(selinux, [enforce('0\n')])).toMatchObject({
      mode: 'permissive',
      supported: true,
      configured: 'absent',
    })
  })

  it('says that a system made for SELinux runs without it', () => {
    const rocky = content('/etc/os-release', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n')
    const cmdline = content('/proc/cmdline', 'ro selinux=0\n')
    expect(derive(selinux, [rocky, cmdline])).toMatchObject({
      supported: true,
      mode: 'disabled',
      'at-boot': 'disabled',
    })
    expect(derive(selinux, [config('SELINUX=disabled')])).toMatchObject({ supported: true, mode: 'disabled' })
  })

  it('does not expect it of Debian, nor of a system without os-release', () => {
    expect(derive(selinux, [content('/etc/os-release', recording('os-release'))])).toMatchObject({
      supported: false,
      mode: 'disabled',
    })
    expect(derive(selinux, [])).toMatchObject({ supported: false })
  })

  it('reads what the boot command line forces', () => {
    const boot = (text: string) => derive(selinux, [content('/proc/cmdline', text)])
    expect(boot('enforcing=0')).toMatchObject({ 'at-boot': 'permissive' })
    expect(boot('enforcing=1')).toMatchObject({ 'at-boot': 'enforcing' })
    expect(boot('quiet selinux=1')).toMatchObject({ 'at-boot': 'absent' })
  })

  it('makes no answer of what could not be read or understood', () => {
    const unread = [
      blind('content:/sys/fs/selinux/enforce', 'permission-denied'),
      blind('content:/etc/os-release', 'permission-denied'),
    ]
    expect(derive(selinux, unread)).toMatchObject({
      mode: 'unavailable: permission-denied',
      supported: 'unavailable: permission-denied',
    })
    expect(derive(selinux, [enforce('2')])).toMatchObject({ mode: 'unavailable: unparsable' })
    expect(derive(selinux, [config('SELINUXTYPE=targeted')])).toMatchObject({ configured: 'absent' })
    expect(configuredMode('SELINUX=sometimes')).toBe(null)
  })

  it('gives the fields it promises', () => expectPromisedFields(selinux, []))
})

describe('apparmor', () => {
  const enabled = content('/sys/module/apparmor/parameters/enabled', 'Y\n')

  it('needs the module to be on and in the active list', () => {
    expect(
      derive(apparmor, [enabled, content('/sys/kernel/security/lsm', 'lockdown,capability,apparmor')]),
    ).toEqual({ enabled: true })
    expect(
      derive(apparmor, [enabled, content('/sys/kernel/security/lsm', 'lockdown,capability,selinux')]),
    ).toEqual({ enabled: false })
    expect(derive(apparmor, [content('/sys/module/apparmor/parameters/enabled', 'N\n')])).toEqual({
      enabled: false,
    })
  })

  it('takes the module at its word where the list cannot be seen, and is off without the module', () => {
    expect(derive(apparmor, [enabled])).toEqual({ enabled: true })
    expect(derive(apparmor, [])).toEqual({ enabled: false })
    expect(derive(apparmor, [], { otherwise: 'offline' })).toBe('unavailable: offline')
  })

  it('gives the fields it promises', () => expectPromisedFields(apparmor, []))
})

describe('time-sync', () => {
  const argv = ['timedatectl', 'show', '-p', 'NTPSynchronized']

  it('reads what timedatectl says, and which service runs', () => {
    const active = unit('chrony.service', { ActiveState: 'active' })
    expect(derive(timeSync, [command(argv, 'NTPSynchronized=yes\n'), active])).toEqual({
      synchronized: true,
      service: 'chrony',
    })
    expect(
      derive(timeSync, [
        command(argv, recording('timedatectl.txt')),
        unit('chronyd.service', recording('not-found.show')),
      ]),
    ).toEqual({
      synchronized: false,
      service: 'absent',
    })
  })

  it('never takes a failed or missing command for a clock that is off', () => {
    expect(derive(timeSync, [command(argv, 'Failed to connect to bus', 1)])).toMatchObject({
      synchronized: 'unavailable: tool-failed',
    })
    expect(derive(timeSync, [command(argv, 'rubbish')])).toMatchObject({
      synchronized: 'unavailable: unparsable',
    })
    expect(derive(timeSync, [])).toMatchObject({ synchronized: 'unavailable: tool-missing' })
    expect(derive(timeSync, [], { otherwise: 'offline' })).toEqual({
      synchronized: 'unavailable: offline',
      service: 'unavailable: offline',
    })
  })

  it('asks for one command and the units of time services', () => {
    expect(timeSync.probes({ fact: 'time-sync' }, nobody)).toContainEqual({ kind: 'command', argv })
    expectPromisedFields(timeSync, [])
  })
})

describe('identity', () => {
  it('reads what tells this node from others', () => {
    const items = [
      content('/etc/machine-id', '32c176d875db41a791ac95d4702a5d8d\n'),
      content('/sys/class/dmi/id/product_uuid', '4C4C4544-0044-4A10-8054-B4C04F573532\n'),
      content('/proc/sys/kernel/hostname', 'cp-1.example.net\n'),
    ]
    expect(derive(identity, items)).toEqual({
      'machine-id': '32c176d875db41a791ac95d4702a5d8d',
      'machine-id-valid': true,
      'product-uuid': '4C4C4544-0044-4A10-8054-B4C04F573532',
      'product-uuid-valid': true,
      hostname: 'cp-1.example.net',
      'hostname-valid': true,
      'mac-addresses': 'absent',
      contained: false,
    })
    expectPromisedFields(identity, items)
  })

  it('finds an empty machine-id wrong, and a machine without DMI not', () => {
    expect(derive(identity, [content('/etc/machine-id', '\n')])).toMatchObject({
      'machine-id-valid': false,
      'product-uuid-valid': 'absent',
      'hostname-valid': false,
    })
  })

  it('claims nothing about what it may not read', () => {
    expect(
      derive(identity, [blind('content:/sys/class/dmi/id/product_uuid', 'permission-denied')]),
    ).toMatchObject({
      'product-uuid-valid': 'unavailable: permission-denied',
    })
  })

  it('takes the name of an image from its file', () => {
    expect(derive(identity, [content('/etc/hostname', 'node-7\n')], { offline: true })).toMatchObject({
      hostname: 'node-7',
    })
  })

  it.each([
    '',
    'uninitialized',
    '0'.repeat(32),
    'f'.repeat(32),
    '32C176D875DB41A791AC95D4702A5D8D',
    '32c176d8',
  ])('does not take %j for a machine-id', (text) => expect(isMachineId(text)).toBe(false))

  it.each([
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '03000200-0400-0500-0006-000700080009',
    'Not Settable',
  ])('does not take %j for a product UUID', (text) => expect(isProductUuid(text)).toBe(false))

  it.each([
    'localhost',
    'localhost.localdomain',
    'Node-1',
    '-a',
    'a_b',
    '(none)',
    '',
    `${'a'.repeat(64)}`,
    `${'a.'.repeat(130)}a`,
  ])('does not take %j for a host name', (text) => expect(isHostname(text)).toBe(false))

  it('takes localhost-like names that are not it', () => expect(isHostname('localhost-7')).toBe(true))
})

describe('os-release', () => {
  it('reads what Debian 12 says', () => {
    expect(derive(osReleaseKind, [content('/etc/os-release', recording('os-release'))])).toEqual({
      id: 'debian',
      'version-id': '12',
      name: 'Debian GNU/Linux 12 (bookworm)',
      variant: 'absent',
      family: ['debian'],
    })
  })

  it("falls back to the vendor's file, and lists the family", () => {
    expect(
      derive(osReleaseKind, [
        content('/usr/lib/os-release', 'ID=ol\nID_LIKE=fedora\nVARIANT_ID=""\nPRETTY_NAME=\n'),
      ]),
    ).toMatchObject({
      id: 'ol',
      family: ['ol', 'fedora'],
      variant: 'absent',
    })
    expect(derive(osReleaseKind, [content('/etc/os-release', 'not a line\n')])).toMatchObject({
      id: 'absent',
      family: 'absent',
    })
    expect(derive(osReleaseKind, [])).toBe('absent')
    expectPromisedFields(osReleaseKind, [content('/etc/os-release', '')])
  })
})

describe('facts of the host', () => {
  it.each([selinux, apparmor, timeSync, identity, osReleaseKind])(
    'of kind $kind ask the node for something',
    (kind) => {
      expect(kind.probes({ fact: kind.kind }, nobody).length).toBeGreaterThan(0)
    },
  )
})
