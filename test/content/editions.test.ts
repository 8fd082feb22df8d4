import { describe, expect, it } from 'vitest'
import type { Benchmark } from '../../src/model/benchmark.ts'
import { faultsOf, goodTree, load, paths, profile, profilingOff, section, type Tree } from './content-tree.ts'

const aged = profilingOff
  .replace('id: kube-apiserver.profiling-off', 'id: kube-apiserver.audit-log-kept')
  .replace(
    'expect:\n  - { value: settings.profiling, equals: false }',
    'parameters:\n  days: { default: 30, means: days }\nexpect:\n  - { value: settings.audit-log-maxage, at-least: { parameter: days } }',
  )
  .replace(
    /examples:[\s\S]*/,
    `examples:
  - { name: kept, given: { settings: { audit-log-maxage: 30 } }, verdict: pass }
  - { name: shorter, given: { settings: { audit-log-maxage: 3 } }, verdict: fail }
  - { name: unset, given: { settings: {} }, look-alike: true, verdict: fail }
  - { name: unreadable, given: { settings: unavailable }, verdict: error }
`,
  )
const twoControls = `${section}  - { control: "1.2.2", title: Kept, level: 2, assessment: manual, checks: [kube-apiserver.audit-log-kept] }
`
const newer = `id: cis
version: "1.1"
title: A newer benchmark
provisional: Known in part.
kubernetes: ">=1.35"
extends: { id: cis, version: "1.0" }
`
const base: Tree = {
  ...goodTree,
  'benchmarks/checks/kube-apiserver/audit-log-kept.yaml': aged,
  [paths.section]: twoControls,
  'benchmarks/cis/1.0/crosswalk.yaml': 'references:\n  "1.2.1": { nist-800-53: [CM-6, AC-3] }\n',
}

/** The second edition with these files beside its benchmark.yaml. */
function edition(files: Tree, main = newer): Tree {
  const placed = Object.entries(files).map(([name, text]) => [`benchmarks/cis/1.1/${name}`, text] as const)
  return { ...base, 'benchmarks/cis/1.1/benchmark.yaml': main, ...Object.fromEntries(placed) }
}

function loaded(tree: Tree): Benchmark | undefined {
  return load(tree).benchmarks.find(({ version }) => version === '1.1')
}

const changed = (text: string): Tree => edition({ '1.2.yaml': `section: "1.2"\ncontrols:\n  - ${text}\n` })
const said = (tree: Tree): readonly string[] => faultsOf(() => load(tree))

describe('an edition that extends another', () => {
  it('has its controls, sections and references', () => {
    const found = loaded(edition({}))
    expect(found?.controls.map(({ id }) => id)).toEqual(['1.2.1', '1.2.2'])
    expect(found?.sections).toEqual([{ id: '1.2', title: 'API server' }])
    expect(found?.controls[0]?.references).toEqual({ 'nist-800-53': ['CM-6', 'AC-3'] })
    expect(found).toMatchObject({ provisional: 'Known in part.', kubernetes: '>=1.35' })
  })

  it('leaves out the sections that one leaves out, unless it says otherwise', () => {
    const left = 'not-asked: [{ section: "5", title: Policies, because: Only the API shows them. }]\n'
    const main = `${base[paths.benchmark]}${left}`
    const inherits = loaded({ ...edition({}), [paths.benchmark]: main })
    expect(inherits?.notAsked).toEqual([
      { section: '5', title: 'Policies', because: 'Only the API shows them.' },
    ])
    const own = edition({}, `${newer}${left.replace('"5"', '"6"')}`)
    expect(loaded({ ...own, [paths.benchmark]: main })?.notAsked).toMatchObject([{ section: '6' }])
    expect(loaded(edition({}))?.notAsked).toBeUndefined()
  })

  it('keeps of a control what it does not change', () => {
    const [, second] = loaded(changed('{ control: "1.2.2", parameters: { days: 90 } }'))?.controls ?? []
    expect(second).toMatchObject({ title: 'Kept', level: 2, parameters: { days: 90 } })
  })

  it('may say that a control does not apply', () => {
    const [, second] =
      loaded(changed('{ control: "1.2.2", not-applicable: "Nothing is logged here." }'))?.controls ?? []
    expect(second).toMatchObject({ notApplicable: 'Nothing is logged here.' })
  })

  it('leaves out what it names', () => {
    const main = `${newer}leaves-out: ["1.2.1"]\n`
    expect(loaded(edition({}, main))?.controls.map(({ id }) => id)).toEqual(['1.2.2'])
  })

  it('adds controls and sections after those it has', () => {
    const main = `${newer}sections: [{ id: "1.2", title: The API server }, { id: "1.3", title: More }]\n`
    const more =
      'section: "1.3"\ncontrols:\n  - { control: "1.3.1", title: More, level: 1, assessment: manual, ask: Why?, severity: low }\n'
    const found = loaded(edition({ '1.3.yaml': more }, main))
    expect(found?.controls.map(({ id }) => id)).toEqual(['1.2.1', '1.2.2', '1.3.1'])
    expect(found?.sections.map(({ title }) => title)).toEqual(['The API server', 'More'])
  })

  it('may extend one that extends another, in whatever order they are read', () => {
    const first = newer.replace('"1.1"', '"0.9"').replace('version: "1.0" }', 'version: "1.1" }')
    const tree = { ...edition({}), 'benchmarks/cis/0.9/benchmark.yaml': first }
    expect(load(tree).benchmarks.map(({ version }) => version)).toEqual(['0.9', '1.0', '1.1'])
  })

  it('gives a control a severity of its own', () => {
    const [first] = loaded(changed('{ control: "1.2.1", severity: critical }'))?.controls ?? []
    expect(first?.severity).toBe('critical')
  })

  it.each([
    [
      'another that there is not',
      edition({}, newer.replace('version: "1.0" }', 'version: "1.3" }')),
      /there is no benchmark cis 1\.3 to extend, or it extends this one\. Did you mean/,
    ],
    [
      'itself',
      edition({}, newer.replace('version: "1.0" }', 'version: "1.1" }')),
      /there is no benchmark cis 1\.1 to extend, or it extends this one/,
    ],
    [
      'one whose control it leaves out twice over',
      edition({}, `${newer}leaves-out: ["1.2.9"]\n`),
      /the benchmark it extends has no control "1\.2\.9"/,
    ],
    [
      'one and a new control without a title',
      changed('{ control: "1.2.9", checks: [kube-apiserver.profiling-off] }'),
      /control 1\.2\.9 lacks title, level, assessment/,
    ],
    [
      'one and a value no check takes',
      changed('{ control: "1.2.2", parameters: { dais: 90 } }'),
      /no check of control 1\.2\.2 has a parameter "dais"\. Did you mean "?days/,
    ],
    [
      'one and a value of another kind',
      changed('{ control: "1.2.2", parameters: { days: many } }'),
      /parameter "days" of kube-apiserver\.audit-log-kept is a number, and "many" is text/,
    ],
    [
      'one and refers from a control it does not have',
      edition({ 'crosswalk.yaml': 'references:\n  "9.9": { nist-800-53: [CM-6] }\n' }),
      /there is no control "9\.9"/,
    ],
  ])('is refused when it extends %s', (_, tree, message) => {
    expect(said(tree).join('\n')).toMatch(message)
  })

  it('is never a way to slip a file without benchmark.yaml in', () => {
    const { 'benchmarks/cis/1.1/benchmark.yaml': _, ...rest } = edition({
      'crosswalk.yaml': 'references:\n  "1.2.1": { nist-800-53: [CM-6] }\n',
    })
    expect(said(rest).join('\n')).toMatch(/there is no benchmark\.yaml beside this file/)
  })
})

describe('a profile that takes the edition by Kubernetes version', () => {
  const byVersion = profile.replace('version: "1.0", max-level', 'version: by-kubernetes, max-level')
  const select = (more: string): Tree => ({
    ...edition({}, `${newer}leaves-out: ["1.2.1"]\n`),
    [paths.profile]: byVersion.replace('max-level: 1 }', `max-level: 1${more} }`),
  })

  it('may name controls that only some editions have', () => {
    expect(load(select(', only: ["1.2.1"]')).profiles[0]?.benchmarks[0]).toMatchObject({
      version: 'by-kubernetes',
      only: ['1.2.1'],
    })
  })

  it('is refused for a control that no edition has', () => {
    expect(said(select(', only: ["1.2.7"]')).join('\n')).toMatch(
      /unknown control "1\.2\.7" of cis by-kubernetes/,
    )
  })

  it('has another digest when any of its editions changes', () => {
    const other = { ...select(''), [paths.section]: twoControls.replace('level: 2', 'level: 1') }
    expect(load(other).profiles[0]?.digest).not.toBe(load(select('')).profiles[0]?.digest)
  })
})
