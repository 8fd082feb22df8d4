import { describe, expect, it } from 'vitest'
import { baselineFor } from '../../src/compare/baseline.ts'
import { target, unreached } from '../report/results.ts'
import { named, says } from './scene.ts'

const old = [says('fail', { observed: 1 }), says('error', { control: '1.2.2' })]

describe('a baseline', () => {
  it('knows what failed, or had no answer, and says what fails otherwise', async () => {
    const earlier = await named('old.json', { findings: old })
    const same = says('fail', { observed: 1 })
    const other = says('fail', { observed: 2 })
    const silent = says('error', { control: '1.2.2', reason: 'Otherwise.' })
    const fresh = says('fail', { control: '1.2.3' })

    const { known, changed, doubts, ...rest } = baselineFor(earlier, {
      targets: [target('cp-1')],
      findings: [same, silent, fresh],
    })
    expect([...known]).toEqual([same, silent])
    expect([changed, doubts]).toEqual([[], []])
    expect(rest).toEqual({
      file: 'old.json',
      digest: earlier.digest,
      evaluatedAt: earlier.result.evaluatedAt,
    })

    const later = baselineFor(earlier, { targets: [target('cp-1')], findings: [other] })
    expect([...later.known]).toEqual([other])
    expect(later.changed).toEqual([other])
  })

  it('of other targets knows nothing, and says so', async () => {
    const targets = [target('cp-9')]
    const { known, doubts } = baselineFor(await named('old.json', { findings: old }), {
      targets,
      findings: [says('fail', { target: 'cp-9' })],
    })

    expect(known.size).toBe(0)
    expect(doubts).toEqual([
      'The baseline old.json names no target of this run: nothing is known from it, and everything counts.',
    ])
  })

  it('of another profile says so, once for all targets', async () => {
    const l2 = { profile: 'kubeadm-cis-l2' }
    const earlier = await named('old.json', {
      targets: [target('cp-1'), target('cp-2'), unreached('w-1', 'gone')],
    })
    const targets = [target('cp-1', l2), target('cp-2', l2), target('w-1', l2)]

    expect(baselineFor(earlier, { targets, findings: [] }).doubts).toEqual([
      'The baseline old.json was made with another profile (kubeadm-cis-l1 → kubeadm-cis-l2): what only this one asks counts as new.',
    ])
  })
})
