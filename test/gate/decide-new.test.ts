import { describe, expect, it } from 'vitest'
import { decideNew, type NewInput } from '../../src/gate/decide-new.ts'
import { finding } from '../report/results.ts'

const says = (verdict: 'fail' | 'error', severity: 'high' | 'low' = 'high', on = 'cp-1') =>
  finding({ control: '1.2.1', target: on, verdict, severity })
const decide = (part: Partial<NewInput>) =>
  decideNew({ trouble: [], unreached: [], compared: 9, judged: 9, vanished: 0, threshold: 'high', ...part })

describe('the gate on what is new', () => {
  it('is met when nothing is', async () => {
    expect(await decide({})).toEqual({
      threshold: 'high',
      met: true,
      because: ['9 findings compared: none newly fails at high or above.'],
      exitCode: 0,
    })
  })

  it('is not met for one failure at the threshold', async () => {
    expect(await decide({ trouble: [says('fail')] })).toMatchObject({
      met: false,
      because: ['1 finding newly fails at high or above: 1.2.1.'],
      exitCode: 1,
    })
  })

  it('is met for a failure below it, and says so', async () => {
    const { exitCode, because } = await decide({ trouble: [says('fail', 'low')] })

    expect(exitCode).toBe(0)
    expect(because[1]).toBe('1 finding newly fails below high: 1.2.1.')
  })

  it('is not met for an answer that went missing, of whatever severity', async () => {
    const { exitCode, because } = await decide({ trouble: [says('error', 'low')], threshold: 'critical' })

    expect(exitCode).toBe(1)
    expect(because).toEqual(['1 check could not be assessed, unlike before: 1.2.1.'])
  })

  it('says of a target out of reach once that it is', async () => {
    const { exitCode, because } = await decide({
      trouble: [says('error', 'high', 'w-1')],
      unreached: ['w-1'],
    })

    expect(exitCode).toBe(1)
    expect(because).toEqual(['1 target could not be reached now: w-1.'])
  })

  it('makes no claim when nothing was compared; a failure outranks that', async () => {
    expect(await decide({ compared: 0 })).toMatchObject({
      met: false,
      because: ['Nothing was compared: the results share no finding.'],
      exitCode: 3,
    })
    expect((await decide({ compared: 0, trouble: [says('fail')] })).exitCode).toBe(1)
  })

  it('makes no claim when the newer result looked at nothing', async () => {
    expect(await decide({ judged: 0 })).toMatchObject({
      met: false,
      because: ['The newer result evaluated nothing.'],
      exitCode: 3,
    })
  })

  it.each([
    [1, '1 older finding has no newer one to be compared with.'],
    [2, '2 older findings have no newer one to be compared with.'],
  ])('says how many findings are gone: %i', async (vanished, says) => {
    expect((await decide({ vanished })).because).toContain(says)
  })
})
