import { describe, expect, it } from 'vitest'
import { readLimit, readTimeSpan } from '../../../src/facts/node/systemd-value.ts'
import { serviceUnit } from '../../../src/facts/service-unit.ts'
import { blind, fakeNode, file, plain, recording, unit } from './fake-node.ts'

const derive = (of: string, ...items: Parameters<typeof fakeNode>[0]) =>
  plain(serviceUnit.derive({ fact: 'service-unit', of }, fakeNode(items)))

describe('service-unit', () => {
  it('reads what systemd 252 prints for the packaged containerd', () => {
    expect(derive('containerd', unit('containerd.service', recording('kubeadm-containerd.show')))).toEqual({
      unit: 'containerd.service',
      'in-use': true,
      'ip-address-allow': 'absent',
      'ip-address-deny': 'absent',
      'active-state': 'active',
      delegate: true,
      'delegate-controllers': ['cpu', 'cpuset', 'io', 'memory', 'pids'],
      enabled: true,
      'kill-mode': 'process',
      'limit-core': 'infinity',
      'limit-nofile': 'infinity',
      'limit-nproc': 'infinity',
      'need-daemon-reload': false,
      'oom-policy': 'continue',
      'oom-score-adjust': -999,
      restart: 'always',
      'restart-usec': '5s',
      'tasks-max': 'infinity',
      'timeout-start': '90s',
      type: 'notify',
      user: 'root',
    })
  })

  it('shows what is left of a unit whose values carry comments: defaults, and delegation of nothing', () => {
    expect(
      derive('khard-probe', unit('khard-probe.service', recording('commented-unit.show'))),
    ).toMatchObject({
      'kill-mode': 'control-group',
      delegate: true,
      'delegate-controllers': 'absent',
      type: 'simple',
      restart: 'no',
      'tasks-max': 28909,
      'limit-nofile': 524288,
      'oom-score-adjust': 0,
      user: 'root # superuser',
    })
  })

  it('is absent for a unit that systemd does not know, and for a masked one', () => {
    const given = [
      unit('chronyd.service', recording('not-found.show')),
      unit('x.service', { LoadState: 'masked' }),
    ]
    expect([derive('chronyd', ...given), derive('x', ...given), derive('nothing')]).toEqual([
      'absent',
      'absent',
      'absent',
    ])
  })

  it('is unavailable when systemd could not be asked', () => {
    const noTool = blind('unit:kubelet.service', 'tool-missing')
    expect(derive('kubelet', noTool, file('/run/systemd/system'))).toBe('unavailable: tool-missing')
    expect(derive('kubelet', blind('unit:kubelet.service', 'permission-denied'))).toBe(
      'unavailable: permission-denied',
    )
  })

  it('is absent on a node that another init runs', () => {
    expect(derive('kubelet', blind('unit:kubelet.service', 'tool-missing'))).toBe('absent')
    expect(derive('kubelet', blind('unit:kubelet.service', 'tool-failed'))).toBe('absent')
  })

  it.each([
    ['active', 'disabled', true],
    ['activating', 'disabled', true],
    ['inactive', 'enabled', true],
    ['failed', 'enabled', true],
    ['inactive', 'disabled', false],
    ['inactive', 'static', false],
  ])('calls a unit that is %s and %s in use: %s', (ActiveState, UnitFileState, inUse) => {
    expect(derive('x', unit('x.service', { ActiveState, UnitFileState }))).toMatchObject({ 'in-use': inUse })
  })

  it('takes the active one of the units that may run a service', () => {
    const server = unit('rke2-server.service', { ActiveState: 'inactive', KillMode: 'process' })
    const agent = unit('rke2-agent.service', { ActiveState: 'active', KillMode: 'mixed' })
    expect(derive('rke2', server, agent)).toMatchObject({ unit: 'rke2-agent.service', 'kill-mode': 'mixed' })
    expect(derive('rke2', server)).toMatchObject({ unit: 'rke2-server.service', 'kill-mode': 'process' })
  })

  it('says that a property is missing or not understood, field by field', () => {
    const odd = {
      Delegate: 'maybe',
      LimitNOFILE: 'lots',
      KillMode: '',
      UnitFileState: 'static',
      RestartUSec: 'soon',
    }
    expect(derive('x', unit('x.service', odd))).toMatchObject({
      delegate: 'unavailable: unparsable',
      'limit-nofile': 'unavailable: unparsable',
      'kill-mode': 'absent',
      enabled: 'absent',
      'restart-usec': 'unavailable: unparsable',
      type: 'absent',
      'tasks-max': 'unavailable: not-collected',
    })
    expect(derive('x', unit('x.service', { UnitFileState: 'disabled', Delegate: 'no' }))).toMatchObject({
      enabled: false,
      delegate: false,
    })
  })

  it('asks for the units a component description names', () => {
    const spec = { id: 'etcd', units: ['etcd-member.service'], binaries: [], settings: [] } as never
    const knowledge = { components: new Map([['etcd', spec]]) }
    expect(serviceUnit.probes({ fact: 'service-unit', of: 'etcd' }, knowledge).slice(0, 2)).toEqual([
      { kind: 'path', path: '/run/systemd/system', holds: 'file' },
      { kind: 'unit', name: 'etcd-member.service' },
    ])
    expect(serviceUnit.fields({ fact: 'service-unit', of: 'etcd' }, knowledge)).toContain('kill-mode')
  })
})

describe('values of systemd', () => {
  it.each([
    ['18446744073709551615', 'infinity'],
    ['infinity', 'infinity'],
    ['-999', -999],
    ['[not set]', null],
    ['1e3', null],
  ])('reads the limit %s', (text, value) => expect(readLimit(text)).toBe(value))

  it.each([
    ['1min 30s', '90s'],
    ['100ms', '0.1s'],
    ['5000000', '5s'],
    ['18446744073709551615', 'infinity'],
    ['infinity', 'infinity'],
    ['1h 2min 3s', '3723s'],
    ['5 parsecs', null],
    ['', null],
  ])('reads the time span %s', (text, value) => expect(readTimeSpan(text)).toBe(value))
})
