import { describe, expect, it } from 'vitest'
import { evaluateCheck } from '../../../src/evaluate/check.ts'
import { type Inspection, inspectionFact } from '../../../src/facts/cluster/inspection.ts'
import { type Fact, isFactRecord, unavailable } from '../../../src/model/evidence.ts'
import { checkOf, inputOf } from '../../evaluate/support.ts'

const whole: Inspection = {
  lookedAt: 3,
  offending: [],
  noted: [],
  exempted: [],
  gaps: [],
  source: { items: ['list:v1/namespaces'], at: [{ kind: 'api', at: 'v1/namespaces' }] },
}

const gap = (reason: 'forbidden' | 'not-shown', detail: string) =>
  unavailable(reason, { items: [`list:${detail}`], at: [{ kind: 'api', at: detail }] }, detail)

function judged(part: Partial<Inspection>) {
  const fact: Fact = inspectionFact({ ...whole, ...part })
  const check = checkOf({ condition: { fact: 'files', path: 'offending', operator: 'absent', value: true } })
  return { fact, outcome: evaluateCheck(check, inputOf({ 'component-files': fact })) }
}

describe('an inspection that could not see everything', () => {
  const two = [gap('forbidden', 'a'), gap('forbidden', 'b')]
  const remark = { on: { kind: 'Pod', namespace: 'n', name: 'p' }, because: 'it does' }

  it('passes only where nothing is missing', () => {
    expect(judged({}).outcome.verdict).toBe('pass')
    expect(judged({ gaps: [gap('forbidden', 'a')] }).outcome).toMatchObject({
      verdict: 'error',
      reason: expect.not.stringContaining('more'),
    })
  })

  it('is an error that says how much is missing, and rests on all of it', () => {
    const { outcome } = judged({ gaps: two })
    expect(outcome).toMatchObject({
      verdict: 'error',
      reason: expect.stringMatching(/\(a\): .*, and 1 more\.$/),
      items: ['list:a', 'list:b'],
    })
    expect(outcome.objects).toBeUndefined()
  })

  it('is not checked where one of them is not shown, which is told first', () => {
    expect(judged({ gaps: [...two, gap('not-shown', 'c')] }).outcome).toMatchObject({
      verdict: 'notChecked',
      reason: expect.stringMatching(/\(c\): .*, and 2 more\.$/),
    })
  })

  it('fails by what was seen all the same', () => {
    expect(judged({ gaps: two, offending: [remark] }).outcome.verdict).toBe('fail')
  })

  it('looked at nothing that it can count where nothing was seen', () => {
    const { fact } = judged({ gaps: two, lookedAt: 0 })
    const fields = fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact : {}
    expect(fields['looked-at']).toMatchObject({ kind: 'unavailable' })
  })
})
