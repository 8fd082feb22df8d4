import { describe, expect, it } from 'vitest'
import {
  benchmark,
  component,
  factKinds,
  faultsOf,
  goodTree,
  load,
  paths,
  profile,
  profilingOff,
  section,
  type Tree,
} from './content-tree.ts'

function changed(file: keyof typeof paths, from: string, to: string): Tree {
  const text = { component, check: profilingOff, benchmark, section, profile }[file]
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`)
  return { ...goodTree, [paths[file]]: text.replace(from, to) }
}

const condition = (text: string): Tree =>
  changed('check', '{ value: settings.profiling, equals: false }', text)
const control = (text: string): Tree => ({ ...goodTree, [paths.section]: `${section}  - { ${text} }\n` })
const setting = (text: string): Tree => ({ ...goodTree, [paths.component]: `${component}  - { ${text} }\n` })

/** The message and next step of a fault, without its place. */
const said = (tree: Tree): readonly string[] =>
  faultsOf(() => load(tree, { distributions: ['kubeadm', 'rke2'] })).map((line) =>
    line.replace(/^[^ ]*: /, ''),
  )

describe('a condition', () => {
  it.each([
    [
      '{ every: settings.tls-cipher-suites, some: settings.tls-cipher-suites, equals: A }',
      'a condition has both "every" and "some". Keep one, or join two conditions with all.',
    ],
    [
      '{ equals: false }',
      'a condition names nothing to look at. Start it with value, every or some, or use any, all or not.',
    ],
    [
      '{ value: settings.profiling, equals: false, one-of: [true] }',
      'a condition has two operators, "equals" and "one-of". Write one condition for each.',
    ],
    [
      '{ value: settings..profiling, equals: false }',
      '"settings..profiling" is not a path. Join names by dots; put a name that holds dots in double quotes.',
    ],
    ['{ vale: settings.profiling, equals: false }', 'unknown operator "vale". Did you mean "value"?'],
    ['{ not: [] }', '"expect[1].not" is a list where a map of keys is wanted. Write a map of keys.'],
    [
      '{ value: settings.profiling, equals: null }',
      'nothing is written for "expect[1].equals". Write text or a number or true or false or a list or a map of keys, or leave the key out.',
    ],
  ])('is refused as %s', (text, message) => {
    expect(said(condition(text))).toContain(message)
  })

  it('is refused without an operator, with the list of them', () => {
    expect(said(condition('{ value: settings.profiling }'))).toEqual([
      expect.stringMatching(/^a condition has no operator\. Add one: equals, /),
    ])
  })
})

describe('an example', () => {
  it.each([
    [
      'verdict: error',
      'verdict: error, parameters: { age: 1 }',
      'unknown parameter "age". There is none to choose from.',
    ],
    [
      'look-alike: true, verdict: fail',
      'look-alike: true, verdict: informational',
      'verdict "informational" in a check that judges. Write pass or fail, or mark the check informational: true.',
    ],
    [
      'look-alike: true, verdict: fail',
      'look-alike: false, verdict: fail',
      '"examples[3].look-alike" is false, not one of true. Known: true.',
    ],
    [
      'verdict: error',
      'verdict: eror',
      '"examples[4].verdict" is eror, not one of pass, fail, error, unknown, notApplicable, notChecked, informational, fixed. Did you mean "error"?',
    ],
    ['verdict: error', 'verdict: !!str error', 'tag tag:yaml.org,2002:str. Remove it; tags are not read.'],
  ])('is refused when %s becomes %s', (from, to, message) => {
    expect(said(changed('check', from, to))).toContain(message)
  })
})

describe('a parameter', () => {
  const suites = (text: string): Tree => ({
    ...goodTree,
    [paths.check]: profilingOff
      .replace('equals: false }', `equals: false }\n  - ${text}`)
      .concat('parameters: { suites: { default: [A], means: Suites } }\n'),
  })

  it('that is misspelt brings the one that was meant', () => {
    expect(said(suites('{ every: settings.tls-cipher-suites, one-of: { parameter: suits } }'))).toContain(
      'unknown parameter "suits". Did you mean "suites"?',
    )
  })

  it.each([
    ['x', 'a list, and "x" is text'],
    ['5', 'a list, and 5 is a number'],
    ['true', 'a list, and true is true or false'],
  ])('that is a list cannot be %s', (value, message) => {
    const tree = suites('{ every: settings.tls-cipher-suites, one-of: { parameter: suites } }')

    expect(said({ ...tree, [paths.profile]: `${profile}parameters: { suites: ${value} }\n` })).toEqual([
      `parameter "suites" of kube-apiserver.profiling-off is ${message}. Correct the value.`,
    ])
    expect(said({ ...tree, [paths.profile]: `${profile}parameters: { suites: [B] }\n` })).toEqual([])
  })
})

describe('a fact request', () => {
  const asking = (text: string): Tree => changed('check', 'of: kube-apiserver }', text)

  it('takes a parameter of its check, and no other', () => {
    const given = asking('of: kube-apiserver, which: { parameter: suits } }')
    const known = `${given[paths.check]}parameters: { suites: { default: [A], means: Suites } }\n`
    expect(said({ ...given, [paths.check]: known }).join()).toContain(
      'unknown parameter "suits". Did you mean "suites"?',
    )
  })

  it('is about what its check is over', () => {
    const over = changed('check', 'say:', 'over: cluster\nsay:')
    expect(said(over)).toContain(
      'fact component-settings is about a node. Remove over: cluster from the check.',
    )
    const kinds = factKinds.map((kind) => ({ ...kind, about: 'cluster' as const }))
    const faults = faultsOf(() => load(goodTree, { factKinds: kinds }))
    expect(faults.join()).toContain(
      'fact component-settings is about a cluster. Add over: cluster to the check.',
    )
  })
})

describe('a check that only informs', () => {
  it('has no example that judges', () => {
    const tree = changed('check', 'say:', 'informational: true\nsay:')

    expect(said(tree)).toContain(
      'verdict "pass" in a check that only informs. Write informational, or make the check a judging one.',
    )
  })
})

describe('a check', () => {
  it('is refused for a distribution that nothing detects', () => {
    const tree = changed('check', '{ component: kube-apiserver }', '{ distributions: { except: [rkee2] } }')

    expect(said(tree)).toEqual(['unknown distribution "rkee2". Did you mean "rke2"?'])
  })

  it('may judge when its evidence allows', () => {
    const tree = changed(
      'check',
      '{ component: kube-apiserver }',
      '{ started-as: [unit], when: { value: settings.profiling, set: true } }',
    )

    expect(load(tree).checks.values().next().value?.applies).toEqual({
      startedAs: ['unit'],
      when: { fact: 'settings', path: 'profiling', operator: 'set', value: true },
    })
  })
})

describe('a benchmark', () => {
  it.each([
    [
      'a section listed twice',
      changed('benchmark', 'server }]', 'server }, { id: "1.2", title: Again }]'),
      'section "1.2" is listed twice. Keep one of the two.',
    ],
    [
      'a section nobody fills',
      changed('benchmark', 'server }]', 'server }, { id: "1.3", title: More }]'),
      'section "1.3" has no controls. Add a file with section: "1.3" and its controls, or remove it.',
    ],
    [
      'a section nobody lists',
      changed('benchmark', 'id: "1.2"', 'id: "1.3"'),
      'section "1.2" is not listed in benchmark.yaml. Did you mean "1.3"?',
    ],
    [
      'the wrong directory',
      changed('benchmark', 'version: "1.0"', 'version: "1.1"'),
      `benchmark "cis" 1.1 stands in ${paths.benchmark}. Move it to benchmarks/cis/1.1/benchmark.yaml, or correct id and version.`,
    ],
    [
      'a question without severity',
      control('control: "1.2.2", title: T, level: 1, assessment: manual, ask: Who?'),
      'control 1.2.2 has no checks and no severity. Add severity: checks bring their own, a question has none.',
    ],
    [
      'a check named twice',
      control(
        'control: "1.2.2", title: T, level: 1, assessment: manual, checks: [kube-apiserver.profiling-off, kube-apiserver.profiling-off]',
      ),
      '"controls[2].checks" says the same thing twice. Remove the repeat.',
    ],
    [
      'a level that does not exist',
      control(
        'control: "1.2.2", title: T, level: 3, assessment: manual, checks: [kube-apiserver.profiling-off]',
      ),
      '"controls[2].level" is 3, not one of 1, 2. Did you mean "1"?',
    ],
  ])('is refused for %s', (_, tree, message) => {
    expect(said(tree)).toContain(message)
  })

  it('has one head', () => {
    expect(said({ ...goodTree, 'benchmarks/cis/1.0/again.yaml': benchmark })).toEqual(
      [`${paths.benchmark} describes this benchmark already. Keep one of the two.`].map((message) =>
        expect.stringContaining(message.split(' ').slice(1).join(' ')),
      ),
    )
  })
})

describe('a profile', () => {
  it.each([
    [
      'a parent that does not exist',
      changed('profile', 'id: base', 'id: base\nextends: bas'),
      'unknown profile "bas". Did you mean "base"?',
    ],
    [
      'an edition that does not exist',
      changed('profile', '"1.0", max-level', '"1.1", max-level'),
      'unknown version "1.1" of cis. Did you mean "1.0"?',
    ],
    [
      'a control that it alone asks for and that does not exist',
      changed('profile', 'max-level: 1', 'only: ["1.2.11"]'),
      'unknown control "1.2.11" of cis 1.0. Did you mean "1.2.1"?',
    ],
    [
      'one edition twice',
      changed('profile', 'max-level: 1 }', 'max-level: 1 }\n  - { id: cis, version: "1.0" }'),
      'cis 1.0 is selected twice. Join the two.',
    ],
    [
      'a distribution nothing detects',
      changed('profile', '[kubeadm]', '[kubadm]'),
      'unknown distribution "kubadm". Did you mean "kubeadm"?',
    ],
    [
      'the wrong file',
      changed('profile', 'id: base', 'id: basis'),
      `profile "basis" stands in ${paths.profile}. Move it to profiles/basis.yaml, or correct the id.`,
    ],
    [
      'no distributions',
      changed('profile', 'distributions: [kubeadm]\n', ''),
      '"distributions" is missing in the file. Add "distributions".',
    ],
  ])('is refused for %s', (_, tree, message) => {
    expect(said(tree)).toContain(message)
  })

  it('is refused for a value an operator cannot compare with', () => {
    const check = profilingOff
      .replace(
        '{ value: settings.profiling, equals: false }',
        '{ not: { any: [{ some: settings.tls-cipher-suites, mode-at-most: { parameter: mode } }] } }',
      )
      .concat('parameters: { mode: { default: "0600", means: A mode } }\n')
    const tree = {
      ...goodTree,
      [paths.check]: check,
      [paths.profile]: `${profile}parameters: { mode: rw }\n`,
    }

    expect(said(tree)).toEqual([
      'parameter "mode" of kube-apiserver.profiling-off: mode-at-most takes a quoted octal mode such as "0600". Correct the value.',
    ])
  })
})

describe('a component', () => {
  it.each([
    [
      'a setting described twice',
      setting('name: profiling, flags: [profiling], type: boolean'),
      'setting "profiling" is described twice. Keep one of the two.',
    ],
    [
      'a setting that is set nowhere',
      setting('name: x, type: string'),
      'setting "x" has no flag, key or environment variable. Say where it is set.',
    ],
    [
      'a path to nothing in particular',
      setting('name: x, flags: [x], type: path'),
      'path setting "x" does not say what the path holds. Add holds, e.g. holds: certificate.',
    ],
    [
      'a mode it does not have',
      setting('name: x, flags: [x], type: integer, defaults: [{ mode: config, value: 1, source: s }]'),
      'unknown mode "config" of kube-apiserver. There is none to choose from.',
    ],
    [
      'a default that is no duration',
      setting('name: x, flags: [x], type: duration, defaults: [{ value: 4 hours, source: s }]'),
      'the default of duration setting "x" is "4 hours". Write a duration like "4h0m0s", or null for unset.',
    ],
    [
      'a default that is no list',
      setting('name: x, flags: [x], type: list, defaults: [{ value: a, source: s }]'),
      'the default of list setting "x" is "a". Write a list of texts, or null for unset.',
    ],
    [
      'a range that is none',
      setting('name: x, flags: [x], type: list, versions: newer'),
      '"settings[5].versions" is "newer". It has to be a version range like ">=1.29 <1.34".',
    ],
    [
      'the wrong file',
      changed('component', 'id: kube-apiserver', 'id: kube-apiservers'),
      `component "kube-apiservers" stands in ${paths.component}. Move it to benchmarks/components/kube-apiservers.yaml, or correct the id.`,
    ],
    [
      'configuration named by no setting',
      changed(
        'component',
        'modes: []',
        'modes: []\nconfiguration: { setting: profilin, drop-in-setting: drop-in, flags-kept: [profilng], format: yaml, precedence: file-only }',
      ),
      '"profilin" is no setting of kube-apiserver. Did you mean "profiling"?',
    ],
  ])('is refused for %s', (_, tree, message) => {
    expect(said(tree)).toContain(message)
  })

  it('lets lists append, maps merge and everything else be replaced, unless it says otherwise', () => {
    const tree = setting('name: gates, flags: [gates], type: map')

    const settings = load(tree).components.get('kube-apiserver')?.settings ?? []

    expect(settings.map(({ name, repeats }) => [name, repeats])).toEqual([
      ['profiling', 'last'],
      ['audit-log-maxage', 'last'],
      ['tls-cipher-suites', 'append'],
      ['a.b', 'last'],
      ['gates', 'merge'],
    ])
  })
})
