import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStream } from '../../../src/collect/parse/parse-stream.ts'
import { planCollection } from '../../../src/collect/plan.ts'
import { canonicalJson } from '../../../src/model/canonical-json.ts'
import type { Probe } from '../../../src/model/probe.ts'
import { meta } from '../node-script.ts'
import { hear, pour, stream, type Word } from '../node-words.ts'
import { sampleComponents, samplePlan, sampleProbes } from '../sample-plan.ts'

const file: Probe = { kind: 'path', path: '/a', holds: 'file' }

describe('stat of a file', () => {
  const stat = (line: string) => hear([file], ['path there file /a', ['stat', line]]).file('/a')

  it.each([
    ['11a4', 'fifo'],
    ['21a4', 'character'],
    ['41ed', 'directory'],
    ['61a4', 'block'],
    ['81a4', 'file'],
    ['a1ff', 'symlink'],
    ['c1ff', 'socket'],
    ['01a4', 'unknown'],
    ['e1a4', 'unknown'],
  ])('with the mode %s is of type %s', (mode, type) => {
    expect(stat(`1 ${mode} 0 0 0 - /a`)).toMatchObject({ stat: { type } })
  })

  it('may be older than 1970', () => {
    expect(stat('1 81a4 0 0 -86400 - /a')).toMatchObject({ stat: { mtime: -86_400 } })
  })

  it('has a label where the kernel has labels', () => {
    expect(stat('1 81a4 0 0 0 system_u:object_r:etc_t:s0 /a')).toMatchObject({
      stat: { selinux: 'system_u:object_r:etc_t:s0' },
    })
    for (const none of ['-', '?']) expect(stat(`1 81a4 0 0 0 ${none} /a`)).not.toHaveProperty('stat.selinux')
  })

  it.each([
    ['in another form', '1 0644 root root /a'],
    ['with a size no file has', `${'9'.repeat(400)} 81a4 0 0 0 - /a`],
    ['with an owner nobody is', `1 81a4 ${'9'.repeat(400)} 0 0 - /a`],
    ['of another file', '1 81a4 0 0 0 - /b'],
  ])('%s is none', (_name, line) => {
    const item = hear([file], ['path there file /a', ['stat', `${line}\n1 81a4 0 0 0 - /c`]]).file('/a')

    expect(item).toMatchObject({ state: 'unavailable', reason: 'changed-while-reading' })
  })
})

describe('words of a node', () => {
  it.each<[string, readonly Word[]]>([
    ['in a state nobody knows', ['path perhaps file /a']],
    ['with no state', ['path']],
    ['that is no word of ours', ['constructor there file /a', '__proto__ there file /a', 'hasOwnProperty']],
    ['of bytes that are no text', [[Buffer.from([...Buffer.from('path there file /a'), 255]), '']]],
  ])('%s say nothing', (_name, words) => {
    expect(hear([file], words).file('/a').state).toBe('unavailable')
  })

  it('that are repeated add classes, and the last state counts', () => {
    const view = hear([file], ['path there text /a', 'path absent file /a'])

    expect(view.file('/a').state).toBe('absent')
    expect(view.content('/a').state).toBe('absent')
  })

  it('that name a link to what cannot be printed leave the link without a target', () => {
    const words: readonly Word[] = [
      'path there file /a',
      ['link /a', Buffer.from([47, 255])],
      ['stat', '1 81a4 0 0 0 - /a'],
    ]

    expect(hear([file], words).file('/a')).not.toHaveProperty('stat.target')
  })

  it('that tell the time are kept with when they can have been said', () => {
    const clockRead = { fromMs: 10, toMs: 90 }

    expect(hear([file], ['start 1 clock=5'], { clockRead }).evidence).toMatchObject({
      nodeClock: 5,
      clockRead,
    })
    expect(hear([file], ['start 1 clock='], { clockRead }).evidence).not.toHaveProperty('clockRead')
  })

  it('that are too large for a number are no number', () => {
    const { evidence } = hear([file], [`start 1 uid=${'1'.repeat(400)} clock=1e9 uptime`])

    expect(evidence).toMatchObject({ uid: null, nodeClock: null })
  })
})

describe('evidence of a node that says anything at all', () => {
  const schema: object = JSON.parse(
    readFileSync(new URL('../../../reports/schemas/evidence-v1.json', import.meta.url), 'utf8'),
  )
  const ajv = new Ajv2020({ strict: false })
  ajv.addSchema(schema, 'evidence')
  const isEvidence = ajv.compile({ $ref: 'evidence#/$defs/evidence' })

  const plan = planCollection([...sampleProbes, { kind: 'command', argv: ['id'] }], sampleComponents)

  const heads = fc.constantFrom(
    'start 1 uid=0 clock=5 uptime=2.5',
    'host',
    'processes ok',
    'processes cut',
    'process 7 own',
    'environment 7',
    'environment-denied 7',
    'pour process',
    'pour text',
    'poured',
    '~',
    'end',
    'programs 0',
    'programs',
    'units',
    'units unknown',
    'path there configuration /etc/passwd',
    'path there kubeconfig /etc/kubernetes/admin.conf',
    'path there directory ',
    'real /etc/passwd',
    'link /etc/passwd',
    'dir /etc/kubernetes/pki',
    'dir-odd /',
    'tree 3 /etc/kubernetes/pki',
    'stat',
    'pem 0',
    'scanned',
    'kernel there /proc/swaps',
    'key from /etc/passwd',
    'key same /etc/passwd',
    'embedded from /etc/kubernetes/admin.conf:1',
    'status 0',
    'status',
    'command no-tool 0',
    'no-tool',
    'limit',
  )
  const payloads = fc.constantFrom(
    '',
    '7\n',
    '/proc/7/stat\n/proc/7/status\n/proc/7/cgroup\n/proc/7/cmdline',
    'K=',
    '\u0001K=',
    '\u0001kubelet\u0001--v\u0001K=',
    '\u0001Uid:\t0\t99999999999999999999999\nK=',
    '\u0001Uid:\t0\t0\nK=',
    'khard:program units\nId=kubelet.service\n__proto__=1\nLoadState=loaded',
    'khard:program version 7\nv',
    'khard:program command 0\nx',
    `${'9'.repeat(400)} ${'f'.repeat(40)} 0 0 1 - /etc/passwd\n1 81a4 0 0 -1 - /etc/group`,
    'certificate /etc/passwd\nprivate-key /etc/passwd',
    '/etc/passwd\n/etc/kubernetes/admin.conf\n',
    `__proto__\nconstructor\n..\n`,
    '\u0001users: [{name: a, user: {client-key-data: <redacted>}}]K=',
    Buffer.from([0, 255, 10, 27, 91, 51, 49, 109]),
  )
  const telling = fc.constantFrom<Word>(
    `start 1 uid=0 clock=${'9'.repeat(400)} uptime=1`,
    ['processes ok', `7\n7\n-1\n${'9'.repeat(400)}`],
    ['path there text /etc/passwd', ''],
    ['stat', `${'9'.repeat(400)} 81a4 0 0 1 - /etc/passwd`],
    ['programs', 'khard:program command 0\nx'],
    ['programs soon', 'khard:program command 0\nx'],
    ['command constructor 0', ''],
  )
  const word = fc.tuple(
    fc.oneof(
      heads,
      fc.tuple(heads, fc.string({ maxLength: 12 })).map(([head, more]) => `${head} ${more}`),
    ),
    fc.oneof(payloads, fc.string({ unit: 'binary', maxLength: 30 })),
  )

  it('can be kept and read back as it was', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, telling), { maxLength: 40 }), (words) => {
        const evidence = parseStream(stream([...words, 'complete']), plan, meta())

        const kept: unknown = JSON.parse(canonicalJson(evidence))

        expect(isEvidence(kept), JSON.stringify(isEvidence.errors?.slice(0, 3))).toBe(true)
        expect(kept).toEqual(evidence)
        expect(new Set(evidence.items.map(({ id }) => id)).size).toBe(evidence.items.length)
      }),
      { numRuns: 400 },
    )
  })

  it('is the same whatever stands before its first word and after its last', () => {
    const words = stream(['host a', ...pour('text', {}), 'complete'])
    const noisy = Buffer.concat([
      Buffer.from('Last login: today\nkhard:ffff path\n'),
      words,
      Buffer.from('\nlogout\n'),
    ])

    expect(parseStream(noisy, samplePlan, meta())).toEqual(parseStream(words, samplePlan, meta()))
  })
})
