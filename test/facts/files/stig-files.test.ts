import { describe, expect, it } from 'vitest'
import { etcdDataFiles } from '../../../src/facts/etcd-data-files.ts'
import type { FactKind } from '../../../src/facts/fact-kind.ts'
import { listedName } from '../../../src/facts/manifest/listed-name.ts'
import { rke2Files } from '../../../src/facts/rke2-files.ts'
import { sshService } from '../../../src/facts/ssh-service.ts'
import { staticPodFiles } from '../../../src/facts/static-pod-files.ts'
import type { Fact } from '../../../src/model/evidence.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import {
  directory,
  file,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
  unit,
} from '../../support/settings-node.ts'

const knowledge = { components: shippedComponents() }

function derive(kind: FactKind, which: string, items: readonly RawItem[]): Fact {
  return kind.derive({ fact: kind.kind, which }, nodeWith([...noUnits, ...noManifests, ...items]))
}

/** Paths of the records of a list, gaps as the reason. */
function paths(fact: Fact): unknown {
  if (fact.kind !== 'observed') return fact.kind
  const list: unknown = plain(fact)
  return Array.isArray(list) ? list.map((one) => one.path ?? one) : list
}

function folder(path: string): RawItem {
  const stat = { type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 1, mtime: 1 } as const
  return { kind: 'file', id: `file:${path}`, path, state: 'observed', stat }
}

function closed(kind: 'file' | 'directory', path: string): RawItem {
  return { kind, id: `${kind}:${path}`, path, state: 'unavailable', reason: 'permission-denied' }
}

describe('files of static pods', () => {
  const kubelet = (flag: string) => process({ name: 'kubelet', argv: ['kubelet', flag], cgroup: '0::/' })
  const files = (flag: string, ...items: readonly RawItem[]) =>
    paths(derive(staticPodFiles, '', [kubelet(flag), ...items]))

  it('are everything in the directory', () => {
    const items = [directory('/p', 'a.yaml', 'b'), file('/p/a.yaml', 1), closed('file', '/p/b')]
    expect(files('--pod-manifest-path=/p', ...items)).toEqual([
      '/p/a.yaml',
      { unavailable: 'permission-denied' },
    ])
  })

  it('may be one file', () => {
    expect(files('--pod-manifest-path=/p.yaml', file('/p.yaml', 1))).toEqual(['/p.yaml'])
  })

  it('are found under either name of a directory', () => {
    const bare = [directory('/p', 'a.yaml'), file('/p/a.yaml', 1)]
    expect(files('--pod-manifest-path=/p/', ...bare)).toEqual(['/p/a.yaml'])
    const written = [directory('/p/', 'a.yaml'), file('/p//a.yaml', 1)]
    expect(files('--pod-manifest-path=/p/', ...written)).toEqual(['/p//a.yaml'])
  })

  it('are absent without a directory, where there is none, and without a kubelet', () => {
    expect(files('--v=2')).toBe('absent')
    expect(files('--pod-manifest-path=/p', missing('file', '/p'), missing('directory', '/p'))).toBe('absent')
    expect(derive(staticPodFiles, '', []).kind).toBe('absent')
  })

  it('are not known where the directory or the arguments are not', () => {
    expect(files('--pod-manifest-path=/p', folder('/p'), closed('directory', '/p'))).toEqual([
      { unavailable: 'permission-denied' },
    ])
    const shell = process({ name: 'kubelet', argv: ['sh', '-c', 'kubelet'] })
    expect(derive(staticPodFiles, '', [shell]).kind).toBe('unavailable')
  })

  it('keep the root directory as it is', () => {
    expect(listedName(nodeWith([]).view, '/')).toBe('/')
    expect(listedName(nodeWith([]).view, '/p//')).toBe('/p')
  })
})

describe('data of etcd', () => {
  const etcd = process({ name: 'etcd', argv: ['etcd', '--data-dir=/e'], cgroup: '0::/' })
  const below = [
    folder('/e'),
    directory('/e', 'member', 'lost+found', 'backup', 'gone'),
    folder('/e/member'),
    folder('/e/lost+found'),
    folder('/e/backup'),
    missing('file', '/e/gone'),
    directory('/e/member', 'snap', 'wal'),
    folder('/e/member/snap'),
    directory('/e/member/snap', 'db'),
    file('/e/member/snap/db', 1),
    folder('/e/member/wal'),
    missing('directory', '/e/member/wal'),
  ]

  it('are what etcd made, walked down', () => {
    expect(paths(derive(etcdDataFiles, 'files', [etcd, ...below]))).toEqual(['/e/member/snap/db'])
    expect(paths(derive(etcdDataFiles, 'any', [etcd, ...below]))).toEqual([
      '/e/member',
      '/e/member/snap',
      '/e/member/snap/db',
      '/e/member/wal',
      '/e/backup',
    ])
  })

  it('keep what could not be looked at', () => {
    const items = [etcd, ...below, closed('file', '/e/member/snap/db'), closed('directory', '/e/member/wal')]
    expect(paths(derive(etcdDataFiles, 'files', items))).toEqual([
      { unavailable: 'permission-denied' },
      { unavailable: 'permission-denied' },
    ])
  })

  it('are not known where the directory is not, and absent without etcd or its data', () => {
    const hidden = process({ name: 'etcd', argv: ['sh', '-c', 'etcd'] })
    expect(paths(derive(etcdDataFiles, 'files', [hidden]))).toEqual([{ unavailable: 'unparsable' }])
    expect(paths(derive(etcdDataFiles, 'files', [etcd, closed('directory', '/e')]))).toEqual([
      { unavailable: 'permission-denied' },
    ])
    expect(derive(etcdDataFiles, 'files', []).kind).toBe('absent')
    const pod = process({ name: 'etcd', argv: ['etcd', '--data-dir=/e'], contained: true })
    expect(derive(etcdDataFiles, 'files', [pod]).kind).toBe('absent')
  })

  it('takes files or any', () => {
    const faults = (which: string) => etcdDataFiles.faults?.({ fact: 'etcd-data-files', which }, knowledge)
    expect(['files', 'any', 'all'].map((which) => faults(which)?.length)).toEqual([0, 0, 1])
    expect(etcdDataFiles.fields({ fact: 'etcd-data-files' }, knowledge)).toContain('mode')
    expect(staticPodFiles.fields({ fact: 'static-pod-files' }, knowledge)).toContain('owner')
  })
})

describe('files of RKE2', () => {
  it('come in groups', () => {
    const faults = (which: string) => rke2Files.faults?.({ fact: 'rke2-files', which }, knowledge)
    expect(faults('programs')).toEqual([])
    expect(faults('toString')).toHaveLength(1)
    expect(rke2Files.fields({ fact: 'rke2-files' }, knowledge)).toContain('mode')
    expect(rke2Files.probes({ fact: 'rke2-files', which: 'server-token' }, knowledge)).toContainEqual({
      kind: 'path',
      path: '/var/lib/rancher/rke2/server/token',
      holds: 'file',
    })
  })
})

describe('an SSH server', () => {
  const units = ['sshd.service', 'ssh.service', 'sshd.socket', 'ssh.socket']
  const known = (name: string, properties: Record<string, string>): unknown => {
    const others = units.filter((one) => one !== name)
    const items = [
      ...others.map((one): RawItem => ({ kind: 'unit', id: `unit:${one}`, name: one, state: 'absent' })),
    ]
    return plain(sshService.derive({ fact: 'ssh-service' }, nodeWith([...items, unit(name, properties)])))
  }

  it.each([
    [
      { ActiveState: 'active', UnitFileState: 'disabled' },
      { running: true, enabled: false },
    ],
    [
      { ActiveState: 'reloading', UnitFileState: 'static' },
      { running: true, enabled: false },
    ],
    [
      { ActiveState: 'failed', UnitFileState: 'enabled-runtime' },
      { running: false, enabled: true },
    ],
    [
      { ActiveState: 'inactive', UnitFileState: 'alias' },
      { running: false, enabled: true },
    ],
    [{}, { running: false, enabled: false }],
  ] as const)('shown as %j', (properties, fact) => {
    for (const name of units) expect(known(name, properties)).toEqual(fact)
  })

  it('is not known where one unit is not, unless another says yes', () => {
    const some = (item: RawItem) => plain(sshService.derive({ fact: 'ssh-service' }, nodeWith([item])))
    const answer = { ActiveState: 'active', UnitFileState: 'enabled' }
    expect(some(unit('ssh.socket', answer))).toEqual({ running: true, enabled: true })
    expect(some(unit('ssh.socket', {}))).toEqual({
      running: { unavailable: 'not-collected' },
      enabled: { unavailable: 'not-collected' },
    })
    expect(sshService.fields({ fact: 'ssh-service' }, knowledge)).toEqual(['running', 'enabled'])
  })
})
