import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareResults } from '../../src/compare/compare.ts'
import { newTrouble } from '../../src/compare/known.ts'
import type { NamedResult, ResultDiff } from '../../src/model/diff.ts'
import type { Finding } from '../../src/model/finding.ts'
import { severities, verdicts } from '../../src/model/verdict.ts'
import { finding, target, unreached } from '../report/results.ts'
import { expired, inForce, named, says } from './scene.ts'

const compare = (before: NamedResult, after: NamedResult): ResultDiff =>
  compareResults(before, after, '0.1.0')

describe('findings', () => {
  it('are matched by target, benchmark, control and check, not by edition', async () => {
    const before = await named('old.json', { findings: [says('fail', { benchmarkVersion: '1.11' })] })
    const after = await named('new.json', { findings: [says('pass', { benchmarkVersion: '1.12' })] })

    const { changes, appeared, vanished } = compare(before, after)

    expect(changes.map(({ kind }) => kind)).toEqual(['better'])
    expect([...appeared, ...vanished]).toEqual([])
  })

  it('of another benchmark, control, check or target are other findings', async () => {
    const targets = [target('cp-1'), target('cp-2')]
    const { control: _control, check: _check, ...bare } = says('pass')
    const before = await named('old.json', { targets, findings: [says('fail')] })
    const others = [
      says('pass', { benchmark: 'stig' }),
      says('pass', { control: '1.2.2' }),
      says('pass', { check: 'another.check' }),
      says('pass', { target: 'cp-2' }),
      { ...bare, control: '1.2.1' },
    ]
    const after = await named('new.json', { targets, findings: others })

    expect(compare(before, after).summary).toMatchObject({ compared: 0, appeared: 5, vanished: 1 })
  })

  it('asked twice are matched by edition first, then one to one', async () => {
    const [a, b, c] = ['1.11', '1.12', '1.13'].map((benchmarkVersion) => ({ benchmarkVersion }))
    const before = await named('old.json', { findings: [says('pass', a), says('fail', b)] })
    const after = await named('new.json', { findings: [says('fail', c), says('fail', b), says('pass', c)] })

    const { changes, appeared, summary } = compare(before, after)

    expect(summary).toMatchObject({ compared: 2, appeared: 1, vanished: 0 })
    expect(changes.map((one) => one.before.benchmarkVersion)).toEqual(['1.11'])
    expect(appeared).toHaveLength(1)
  })

  it('come out sorted, numbers as numbers', async () => {
    const findings = ['1.2.10', '1.2.9', '1.1.1'].map((control) => says('fail', { control }))
    const before = await named('old.json', { findings: findings.map((one) => ({ ...one, verdict: 'pass' })) })

    const { changes } = compare(before, await named('new.json', { findings }))

    expect(changes.map(({ after }) => after.control)).toEqual(['1.1.1', '1.2.9', '1.2.10'])
  })

  it('of one control come out with its question before its checks', async () => {
    const ask = finding({ control: '1.2.1', target: 'cp-1', verdict: 'notChecked' })
    for (const findings of [
      [ask, says('pass')],
      [says('pass'), ask],
    ]) {
      const { appeared } = compare(await named('old.json', {}), await named('new.json', { findings }))
      expect(appeared.map(({ verdict }) => verdict)).toEqual(['notChecked', 'pass'])
    }
  })
})

describe('a control that another edition numbers otherwise', () => {
  it('is gone and new, and said to be the same check', async () => {
    const before = await named('old.json', { findings: [says('fail')] })
    const after = await named('new.json', { findings: [says('fail', { control: '1.2.2' })] })

    const diff = compare(before, after)

    expect(diff.summary).toMatchObject({ appeared: 1, vanished: 1, changed: 0 })
    expect(diff.renumbered).toEqual([
      { benchmark: 'cis-kubernetes', check: says('fail').check, before: '1.2.1', after: '1.2.2' },
    ])
  })

  it('is not guessed for questions to people, which have no check', async () => {
    const ask = (control: string): Finding => finding({ control, target: 'cp-1', verdict: 'notChecked' })
    const diff = compare(
      await named('old.json', { findings: [ask('3.2.1')] }),
      await named('new.json', { findings: [ask('3.2.2')] }),
    )

    expect(diff.renumbered).toEqual([])
  })
})

describe('targets', () => {
  const many = (on: string, verdict: Finding['verdict']): readonly Finding[] =>
    Array.from({ length: 200 }, (_, index) => says(verdict, { target: on, control: `1.${index}` }))

  it('that appear or vanish are told once, with their verdicts', async () => {
    const before = await named('old.json', { targets: [target('w-1')], findings: many('w-1', 'pass') })
    const after = await named('new.json', { targets: [target('w-2')], findings: many('w-2', 'fail') })

    const { targets, changes, appeared, vanished } = compare(before, after)

    expect(targets).toMatchObject([
      { id: 'w-1', kind: 'node', change: 'vanished', reached: true, verdicts: { pass: 200 } },
      { id: 'w-2', kind: 'node', change: 'appeared', reached: true, verdicts: { fail: 200 } },
    ])
    expect([changes, appeared, vanished]).toEqual([[], [], []])
  })

  it('that went out of reach are told once; so are those that came back', async () => {
    const up = { targets: [target('w-1')], findings: many('w-1', 'pass') }
    const down = { targets: [unreached('w-1', 'no route')], findings: many('w-1', 'error') }

    const lost = compare(await named('old.json', up), await named('new.json', down))
    expect(lost.targets).toMatchObject([
      { change: 'lost', reached: false, problem: 'no route', verdicts: { pass: 200 } },
    ])
    expect(lost.changes).toEqual([])

    const regained = compare(await named('old.json', down), await named('new.json', up))
    expect(regained.targets).toMatchObject([{ change: 'regained', reached: true, verdicts: { pass: 200 } }])
  })

  it('that stand for several nodes are compared as any other', async () => {
    const group = { id: 'all nodes (kubeadm)', kind: 'group', members: ['cp-1'] } as const
    const of = async (verdict: Finding['verdict']): Promise<NamedResult> => {
      const { result, ...rest } = await named('x.json', { findings: [says(verdict, { target: group.id })] })
      return { ...rest, result: { ...result, targets: [group] } }
    }
    expect(compare(await of('pass'), await of('fail'))).toMatchObject({ targets: [], summary: { worse: 1 } })

    const { targets } = compare(await named('old.json', {}), await of('fail'))
    expect(targets[0]).toMatchObject({ id: group.id, kind: 'group', change: 'appeared', reached: true })
  })
})

describe('what has to be known of a comparison', () => {
  const notes = async (change: Partial<NamedResult['result']>): Promise<readonly string[]> =>
    compare(await named('old.json', { findings: [says('pass')] }), await named('new.json', {}, change)).notes

  it('is that two files hold one result, and nothing more', async () => {
    const one = await named('a.json', {})

    expect(compare(one, { ...one, file: 'b.json' }).notes).toEqual(['Both files hold the same result.'])
  })

  it('is nothing where nothing is the matter', async () => {
    expect(await notes({})).toEqual([])
  })

  it('is the order of the two', async () => {
    expect(await notes({ evaluatedAt: '2026-01-01T00:00:00.000Z' })).toEqual([
      'old.json is younger than new.json: were they meant the other way round?',
    ])
  })

  it('is another profile on the same target', async () => {
    expect(await notes({ targets: [target('cp-1', { profile: 'kubeadm-cis-l2' })] })).toEqual([
      'Another profile was asked: kubeadm-cis-l1 → kubeadm-cis-l2.',
    ])
    expect(await notes({ targets: [unreached('cp-1', 'gone'), target('cp-9')] })).toEqual([])
  })

  it('is a profile that was edited or tailored', async () => {
    const digest = `sha256:${'0'.repeat(64)}`
    const profiles = [
      { id: 'kubeadm-cis-l1', version: '1.0.0', digest, title: '' },
      { id: 'added', version: '1', digest, title: '' },
    ]
    expect(await notes({ profiles })).toEqual([
      'Profile kubeadm-cis-l1 is not what it was: it was edited, tailored, or comes with another khard.',
    ])
  })

  it('is another edition', async () => {
    const of = (id: string, version: string) => ({ id, version, title: '' })
    expect(
      await notes({
        benchmarks: [of('cis-kubernetes', '2.0'), of('cis-kubernetes', '1.12'), of('stig', '2')],
      }),
    ).toEqual(['cis-kubernetes is compared across editions: 1.12 before, 1.12 and 2.0 now.'])
  })
})

const { check: _, ...asks } = says('notChecked')

describe('new trouble', () => {
  it.each([
    ['a failure', says('pass'), says('fail'), true],
    ['a failure there was', says('fail'), says('fail', { observed: 'other' }), false],
    ['a failure where nothing could be seen', says('error'), says('fail'), true],
    [
      'a failure whose waiver lapsed',
      says('fail', { waiver: inForce }),
      says('fail', { waiver: expired }),
      true,
    ],
    ['a failure of a higher severity', says('fail'), says('fail', { severity: 'critical' }), true],
    ['a failure that a waiver covers', says('pass'), says('fail', { waiver: inForce }), false],
    ['a missing answer', says('pass'), says('error'), true],
    ['a missing answer instead of a failure', says('fail'), says('unknown'), true],
    ['a missing answer that was missing', says('unknown'), says('error'), false],
    ['a check that could not be asked any more', says('pass'), says('notChecked'), true],
    ['a question for a person', asks, asks, false],
  ] as const)('%s', (...[, before, after, isNew]) => {
    expect(newTrouble([before], [after])).toEqual(isNew ? [after] : [])
  })

  it('is what nobody asked before', () => {
    expect(newTrouble([], [says('fail'), says('pass')])).toHaveLength(1)
  })
})

describe('any two results', () => {
  const anyFinding = fc
    .record({
      control: fc.constantFrom('1.2.1', '1.2.10', '4.1.1'),
      on: fc.constantFrom('cp-1', 'w-1', 'w-2'),
      benchmarkVersion: fc.constantFrom('1.11', '1.12'),
      verdict: fc.constantFrom(...verdicts),
      severity: fc.constantFrom(...severities),
      waiver: fc.constantFrom(undefined, inForce, expired),
      observed: fc.constantFrom('a', 'b'),
    })
    .map(
      ({ on, waiver, ...rest }): Finding =>
        says(rest.verdict, { ...rest, target: on, ...(waiver && { waiver }) }),
    )
  const anyFindings = fc.array(anyFinding, { maxLength: 12 })
  const on = (findings: readonly Finding[]) => ({
    targets: [...new Set(['cp-1', ...findings.map((one) => one.target)])].map((id) => target(id)),
    findings,
  })

  it('that are one have no difference', async () => {
    await fc.assert(
      fc.asyncProperty(anyFindings, async (findings) => {
        const diff = compare(await named('a.json', on(findings)), await named('b.json', on(findings)))

        expect([diff.targets, diff.changes, diff.appeared, diff.vanished]).toEqual([[], [], [], []])
        expect(diff.summary).toMatchObject({ compared: findings.length, unchanged: findings.length })
        expect(newTrouble(findings, findings)).toEqual([])
      }),
    )
  })

  it('the other way round are each other’s mirror', async () => {
    await fc.assert(
      fc.asyncProperty(anyFindings, anyFindings, async (first, second) => {
        const [a, b] = [await named('a.json', on(first)), await named('b.json', on(second))]
        const [there, back] = [compare(a, b), compare(b, a)]
        const mirrored = { gained: 'lost', lost: 'gained', none: 'none' } as const

        expect(back.appeared).toEqual(there.vanished)
        expect(back.vanished).toEqual(there.appeared)
        expect(back.targets.map(({ id }) => id)).toEqual(there.targets.map(({ id }) => id))
        const key = (one: { before: Finding; after: Finding }) => JSON.stringify([one.before, one.after])
        const forth = new Map(there.changes.map((one) => [key(one), one]))
        expect(back.changes).toHaveLength(there.changes.length)
        for (const one of back.changes) {
          const other = forth.get(key({ before: one.after, after: one.before }))
          expect(other).toBeDefined()
          expect(one.coverage ?? 'none').toBe(mirrored[other?.coverage ?? 'none'])
          if (one.kind === 'better') expect(other?.kind).not.toBe('better')
        }
      }),
    )
  })

  it('come out alike in whatever order their findings stand', async () => {
    await fc.assert(
      fc.asyncProperty(anyFindings, anyFindings, async (first, second) => {
        const { targets } = on([...first, ...second])
        const of = (file: string, findings: readonly Finding[]) => named(file, { targets, findings })
        const straight = compare(await of('a', first), await of('b', second))
        const turned = compare(await of('a', first.toReversed()), await of('b', second.toReversed()))

        expect([turned.changes, turned.appeared, turned.vanished]).toEqual([
          straight.changes,
          straight.appeared,
          straight.vanished,
        ])
      }),
    )
  })
})
