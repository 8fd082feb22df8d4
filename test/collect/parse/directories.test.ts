import { describe, expect, it } from 'vitest'
import type { Probe } from '../../../src/model/probe.ts'
import { hear, pour, statLine } from '../node-words.ts'

const tree = (path: string): Probe => ({ kind: 'tree', path, depth: 2 })
const glob = (pattern: string): Probe => ({ kind: 'glob', pattern, holds: 'configuration' })

describe('a directory', () => {
  it('that is the root of all has entries with one slash', () => {
    const listed = [['dir /', 'etc\nvar\n'] as const, 'dir-odd /']

    expect(hear([glob('/*.conf')], listed).directory('/')).toMatchObject({
      entries: ['/<odd name>', '/etc', '/var'],
    })
    expect(hear([glob('/*.conf')], listed).file('/<odd name>')).toMatchObject({ reason: 'odd-name' })
  })

  it('under another name than its own has entries under the name it was asked by', () => {
    const words = (real: string) =>
      hear([glob('/link/*')], ['path there directory /link', [`real /link`, real], [`dir ${real}`, 'a\nb\n']])

    expect(words('/').directory('/link')).toMatchObject({ entries: ['/link/a', '/link/b'] })
    expect(words('/deep/er').directory('/link')).toMatchObject({ entries: ['/link/a', '/link/b'] })
  })

  it('of the image itself, found elsewhere, keeps its one slash', () => {
    const view = hear(
      [glob('/*')],
      ['path there directory /', ['real /', '/mnt/image'], ['dir /mnt/image', 'a\n']],
    )

    expect(view.directory('/')).toMatchObject({ entries: ['/a'] })
  })

  it('whose place in a pattern varies is none that was asked for', () => {
    const view = hear([glob('/a/*/b.conf')], [])

    expect(view.evidence.items.filter(({ kind }) => kind === 'directory')).toEqual([])
  })

  it('that turns out to be a file says so', () => {
    const view = hear(
      [{ kind: 'path', path: '/a', holds: 'directory' }],
      ['path there directory /a', ['stat', statLine('/a', 1)], ...pour('text', {})],
    )

    expect(view.directory('/a')).toMatchObject({ reason: 'unparsable', detail: 'a file, not a directory' })
  })

  it('that is one, and was not listed, is not known', () => {
    const words = ['path there directory /a', ['stat', statLine('/a', 1, '41ed')] as const]
    const probe: Probe = { kind: 'path', path: '/a', holds: 'directory' }

    expect(hear([probe], words).directory('/a')).toMatchObject({ reason: 'not-collected' })
    expect(hear([probe], [...words, 'limit paths']).directory('/a')).toMatchObject({ reason: 'truncated' })
  })
})

describe('a tree', () => {
  const walked = ['path there tree /', 'tree 2 /', ['dir /', 'etc\n'] as const, ['dir /etc', 'a\n'] as const]

  it('from the root holds everything below it', () => {
    const view = hear([tree('/')], [...walked, 'stat'])

    expect(view.directory('/')).toMatchObject({ entries: ['/etc', '/etc/a'], recursive: true })
  })

  it('holds nothing of a neighbour whose name begins as its own', () => {
    const view = hear(
      [tree('/etc')],
      ['path there tree /etc', 'tree 2 /etc', ['dir /etc', 'a\n'], ['dir /etcetera', 'b\n'], 'stat'],
    )

    expect(view.directory('/etc')).toMatchObject({ entries: ['/etc/a'] })
  })

  it.each([
    ['too many paths were met', 'limit paths', 'truncated'],
    ['one directory in it holds too many names', 'dir-large /etc', 'truncated'],
    ['one directory in it may not be listed', 'dir-denied /etc', 'permission-denied'],
  ])('is not known when %s', (_name, word, reason) => {
    expect(hear([tree('/')], [...walked, word, 'stat']).directory('/')).toMatchObject({ reason })
  })

  it('is not known before the walk is over', () => {
    expect(hear([tree('/')], walked).directory('/')).toMatchObject({ reason: 'not-collected' })
  })
})
