import { describe, expect, it } from 'vitest'
import { containerdFormat, mergeImport, normaliseContainerd } from '../../../src/facts/settings/containerd.ts'
import { effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import { findPlaced, placeDocument, plainValue } from '../../../src/facts/text/placed.ts'
import { readToml } from '../../../src/facts/text/toml-text.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import {
  content,
  directory,
  missing,
  nodeWith,
  noUnits,
  plain,
  process,
} from '../../support/settings-node.ts'
import { denied } from '../files/kubeadm-node.ts'

const main = '/etc/containerd/config.toml'

function containerd(text: string, ...items: readonly RawItem[]) {
  const running = process({
    name: 'containerd',
    argv: ['/usr/bin/containerd'],
    cgroup: '0::/system.slice/containerd.service',
    version: 'containerd github.com/containerd/containerd 2.0.1 8fc6bcff',
  })
  const settings = effectiveSettings(
    nodeWith([...noUnits, running, content(main, text), ...items]),
    'containerd',
  )
  if (settings.kind !== 'observed') throw new Error(JSON.stringify(settings))
  return settings.fact
}

function tree(text: string) {
  const document = readToml(text)
  if (document.kind !== 'parsed') throw new Error(document.detail)
  return placeDocument(document.value, '/c.toml')
}

describe('imports of containerd', () => {
  const moved = { ...denied('content', '/c/a.toml'), detail: 'it moved' } as RawItem

  it('are followed once each, relative ones from the file that names them', () => {
    const found = containerd(
      'version = 2\nimports = ["conf.d/a.toml", 5]\nroot = "/main"\n',
      content(
        '/etc/containerd/conf.d/a.toml',
        'imports = ["b.toml", "/etc/containerd/config.toml"]\nroot = "/a"\n',
      ),
      content('/etc/containerd/conf.d/b.toml', 'imports = ["a.toml"]\nroot = "/b"\n'),
    )

    expect(plain(found.values['root'])).toBe('/b')
    expect(found.configurationFiles).toEqual([
      main,
      '/etc/containerd/conf.d/a.toml',
      '/etc/containerd/conf.d/b.toml',
    ])
  })

  it('of a directory that does not exist are none', () => {
    const found = containerd(
      'version = 2\nimports = ["/no/*.toml"]\nroot = "/main"\n',
      missing('directory', '/no'),
    )
    expect(plain(found.values['root'])).toBe('/main')
  })

  it('take names of a pattern with sets, and none for a range the wrong way round', () => {
    const items = [directory('/c', 'a.toml', 'z.toml'), content('/c/a.toml', 'root = "/a"\n')]
    expect(plain(containerd('imports = ["/c/[a-c].toml"]\n', ...items).values['root'])).toBe('/a')
    expect(containerd('imports = ["/c/[z-a].toml"]\n', ...items).configurationFiles).toEqual([main])
  })

  it.each<[string, RawItem, string, unknown]>([
    [
      'does not exist',
      missing('content', '/c/a.toml'),
      'ambiguous',
      '/c/a.toml is imported and does not exist',
    ],
    ['may not be read', denied('content', '/c/a.toml'), 'permission-denied', '/c/a.toml could not be read'],
    ['was moved', moved, 'permission-denied', 'it moved'],
    [
      'does not parse',
      content('/c/a.toml', 'root = \n'),
      'unparsable',
      expect.stringContaining('/c/a.toml:1:'),
    ],
  ])('leave settings unknown when a file %s', (_, ...[item, reason, detail]) => {
    const found = containerd('version = 2\nimports = ["/c/a.toml"]\n', item)
    expect(found.values['root']).toMatchObject({ kind: 'unavailable', reason, detail })
  })
})

describe('formats of containerd', () => {
  it('are 1 when the file names none', () => {
    expect([containerdFormat(tree('root = "/x"')), containerdFormat(tree('version = "2"'))]).toEqual([1, 1])
  })

  it('merge by the rule of the format when the version is not known', () => {
    const import2 = (version: number) => {
      const base = tree(`version = ${version}\n[plugins.p]\na = 1\n`)
      return plainValue(mergeImport(base, tree('[plugins.p]\nb = 2\n'), undefined))
    }
    expect(import2(2)).toMatchObject({ plugins: { p: { b: 2 } } })
    expect(import2(2)).not.toHaveProperty('plugins.p.a')
    expect(import2(3)).toMatchObject({ plugins: { p: { a: 1, b: 2 } } })
  })

  it.each([
    ['format 1', '[plugins.cri]\nsandbox_image = "x"\n', { sandbox_image: 'x' }],
    ['a CRI table that is none', '[plugins]\ncri = 1\n', 1],
    ['format 3 without its halves', 'version = 3\n', {}],
    [
      'format 3, images and streaming only',
      'version = 3\n[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "overlayfs"\n[plugins."io.containerd.grpc.v1.cri"]\nstream_server_port = "0"\nother = 1\n',
      { stream_server_port: '0', containerd: { snapshotter: 'overlayfs' } },
    ],
    [
      'format 3, the runtime half only',
      'version = 3\n[plugins."io.containerd.cri.v1.runtime"]\nenable_selinux = true\n',
      { enable_selinux: true },
    ],
    [
      'runtimes that are not runc',
      '[plugins.cri.containerd.runtimes.kata]\nruntime_type = "io.containerd.kata.v2"\n',
      { containerd: { runtimes: { kata: { runtime_type: 'io.containerd.kata.v2' } } } },
    ],
  ])('read %s', (_, text, expected) => {
    const cri = findPlaced(normaliseContainerd(tree(text)), ['cri'])
    expect(cri && plainValue(cri)).toEqual(expected)
  })

  it('are left alone when the text is no table', () => {
    const leaf = { kind: 'leaf', place: { kind: 'file', at: '/c' }, value: 1 } as const
    expect(normaliseContainerd(leaf)).toBe(leaf)
  })
})
