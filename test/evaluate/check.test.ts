import { describe, expect, it } from 'vitest'
import { checkFaults, compileCheck, evaluateCheck } from '../../src/evaluate/check.ts'
import { describeMissing } from '../../src/evaluate/describe.ts'
import { mostItems } from '../../src/evaluate/show.ts'
import type { Applicability, Condition } from '../../src/model/check.ts'
import { absent, type Evidence, noSource, observed, unavailable } from '../../src/model/evidence.ts'
import { checkOf, fact, from, inputOf } from './support.ts'

const off: Condition = { fact: 'settings', path: 'profiling', operator: 'equals', value: false }
const strict: Condition = { fact: 'files', path: 'mode', operator: 'every:mode-at-most', value: '0600' }
const settings = (plain: unknown) => ({ 'component-settings': fact(plain) })

describe('the answer of a check', () => {
  it('passes with the title when the check has no words for it', () => {
    const outcome = evaluateCheck(checkOf({ condition: off }), inputOf(settings({ profiling: false })))
    expect(outcome).toEqual({
      verdict: 'pass',
      reason: 'Profiling is off.',
      observed: false,
      expected: false,
      provenance: [],
      items: [],
    })
  })

  it('fails with what was seen, what was wanted, what to do, and where it stands', () => {
    const profiling = observed(true, from('file:/m.yaml', '/etc/kubernetes/manifests/kube-apiserver.yaml'))
    const record = observed({ profiling, other: observed(1, from('file:/x', '/x')) }, noSource)
    const outcome = evaluateCheck(checkOf({ condition: off }), inputOf({ 'component-settings': record }))
    expect(outcome).toEqual({
      verdict: 'fail',
      reason: 'profiling is true, not false.',
      next: 'Set it to false.',
      observed: true,
      expected: false,
      provenance: [{ kind: 'file', at: '/etc/kubernetes/manifests/kube-apiserver.yaml' }],
      items: ['file:/m.yaml'],
    })
  })

  it('says what to do in the words of the distribution that runs there, where it has its own', () => {
    const say = {
      fail: 'bad',
      next: 'Set it to {expected}.',
      nextOn: { rke2: 'Write {expected} into config.yaml.' },
    }
    const check = checkOf({ condition: off, say })
    const facts = settings({ profiling: true })
    const nextOn = (distribution: Evidence<string>): string | undefined =>
      evaluateCheck(check, inputOf(facts, { distribution })).next
    expect(nextOn(observed('rke2', noSource))).toBe('Write false into config.yaml.')
    expect(nextOn(observed('kubeadm', noSource))).toBe('Set it to false.')
    expect(nextOn(unavailable('ambiguous', noSource))).toBe('Set it to false.')
  })

  it('says that a value is not set', () => {
    const outcome = evaluateCheck(checkOf({ condition: off }), inputOf(settings({ profiling: null })))
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reason: 'profiling is not set, not false.',
      observed: null,
    })
  })

  it('is an error that names what could not be read, where, why, and what to do', () => {
    const gone = unavailable('permission-denied', from('file:/m', '/etc/m.yaml'), 'EACCES')
    const outcome = evaluateCheck(checkOf({ condition: off }), inputOf({ 'component-settings': gone }))
    expect(outcome).toEqual({
      verdict: 'error',
      reason:
        'Could not look at settings.profiling (/etc/m.yaml): the account that collects may not read it (EACCES).',
      next: 'Collect as root (--sudo), or give the account read access.',
      provenance: [{ kind: 'file', at: '/etc/m.yaml' }],
      items: ['file:/m'],
    })
  })

  it('is an error with a reason even when no part is named', () => {
    expect(describeMissing({ truth: 'error', decisive: [] })).toEqual({
      reason: 'The evidence could not be looked at.',
    })
  })

  it('counts the other parts that are missing', () => {
    const files = fact([{ unavailable: 'truncated' }, { mode: 0o600 }, { unavailable: 'offline' }])
    const outcome = evaluateCheck(checkOf({ condition: strict }), inputOf({ 'component-files': files }))
    expect(outcome.reason).toBe(
      'Could not look at files.mode: it is larger than what is collected, and 1 more.',
    )
  })

  it('is not checked where a part is missing that no right brings, which is told first', () => {
    const ofFiles = (...parts: readonly object[]) =>
      evaluateCheck(checkOf({ condition: strict }), inputOf({ 'component-files': fact(parts) }))
    expect(
      ofFiles({ unavailable: 'forbidden' }, { mode: 0o600 }, { unavailable: 'not-shown' }),
    ).toMatchObject({
      verdict: 'notChecked',
      reason: 'Could not look at files.mode: the API does not show it, and 1 more.',
      next: expect.stringContaining('Audit the node itself'),
    })
    expect(ofFiles({ unavailable: 'forbidden' }, { mode: 0o600 })).toMatchObject({ verdict: 'error' })
    expect(ofFiles({ unavailable: 'not-shown' }, { mode: 0o644 })).toMatchObject({ verdict: 'fail' })
  })

  it('is not checked where the API does not show whether it applies', () => {
    const hidden = fact({ unavailable: 'not-shown' })
    const component = checkOf({ condition: off, applies: { component: 'etcd' } })
    expect(evaluateCheck(component, inputOf({ component: hidden })).verdict).toBe('notChecked')
    const when = checkOf({ condition: strict, applies: { when: strict } })
    expect(evaluateCheck(when, inputOf({ 'component-files': hidden })).verdict).toBe('notChecked')
  })

  it('is unknown when the value cannot be interpreted', () => {
    const outcome = evaluateCheck(checkOf({ condition: off }), inputOf(settings({ profiling: 'nope' })))
    expect(outcome).toMatchObject({
      verdict: 'unknown',
      reason: 'The answer is unclear: nope was seen where false was wanted.',
      next: expect.stringContaining('Look at the value'),
      observed: 'nope',
    })
  })

  it('reports and does not judge when it is informational', () => {
    const check = checkOf({
      condition: off,
      judges: false,
      say: { pass: 'off: {observed}', fail: 'seen: {observed}', next: '-' },
    })
    const verdicts = [false, true, 'odd', { unavailable: 'offline' }].map((profiling) => {
      const { verdict, reason } = evaluateCheck(check, inputOf(settings({ profiling })))
      return `${verdict} ${reason}`
    })
    expect(verdicts.slice(0, 3)).toEqual([
      'informational off: false.',
      'informational seen: true.',
      'informational seen: odd.',
    ])
    expect(verdicts[3]).toMatch(/^error /)
    const silent = checkOf({ condition: off, judges: false })
    expect(evaluateCheck(silent, inputOf(settings({ profiling: false }))).reason).toBe(
      'profiling is false, not false.',
    )
  })

  it('names every leaf that made it fail, and no other', () => {
    const condition: Condition = {
      all: [
        off,
        { fact: 'settings', path: 'n', operator: 'at-least', value: 3 },
        { fact: 'settings', path: 'ok', operator: 'set', value: true },
      ],
    }
    const outcome = evaluateCheck(checkOf({ condition }), inputOf(settings({ profiling: true, n: 2, ok: 1 })))
    expect(outcome.observed).toEqual({ 'settings.profiling': true, 'settings.n': 2 })
    expect(outcome.expected).toEqual({ 'settings.profiling': false, 'settings.n': 'at least 3' })
    expect(outcome.reason).toBe(
      'profiling is settings.profiling true; settings.n 2, not settings.profiling false; settings.n at least 3.',
    )
  })

  it('joins two wishes for one value, and shows the value once', () => {
    const bound = (operator: string, value: string): Condition => ({
      fact: 'settings',
      path: 't',
      operator,
      value,
    })
    const condition: Condition = { all: [bound('duration-more-than', '0'), bound('duration-at-most', '5h')] }
    const outcome = evaluateCheck(checkOf({ condition }), inputOf(settings({ t: '4h' })))
    expect(outcome).toMatchObject({ observed: '4h', expected: 'more than 0; at most 5h' })
  })

  it('says "not" before what must not hold', () => {
    const condition: Condition = {
      not: { fact: 'settings', path: 'modes', operator: 'includes', value: 'AlwaysAllow' },
    }
    const outcome = evaluateCheck(checkOf({ condition }), inputOf(settings({ modes: ['AlwaysAllow'] })))
    expect(outcome).toMatchObject({ observed: ['AlwaysAllow'], expected: 'not: a list with AlwaysAllow' })
  })

  it('uses the values a profile sets, and its own otherwise', () => {
    const condition: Condition = {
      fact: 'settings',
      path: 'days',
      operator: 'at-least',
      value: { parameter: 'days' },
    }
    const check = checkOf({ condition, parameters: { days: { default: 30, means: 'days' } } })
    const input = inputOf(settings({ days: 20 }))
    expect(evaluateCheck(check, input)).toMatchObject({ verdict: 'fail', expected: 'at least 30' })
    expect(evaluateCheck(check, input, { days: 10, other: 1 })).toMatchObject({
      verdict: 'pass',
      expected: 'at least 10',
    })
  })
})

describe('lists in an answer', () => {
  const files = (modes: readonly number[]) =>
    observed(
      modes.map((mode, index) => {
        const path = `/etc/f${index}`
        return observed(
          { path: observed(path, noSource), mode: observed(mode, noSource) },
          from(`file:${path}`, path),
        )
      }),
      from('directory:/etc', '/etc'),
    )

  it('show only what offends, in octal, with only its places', () => {
    const outcome = evaluateCheck(
      checkOf({ condition: strict }),
      inputOf({ 'component-files': files([0o600, 0o644]) }),
    )
    expect(outcome).toMatchObject({
      verdict: 'fail',
      observed: [{ item: '/etc/f1', value: '0644' }],
      expected: 'each 0600 or stricter',
      reason: 'profiling is /etc/f1 (0644), not 0600.',
      items: ['file:/etc/f1', 'directory:/etc'],
    })
  })

  it('rest on every item when they pass', () => {
    const outcome = evaluateCheck(
      checkOf({ condition: strict }),
      inputOf({ 'component-files': files([0o600, 0o400]) }),
    )
    expect(outcome).toMatchObject({
      verdict: 'pass',
      observed: [
        { item: '/etc/f0', value: '0600' },
        { item: '/etc/f1', value: '0400' },
      ],
      items: ['directory:/etc', 'file:/etc/f0', 'file:/etc/f1'],
    })
  })

  it('are named when it is right that each lacks something', () => {
    const lacking: Condition = { fact: 'files', path: 'problem', operator: 'every:absent', value: true }
    const outcome = evaluateCheck(
      checkOf({ condition: lacking }),
      inputOf({
        'component-files': fact(['/etc/f0', '/etc/f1'].map((path) => ({ path, problem: { absent: true } }))),
      }),
    )
    expect(outcome).toMatchObject({ verdict: 'pass', observed: ['/etc/f0', '/etc/f1'] })
  })

  it('show the first five that hold and count the rest', () => {
    const fine = files(Array.from({ length: 9 }, () => 0o600))
    const { observed } = evaluateCheck(checkOf({ condition: strict }), inputOf({ 'component-files': fine }))
    expect(observed).toHaveLength(6)
    expect(observed).toContain('and 4 more')
  })

  it('name twenty and count the rest', () => {
    const open = files(Array.from({ length: 50 }, () => 0o644))
    const outcome = evaluateCheck(checkOf({ condition: strict }), inputOf({ 'component-files': open }))
    expect(outcome.observed).toHaveLength(mostItems + 1)
    expect(outcome.observed).toContain('and 30 more')
    expect(outcome.reason).toContain('/etc/f19 (0644) and 30 more, not')
    expect(outcome.provenance).toHaveLength(mostItems)
    expect(outcome.items).toHaveLength(51)
  })

  it('say that nothing was found where nothing was', () => {
    const none = [fact([]), fact('absent')].map((list) =>
      evaluateCheck(checkOf({ condition: strict }), inputOf({ 'component-files': list })),
    )
    expect(none.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual([
      'fail: profiling is nothing was found, not 0600.',
      'fail: profiling is nothing was found, not 0600.',
    ])
  })

  it('name items by position when they have no name, and bare items by their value', () => {
    const nameless = evaluateCheck(
      checkOf({ condition: strict }),
      inputOf({ 'component-files': fact([{ mode: 0o777, path: 1 }]) }),
    )
    expect(nameless.observed).toEqual([{ item: 'item 1', value: '0777' }])
    const gone = evaluateCheck(
      checkOf({ condition: { ...strict, operator: 'some:mode-at-most' } }),
      inputOf({ 'component-files': fact([{ absent: true }]) }),
    )
    expect(gone).toMatchObject({ observed: [null], expected: 'at least one 0600 or stricter' })
    const bare: Condition = { fact: 'settings', path: 'suites', operator: 'every:one-of', value: ['a'] }
    const outcome = evaluateCheck(checkOf({ condition: bare }), inputOf(settings({ suites: ['a', 'RC4'] })))
    expect(outcome).toMatchObject({ observed: ['RC4'], reason: 'profiling is RC4, not one of a.' })
  })

  it('show a value that is no list at all', () => {
    const outcome = evaluateCheck(
      checkOf({ condition: strict }),
      inputOf({ 'component-files': fact('text') }),
    )
    expect(outcome).toMatchObject({ verdict: 'unknown', observed: 'text' })
  })
})

describe('hostile values', () => {
  it('are written out, cut, and never read as a template', () => {
    const profiling = `{expected}\u001b[31m\u202e$&${'x'.repeat(5000)}`
    const check = checkOf({ condition: { ...off, value: 'off' } })
    const outcome = evaluateCheck(check, inputOf(settings({ profiling })))
    expect(outcome.reason).toMatch(
      /^profiling is \{expected\}\\x1b\[31m\\u\{202e\}\$&x+… \(\d+ more characters\), not off\.$/,
    )
    expect(outcome.reason.length).toBeLessThan(400)
    expect(JSON.stringify(outcome)).not.toMatch(/\u001b|\u202e/)
  })

  it('are made harmless inside lists and records of a finding', () => {
    const outcome = evaluateCheck(
      checkOf({ condition: { fact: 'settings', path: 'r', operator: 'set', value: false } }),
      inputOf(settings({ r: { 'a\u202e': Array.from({ length: 25 }, () => '\u0007'), b: '', c: 1, d: {} } })),
    )
    expect(outcome.observed).toMatchObject({
      b: '',
      c: 1,
      'a\\u{202e}': expect.arrayContaining(['\\x07', 'and 5 more']),
    })
    expect(outcome.reason).toContain('and 5 more, b: empty, c: 1, d: empty')
  })
})

describe('drift', () => {
  const drift = (component: string, setting: string) =>
    component === 'kube-apiserver' && setting === 'profiling'
      ? { says: 'the file says false\u0007', isUnsure: false }
      : undefined

  it('is told for the settings that decided', () => {
    const outcome = evaluateCheck(
      checkOf({ condition: off }),
      inputOf(settings({ profiling: true }), { drift }),
    )
    expect(outcome.drift).toBe('the file says false\\x07')
  })

  it('is not told for other settings, other facts or whole facts', () => {
    const asked: readonly Condition[] = [
      { ...off, path: 'n' },
      strict,
      { fact: 'settings', operator: 'set', value: true },
    ]
    const facts = { ...settings({ n: 1 }), 'component-files': fact([]) }
    for (const condition of asked) {
      expect(evaluateCheck(checkOf({ condition }), inputOf(facts, { drift }))).not.toHaveProperty('drift')
    }
    const noComponent = checkOf({ condition: off, evidence: { settings: { fact: 'component-settings' } } })
    expect(evaluateCheck(noComponent, inputOf(settings({ profiling: true }), { drift }))).not.toHaveProperty(
      'drift',
    )
  })
})

describe('a value that was changed on disk after the process had started', () => {
  const two: Condition = { all: [off, { ...off, path: 'verbose' }] }
  const evaluated = (value: boolean) =>
    evaluateCheck(
      checkOf({ condition: two }),
      inputOf(settings({ profiling: value, verbose: value }), {
        drift: (_, setting) => ({ says: `the file gives ${setting} anew`, isUnsure: setting === 'verbose' }),
      }),
    )

  it('is no pass: the one in force cannot be seen', () => {
    expect(evaluated(false)).toMatchObject({
      verdict: 'unknown',
      reason: 'the file gives verbose anew.',
      drift: 'the file gives verbose anew',
      next: 'Restart it, so that what runs is what the file says, and audit again.',
    })
  })

  it('fails all the same when it is wrong: at the next start at the latest', () => {
    expect(evaluated(true)).toMatchObject({ verdict: 'fail', drift: 'the file gives verbose anew' })
  })
})

describe('when a check applies', () => {
  const running = { 'started-as': 'static-pod', running: true, version: '1.34.2' }
  const answer = (
    applies: Applicability,
    component: unknown = running,
    more: Parameters<typeof inputOf>[1] = {},
  ) => {
    const facts = {
      ...settings({ profiling: false, used: false, odd: 'x', gone: { unavailable: 'offline' } }),
      component: fact(component),
    }
    const { verdict, reason } = evaluateCheck(checkOf({ condition: off, applies }), inputOf(facts, more))
    return `${verdict}: ${reason}`
  }
  const component = 'kube-apiserver'
  const usedIs = (path: string): Condition => ({ fact: 'settings', path, operator: 'equals', value: true })

  it.each([
    ['the component is there', { component }, 'pass: Profiling is off.'],
    ['the role fits', { roles: ['etcd', 'control-plane'] }, 'pass: Profiling is off.'],
    ['another role', { roles: ['etcd', 'worker'] }, 'notApplicable: This node is control-plane only.'],
    [
      'started another way',
      { component, startedAs: ['unit'] },
      'notApplicable: The way kube-apiserver is started is static-pod.',
    ],
    ['started this way', { component, startedAs: ['unit', 'static-pod'] }, 'pass: Profiling is off.'],
    ['a distribution it is for', { distributions: { only: ['kubeadm'] } }, 'pass: Profiling is off.'],
    [
      'a distribution it is not for',
      { distributions: { only: ['rke2'] } },
      'notApplicable: This node runs kubeadm.',
    ],
    [
      'a distribution left out',
      { distributions: { except: ['kubeadm'] }, because: 'the provider runs it' },
      'notApplicable: the provider runs it.',
    ],
    ['a version inside', { component, versions: '>=1.30' }, 'pass: Profiling is off.'],
    [
      'a version outside',
      { component, versions: '<1.30' },
      'notApplicable: The version of kube-apiserver is 1.34.2, not <1.30.',
    ],
    [
      'the version of Kubernetes',
      { versions: '<1.30' },
      'notApplicable: The version of Kubernetes is v1.34.2, not <1.30.',
    ],
    [
      'a condition that does not hold',
      { when: usedIs('used') },
      'notApplicable: What the check is about is not in use here.',
    ],
    [
      'a condition that does not hold, said',
      { when: usedIs('used'), because: 'Nobody uses it.' },
      'notApplicable: Nobody uses it.',
    ],
    ['a condition that holds', { when: { not: usedIs('used') } }, 'pass: Profiling is off.'],
    [
      'a condition nobody can tell',
      { when: usedIs('gone') },
      'error: Could not look at settings.gone: nothing runs in an image.',
    ],
    [
      'a condition that is unclear',
      { when: usedIs('odd') },
      'unknown: Whether the check applies is unclear.',
    ],
  ] as const satisfies readonly (readonly [string, Applicability, string])[])(
    '%s',
    (_name, applies, expected) => {
      expect(answer(applies)).toBe(expected)
    },
  )

  it('does not when the component is not there; cannot tell when that is not known', () => {
    expect(answer({ component, because: 'x' }, 'absent')).toBe(
      'notApplicable: There is no kube-apiserver on this node.',
    )
    expect(answer({ component }, { unavailable: 'timed-out' })).toBe(
      'error: Whether kube-apiserver runs on this node could not be told: the node did not answer in time.',
    )
  })

  it('cannot tell from parts of the component that are missing or odd', () => {
    expect(answer({ component, startedAs: ['unit'] }, { ...running, 'started-as': null })).toMatch(
      /^error: The way kube-apiserver is started could not be told\./,
    )
    expect(answer({ component, startedAs: ['unit'] }, { ...running, 'started-as': 3 })).toMatch(/^error: /)
    expect(answer({ component, startedAs: ['unit'] }, { running: true })).toMatch(
      /^error: .*\(there is no field "started-as"\)\.$/,
    )
    expect(answer({ component, versions: '>=1.30' }, { ...running, version: null })).toBe(
      'error: The version of kube-apiserver could not be told.',
    )
    expect(answer({ component, versions: '>=1.30' }, { ...running, version: 'git' })).toBe(
      'unknown: The version of kube-apiserver ("git") is not a version.',
    )
    expect(answer({ component, versions: '>=1.30' }, { ...running, version: 1.3 })).toMatch(/^unknown: /)
  })

  it('cannot tell when the role or distribution is not known', () => {
    const gone = unavailable('unreachable', noSource)
    expect(answer({ roles: ['etcd'] }, running, { roles: gone })).toMatch(
      /^error: The role of this node could not be told/,
    )
    expect(answer({ distributions: { only: ['rke2'] } }, running, { distribution: gone })).toMatch(
      /^error: The distribution/,
    )
    expect(answer({ roles: ['etcd'] }, running, { roles: absent(noSource) })).toBe(
      'notApplicable: This node has no role in a cluster.',
    )
  })

  it('tells what to do about an error', () => {
    const check = checkOf({ condition: off, applies: { component } })
    const facts = { component: unavailable('timed-out', from('processes', 'the process table', 'command')) }
    expect(evaluateCheck(check, inputOf(facts))).toMatchObject({
      next: 'Collect again with a longer --timeout.',
      provenance: [{ at: 'the process table' }],
      items: ['processes'],
    })
  })

  it('lets one claim that does not hold settle it, whatever could not be told', () => {
    const applies: Applicability = {
      component,
      startedAs: ['unit'],
      roles: ['worker'],
      versions: '<1.30',
      when: usedIs('gone'),
    }
    expect(answer(applies, { ...running, 'started-as': { unavailable: 'offline' } })).toMatch(
      /^notApplicable: This node is/,
    )
    const late: Applicability = { component, versions: '>=1.30', when: usedIs('used') }
    expect(answer(late, { ...running, version: 'git' })).toMatch(/^notApplicable: What/)
  })

  it('is an error before it is unclear, and keeps the first of each', () => {
    const applies: Applicability = {
      component,
      startedAs: ['unit'],
      versions: '>=1.30',
      when: usedIs('gone'),
    }
    expect(answer(applies, { ...running, 'started-as': null, version: 'git' })).toMatch(/^error: The way/)
    expect(
      answer({ component, versions: '>=1.30', when: usedIs('gone') }, { ...running, version: 'git' }),
    ).toMatch(/^error: Could not look/)
    expect(
      answer({ component, versions: '>=1.30', when: usedIs('odd') }, { ...running, version: 'git' }),
    ).toMatch(/^unknown: The version/)
  })

  it('asks for no evidence it does not need', () => {
    const asked: string[] = []
    const input = inputOf(
      {},
      {
        fact: (request, key) => {
          asked.push(key)
          return request.fact === 'component' ? fact('absent') : fact({})
        },
      },
    )
    evaluateCheck(checkOf({ condition: off, applies: { component } }), input)
    expect(asked).toEqual(['{"fact":"component","of":"kube-apiserver"}'])
  })
})

describe('reading a check', () => {
  it('refuses evidence nobody named, start modes without a component, and faulty conditions, all at once', () => {
    const check = checkOf({
      condition: { all: [{ fact: 'flags', operator: 'equals', value: 1 }, { any: [] }] },
      applies: { startedAs: ['unit'], when: { fact: 'unit', operator: 'equals', value: [] } },
    })
    const faults = checkFaults(check)
    expect(faults).toEqual([
      'an empty "any" would be decided without evidence',
      expect.stringContaining('unit: equals takes'),
      'no evidence is named "flags"',
      'no evidence is named "unit"',
      '"startedAs" needs the component it is about',
    ])
    expect(() => compileCheck(check)).toThrow(expect.objectContaining({ code: 'content-invalid' }))
    expect(() => compileCheck(check)).toThrow(check.file)
  })
})
