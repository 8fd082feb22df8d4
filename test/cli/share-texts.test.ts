import { describe, expect, it } from 'vitest'
import { openSharedTexts } from '../../src/cli/share-texts.ts'
import type { Finding } from '../../src/model/finding.ts'
import { finding } from '../report/results.ts'

/** Texts of their own, as each evaluation makes them. */
const fresh = (text: string): string => Buffer.from(text).toString()

function of(target: string, part: Partial<Finding> = {}): Finding {
  return finding({
    control: '1.2.1',
    target,
    verdict: 'notChecked',
    reason: fresh('The API does not show it.'),
    provenance: [{ kind: 'api', at: fresh('v1/nodes') }],
    next: fresh('Audit the node itself.'),
    evidence: [fresh(`sha256:${target}`)],
    ...part,
  })
}

describe('texts of findings', () => {
  it('are kept once for all nodes', () => {
    const shared = openSharedTexts()
    const [one] = shared.of([of('node-1')])
    const [other] = shared.of([of('node-2')])
    expect(other?.provenance).toBe(one?.provenance)
  })

  it('say the same as before, each of its own node', () => {
    const shared = openSharedTexts()
    const { next: _, ...passed } = of('node-2', { verdict: 'pass', observed: false })
    const findings = [
      of('node-1'),
      passed,
      of('node-3', { provenance: [{ kind: 'file', at: 'v1/nodes', line: 3 }], reason: 'It is off.' }),
      of('node-3', { waiver: { id: 'w', expires: '2027-01-01', expired: false }, drift: 'It differs.' }),
    ]
    expect(findings.map((each) => shared.of([each])[0])).toStrictEqual(findings)
  })

  it('cite the same list of digests within a node', () => {
    const [one, other] = openSharedTexts().of([of('node-1'), of('node-1')])
    expect(other?.evidence).toBe(one?.evidence)
    expect(one?.evidence).toEqual(['sha256:node-1'])
  })
})
