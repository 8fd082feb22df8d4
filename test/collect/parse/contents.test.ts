import { describe, expect, it } from 'vitest'
import type { Probe } from '../../../src/model/probe.ts'
import { hear, pour, statLine, type Word } from '../node-words.ts'

const text = (path: string): Probe => ({ kind: 'path', path, holds: 'text' })
const certificate: Probe = { kind: 'path', path: '/a', holds: 'certificate' }
const there = (path: string, holds = 'text'): string => `path there ${holds} ${path}`

describe('the content of a file', () => {
  it('that grew over the limit after it was measured is truncated', () => {
    const view = hear(
      [text('/a')],
      [there('/a'), ['stat', statLine('/a', 1)], ...pour('text', { '/a': 'x'.repeat(524_289) })],
    )

    expect(view.content('/a')).toMatchObject({ reason: 'truncated', detail: 'more than 524288 bytes' })
  })

  it.each([
    ['longer', 'a: 1\n', 4],
    ['shorter', 'a: 1\n', 6],
    ['emptied, then filled with a secret', 'token: <redacted>\n', 0],
  ])('that is %s than when it was measured is not believed', (_name, content, size) => {
    const view = hear(
      [text('/a')],
      [there('/a'), ['stat', statLine('/a', size)], ...pour('text', { '/a': content })],
    )

    expect(view.content('/a')).toMatchObject({
      reason: 'changed-while-reading',
      detail: `${size} bytes when asked, ${content.length} when read`,
    })
  })

  it('with a secret taken out has another size, and is believed', () => {
    const view = hear(
      [text('/a')],
      [there('/a'), ['stat', statLine('/a', 900)], ...pour('text', { '/a': 'token: <redacted>\n' })],
    )

    expect(view.content('/a')).toMatchObject({ text: 'token: <redacted>\n', redacted: true })
  })

  it('of the kernel has no size to hold it against, whoever asks for it', () => {
    const path = '/proc/sys/net/ipv4/ip_forward'
    const inContainer = '/proc/12/root/etc/a'
    const view = hear(
      [text(path), text(inContainer)],
      [
        there(path),
        there(inContainer),
        ['stat', `${statLine(path, 0)}\n${statLine(inContainer, 0)}`],
        ...pour('text', { [path]: '1\n', [inContainer]: '1\n' }),
      ],
    )

    expect(view.content(path)).toMatchObject({ text: '1\n' })
    expect(view.content(inContainer)).toMatchObject({ reason: 'changed-while-reading' })
  })

  it('that is a directory is no text', () => {
    const view = hear(
      [text('/a')],
      [there('/a'), ['stat', statLine('/a', 4096, '41ed')], ...pour('text', {})],
    )

    expect(view.content('/a')).toMatchObject({ reason: 'unparsable', detail: 'a directory, not a file' })
  })

  it('that is nothing stat knows is no text', () => {
    const view = hear(
      [text('/a')],
      [there('/a'), ['stat', statLine('/a', 4096, '0000')], ...pour('text', {})],
    )

    expect(view.content('/a')).toMatchObject({ reason: 'unparsable', detail: 'something, not a file' })
  })

  it('that was not brought though the node says it is done was not opened', () => {
    const asked: readonly Word[] = [there('/a'), ['stat', statLine('/a', 2)]]

    expect(hear([text('/a')], [...asked, ...pour('text', {})]).content('/a')).toMatchObject({
      reason: 'permission-denied',
      detail: 'the collector does not open it',
    })
    expect(hear([text('/a')], asked).content('/a')).toMatchObject({ reason: 'not-collected' })
  })

  it('that no stat answered for was not looked at', () => {
    expect(hear([text('/a')], [there('/a'), 'stat']).content('/a')).toMatchObject({ reason: 'tool-failed' })
    expect(hear([text('/a')], [there('/a')]).content('/a')).toMatchObject({ reason: 'not-collected' })
  })
})

describe('a file that should hold a certificate', () => {
  const ask = (...words: readonly Word[]) =>
    hear(
      [certificate],
      [there('/a', 'certificate'), ['stat', statLine('/a', 9)], ...words, ...pour('text', {})],
    ).content('/a')

  it.each<[string, readonly Word[], object]>([
    [
      'holds a key alone',
      [['pem 0', 'private-key /a']],
      { reason: 'unparsable', detail: /private key and no/ },
    ],
    ['holds no PEM', ['pem 1'], { reason: 'unparsable', detail: 'no PEM certificate in it' }],
    ['met a fault of grep', ['pem 2'], { reason: 'tool-failed', detail: 'grep gave no answer' }],
    ['met no grep', ['pem no-tool'], { reason: 'tool-missing' }],
    ['was never searched', [], { reason: 'not-collected' }],
  ])('and %s is not read, and says why', (_name, words, expected) => {
    const { detail, ...rest } = { detail: /^/, ...expected }
    const item = ask(...words)

    expect(item).toMatchObject({ state: 'unavailable', ...rest })
    expect('detail' in item ? item.detail : '').toMatch(detail)
  })

  it('is not searched in vain by lines of grep that are none of ours', () => {
    const item = ask(['pem 0', 'certificates /a\ncertificate\nrubbish /a\n/a'])

    expect(item).toMatchObject({ detail: 'no PEM certificate in it' })
  })
})

describe('files printed one after the other', () => {
  const ask = (...arrives: readonly string[]) => {
    const paths = arrives.map((_, index) => `/f${index}`)
    const files = Object.fromEntries(arrives.map((part, index) => [`/f${index}`, { arrives: part }]))
    const view = hear(paths.map(text), [
      ...paths.map((path) => there(path)),
      ['stat', paths.map((path) => statLine(path, 40)).join('\n')],
      ...pour('text', files),
    ])
    return paths.map((path) => view.content(path))
  }

  it('keep their end where a secret took a piece of what separates them', () => {
    const found = ask('\u0001token: <redacted>=', '\u0001token: <redacted>', '\u0001token: <redacted>K=')

    expect(found.map((item) => item.state === 'observed' && item.text)).toEqual([
      'token: <redacted>',
      'token: <redacted>',
      'token: <redacted>',
    ])
  })

  it('are not guessed at where one has no end or no beginning of its own', () => {
    for (const item of ask('\u0001no end', '<redacted>K=', '', '\u0001'))
      expect(item).toMatchObject({ reason: 'unparsable', detail: 'the end of the file could not be told' })
  })

  it('are all unknown where what separates them was never shown', () => {
    const batch: readonly Word[] = [
      ['pour text', '/a'],
      ['poured', 'K='],
      ['~', 'rubbish'],
      ['~', '\u0001aK='],
      ['~', '\u0001'],
    ]
    const asked: readonly Word[] = [there('/a'), ['stat', statLine('/a', 1)]]

    for (const words of [batch, batch.slice(0, 2), batch.slice(0, 1)])
      expect(hear([text('/a')], [...asked, ...words]).content('/a')).toMatchObject({
        reason: 'not-collected',
      })
  })

  it.each([
    ['fewer', [], 'not-collected'],
    ['more', ['/b', '/c'], 'not-collected'],
  ])('of which %s came than were named are no whole batch', (_name, more, reason) => {
    const parts: readonly Word[] =
      more.length === 0 ? [] : [['~', '\u0001aK='], ...more.map((): Word => ['~', '\u0001'])]
    const view = hear(
      [text('/z')],
      [
        there('/z'),
        ['stat', statLine('/z', 1)],
        ['pour text', '/a'],
        ['poured', 'K='],
        ['~', '\u0001K='],
        ...parts,
        'end',
      ],
    )

    expect(view.content('/z')).toMatchObject({ reason })
  })
})

describe('files of the kernel', () => {
  const probe: Probe = { kind: 'kernel', pattern: '/proc/sys/net/*/forwarding' }

  it('answer a pattern by its matches, which do not reach across a slash', () => {
    const match = '/proc/sys/net/ipv4/forwarding'
    const deeper = '/proc/sys/net/ipv4/conf/forwarding'
    const heard = (path: string) =>
      hear([probe], [`kernel there ${path}`, ...pour('text', { [path]: '1\n' })])

    expect(heard(match).content(match)).toMatchObject({ text: '1\n' })
    expect(heard(match).evidence.items.map(({ id }) => id)).not.toContain(`content:${probe.pattern}`)
    expect(heard(deeper).content(probe.pattern)).toMatchObject({ reason: 'not-collected' })
  })

  it.each<[string, readonly Word[], object]>([
    ['may not be read', ['kernel denied /proc/x'], { reason: 'permission-denied' }],
    ['is not there', ['kernel absent /proc/x'], { state: 'absent' }],
    ['was left out', ['kernel there /proc/x', ...pour('text', {})], { reason: 'tool-failed' }],
    ['was not reached', ['kernel there /proc/x'], { reason: 'not-collected' }],
    ['is in a state nobody knows', ['kernel perhaps /proc/x'], { reason: 'not-collected' }],
    [
      'is not text',
      ['kernel there /proc/x', ...pour('text', { '/proc/x': Buffer.from([255]) })],
      { reason: 'not-text' },
    ],
  ])('say so of one that %s', (_name, words, expected) => {
    expect(hear([{ kind: 'kernel', pattern: '/proc/x' }], words).content('/proc/x')).toMatchObject(expected)
  })
})
