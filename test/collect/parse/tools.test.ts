import { describe, expect, it } from 'vitest'
import type { Probe } from '../../../src/model/probe.ts'
import { hear, pour, statLine, type Word } from '../node-words.ts'

const publicKey = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'

describe('a command', () => {
  const probes: readonly Probe[] = [
    { kind: 'command', argv: ['iptables', '--version'] },
    { kind: 'command', argv: ['timedatectl', 'show'] },
  ]
  const hung = 'timed-out'
  const first = (...words: readonly Word[]) => hear(probes, words).command(['iptables', '--version'])
  const second = (...words: readonly Word[]) => hear(probes, words).command(['timedatectl', 'show'])
  const programs = (end: string, ...lines: readonly string[]): Word => [`programs ${end}`, lines.join('\n')]

  it('is what it printed and how it ended', () => {
    const ran = programs(
      '3',
      'khard:program command 0',
      'v1',
      '',
      'khard:program status 1',
      '',
      'khard:program command 1',
      'NTP=yes',
    )

    expect(first(ran)).toMatchObject({ text: 'v1', exitCode: 1 })
    expect(second(ran)).toMatchObject({ text: 'NTP=yes', exitCode: 3 })
  })

  it('that printed nothing did run', () => {
    const ran = programs(
      '0',
      'khard:program command 0',
      '',
      'khard:program status 0',
      '',
      'khard:program command 1',
    )

    expect(first(ran)).toMatchObject({ text: '', exitCode: 0 })
    expect(second(ran)).toMatchObject({ text: '', exitCode: 0 })
  })

  it.each([
    ['its time', '124'],
    ['its time, by a signal', '143'],
    ['all time, by force', '137'],
  ])('that used up %s, and those behind it, timed out', (_name, end) => {
    const ran = programs(end, 'khard:program command 0', 'so far')

    expect(first(ran)).toMatchObject({ reason: hung, detail: 'iptables did not answer' })
    expect(second(ran)).toMatchObject({ reason: hung, detail: 'timedatectl did not answer' })
  })

  it.each<[string, readonly Word[], object]>([
    ['was not reached', [], { reason: 'not-collected' }],
    ['may not be run', ['command denied 1'], { reason: 'permission-denied' }],
    ['was not run', [programs('0', 'khard:program command 0', '')], { reason: 'tool-failed' }],
    ['had no sh to be run by', ['programs no-tool'], { reason: 'tool-missing', detail: /no sh/ }],
    [
      'has an end nobody understands',
      [programs('', 'khard:program command 1', 'x')],
      { reason: 'tool-failed' },
    ],
    [
      'has an end out of all proportion',
      [programs('9'.repeat(400), 'khard:program command 1', 'x')],
      { reason: 'tool-failed' },
    ],
    ['is spoken of in a word of the language', ['command constructor 1'], { reason: 'not-collected' }],
    [
      'printed bytes that are no text',
      [programs('0', 'khard:program command 1', '\u0001')],
      { reason: 'not-text' },
    ],
    [
      'printed bytes that are no UTF-8',
      [['programs 0', Buffer.from([...Buffer.from('khard:program command 1\n'), 255])]],
      { reason: 'not-text' },
    ],
  ])('that %s has no answer', (_name, words, expected) => {
    const { detail, ...rest } = { detail: /^/, ...expected }
    const item = second(...words)

    expect(item).toMatchObject({ state: 'unavailable', ...rest })
    expect('detail' in item ? item.detail : '').toMatch(detail)
  })

  it('that is not on the node is absent: no tool of the collector was missing', () => {
    expect(second('command no-tool 1')).toMatchObject({ state: 'absent' })
  })

  it('is not asked of an image', () => {
    const view = hear(probes, [programs('0', 'khard:program command 0', 'x')], { offline: true })

    expect(view.command(['iptables', '--version'])).toMatchObject({ reason: 'offline' })
  })
})

describe('a unit', () => {
  const probe: Probe = { kind: 'unit', name: 'a.service' }
  const unit = (...words: readonly Word[]) => hear([probe], words).unit('a.service')
  const says = (text: string): Word => ['programs 0', `khard:program units\n${text}`]

  it('is found by each of its names, a property said twice in both its values', () => {
    const item = unit(
      says('Id=b.service\nNames=b.service a.service\nLoadState=loaded\nX=1\nX=2\n=odd\nodd\n'),
    )

    expect(item).toMatchObject({ properties: { Id: 'b.service', LoadState: 'loaded', X: '1\n2' } })
  })

  it.each<[string, readonly Word[], object]>([
    ['systemd found no file of', [says('Id=a.service\nLoadState=not-found\n')], { state: 'absent' }],
    ['has no file where systemd looks', [['units unknown', 'a.service\n']], { state: 'absent' }],
    ['is on a machine without systemd', ['units no-systemd'], { state: 'absent' }],
    ['is not in the answer', [says('Id=b.service\nLoadState=loaded\n')], { reason: 'tool-failed' }],
    ['is said nothing of', [says('Id=a.service\n')], { reason: 'tool-failed' }],
    [
      'is in an answer that is not text',
      [['programs 0', Buffer.from([...Buffer.from('khard:program units\n'), 255])]],
      { reason: 'tool-failed' },
    ],
    ['has no systemctl', ['units no-tool'], { reason: 'tool-missing' }],
    ['met a systemctl that hung', [['programs 124', 'khard:program units\n']], { reason: 'timed-out' }],
    ['was not reached', [], { reason: 'not-collected' }],
    ['is spoken of in no known word', ['units'], { reason: 'not-collected' }],
  ])('that %s says so', (_name, words, expected) => {
    expect(unit(...words)).toMatchObject(expected)
  })
})

describe('the public half of a key', () => {
  const probe: Probe = { kind: 'path', path: '/a.key', holds: 'private-key' }
  const there = 'path there private-key /a.key'
  const key = (...words: readonly Word[]) => hear([probe], words).key('/a.key')

  it('is what openssl printed, under every name of the same file', () => {
    const view = hear(
      [probe, { kind: 'path', path: '/b.key', holds: 'private-key' }],
      [
        there,
        'path there private-key /b.key',
        ['key from /a.key', publicKey],
        'status 0',
        ['key same /b.key', '/a.key\n'],
      ],
    )

    expect(view.key('/a.key')).toMatchObject({ publicKey })
    expect(view.key('/b.key')).toMatchObject({ publicKey })
  })

  it.each<[string, readonly Word[], object]>([
    ['is not there', ['path absent private-key /a.key'], { state: 'absent' }],
    ['may not be seen', ['path denied private-key /a.key'], { reason: 'permission-denied' }],
    ['may not be read', [there, 'key denied /a.key'], { reason: 'permission-denied' }],
    ['is one too many', [there, 'key limit /a.key'], { reason: 'truncated' }],
    [
      'has no openssl',
      [there, 'key no-tool /a.key'],
      { reason: 'tool-missing', detail: 'openssl is not on the node' },
    ],
    [
      'is a directory',
      [there, ['stat', statLine('/a.key', 1, '41ed')], ...pour('text', {})],
      { reason: 'unparsable' },
    ],
    ['was not reached', [there, ['stat', statLine('/a.key', 1)]], { reason: 'not-collected' }],
    [
      'is the same as one nobody spoke of',
      [there, ['key same /a.key', '/b.key']],
      { reason: 'not-collected' },
    ],
    ['openssl refused', [there, ['key from /a.key', publicKey], 'status 1'], { reason: 'tool-failed' }],
    ['is no key', [there, ['key from /a.key', 'rubbish'], 'status 0'], { reason: 'tool-failed' }],
    [
      'is a private one',
      [there, ['key from /a.key', publicKey.replaceAll('PUBLIC', 'PRIVATE')], 'status 0'],
      { reason: 'tool-failed' },
    ],
    ['is not text', [there, ['key from /a.key', Buffer.from([255])], 'status 0'], { reason: 'tool-failed' }],
    ['has no status', [there, ['key from /a.key', publicKey]], { reason: 'not-collected' }],
    [
      'has a status that is no number',
      [there, ['key from /a.key', publicKey], 'status'],
      { reason: 'not-collected' },
    ],
    [
      'is spoken of in a word of the language',
      [there, 'key constructor /a.key'],
      { reason: 'not-collected' },
    ],
  ])('that %s is not made up', (_name, words, expected) => {
    expect(key(...words)).toMatchObject(expected)
    expect(key(...words)).not.toHaveProperty('publicKey')
  })
})
