import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideGate } from '../../src/gate/decide.ts'
import { claimAllHeard } from '../../src/gate/hear.ts'
import type { GateRule } from '../../src/gate/policy.ts'
import type { Baseline } from '../../src/model/diff.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Severity, Verdict } from '../../src/model/verdict.ts'
import { isAtLeast, severities, verdicts } from '../../src/model/verdict.ts'
import { finding, target, unreached } from '../report/results.ts'

const on = target('cp-1')
const says = (verdict: Verdict, severity: Severity = 'high', control = '1.2.1'): Finding =>
  finding({ control, target: 'cp-1', verdict, severity })
const decide = (findings: readonly Finding[], part: Partial<Parameters<typeof decideGate>[0]> = {}) =>
  decideGate({ findings, targets: [on], threshold: 'high', maxErrors: 0, ...part })

describe('the gate', () => {
  it('is met when everything was assessed and nothing fails', async () => {
    const decision = await decide([says('pass'), says('fixed'), says('notApplicable')])

    expect(decision).toEqual({
      threshold: 'high',
      maxErrors: 0,
      met: true,
      complete: true,
      because: ['2 findings judged on 1 target: none fails at high or above without a waiver.'],
      exitCode: 0,
    })
  })

  it('is not met for one finding at the threshold', async () => {
    const decision = await decide([says('pass'), says('fail')])

    expect(decision).toMatchObject({ met: false, complete: true, exitCode: 1 })
    expect(decision.because).toEqual(['1 finding fails at high or above: 1.2.1.'])
  })

  it('says what fails below the threshold and is met', async () => {
    const decision = await decide([says('pass'), says('fail', 'medium')])

    expect(decision.exitCode).toBe(0)
    expect(decision.because).toContain('1 finding fails below high: 1.2.1.')
  })

  it('says "at critical" when nothing is above it', async () => {
    const failing = await decide([says('fail', 'critical')], { threshold: 'critical' })
    expect(failing.because).toEqual(['1 finding fails at critical: 1.2.1.'])

    const met = await decide([says('fail', 'high')], { threshold: 'critical' })
    expect(met.exitCode).toBe(0)
    expect(met.because[0]).toBe('1 finding judged on 1 target: none fails at critical without a waiver.')
  })

  it('names at most five controls', async () => {
    const failures = Array.from({ length: 8 }, (_, index) => says('fail', 'critical', `1.2.${index + 1}`))

    const { because } = await decide(failures)

    expect(because[0]).toBe('8 findings fail at high or above: 1.2.1, 1.2.2, 1.2.3, 1.2.4, 1.2.5 and 3 more.')
  })

  it('never turns a number of failures into an exit code', async () => {
    const failures = Array.from({ length: 256 }, () => says('fail'))

    expect((await decide(failures)).exitCode).toBe(1)
  })

  it.each(['error', 'unknown'] as const)('makes no claim when a check ended in %s', async (verdict) => {
    const decision = await decide([says('pass'), says(verdict, 'low', '4.1.5')])

    expect(decision).toMatchObject({ met: false, complete: false, exitCode: 3 })
    expect(decision.because).toEqual(['1 check could not be assessed, 0 allowed: 4.1.5.'])
  })

  it('lets as many checks go unanswered as it was told to, and says so', async () => {
    const findings = [says('pass'), says('error'), says('unknown')]

    expect((await decide(findings, { maxErrors: 1 })).exitCode).toBe(3)
    expect(await decide(findings, { maxErrors: 2 })).toMatchObject({ met: true, complete: true, exitCode: 0 })
    const any = await decide(findings, { maxErrors: 'any' })
    expect(any.exitCode).toBe(0)
    expect(any.because).toContain('2 checks could not be assessed, any number is allowed: 1.2.1.')
  })

  it('lets a failure outrank an answer that is missing', async () => {
    const decision = await decide([says('error'), says('fail')])

    expect(decision).toMatchObject({ met: false, complete: false, exitCode: 1 })
    expect(decision.because).toHaveLength(2)
  })

  it.each([
    ['nothing at all', []],
    ['what does not apply', [says('notApplicable')]],
    ['questions', [says('notChecked')]],
    ['information', [says('informational')]],
  ])('is never met when the run holds %s', async (_, findings) => {
    for (const threshold of ['none', 'low', 'critical'] as const) {
      const decision = await decide(findings, { threshold, maxErrors: 'any' })

      expect(decision).toMatchObject({ met: false, complete: false, exitCode: 3 })
      expect(decision.because[0]).toBe('Nothing was evaluated: no check looked at any evidence.')
    }
  })

  it('makes no claim when a target could not be reached, whatever number of errors is allowed', async () => {
    const targets = [on, unreached('w-2', 'connection refused')]

    const decision = await decide([says('pass')], { targets, maxErrors: 'any' })

    expect(decision.exitCode).toBe(3)
    expect(decision.because).toEqual(['1 target could not be reached: w-2.'])
  })

  it('makes no claim when a reached target has no finding at all', async () => {
    const decision = await decide([says('pass')], { targets: [on, target('w-1')] })

    expect(decision.exitCode).toBe(3)
    expect(decision.because).toEqual(['Nothing was evaluated on w-1.'])
  })

  it('says where no check applies', async () => {
    const elsewhere = finding({ control: '2.1', target: 'w-1', verdict: 'notApplicable' })

    const decision = await decide([says('pass'), elsewhere], { targets: [on, target('w-1')] })

    expect(decision.exitCode).toBe(0)
    expect(decision.because).toContain('No check applies on w-1.')
  })

  it('holds nothing against a target with fail-on none, yet still wants answers', async () => {
    const failing = await decide([says('fail', 'critical')], { threshold: 'none' })
    expect(failing).toMatchObject({ met: true, exitCode: 0 })
    expect(failing.because).toContain(
      '1 finding fails and none is held against a target (fail-on none): 1.2.1.',
    )

    expect((await decide([says('fail'), says('error')], { threshold: 'none' })).exitCode).toBe(3)
  })

  it('looks past a waiver in force and not past an expired one', async () => {
    const waiver = { id: 'W-014', expires: '2026-06-30', expired: false }
    const waived = await decide([{ ...says('fail'), waiver }])
    expect(waived.exitCode).toBe(0)
    expect(waived.because).toContain('1 failing finding is waived: W-014.')

    const expired = await decide([{ ...says('fail'), waiver: { ...waiver, expired: true } }])
    expect(expired.exitCode).toBe(1)
    expect(expired.because).toContain('1 failing finding has a waiver that has expired: W-014.')
  })

  it('does not let a waiver stand in for an answer', async () => {
    const waiver = { id: 'W-014', expires: '2026-06-30', expired: false }

    expect((await decide([says('pass'), { ...says('error'), waiver }])).exitCode).toBe(3)
  })

  it('says how many questions wait for a person, and does not fail for them', async () => {
    const decision = await decide([says('pass'), says('notChecked'), says('notChecked')])

    expect(decision.exitCode).toBe(0)
    expect(decision.because).toContain('2 questions only a person can answer, not part of the gate.')
  })

  it('names the benchmark when controls of two fail', async () => {
    const other = { ...says('fail', 'high', 'V-242381'), benchmark: 'stig-kubernetes' }

    const { because } = await decide([says('fail'), other])

    expect(because[0]).toContain('cis-kubernetes 1.2.1 and stig-kubernetes V-242381')
  })

  it('escapes what nodes call themselves', async () => {
    const { because } = await decide([says('pass')], { targets: [on, unreached('w\u001b[2J', 'gone')] })

    expect(because[0]).toContain('w\\x1b[2J')
  })

  it('answers the same to many gates at once', async () => {
    const decisions = await Promise.all(
      Array.from({ length: 50 }, (_, index) => decide([says(index % 2 === 0 ? 'fail' : 'pass')])),
    )

    expect(decisions.map(({ exitCode }) => exitCode)).toEqual(
      decisions.map((_, index) => (index % 2 === 0 ? 1 : 0)),
    )
  })
})

describe('the gate with a baseline', () => {
  const baseline = (known: readonly Finding[], part: Partial<Baseline> = {}): Baseline => ({
    file: 'old\u001b.json',
    digest: `sha256:${'ab'.repeat(32)}`,
    evaluatedAt: '2026-03-02T10:00:04.000Z',
    known: new Set(known),
    changed: [],
    doubts: [],
    ...part,
  })

  it('looks past what is known and says how much that is, and of which file', async () => {
    const [failing, low, silent] = [says('fail'), says('fail', 'low'), says('error')]

    const decision = await decide([says('pass'), failing, low, silent], {
      baseline: baseline([failing, low, silent]),
    })

    expect(decision).toMatchObject({
      met: true,
      complete: true,
      exitCode: 0,
      baseline: {
        file: 'old\u001b.json',
        digest: `sha256:${'ab'.repeat(32)}`,
        evaluatedAt: '2026-03-02T10:00:04.000Z',
        known: { failing: 2, unassessed: 1 },
      },
    })
    expect(decision.because).toEqual([
      '3 findings judged on 1 target: none newly fails at high or above without a waiver.',
      'Baseline old\\x1b.json of 2026-03-02 (sha256:abababababab…): left out 2 failing findings and 1 check without an answer known from it.',
    ])
  })

  it('counts what is new, and only that', async () => {
    const [known, fresh] = [says('fail'), says('fail', 'high', '1.2.2')]
    const failing = await decide([known, fresh, says('fail', 'low', '1.2.3')], {
      baseline: baseline([known]),
    })
    expect(failing.exitCode).toBe(1)
    expect(failing.because).toEqual([
      '1 finding newly fails at high or above: 1.2.2.',
      'Baseline old\\x1b.json of 2026-03-02 (sha256:abababababab…): left out 1 failing finding known from it.',
      '1 finding newly fails below high: 1.2.3.',
    ])

    const silent = says('error')
    const open = await decide([says('pass'), silent, says('error', 'low', '4.1.5')], {
      baseline: baseline([silent]),
    })
    expect(open.exitCode).toBe(3)
    expect(open.because[0]).toBe('1 check could not be assessed, unlike in the baseline, 0 allowed: 4.1.5.')
  })

  it('that knows nothing of the run changes nothing, and is doubted aloud', async () => {
    const decision = await decide([says('fail')], {
      baseline: baseline([], { doubts: ['It is of another cluster.'] }),
    })

    expect(decision.exitCode).toBe(1)
    expect(decision.because.slice(1)).toEqual([
      'It is of another cluster.',
      'Baseline old\\x1b.json of 2026-03-02 (sha256:abababababab…): nothing in this run is known from it.',
    ])
  })

  it('says what fails otherwise than there', async () => {
    const known = says('fail')

    const { because } = await decide([known], { baseline: baseline([known], { changed: [known] }) })

    expect(because).toContain('1 known finding fails otherwise than there: 1.2.1.')
  })

  it('excuses no target that was not reached, and no run that looked at nothing', async () => {
    const silent = says('error')
    const away = unreached('w-2', 'connection refused')
    const known = baseline([silent])

    expect((await decide([says('pass'), silent], { targets: [on, away], baseline: known })).exitCode).toBe(3)
    expect((await decide([silent], { baseline: known })).exitCode).toBe(3)
  })
})

describe('rules of the user', () => {
  const tooManyWaivers: GateRule = {
    name: 'too-many-waivers',
    priority: 200,
    conditions: { all: [{ fact: 'waived', operator: 'greaterThan', value: 0 }] },
    event: { type: 'not-met', params: { because: 'Production takes no waivers.' } },
  }

  it('are heard beside the built-in ones', async () => {
    const waiver = { id: 'W-014', expires: '2026-06-30', expired: false }
    const input = {
      findings: [{ ...says('fail'), waiver }],
      targets: [on],
      threshold: 'high',
      maxErrors: 0,
    } as const

    const decision = await decideGate(input, [tooManyWaivers])

    expect(decision.exitCode).toBe(1)
    expect(decision.because[0]).toBe('Production takes no waivers.')
  })

  it('cannot take a built-in one away by using its name', async () => {
    const input = { findings: [says('fail')], targets: [on], threshold: 'high', maxErrors: 0 } as const

    const decision = await decideGate(input, [
      { ...tooManyWaivers, name: 'failing', event: { type: 'note', params: { because: 'fine' } } },
    ])

    expect(decision.exitCode).toBe(1)
    expect(decision.because).toEqual(['1 finding fails at high or above: 1.2.1.'])
  })

  it('stop the gate when they ask for what nobody knows', async () => {
    const broken = {
      ...tooManyWaivers,
      conditions: { all: [{ fact: 'weather', operator: 'equal', value: 1 }] },
    } as unknown as GateRule
    const input = { findings: [says('pass')], targets: [on], threshold: 'high', maxErrors: 0 } as const

    await expect(decideGate(input, [broken])).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('the gate holds in general', () => {
  const anyFinding = fc
    .record({
      verdict: fc.constantFrom(...verdicts),
      severity: fc.constantFrom(...severities),
      waiver: fc.constantFrom('none', 'in force', 'expired'),
    })
    .map(({ verdict, severity, waiver }): Finding => {
      const plain = says(verdict, severity)
      return waiver === 'none'
        ? plain
        : { ...plain, waiver: { id: 'W-1', expires: '2026-01-01', expired: waiver === 'expired' } }
    })
  const anyThreshold = fc.constantFrom('none' as const, ...severities)

  it('exit code, met and complete always agree, and 1 is a failure that counts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFinding, { maxLength: 12 }),
        anyThreshold,
        fc.nat(3),
        async (findings, threshold, maxErrors) => {
          const { met, complete, exitCode, because } = await decide(findings, { threshold, maxErrors })
          const counts = findings.some(
            ({ verdict, severity, waiver }) =>
              verdict === 'fail' &&
              waiver?.expired !== false &&
              threshold !== 'none' &&
              isAtLeast(severity, threshold),
          )

          expect(exitCode === 1).toBe(counts)
          expect(met).toBe(exitCode === 0)
          expect(met && !complete).toBe(false)
          expect(because.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('a run in which no check was answered is never met', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFinding, { maxLength: 8 }), anyThreshold, async (findings, threshold) => {
        const hidden = findings.map((each): Finding => ({ ...each, verdict: 'error' }))

        const decision = await decide(hidden, { threshold, maxErrors: 'any' })

        expect(decision).toMatchObject({ met: false, exitCode: 3 })
      }),
      { numRuns: 50 },
    )
  })
})

describe('the engine', () => {
  it('must have heard every rule', () => {
    expect(() => claimAllHeard(9, 8)).toThrow('8 of 9 rules of the gate were evaluated')
    expect(() => claimAllHeard(9, 9)).not.toThrow()
  })

  it('is loaded only when a gate is decided', () => {
    const sources = ['decide', 'decide-new', 'hear', 'policy', 'tally', 'exit-codes'].map((name) =>
      readFileSync(`src/gate/${name}.ts`, 'utf8'),
    )

    expect(sources.join('\n')).not.toMatch(/^import .*json-rules-engine/m)
  })
})
