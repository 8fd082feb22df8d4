import { describe, expect, it } from 'vitest'
import { component } from '../../../src/facts/component.ts'
import { componentFiles } from '../../../src/facts/component-files.ts'
import { effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import { type ObservedProcess, placeOf } from '../../../src/facts/settings/process-place.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import {
  content,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
  unit,
} from '../../support/settings-node.ts'
import { denied } from '../files/kubeadm-node.ts'

const fragment = '/etc/systemd/system/kubelet.service'
const manifest = (name: string, ...command: readonly string[]): RawItem =>
  content(
    `/etc/kubernetes/manifests/${name}`,
    JSON.stringify({ kind: 'Pod', spec: { containers: [{ command }] } }),
  )

function state(of: string, ...items: readonly RawItem[]): unknown {
  const byId = new Map([...noUnits, ...noManifests, ...items].map((item) => [item.id, item]))
  return plain(component.derive({ fact: 'component', of }, nodeWith([...byId.values()])))
}

describe('the place of a process', () => {
  it.each([
    ['0::/kubepods/burstable/pod1/c', false, 'pod'],
    ['12:pids:/system.slice/docker-0a.scope', false, 'container'],
    ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope', false, 'user'],
    ['0::/system.slice/kubelet.service', false, 'service'],
    ['0::/', true, 'container'],
    ['0::/', false, 'other'],
    ['', false, 'other'],
  ])('in %j (contained: %s) is %s', (cgroup, contained, kind) => {
    expect(placeOf(process({ name: 'x', argv: ['x'], cgroup, contained }) as ObservedProcess).kind).toBe(kind)
  })
})

describe('a running component is started as', () => {
  const runs = (cgroup: string, fields: { uid?: number } = {}) =>
    process({ name: 'kubelet', argv: ['/usr/bin/kubelet'], cgroup, ...fields })

  it.each([
    ['a container', '0::/system.slice/docker-0a.scope', 'container'],
    ['a process of root at a terminal', '0::/user.slice/user-0.slice/x.scope', 'process'],
    ['a process of its own', '0::/', 'process'],
    ['a unit of its name without files', '0::/system.slice/kubelet.service', 'unit'],
    ['part of another unit', '0::/system.slice/wrapper.service', 'process'],
  ])('%s', (_, cgroup, startedAs) => {
    expect(state('kubelet', runs(cgroup))).toMatchObject({ 'started-as': startedAs, running: true })
  })

  it.each([
    ['its own', { name: 'kubelet' }, { unavailable: 'permission-denied' }],
    ['nobody knows whose', { detail: 'closed' }, { unavailable: 'permission-denied' }],
    ['another program', { name: 'etcd' }, undefined],
  ])('not known when there is a process whose arguments were not read: %s', (_, more, expected) => {
    const unread = { kind: 'process', id: 'process:8', pid: 8, state: 'unavailable', ...more }
    expect(state('kubelet', { ...unread, reason: 'permission-denied' } as RawItem)).toEqual(expected)
  })

  it('nothing of the node when only a person runs it', () => {
    expect(state('kubelet', runs('0::/user.slice/user-1000.slice/x.scope', { uid: 1000 }))).toBeUndefined()
  })

  it('a pod of unknown making when the manifests could not be read', () => {
    const running = process({ name: 'kube-apiserver', argv: ['kube-apiserver'] })
    const hidden = denied('directory', '/etc/kubernetes/manifests')
    expect(state('kube-apiserver', running, hidden)).toMatchObject({
      'started-as': { unavailable: 'permission-denied' },
    })
    const node = nodeWith([...noUnits, hidden, running])
    for (const which of ['static-pod-manifest', 'unit'])
      expect(
        plain(componentFiles.derive({ fact: 'component-files', of: 'kube-apiserver', which }, node)),
      ).toEqual([{ unavailable: 'permission-denied' }])
  })
})

describe('a component that does not run', () => {
  const enabled = unit('kube-apiserver.service', { FragmentPath: '/u', UnitFileState: 'enabled' })
  const unitFile = content('/u', '[Service]\nExecStart=/usr/bin/kube-apiserver\n')

  it('is not known when systemd says that its unit runs, under whatever name', () => {
    const about = (SubState: string) =>
      unit('kubelet.service', { FragmentPath: fragment, UnitFileState: 'enabled', SubState })
    const text = content(fragment, '[Service]\nExecStart=/usr/bin/kubelet\n')
    expect(state('kubelet', about('running'), text)).toMatchObject({ running: { unavailable: 'ambiguous' } })
    expect(state('kubelet', about('dead'), text)).toMatchObject({ running: false })
  })

  it('is ambiguous when a pod and a unit are set up to run it', () => {
    expect(state('kube-apiserver', manifest('a.yaml', 'kube-apiserver'), enabled, unitFile)).toEqual({
      unavailable: 'ambiguous',
    })
  })

  it('is the pod of its name among several', () => {
    const items = [
      manifest('kube-apiserver.yaml', 'kube-apiserver'),
      manifest('copy.yaml', 'kube-apiserver', '--x'),
    ]
    expect(state('kube-apiserver', ...items)).toMatchObject({ 'started-as': 'static-pod', running: false })
    expect(
      state('kube-apiserver', manifest('a.yaml', 'kube-apiserver'), manifest('b.yaml', 'kube-apiserver')),
    ).toEqual({
      unavailable: 'ambiguous',
    })
  })

  it.each([
    [{ UnitFileState: 'enabled' }, true],
    [{ ActiveState: 'active' }, true],
    [{ UnitFileState: 'disabled', ActiveState: 'activating' }, true],
    [{ UnitFileState: 'disabled', ActiveState: 'inactive' }, false],
    [{}, false],
  ])('counts as set up by a unit of state %j: %s', (properties: Record<string, string>, counts) => {
    const about = unit('kubelet.service', { FragmentPath: fragment, ...properties })
    const text = content(fragment, '[Service]\nExecStart=/usr/bin/kubelet\n')
    const unused = ['/etc/kubernetes', '/var/lib/kubelet'].map((path) => missing('file', path))
    const found = state('kubelet', about, text, ...unused)
    expect(found !== undefined).toBe(counts)
  })

  it('does not tell its arguments when its unit starts nothing', () => {
    const about = unit('kubelet.service', { FragmentPath: fragment, UnitFileState: 'enabled' })
    const node = nodeWith([
      ...noUnits.filter((item) => item.id !== about.id),
      ...noManifests,
      about,
      content(fragment, '[Service]\nType=notify\n'),
    ])
    expect(effectiveSettings(node, 'kubelet')).toMatchObject({
      fact: { state: { commandLine: { kind: 'unavailable', reason: 'unparsable' } } },
    })
  })

  it('names the line of a word that stands in the unit in other letters', () => {
    const about = unit('kubelet.service', { FragmentPath: fragment, UnitFileState: 'enabled' })
    const node = nodeWith([
      ...noUnits.filter((item) => item.id !== about.id),
      ...noManifests,
      about,
      content(fragment, '[Service]\nExecStart=/usr/bin/kubelet --read-only-port=\\x30\n'),
    ])
    const settings = effectiveSettings(node, 'kubelet')
    expect(settings.kind === 'observed' && settings.fact.values['read-only-port']).toMatchObject({
      fact: 0,
      source: { at: [{ at: fragment, line: 2 }] },
    })
  })

  it('is absent where the process table is', () => {
    expect(
      state('kubelet', { kind: 'processes', id: 'processes', state: 'absent' } as unknown as RawItem),
    ).toBeUndefined()
  })
})

describe('files of a component', () => {
  const running = process({ name: 'kube-scheduler', argv: ['kube-scheduler'] })
  const files = (of: string, which: string, ...items: readonly RawItem[]): string =>
    componentFiles.derive(
      { fact: 'component-files', of, which },
      nodeWith([...noUnits, ...noManifests, ...items]),
    ).kind

  it.each(['data-directory', 'unit', 'static-pod-manifest'])('it does not have are absent: %s', (which) => {
    expect(files('kube-scheduler', which, running, missing('content', '/x'))).toBe('absent')
  })

  it('are no configuration where a component takes none', () => {
    const apiServer = process({ name: 'kube-apiserver', argv: ['kube-apiserver'] })
    expect(files('kube-apiserver', 'configuration', apiServer)).toBe('absent')
  })
})

describe('a setting given as nothing', () => {
  it.each([
    ['authorization-mode', []],
    ['audit-policy-file', undefined],
  ])('%s is not taken for its default', (name, expected) => {
    const running = process({
      name: 'kube-apiserver',
      argv: ['kube-apiserver', `--${name}=`],
      version: 'v1.31.4',
    })
    const settings = effectiveSettings(nodeWith([...noUnits, ...noManifests, running]), 'kube-apiserver')
    expect(settings.kind === 'observed' && plain(settings.fact.values[name])).toEqual(expected)
  })
})
