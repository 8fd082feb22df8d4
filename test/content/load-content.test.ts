import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explain, listProfiles } from '../../src/content/describe.ts'
import { loadContent } from '../../src/content/load-content.ts'
import { loadProfile } from '../../src/content/load-profile.ts'
import { operators } from '../../src/evaluate/operators/index.ts'
import type { Condition } from '../../src/model/check.ts'
import { checkId } from '../../src/model/ids.ts'
import {
  component,
  factKinds,
  faultsOf,
  goodTree,
  load,
  paths,
  profile,
  profilingOff,
  readTreeOf,
  section,
  type Tree,
} from './content-tree.ts'

const id = checkId('kube-apiserver.profiling-off')

function conditionOf(expectation: string, more = ''): Condition | undefined {
  const text = profilingOff.replace('{ value: settings.profiling, equals: false }', expectation) + more
  return load({ ...goodTree, [paths.check]: text }).checks.get(id)?.condition
}

const compiled: readonly (readonly [string, Condition])[] = [
  [
    '{ value: settings.profiling, equals: false }',
    { fact: 'settings', path: 'profiling', operator: 'equals', value: false },
  ],
  ['{ value: settings, absent: true }', { fact: 'settings', operator: 'absent', value: true }],
  ['{ value: settings."a.b", set: true }', { fact: 'settings', path: '"a.b"', operator: 'set', value: true }],
  [
    '{ every: settings.tls-cipher-suites, one-of: [A, B] }',
    { fact: 'settings', path: 'tls-cipher-suites', operator: 'every:one-of', value: ['A', 'B'] },
  ],
  [
    '{ any: [{ value: settings.profiling, equals: false }, { not: { value: settings.profiling, set: true } }] }',
    {
      any: [
        { fact: 'settings', path: 'profiling', operator: 'equals', value: false },
        { not: { fact: 'settings', path: 'profiling', operator: 'set', value: true } },
      ],
    },
  ],
  [
    '{ all: [{ some: settings.tls-cipher-suites, equals: A }] }',
    { all: [{ fact: 'settings', path: 'tls-cipher-suites', operator: 'some:equals', value: 'A' }] },
  ],
]

describe('compiling a check', () => {
  it.each(compiled)('turns %s into rule engine JSON', (text, condition) => {
    expect(conditionOf(text)).toEqual({ all: [condition] })
  })

  it('joins the list and the field of its items into one path', () => {
    const text = profilingOff
      .replace(
        'settings: { fact: component-settings, of: kube-apiserver }',
        'files: { fact: component-files, of: kube-apiserver }',
      )
      .replace(
        '{ value: settings.profiling, equals: false }',
        '{ every: files, value: mode, mode-at-most: "0600" }',
      )
      .replaceAll(/given: \{ settings: [^,]*(?=, (?:look|verdict))/g, (row) =>
        row.includes('unavail')
          ? 'given: { files: unavailable }'
          : `given: { files: [{ path: /${row.length}, mode: "0644" }] }`,
      )

    const check = load({
      ...goodTree,
      [paths.check]: text.replace('look-alike: true, verdict', 'version: "1.34", look-alike: true, verdict'),
    }).checks.get(id)

    expect(check?.condition).toEqual({
      all: [{ fact: 'files', path: 'mode', operator: 'every:mode-at-most', value: '0600' }],
    })
    expect(check?.examples[0]?.given).toEqual({ files: [{ path: expect.any(String), mode: 0o644 }] })
  })

  it('keeps a parameter by its name', () => {
    const condition = conditionOf(
      '{ value: settings.audit-log-maxage, at-least: { parameter: max-age } }',
      'parameters: { max-age: { default: 30, means: Days } }\n',
    )

    expect(condition).toEqual({
      all: [
        { fact: 'settings', path: 'audit-log-maxage', operator: 'at-least', value: { parameter: 'max-age' } },
      ],
    })
  })

  it('never yields an empty any or all', () => {
    const leaf = fc.constant('{ value: settings.profiling, equals: false }')
    const { tree } = fc.letrec<{ tree: string; list: string }>((tie) => ({
      list: fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        tie('list').map((list) => `{ any: ${list} }`),
        tie('list').map((list) => `{ all: ${list} }`),
        tie('tree').map((inner) => `{ not: ${inner} }`),
      ),
    }))
    fc.assert(
      fc.property(tree, (text) => {
        const hasEmptyList = /\[\]/.test(text)
        const faults = faultsOf(() => conditionOf(text))

        expect(faults.length > 0).toBe(hasEmptyList)
        if (!hasEmptyList) expect(JSON.stringify(conditionOf(text))).not.toMatch(/"(?:any|all)":\[\]/)
      }),
      { numRuns: 60 },
    )
  })

  it('marks an informational check as one that does not judge', () => {
    const text = profilingOff
      .replace('say:', 'informational: true\nsay:')
      .replaceAll(/verdict: (?:pass|fail)/g, 'verdict: informational')

    expect(load({ ...goodTree, [paths.check]: text }).checks.get(id)?.judges).toBe(false)
  })
})

describe('compiling a benchmark', () => {
  it('puts controls in the order of their numbers, sections as declared', () => {
    const controls = ['1.2.10', '1.2.9', '1.2.1'].map(
      (control) =>
        `  - { control: "${control}", title: T, level: 1, assessment: automated, checks: [${id}] }\n`,
    )
    const manual =
      'section: "0"\ncontrols:\n  - { control: "0.1", title: T, level: 2, assessment: manual, ask: Who?, severity: low }\n'
    const tree: Tree = {
      ...goodTree,
      [paths.benchmark]:
        'id: cis\nversion: "1.0"\ntitle: A\nsections: [{ id: "1.2", title: B }, { id: "0", title: C }]\n',
      [paths.section]: `section: "1.2"\ncontrols:\n${controls.join('')}`,
      'benchmarks/cis/1.0/0-zero.yaml': manual,
    }

    const [benchmark] = load(tree).benchmarks

    expect(benchmark?.controls.map((control) => control.id)).toEqual(['1.2.1', '1.2.9', '1.2.10', '0.1'])
    expect(benchmark?.controls.at(-1)).toEqual({
      id: '0.1',
      title: 'T',
      section: '0',
      level: 2,
      assessment: 'manual',
      checks: [],
      ask: 'Who?',
      severity: 'low',
    })
  })
})

const child = `id: child
version: "2.0"
title: Child
description: A stricter one.
extends: base
benchmarks:
  - { id: cis, version: "1.0", skip: [{ control: "1.2.1", because: Not here }] }
gate: { max-errors: any }
`

describe('compiling a profile', () => {
  it('inherits what it does not say and overrides what it does', () => {
    const { profiles } = load({ ...goodTree, 'profiles/child.yaml': child })

    expect(profiles.find((one) => one.id === 'child')).toMatchObject({
      distributions: ['kubeadm'],
      benchmarks: [
        { id: 'cis', version: '1.0', maxLevel: 1, skip: [{ control: '1.2.1', because: 'Not here' }] },
      ],
      gate: { failOn: 'high', maxErrors: 'any' },
    })
  })

  it('has a digest that changes with the checks it selects, and only with what decides', () => {
    const digestOf = (tree: Tree) => load(tree).profiles[0]?.digest

    const digest = digestOf(goodTree)

    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(
      digestOf({ ...goodTree, [paths.check]: profilingOff.replace('equals: false', 'equals: true') }),
    ).not.toBe(digest)
    expect(
      digestOf({ ...goodTree, [paths.component]: component.replace('value: true', 'value: false') }),
    ).not.toBe(digest)
    expect(
      digestOf({
        ...goodTree,
        [paths.check]: profilingOff.replace('name: unreadable', 'name: not readable'),
      }),
    ).toBe(digest)
  })

  it('refuses a parameter value of another kind than the default', () => {
    const parameters = 'parameters: { max-age: { default: 30, means: Days } }\n'
    const tree = {
      ...goodTree,
      [paths.check]: profilingOff + parameters,
      [paths.profile]: `${profile}parameters: { max-age: soon }\n`,
    }

    expect(faultsOf(() => load(tree))).toEqual([
      `${paths.profile}:8:24: parameter "max-age" of kube-apiserver.profiling-off is a number, and "soon" is text. Correct the value.`,
    ])
  })

  it('reads one from a file outside content', () => {
    const content = load(goodTree)

    const read = loadProfile(child, 'mine.yaml', { content, operators: Object.values(operators) })

    expect(read.id).toBe('child')
    expect(read.benchmarks[0]?.maxLevel).toBe(1)
  })

  it('refuses one from a file that takes the id of a built-in one', () => {
    const action = () =>
      loadProfile(profile, 'mine.yaml', { content: load(goodTree), operators: Object.values(operators) })

    expect(faultsOf(action)).toEqual([
      'mine.yaml:1:5: profile "base" exists already. Give your profile an id of its own.',
    ])
  })
})

const own: Tree = {
  'benchmarks/checks/own/quiet.yaml': profilingOff.replace('kube-apiserver.profiling-off', 'own.quiet'),
  'benchmarks/own/1.0/benchmark.yaml':
    'id: own\nversion: "1.0"\ntitle: Own\nsections: [{ id: "1", title: One }]\n',
  'benchmarks/own/1.0/1-one.yaml': section
    .replace('"1.2"', '"1"')
    .replace('"1.2.1"', '"1.1"')
    .replace(/\[kube.*\]/, '[own.quiet, kube-apiserver.profiling-off]'),
}

describe('layering content', () => {
  const layered = (roots: { readonly [root: string]: Tree }) =>
    loadContent({
      roots: Object.keys(roots),
      base: load(goodTree),
      factKinds,
      operators: Object.values(operators),
      readTree: readTreeOf(roots),
    })

  it('adds a directory to content that is compiled already', () => {
    const content = layered({ mine: own })

    expect([...content.checks.keys()]).toEqual(['kube-apiserver.profiling-off', 'own.quiet'])
    expect(content.benchmarks.map((one) => one.id)).toEqual(['cis', 'own'])
    expect(content.profiles).toEqual(load(goodTree).profiles)
  })

  it('refuses an id that is taken, wherever it comes from', () => {
    expect(faultsOf(() => layered({ mine: own, yours: own }))).toHaveLength(2)
    expect(faultsOf(() => layered({ mine: goodTree }))).toEqual(
      [paths.check, paths.benchmark, paths.component, paths.profile].map((path) =>
        expect.stringMatching(`^mine/${path}:1:5: the .* id is taken already`),
      ),
    )
  })

  it('refuses to slip controls into a benchmark of another directory', () => {
    const slipped = { [paths.section.replace('1.2-', '1.2b-')]: section }

    expect(faultsOf(() => layered({ mine: slipped }))).toEqual([
      expect.stringContaining('there is no benchmark.yaml beside this file'),
    ])
  })

  it('refuses a directory without content', () => {
    expect(faultsOf(() => layered({ mine: {} }))).toEqual([
      'mine:1:1: there is no content in this directory. Name a directory that holds benchmarks/ or profiles/.',
    ])
  })

  it('names the directory of a faulty file', () => {
    expect(faultsOf(() => layered({ mine: { ...own, 'profiles/x.yaml': 'id: x\n' } }))[0]).toMatch(
      /^mine\/profiles\/x\.yaml:1:1: /,
    )
  })
})

describe('what a profile and a check may leave out', () => {
  it('lets an heir change nothing but its gate', () => {
    const heir =
      'id: heir\nversion: "1.0"\ntitle: T\ndescription: D.\nextends: base\ngate: { fail-on: low }\n'

    const { profiles } = load({ ...goodTree, 'profiles/heir.yaml': heir }, { distributions: ['kubeadm'] })

    expect(profiles.find(({ id }) => id === 'heir')).toMatchObject({
      distributions: ['kubeadm'],
      benchmarks: [{ id: 'cis', version: '1.0', maxLevel: 1 }],
      gate: { failOn: 'low', maxErrors: 0 },
    })
  })

  it('selects only the controls that are named', () => {
    const two = `${section}  - { control: "1.2.2", title: T, level: 1, assessment: manual, checks: [${id}] }\n`
    const only = profile.replace('max-level: 1', 'only: ["1.2.2"]')

    const content = load({ ...goodTree, [paths.section]: two, [paths.profile]: only })

    expect(listProfiles(content)).toEqual([expect.objectContaining({ controls: 1 })])
    expect(explain(content, factKinds, '1.2.1')).toMatchObject({ places: [{ profiles: [] }] })
    expect(explain(content, factKinds, '1.2.2')).toMatchObject({ places: [{ profiles: ['base'] }] })
  })

  it('names the remediation that sets a check right', () => {
    const tree = { ...goodTree, [paths.check]: `${profilingOff}remediation: kube-apiserver.set-flag\n` }

    expect(load(tree).checks.get(id)?.remediation).toBe('kube-apiserver.set-flag')
  })

  it('takes any distribution while nobody says which there are', () => {
    const text = profilingOff.replace(
      '{ component: kube-apiserver }',
      '{ distributions: { only: [own-one] } }',
    )

    expect(load({ ...goodTree, [paths.check]: text }).checks.get(id)?.applies).toEqual({
      distributions: { only: ['own-one'] },
    })
  })

  it('is in the order of ids, whatever order the files come in', () => {
    const early = profilingOff.replace('kube-apiserver.profiling-off', 'etcd.quiet')
    const mapped = section.replace(`[${id}]`, `[${id}, etcd.quiet]`)
    const tree = {
      ...goodTree,
      'benchmarks/checks/etcd/quiet.yaml': early,
      [paths.section]: mapped,
      'profiles/a.yaml': profile.replace('id: base', 'id: a'),
    }

    const content = load(tree)

    expect([...content.checks.keys()]).toEqual(['etcd.quiet', id])
    expect(content.profiles.map((one) => one.id)).toEqual(['a', 'base'])
  })
})

describe('a profile file', () => {
  it('is refused with its place when it is not YAML', () => {
    const action = () =>
      loadProfile('id: [\n', 'mine.yaml', { content: load(goodTree), operators: Object.values(operators) })

    expect(faultsOf(action)).toEqual([
      expect.stringMatching(/^mine\.yaml:2:1: .*\. Correct the YAML there\.$/),
    ])
  })

  it('is refused when it extends nothing that exists', () => {
    const orphan = child.replace('extends: base', 'extends: bass')
    const action = () =>
      loadProfile(orphan, 'mine.yaml', { content: load(goodTree), operators: Object.values(operators) })

    expect(faultsOf(action)).toEqual(['mine.yaml:5:10: unknown profile "bass". Did you mean "base"?'])
  })
})
