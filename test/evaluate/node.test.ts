import { describe, expect, it } from 'vitest'
import { type EvaluationInput, evaluateNode } from '../../src/evaluate/node.ts'
import { selectControls } from '../../src/evaluate/select.ts'
import type { FactRequest } from '../../src/model/check.ts'
import { KhardError } from '../../src/model/errors.ts'
import { noSource, observed } from '../../src/model/evidence.ts'
import { checkId } from '../../src/model/ids.ts'
import { benchmarkOf, checkOf, controlOf, fact, from, profileOf } from './support.ts'

const profiling = checkOf({
  condition: { fact: 'settings', path: 'profiling', operator: 'equals', value: false },
  remediation: 'kube-apiserver.set-flag',
})
const audit = checkOf({
  id: checkId('kube-apiserver.audit-on'),
  condition: { fact: 'settings', path: 'audit', operator: 'set', value: true },
})
const library = {
  checks: new Map([profiling, audit].map((check) => [check.id, check])),
  benchmarks: [
    benchmarkOf([
      controlOf('1.2.2', { checks: [profiling.id, audit.id] }),
      controlOf('1.2.1', {
        checks: [profiling.id],
        ask: 'Is it off everywhere?',
        level: 2,
        assessment: 'manual',
      }),
      controlOf('5.1.1', { assessment: 'manual', ask: 'Who may?', severity: 'low' }),
      controlOf('5.1.2', { assessment: 'manual' }),
    ]),
  ],
}
const selection = selectControls(library, profileOf())

function node(derive: EvaluationInput['derive'], more: Partial<EvaluationInput> = {}): EvaluationInput {
  return {
    target: 'cp-1',
    roles: observed(['control-plane'], noSource),
    distribution: observed('kubeadm', noSource),
    version: observed('v1.34.2', noSource),
    derive,
    itemDigests: (ids) => ids.map((id) => `sha256:${id}`),
    ...more,
  }
}

const settings = observed(
  { profiling: observed(true, from('file:/m', '/m')), audit: observed('x', noSource) },
  noSource,
)

describe('the findings of a node', () => {
  it('come in document order, checks by id, the question of a person last', () => {
    const findings = evaluateNode(
      selection,
      node(() => settings),
    )
    expect(findings.map(({ control, check, verdict }) => `${control} ${check ?? '-'} ${verdict}`)).toEqual([
      '1.2.2 kube-apiserver.audit-on pass',
      '1.2.2 kube-apiserver.profiling-off fail',
      '1.2.1 kube-apiserver.profiling-off fail',
      '1.2.1 - notChecked',
      '5.1.1 - notChecked',
      '5.1.2 - notChecked',
    ])
  })

  it('carry everything a report shows', () => {
    const [, failing, manual, question] = evaluateNode(
      selection,
      node(() => settings, { drift: () => ({ says: 'on disk false', isUnsure: false }) }),
    )
    const place = { benchmark: 'cis-kubernetes', benchmarkVersion: '1.12', target: 'cp-1', section: '1.2' }
    expect(failing).toEqual({
      ...place,
      control: '1.2.2',
      level: 1,
      assessment: 'automated',
      check: 'kube-apiserver.profiling-off',
      title: 'Profiling is off',
      severity: 'medium',
      verdict: 'fail',
      reason: 'profiling is true, not false.',
      next: 'Set it to false.',
      observed: true,
      expected: false,
      provenance: [{ kind: 'file', at: '/m' }],
      drift: 'on disk false',
      remediation: 'kube-apiserver.set-flag',
      evidence: ['sha256:file:/m'],
    })
    expect(manual).toMatchObject({ control: '1.2.1', level: 2, assessment: 'manual', verdict: 'fail' })
    expect(question).toEqual({
      ...place,
      control: '1.2.1',
      level: 2,
      assessment: 'manual',
      title: 'Control 1.2.1',
      severity: 'medium',
      verdict: 'notChecked',
      reason: 'Is it off everywhere?',
      next: expect.stringContaining('by hand'),
      provenance: [],
      evidence: [],
    })
  })

  it('say of a control without a question that a person has to look', () => {
    const [first, second] = evaluateNode(
      selection,
      node(() => settings),
    ).slice(-2)
    expect(first).toMatchObject({ reason: 'Who may?', severity: 'low' })
    expect(second?.reason).toBe('No check answers this control; a person has to.')
  })

  it('are of every process that is the same component, and name the one that fails', () => {
    const good = fact({ profiling: false, audit: 'x' })
    const drift = () => undefined
    const instances = [
      { name: 'first', derive: () => good, drift },
      { name: 'second', derive: () => settings, drift },
    ]
    const [audited, profiled] = evaluateNode(
      selection,
      node(() => good, { instances }),
    )
    expect(audited?.verdict).toBe('pass')
    expect(profiled).toMatchObject({ verdict: 'fail', reason: 'second: profiling is true, not false.' })
  })

  it('name no remediation where nothing fails', () => {
    const good = fact({ profiling: false, audit: 'x' })
    for (const finding of evaluateNode(
      selection,
      node(() => good),
    ))
      expect(finding).not.toHaveProperty('remediation')
  })

  it('derive each fact once, however many checks ask', () => {
    const asked: FactRequest[] = []
    evaluateNode(
      selection,
      node((request) => {
        asked.push(request)
        return settings
      }),
    )
    expect(asked).toEqual([
      { fact: 'component-settings', of: 'kube-apiserver' },
      { fact: 'component-files', of: 'kube-apiserver', which: 'kubeconfig' },
    ])
  })

  it('become errors when a derivation breaks, and the run goes on', () => {
    const findings = evaluateNode(
      selection,
      node(() => {
        throw new RangeError('bad \u001b input')
      }),
    )
    expect(findings.map(({ verdict }) => verdict)).toEqual([
      'error',
      'error',
      'error',
      'notChecked',
      'notChecked',
      'notChecked',
    ])
    expect(findings[0]?.reason).toContain(
      'component-settings could not be derived: RangeError: bad \\x1b input',
    )
  })

  it('are not made at all when content is at fault', () => {
    const fault = new KhardError({ code: 'content-invalid', message: 'no such component', next: 'x' })
    expect(() =>
      evaluateNode(
        selection,
        node(() => {
          throw fault
        }),
      ),
    ).toThrow(fault)
  })

  it('are the same whenever they are made again', () => {
    const [first, second] = [1, 2].map(() =>
      JSON.stringify(
        evaluateNode(
          selection,
          node(() => settings),
        ),
      ),
    )
    expect(first).toBe(second)
  })
})

describe('a control with words of its own', () => {
  const of = (more: Parameters<typeof controlOf>[1]) => {
    const benchmarks = [benchmarkOf([controlOf('1.2.1', { checks: [profiling.id], ...more })])]
    return evaluateNode(
      selectControls({ ...library, benchmarks }, profileOf()),
      node(() => settings),
    )
  }

  it('has its severity and its references, whatever its checks say', () => {
    const references = { 'nist-800-53': ['CM-6'] }
    expect(of({ severity: 'critical', references })).toMatchObject([
      { verdict: 'fail', severity: 'critical', references },
    ])
    expect(of({})[0]).not.toHaveProperty('references')
  })

  it('that does not apply is not judged and not asked', () => {
    const reason = 'The process runs as root.'
    expect(of({ notApplicable: reason, ask: 'Why?', title: 'Owner' })).toMatchObject([
      { verdict: 'notApplicable', reason, title: 'Owner', severity: profiling.severity, evidence: [] },
    ])
    expect(of({ notApplicable: reason, checks: [] })).toMatchObject([{ severity: 'medium' }])
  })

  it('that does not apply asks the node for nothing', () => {
    const benchmarks = [benchmarkOf([controlOf('1.2.1', { checks: [profiling.id], notApplicable: 'No.' })])]
    expect(selectControls({ ...library, benchmarks }, profileOf()).checks).toEqual([])
  })
})
