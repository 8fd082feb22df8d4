import { describe, expect, it } from 'vitest'
import { evaluateNode } from '../../src/evaluate/node.ts'
import { selectControls } from '../../src/evaluate/select.ts'
import { decideGate } from '../../src/gate/decide.ts'
import type { Condition } from '../../src/model/check.ts'
import { noSource, observed } from '../../src/model/evidence.ts'
import { profileId } from '../../src/model/ids.ts'
import { rollUp } from '../../src/model/roll-up.ts'
import { severities } from '../../src/model/verdict.ts'
import { finding, target } from '../report/results.ts'
import { aNode, denied, kernel, pod, unit, unreadableProcesses } from './a-node.ts'
import { content, verdictOf } from './verdict-of.ts'

const profile = {
  id: profileId('everything'),
  version: '1',
  title: 'Everything',
  description: '',
  distributions: ['any'],
  benchmarks: content.benchmarks
    .filter(({ id, version }) => id !== 'cis-kubernetes' || version === '1.12')
    .map(({ id, version }) => ({ id, version, maxLevel: 2 as const })),
  parameters: {},
  gate: { failOn: 'high' as const, maxErrors: 0 },
  digest: 'sha256:0',
}

describe('a control', () => {
  it('without a single finding is not checked, never passed', () => {
    expect(rollUp([])).toBe('notChecked')
    const derive = () => ({ kind: 'absent', source: noSource }) as const
    const told = observed('kubeadm', noSource)
    const findings = evaluateNode(selectControls(content, profile), {
      target: 'cp-1',
      roles: observed([], noSource),
      distribution: told,
      version: told,
      derive,
      itemDigests: () => [],
    })
    expect(findings.filter(({ verdict }) => verdict === 'pass')).toEqual([])
  })

  it('is manual because it says so, not because of its name', () => {
    const controls = content.benchmarks.flatMap((benchmark) => benchmark.controls)
    expect(
      controls.filter(({ assessment }) => assessment !== 'manual' && assessment !== 'automated'),
    ).toEqual([])
    expect(controls.filter(({ title }) => /manual|automated/i.test(title))).toEqual([])
  })

  it.each(['3.1.1', '3.1.2', '3.1.3'])(
    'that only a person can answer is not checked, with the question: %s',
    (id) => {
      const derive = () => ({ kind: 'absent', source: noSource }) as const
      const told = observed('kubeadm', noSource)
      const findings = evaluateNode(selectControls(content, profile, { only: [`cis-kubernetes:${id}`] }), {
        target: 'cp-1',
        roles: observed([], noSource),
        distribution: told,
        version: told,
        derive,
        itemDigests: () => [],
      })
      expect(findings).toEqual([
        expect.objectContaining({ control: id, verdict: 'notChecked', reason: expect.stringMatching(/\?$/) }),
      ])
    },
  )

  it('holds no expectation of its own: benchmarks map to checks, and checks name no control', () => {
    const keys = content.benchmarks.flatMap(({ controls }) =>
      controls.flatMap((control) => Object.keys(control)),
    )
    expect([...new Set(keys)].sort()).toEqual([
      'ask',
      'assessment',
      'checks',
      'id',
      'level',
      'notApplicable',
      'parameters',
      'references',
      'section',
      'severity',
      'title',
    ])
    expect(
      [...content.checks.values()].filter((check) => /\bCIS\b/.test(JSON.stringify(check.condition))),
    ).toEqual([])
  })
})

describe('a verdict', () => {
  it('is no better for a check nobody minds: severity decides nothing', () => {
    for (const severity of severities)
      expect(finding({ target: 'cp-1', control: '1.2.1', verdict: 'fail', severity }).verdict).toBe('fail')
    expect(rollUp(['notApplicable', 'fail'])).toBe('fail')
    const low = verdictOf(
      aNode(unit('kubelet', ['--hostname-override=other']), kernel('/proc/sys/kernel/hostname', 'cp-1\n')),
      'kubelet.hostname-not-overridden',
    )
    expect(low).toMatchObject({ severity: 'low', verdict: 'fail' })
  })

  it('of something skipped and something passed is not a pass', () => {
    expect(rollUp(['notChecked', 'pass'])).toBe('notChecked')
    expect(rollUp(['error', 'pass'])).toBe('error')
  })

  it('is an error when a derivation breaks, neither fail nor pass', () => {
    const selection = selectControls(content, profile, { only: ['kube-apiserver.always-admit-off'] })
    const derive = ({ fact }: { readonly fact: string }) => {
      if (fact === 'component')
        return observed(
          { 'started-as': observed('unit', noSource), running: observed(true, noSource) },
          noSource,
        )
      throw new Error('broken')
    }
    const told = observed('kubeadm', noSource)
    const [only] = evaluateNode(selection, {
      target: 'cp-1',
      roles: observed([], noSource),
      distribution: told,
      version: told,
      derive,
      itemDigests: () => [],
    })
    expect(only).toMatchObject({ verdict: 'error', reason: expect.stringContaining('broken') })
  })
})

describe('what could not be looked at', () => {
  const moduleLoaded: Condition = { fact: 'module', path: 'loaded', operator: 'equals', value: true }
  const unreadable = aNode(denied('/proc/sys/net/bridge/bridge-nf-call-iptables', 'permission-denied'))

  it('never passes, whatever is asked of it: a module that should not be loaded', () => {
    expect(verdictOf(unreadable, 'node.br-netfilter-loaded').verdict).toBe('error')
    expect(
      verdictOf(unreadable, 'node.br-netfilter-loaded', { condition: { not: moduleLoaded } }).verdict,
    ).toBe('error')
  })

  it('stays unknown under any number of negations', () => {
    expect(
      verdictOf(unreadable, 'node.br-netfilter-loaded', { condition: { not: { not: moduleLoaded } } })
        .verdict,
    ).toBe('error')
    expect(
      verdictOf(unreadable, 'node.br-netfilter-loaded', { condition: { not: { all: [moduleLoaded] } } })
        .verdict,
    ).toBe('error')
    const never: Condition = {
      any: [moduleLoaded, { fact: 'module', path: 'loaded', operator: 'equals', value: false }],
    }
    expect(verdictOf(unreadable, 'node.br-netfilter-loaded', { condition: never }).verdict).toBe('error')
  })

  it('is not "not set": an unreadable process table says nothing of a forbidden flag', () => {
    for (const start of [pod, unit]) {
      expect(verdictOf(aNode(start('kube-apiserver')), 'kube-apiserver.token-auth-file-unset').verdict).toBe(
        'pass',
      )
      const node = aNode(start('kube-apiserver', [], { runs: false }), unreadableProcesses())
      expect(verdictOf(node, 'kube-apiserver.token-auth-file-unset')).toMatchObject({
        verdict: 'error',
        reason: expect.stringContaining('may not read it'),
      })
    }
  })

  it('is said of a kernel parameter too, with the reason', () => {
    const parameter = '/proc/sys/vm/overcommit_memory'
    expect(verdictOf(aNode(denied(parameter)), 'node.overcommit-memory-on')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('may not read it'),
    })
    expect(verdictOf(aNode(kernel(parameter, '0\n')), 'node.overcommit-memory-on').verdict).toBe('fail')
    expect(verdictOf(aNode(kernel(parameter, '1\n')), 'node.overcommit-memory-on').verdict).toBe('pass')
  })
})

describe('a list with nothing in it', () => {
  it('never passes, even where everything in it would have to hold', () => {
    const condition: Condition = {
      fact: 'files',
      operator: 'every:mode-at-most',
      path: 'mode',
      value: '0600',
    }
    const node = aNode(unit('kubelet'))
    expect(verdictOf(node, 'cni.file-mode').verdict).toBe('notApplicable')
    expect(verdictOf(node, 'cni.file-mode', { condition }).verdict).not.toBe('pass')
  })
})

describe('a gate', () => {
  it('that heard nothing is not met', async () => {
    const nothing = await decideGate({ findings: [], targets: [], threshold: 'high', maxErrors: 'any' })
    expect(nothing).toMatchObject({ met: false, exitCode: 3 })
    const onlyNotApplicable = [finding({ target: 'cp-1', control: '1.2.1', verdict: 'notApplicable' })]
    const empty = await decideGate({
      findings: onlyNotApplicable,
      targets: [target('cp-1')],
      threshold: 'none',
      maxErrors: 'any',
    })
    expect(empty.exitCode).not.toBe(0)
  })
})
