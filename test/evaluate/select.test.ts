import { describe, expect, it } from 'vitest'
import { type Library, type SelectionOptions, selectControls } from '../../src/evaluate/select.ts'
import type { Profile } from '../../src/model/benchmark.ts'
import { noSource, observed } from '../../src/model/evidence.ts'
import { benchmarkId, checkId } from '../../src/model/ids.ts'
import { benchmarkOf, checkOf, controlOf, profileOf } from './support.ts'

const [profiling, audit, kubelet] = [
  'kube-apiserver.profiling-off',
  'kube-apiserver.audit-on',
  'kubelet.tls-on',
].map(checkId)
const ids = {
  profiling: profiling ?? checkId('a.b'),
  audit: audit ?? checkId('a.b'),
  kubelet: kubelet ?? checkId('a.b'),
}

const benchmark = benchmarkOf([
  controlOf('1.2.1', { checks: [ids.profiling, ids.audit] }),
  controlOf('1.2.2', { level: 2, checks: [ids.audit], ask: 'Who reads it?' }),
  controlOf('1.2.10', { assessment: 'manual' }),
  controlOf('4.1.1', { checks: [ids.kubelet] }),
])
const other = benchmarkOf([controlOf('V-1', { section: 'all', checks: [ids.kubelet] })], 'stig', '2')
const checks = Object.values(ids).map((id) =>
  checkOf({ id, condition: { fact: 'settings', path: 'x', operator: 'set', value: true } }),
)
const library: Library = {
  benchmarks: [benchmark, other],
  checks: new Map(checks.map((check) => [check.id, check])),
}

const both = profileOf({
  benchmarks: [
    { id: benchmarkId('cis-kubernetes'), version: '1.12', maxLevel: 1 },
    { id: benchmarkId('stig'), version: '2', maxLevel: 2 },
  ],
})

function chosen(options: SelectionOptions, profile: Profile = both): readonly string[] {
  const { controls } = selectControls(library, profile, options)
  return controls.map(
    ({ control, checks: own, asks }) =>
      `${control.id}: ${own.map(({ check }) => check.id).join(' ')}${asks ? ' ask' : ''}`,
  )
}

describe('an edition by Kubernetes version', () => {
  const newer = {
    ...benchmarkOf([controlOf('1.2.3', { checks: [ids.audit] })], 'stig', '3'),
    kubernetes: '>=1.35',
  }
  const two = { ...library, benchmarks: [benchmark, { ...other, kubernetes: '>=1.30 <1.35' }, newer] }
  const profile = profileOf({
    benchmarks: [
      {
        id: benchmarkId('stig'),
        version: 'by-kubernetes',
        maxLevel: 2,
        skip: [{ control: '1.2.3', because: 'elsewhere' }],
      },
      { id: benchmarkId('cis-kubernetes'), version: '1.12', maxLevel: 1 },
    ],
  })

  it('is the one of the node, and leaves out only what it has', () => {
    const older = selectControls(two, profile, { kubernetes: 'v1.34.2' })
    expect(older.benchmarks.map(({ version }) => version)).toEqual(['2', '1.12'])
    expect(older.skipped).toEqual([])
    const current = selectControls(two, profile, { kubernetes: 'v1.35.0' })
    expect(current.benchmarks.map(({ version }) => version)).toEqual(['3', '1.12'])
    expect(current.skipped.map(({ control }) => control)).toEqual(['1.2.3'])
  })

  it('is an error where there is no such benchmark', () => {
    const entry = { id: benchmarkId('cis-eks'), version: 'by-kubernetes', maxLevel: 1 } as const
    expect(() => selectControls(two, profileOf({ benchmarks: [entry] }))).toThrow(/cis-eks@by-kubernetes/)
  })
})

describe('values a document asks for', () => {
  const condition = {
    fact: 'settings',
    path: 'x',
    operator: 'equals',
    value: { parameter: 'limit' },
  } as const
  const limited = checkOf({ condition, parameters: { limit: { default: 1, means: 'n' } } })
  const asking = (limit: number): ReturnType<typeof controlOf> =>
    controlOf(`1.2.${limit}`, { checks: [limited.id], parameters: { limit, unrelated: 7 } })
  const own = {
    checks: new Map([[limited.id, limited]]),
    benchmarks: [benchmarkOf([asking(2), asking(3), controlOf('1.2.4', { checks: [limited.id] })])],
  }

  it('compile the check once for each', () => {
    const { controls, checks: compiled } = selectControls(own, profileOf())
    expect(new Set(controls.map(({ checks: [one] }) => one)).size).toBe(3)
    expect(compiled).toHaveLength(3)
  })

  it('give way to those of the profile', () => {
    const { controls } = selectControls(own, profileOf({ parameters: { limit: 9 } }))
    const verdicts = controls.map(
      ({ checks: [one] }) =>
        one?.evaluate({
          roles: observed([], noSource),
          distribution: observed('kubeadm', noSource),
          version: observed('v1.34.2', noSource),
          fact: () => observed({ x: observed(9, noSource) }, noSource),
        }).verdict,
    )
    expect(verdicts).toEqual(['pass', 'pass', 'pass'])
  })
})

describe('a tailoring', () => {
  it('leaves out controls and checks with its reasons', () => {
    const tailored = [
      { control: '4.1.1', because: 'no such nodes' },
      { control: ids.audit, because: 'audited elsewhere' },
    ]
    const { skipped } = selectControls(library, both, { tailored })
    expect(skipped.map(({ control, because }) => `${control} ${because}`)).toEqual(['4.1.1 no such nodes'])
    expect(chosen({ tailored })).toContain('1.2.1: kube-apiserver.profiling-off')
  })

  it('says so where several of its entries leave nothing of a control', () => {
    const tailored = [ids.audit, ids.profiling].map((control) => ({ control, because: 'one of two' }))
    const { skipped } = selectControls(library, both, { tailored })
    expect(skipped).toMatchObject([{ control: '1.2.1', because: 'the tailoring leaves out its checks' }])
  })

  it('is an error where it matches nothing', () => {
    const leaving = (control: string) => () =>
      selectControls(library, both, { tailored: [{ control, because: 'x', at: 'site.yaml:4' }] })
    expect(leaving('1.2')).not.toThrow()
    expect(leaving('9.9')).toThrow(/^site\.yaml:4: "9\.9" is no control or check of the selection$/)
  })
})

describe('what is selected', () => {
  it('follows the profile in document order, checks by id, each compiled once', () => {
    const selection = selectControls(library, both)
    expect(chosen({})).toEqual([
      '1.2.1: kube-apiserver.audit-on kube-apiserver.profiling-off',
      '1.2.10:  ask',
      '4.1.1: kubelet.tls-on',
      'V-1: kubelet.tls-on',
    ])
    expect(selection.checks.map(({ check }) => check.id)).toEqual([ids.audit, ids.profiling, ids.kubelet])
    expect(selection.controls[2]?.checks[0]).toBe(selection.controls[3]?.checks[0])
    expect(selection.benchmarks).toEqual([benchmark, other])
    expect(selection.skipped).toEqual([])
  })

  it.each([
    [{ level: 2, only: ['1.2.2'] }, ['1.2.2: kube-apiserver.audit-on ask']],
    [{ benchmarks: ['stig'] }, ['V-1: kubelet.tls-on']],
    [{ benchmarks: ['stig@2'] }, ['V-1: kubelet.tls-on']],
    [{ only: ['4.1'] }, ['4.1.1: kubelet.tls-on']],
    [{ only: ['4'] }, ['4.1.1: kubelet.tls-on']],
    [{ only: ['1.2.1'] }, ['1.2.1: kube-apiserver.audit-on kube-apiserver.profiling-off']],
    [{ only: ['stig:V-1'] }, ['V-1: kubelet.tls-on']],
    [{ only: ['all'] }, ['V-1: kubelet.tls-on']],
    [{ only: ['kubelet.tls-on'] }, ['4.1.1: kubelet.tls-on', 'V-1: kubelet.tls-on']],
    [
      { level: 2, only: ['kube-apiserver.audit-on'] },
      ['1.2.1: kube-apiserver.audit-on', '1.2.2: kube-apiserver.audit-on'],
    ],
    [
      { only: ['1.2', '4'], skip: ['1.2.10', 'kube-apiserver.audit-on'] },
      ['1.2.1: kube-apiserver.profiling-off', '4.1.1: kubelet.tls-on'],
    ],
    [{ skip: ['1.2', 'kubelet.tls-on', '4.1.1'], benchmarks: ['cis-kubernetes'], level: 2 }, null],
  ] as const)('with %j', (options, expected) => {
    if (expected === null) expect(() => chosen(options)).toThrow(expect.objectContaining({ code: 'usage' }))
    else expect(chosen(options)).toEqual(expected)
  })

  it('lists what the command line and the profile leave out, and why', () => {
    const profile = profileOf({
      benchmarks: [
        {
          id: benchmarkId('cis-kubernetes'),
          version: '1.12',
          maxLevel: 1,
          only: ['1.2.1', '4', '1.2.2'],
          skip: [{ control: '4.1.1', because: 'not here' }],
        },
      ],
    })
    expect(chosen({ skip: ['kube-apiserver.audit-on'] }, profile)).toEqual([
      '1.2.1: kube-apiserver.profiling-off',
    ])
    expect(selectControls(library, profile).skipped).toEqual([
      { benchmark: 'cis-kubernetes', version: '1.12', control: '4.1.1', because: 'not here' },
    ])
    expect(selectControls(library, both, { skip: ['4.1.1'] }).skipped).toEqual([
      {
        benchmark: 'cis-kubernetes',
        version: '1.12',
        control: '4.1.1',
        because: 'left out on the command line',
      },
    ])
  })

  it('lists a control of which no check is left', () => {
    const { controls, skipped } = selectControls(library, both, { skip: ['kubelet.tls-on'] })
    expect(controls.map(({ control }) => control.id)).toEqual(['1.2.1', '1.2.10'])
    expect(skipped.map(({ control }) => control)).toEqual(['4.1.1', 'V-1'])
  })

  it('leaves out single checks a profile names, and the control when none is left', () => {
    const skipping = (...words: readonly string[]) =>
      profileOf({
        benchmarks: [
          {
            id: benchmarkId('cis-kubernetes'),
            version: '1.12',
            maxLevel: 1,
            skip: words.map((control) => ({ control, because: `no ${control}` })),
          },
        ],
      })
    expect(chosen({ only: ['1.2.1'] }, skipping(ids.audit))).toEqual(['1.2.1: kube-apiserver.profiling-off'])
    expect(selectControls(library, skipping(ids.audit, ids.profiling)).skipped).toEqual([
      {
        benchmark: 'cis-kubernetes',
        version: '1.12',
        control: '1.2.1',
        because: 'the profile leaves out its checks',
      },
    ])
  })

  it('hands the values of the profile to the checks', () => {
    const parameters = { least: 5 }
    expect(selectControls(library, profileOf({ parameters })).profile.parameters).toBe(parameters)
  })
})

describe('ids that match nothing', () => {
  it.each([
    [{ only: ['1.2.11'] }, 'unknown-check', '1.2.1'],
    [{ skip: ['kubelet.tls-onn'] }, 'unknown-check', 'Did you mean kubelet.tls-on'],
    [{ only: ['1.2.2'] }, 'unknown-check', '1.2.1'],
    [{ benchmarks: ['stigg'] }, 'unknown-benchmark', 'Did you mean stig'],
    [{ benchmarks: ['zzzzzz'] }, 'unknown-benchmark', 'khard list'],
  ] as const)('%j: an error with the nearest', (options, code, next) => {
    expect(() => chosen(options)).toThrow(
      expect.objectContaining({ code, next: expect.stringContaining(next) }),
    )
  })

  it('in a profile or a benchmark are errors too', () => {
    const gone = profileOf({
      benchmarks: [{ id: benchmarkId('cis-kubernetes'), version: '1.13', maxLevel: 1 }],
    })
    expect(() => chosen({}, gone)).toThrow(
      expect.objectContaining({ code: 'unknown-benchmark', next: 'Did you mean cis-kubernetes@1.12?' }),
    )
    const empty: Library = { ...library, checks: new Map() }
    expect(() => selectControls(empty, both)).toThrow(expect.objectContaining({ code: 'unknown-check' }))
  })
})

describe('a word on the command line', () => {
  it('means the same in any case', () => {
    expect(chosen({ only: ['v-1'] })).toEqual(chosen({ only: ['V-1'] }))
    expect(chosen({ only: ['STIG:V-1'] })).toEqual(chosen({ only: ['V-1'] }))
    expect(chosen({ only: ['Kubelet.TLS-On'] })).toEqual(chosen({ only: ['kubelet.tls-on'] }))
    expect(chosen({ skip: ['KUBELET.tls-on', 'CIS-Kubernetes:1.2.1'] })).toEqual(
      chosen({ skip: ['kubelet.tls-on', 'cis-kubernetes:1.2.1'] }),
    )
  })

  it('is told why nothing asks for it where its section is left out on purpose', () => {
    const notAsked = [{ section: '5', title: 'Policies', because: 'Only the cluster API shows them.' }]
    const known = { ...library, benchmarks: [{ ...benchmark, notAsked }, other] }
    const ask =
      (word: string): (() => unknown) =>
      () =>
        selectControls(known, both, { only: [word] })
    expect(ask('5.1.1')).toThrow(/section 5 of .* \(Policies\), which is not asked/)
    expect(ask('CIS-Kubernetes:5.1.1')).toThrow(
      expect.objectContaining({ next: 'Only the cluster API shows them.' }),
    )
    expect(ask('55')).toThrow(/is no control or check of the selection/)
  })
})
