import { describe, expect, it } from 'vitest'
import { schemaFaults } from '../../src/content/schema-faults.ts'
import { readYamlSource } from '../../src/content/yaml-source.ts'
import { KhardError } from '../../src/model/errors.ts'
import {
  benchmark,
  component,
  faultsOf,
  goodTree,
  load,
  paths,
  profile,
  profilingOff,
  section,
  type Tree,
} from './content-tree.ts'

function check(from: string | RegExp, to: string): Tree {
  return { ...goodTree, [paths.check]: edited(profilingOff, from, to) }
}

function edited(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`nothing to replace: ${from}`)
  return changed
}

const checkFile = paths.check
const withRow = (row: string): Tree => ({ ...goodTree, [checkFile]: `${profilingOff}  - ${row}\n` })

interface Case {
  readonly name: string
  readonly tree: Tree
  readonly says: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'an unknown key, with the nearest',
    tree: check('severity: low', 'severty: low'),
    says: [
      `${checkFile}:1:1: "severity" is missing in the file. Rename "severty" to "severity".`,
      `${checkFile}:3:1: unknown key "severty". Did you mean "severity"?`,
    ],
  },
  {
    name: 'a value of the wrong type',
    tree: check('applies: { component: kube-apiserver }', 'applies: []'),
    says: [`${checkFile}:5:10: "applies" is a list where a map of keys is wanted. Write a map of keys.`],
  },
  {
    name: 'a number where text is wanted',
    tree: { ...goodTree, [paths.benchmark]: edited(benchmark, '"1.0"', '1.11') },
    says: [
      `${paths.benchmark}:2:10: "version" is the number 1.11 where text is wanted. Write it in quotes: "1.11".`,
    ],
  },
  {
    name: 'a version that loses its zero',
    tree: { ...goodTree, [paths.benchmark]: edited(benchmark, '"1.0"', '1.10') },
    says: [
      `${paths.benchmark}:2:10: unquoted 1.10 is read as the number 1.1. Write it in quotes, "1.10", or as the plain value that is meant.`,
    ],
  },
  {
    name: 'an unquoted octal mode',
    tree: check('value: settings.profiling, equals: false', 'value: settings.profiling, mode-at-most: 0600'),
    says: [
      `${checkFile}:9:48: unquoted 0600 is read as the number 600. Write it in quotes, "0600", or as the plain value that is meant.`,
    ],
  },
  {
    name: 'an unquoted word that old readers take for a boolean',
    tree: check('name: switched off', 'name: off'),
    says: [
      `${checkFile}:14:13: unquoted off is a boolean to some YAML readers. Write it in quotes, "off", or as the plain value that is meant.`,
    ],
  },
  {
    name: 'prose split by a comma inside braces',
    tree: check('name: switched off,', 'name: switched off, as it should be,'),
    says: [
      `${checkFile}:14:27: unknown key "as it should be" in "examples[1]". Put the whole text in quotes: inside { } a comma starts a new key.`,
    ],
  },
  {
    name: 'a duplicate key',
    tree: check('severity: low', 'severity: low\nseverity: high'),
    says: [`${checkFile}:4:1: duplicate key "severity". Keep one of the two.`],
  },
  {
    name: 'a tab',
    tree: check('say:\n  fail', 'say:\n\tfail'),
    says: [`${checkFile}:11:1: Tabs are not allowed as indentation. Indent with spaces.`],
  },
  {
    name: 'an anchor and its alias',
    tree: check('severity: low', 'severity: &level low'),
    says: [`${checkFile}:3:18: anchor &level. Remove it; anchors and aliases are not read.`],
  },
  {
    name: 'an alias',
    tree: check(/severity: low\nwhy: .*/, 'severity: &level low\nwhy: *level'),
    says: [
      `${checkFile}:3:18: anchor &level. Remove it; anchors and aliases are not read.`,
      `${checkFile}:4:6: alias *level. Write the value out; anchors and aliases are not read.`,
    ],
  },
  {
    name: 'words that are read as something else',
    tree: check('severity: low', 'severity: True\nremediation: ~\nspare: 12:30'),
    says: [
      ['3:11', 'unquoted True is read as true', 'True'],
      ['4:14', 'unquoted ~ is read as null', '~'],
      ['5:8', 'unquoted 12:30 is a number in base 60 to some YAML readers', '12:30'],
    ].map(
      ([at, message, word]) =>
        `${checkFile}:${at}: ${message}. Write it in quotes, "${word}", or as the plain value that is meant.`,
    ),
  },
  {
    name: 'a key that is not text',
    tree: check('severity: low', '5: v\n"5": w\n? [a, b]\n: z'),
    says: ['3:1', '5:3'].map(
      (at) => `${checkFile}:${at}: a key is not text. Write the key as text, in quotes if need be.`,
    ),
  },
  {
    name: 'keys nested in keys without end',
    tree: { ...goodTree, [checkFile]: `${'? '.repeat(300)}x` },
    says: [`${checkFile}:1:1: the file is nested too deeply. Flatten it.`],
  },
  {
    name: 'lists too deep for what reads them',
    tree: { ...goodTree, [checkFile]: `${'- '.repeat(300)}x` },
    says: [`${checkFile}:1:1: the file is nested too deeply. Flatten it.`],
  },
  {
    name: 'two documents',
    tree: check('severity: low', '---\nseverity: low'),
    says: [`${checkFile}:3:1: a second document begins here. Put each document in a file of its own.`],
  },
  {
    name: 'a choice that is not made',
    tree: check('severity: low', 'severity:'),
    says: [
      `${checkFile}:3:1: nothing is written for "severity". Write low or medium or high or critical, or leave the key out.`,
    ],
  },
  {
    name: 'a list where one word is wanted',
    tree: check('severity: low', 'severity: [low]'),
    says: [
      `${checkFile}:3:11: "severity" is a list, not one of low, medium, high, critical. Known: critical, high, low, medium.`,
    ],
  },
  {
    name: 'an empty item of a list',
    tree: check('  - { value: settings.profiling, equals: false }', '  -'),
    says: [
      `${checkFile}:9:4: nothing is written for "expect[1]". Write a map of keys, or leave the key out.`,
    ],
  },
  {
    name: 'a map and a number where lists are wanted',
    tree: check('applies: { component: kube-apiserver }', 'applies: { roles: 5, started-as: {} }'),
    says: [
      `${checkFile}:5:19: "applies.roles" is the number 5 where a list is wanted. Write a list.`,
      `${checkFile}:5:34: "applies.started-as" is a map of keys where a list is wanted. Write a list.`,
    ],
  },
  {
    name: 'a name in another style',
    tree: check('settings: { fact: component-settings, of', 'Settings_1: { fact: component-settings, of'),
    says: [
      `${checkFile}:7:3: "Settings_1" is not a name that can stand in "evidence". Use lower-case words joined by hyphens.`,
    ],
  },
  {
    name: 'an empty file',
    tree: { ...goodTree, [checkFile]: '\n' },
    says: [`${checkFile}:1:1: the file is empty. Fill it or delete it.`],
  },
  {
    name: 'a file of comments',
    tree: { ...goodTree, [checkFile]: '# later\n' },
    says: [`${checkFile}:1:1: nothing is written for the file. Write a map of keys, or leave the key out.`],
  },
  {
    name: 'a large file',
    tree: { ...goodTree, [checkFile]: `# ${'x'.repeat(1024 * 1024)}` },
    says: [`${checkFile}:1:1: the file is larger than 1 MiB (1048578 bytes). Split it.`],
  },
  {
    name: 'bytes that are not UTF-8',
    tree: { ...goodTree, [checkFile]: new Uint8Array([0x69, 0xff]) },
    says: [`${checkFile}:1:1: the file is not UTF-8 text. Save it as UTF-8.`],
  },
  {
    name: 'a file nested without end',
    tree: { ...goodTree, [checkFile]: '['.repeat(20_000) },
    says: [`${checkFile}:1:1: the file is nested too deeply. Flatten it.`],
  },
  {
    name: 'another suffix',
    tree: { ...goodTree, 'profiles/x.yml': profile },
    says: ['profiles/x.yml:1:1: this is not a .yaml file. Rename it to end in .yaml, or remove it.'],
  },
  {
    name: 'a file where nothing is read',
    tree: { ...goodTree, 'benchmarks/check.yaml': profilingOff },
    says: [
      'benchmarks/check.yaml:1:1: content is not read from this place. Use benchmarks/checks/<component>/, benchmarks/components/, benchmarks/distributions/, benchmarks/<id>/<version>/ or profiles/.',
    ],
  },
  {
    name: 'an unknown fact',
    tree: check('fact: component-settings', 'fact: component-setting'),
    says: [`${checkFile}:7:21: unknown fact "component-setting". Did you mean "component-settings"?`],
  },
  {
    name: 'an unknown parameter of a fact',
    tree: check('of: kube-apiserver', 'os: kube-apiserver'),
    says: [
      `${checkFile}:7:13: fact component-settings needs "of". Add it: component id.`,
      `${checkFile}:7:41: fact component-settings takes no "os". Did you mean "of"?`,
      `${checkFile}:9:14: fact component-settings has no field "profiling". There is none to choose from.`,
    ],
  },
  {
    name: 'a fact asked for a component that does not exist',
    tree: check('of: kube-apiserver', 'of: kube-apiservr'),
    says: [
      `${checkFile}:7:13: unknown component "kube-apiservr". Correct the request.`,
      `${checkFile}:9:14: fact component-settings has no field "profiling". There is none to choose from.`,
    ],
  },
  {
    name: 'an unknown field of a fact',
    tree: check('settings.profiling', 'settings.profilng'),
    says: [`${checkFile}:9:14: fact component-settings has no field "profilng". Did you mean "profiling"?`],
  },
  {
    name: 'a name that is not under evidence',
    tree: check('settings.profiling', 'setings.profiling'),
    says: [`${checkFile}:9:14: "setings" is no name under evidence. Did you mean "settings"?`],
  },
  {
    name: 'an unknown operator',
    tree: check('equals: false', 'equal: false'),
    says: [`${checkFile}:9:34: unknown operator "equal". Did you mean "equals"?`],
  },
  {
    name: 'an operator with the wrong operand',
    tree: check('equals: false', 'at-least: many'),
    says: [`${checkFile}:9:44: at-least takes a number, or "infinity". Correct the value to compare with.`],
  },
  {
    name: 'an empty expectation',
    tree: check('expect:\n  - { value: settings.profiling, equals: false }', 'expect: []'),
    says: [`${checkFile}:8:9: "expect" is empty. Put something in it, or leave it out where it is optional.`],
  },
  {
    name: 'an empty list of alternatives',
    tree: check('{ value: settings.profiling, equals: false }', '{ any: [] }'),
    says: [
      `${checkFile}:9:12: "expect[1].any" is empty. Put something in it, or leave it out where it is optional.`,
    ],
  },
  {
    name: 'an empty operand',
    tree: check('equals: false', 'one-of: []'),
    says: [
      `${checkFile}:9:42: "expect[1].one-of" is empty. Put something in it, or leave it out where it is optional.`,
    ],
  },
  {
    name: 'a condition that mixes any with a value',
    tree: check(
      '{ value: settings.profiling, equals: false }',
      '{ any: [{ value: settings.profiling, equals: false }], value: settings.profiling }',
    ),
    says: [
      `${checkFile}:9:5: "expect[1]" has more than 1 key. Keep one of them.`,
      `${checkFile}:9:60: unknown key "value" in "expect[1]". Known: all, any, not.`,
    ],
  },
  {
    name: 'a parameter nobody declared',
    tree: check('equals: false', 'equals: { parameter: wanted }'),
    says: [
      `${checkFile}:9:55: unknown parameter "wanted". Declare it under parameters.`,
      `${checkFile}:9:42: equals takes one text, number or boolean (use \`absent\` for nothing). Correct the value to compare with.`,
    ].toSorted(),
  },
  {
    name: 'a check without a failing example',
    tree: check(/ {2}- \{ name: switched on.*\n {2}- \{ name: unset.*\n/, ''),
    says: [
      `${checkFile}:13:1: no example shows a node that fails. Add a row with verdict: fail.`,
      `${checkFile}:13:1: no example shows a node that looks like another answer. Add a row with look-alike: true.`,
    ],
  },
  {
    name: 'an unavailable row that passes instead of being an error',
    tree: check(
      'given: { settings: unavailable }, verdict: error',
      'given: { settings: unavailable }, verdict: pass',
    ),
    says: [
      `${checkFile}:13:1: no example shows a node that could not be looked at. Add a row with a fact given as \`unavailable\` and verdict: error.`,
    ],
  },
  {
    name: 'an example that repeats another',
    tree: withRow('{ name: once more, given: { settings: { profiling: true } }, verdict: pass }'),
    says: [`${checkFile}:18:5: example "once more" repeats an earlier one. Give it a case of its own.`],
  },
  {
    name: 'an example that leaves a fact out',
    tree: withRow('{ name: typo, given: { setting: {} }, verdict: pass }'),
    says: [
      `${checkFile}:18:26: the example does not say what "settings" is. Add it, or write settings: absent.`,
      `${checkFile}:18:28: "setting" is no name under evidence. Did you mean "settings"?`,
    ],
  },
  {
    name: 'a placeholder nothing fills',
    tree: check('{observed}', '{seen}'),
    says: [`${checkFile}:11:9: {seen} is never filled in. Known: {expected}, {observed}.`],
  },
  {
    name: 'a check in the wrong place',
    tree: check('id: kube-apiserver.profiling-off', 'id: kube-apiserver.profiling-of'),
    says: [
      `${checkFile}:1:5: check "kube-apiserver.profiling-of" stands in ${checkFile}. Move it to benchmarks/checks/kube-apiserver/profiling-of.yaml, or correct the id.`,
      `${checkFile}:1:5: no benchmark maps check "kube-apiserver.profiling-of". Map it in benchmarks/<id>/<version>/, or mark it spare: true.`,
      `${paths.section}:3:88: unknown check "kube-apiserver.profiling-off". Did you mean "kube-apiserver.profiling-of"?`,
    ],
  },
  {
    name: 'a spare check that is mapped',
    tree: check('severity: low', 'severity: low\nspare: true'),
    says: [`${checkFile}:4:1: check "kube-apiserver.profiling-off" is spare and yet mapped. Remove spare.`],
  },
  {
    name: 'an unknown component to apply to',
    tree: check('applies: { component: kube-apiserver }', 'applies: { component: kube-apiservre }'),
    says: [`${checkFile}:5:23: unknown component "kube-apiservre". Did you mean "kube-apiserver"?`],
  },
  {
    name: 'a control without checks or question',
    tree: {
      ...goodTree,
      [paths.section]: `${section}  - { control: "1.2.2", title: Something, level: 1, assessment: manual, severity: low }\n`,
    },
    says: [
      `${paths.section}:4:5: control 1.2.2 has neither checks nor ask. Map it to checks, or ask a person.`,
    ],
  },
  {
    name: 'a control mapped twice',
    tree: {
      ...goodTree,
      [paths.section]: `${section}  - { control: "1.2.1", title: Again, level: 1, assessment: manual, checks: [kube-apiserver.profiling-off] }\n`,
    },
    says: [`${paths.section}:4:16: control 1.2.1 is mapped twice. Keep one of the two.`],
  },
  {
    name: 'a control of another section',
    tree: { ...goodTree, [paths.section]: edited(section, '"1.2.1"', '"1.3.1"') },
    says: [
      `${paths.section}:3:16: control 1.3.1 does not belong to section 1.2. Move it to the file of its section.`,
    ],
  },
  {
    name: 'a benchmark without its head',
    tree: { [paths.section]: section, [paths.component]: component, [paths.check]: profilingOff },
    says: [
      `${checkFile}:1:5: no benchmark maps check "kube-apiserver.profiling-off". Map it in benchmarks/<id>/<version>/, or mark it spare: true.`,
      `${paths.section}:1:1: there is no benchmark.yaml beside this file. Add one with id, version, title and sections.`,
    ],
  },
  {
    name: 'a profile that selects what does not exist',
    tree: {
      ...goodTree,
      [paths.profile]: edited(
        profile,
        '{ id: cis, version: "1.0", max-level: 1 }',
        '{ id: cis, version: "1.0", skip: [{ control: "1.2.11", because: why }] }\n  - { id: ciss, version: "1.0" }',
      ),
    },
    says: [
      `${paths.profile}:7:50: unknown control "1.2.11" of cis 1.0. Did you mean "1.2.1"?`,
      `${paths.profile}:8:11: unknown benchmark "ciss". Did you mean "cis"?`,
    ],
  },
  {
    name: 'a profile that sets a parameter no check has',
    tree: { ...goodTree, [paths.profile]: `${profile}parameters: { max-age: 30 }\n` },
    says: [`${paths.profile}:8:15: no check has a parameter "max-age". There is none to choose from.`],
  },
  {
    name: 'profiles that inherit from each other',
    tree: {
      ...goodTree,
      [paths.profile]: `${profile}extends: other\n`,
      'profiles/other.yaml': edited(profile, 'id: base', 'extends: base\nid: other'),
    },
    says: [
      `${paths.profile}:8:10: profile "base" inherits from itself, by way of "other". Let one of them stand alone.`,
      'profiles/other.yaml:1:10: profile "other" inherits from itself, by way of "base". Let one of them stand alone.',
    ],
  },
  {
    name: 'a default that is not of its setting’s type',
    tree: { ...goodTree, [paths.component]: edited(component, 'value: true', 'value: "true"') },
    says: [
      `${paths.component}:8:79: the default of boolean setting "profiling" is "true". Write true or false, or null for unset.`,
    ],
  },
]

describe('loading content that is wrong', () => {
  it.each(cases)('says what is wrong about $name', ({ tree, says }) => {
    expect(faultsOf(() => load(tree)).toSorted()).toEqual([...says].toSorted())
  })

  it('passes on why a file could not be read', () => {
    const problem = { path: paths.check, problem: 'it cannot be read (EACCES)', next: 'Make it readable.' }

    expect(faultsOf(() => load(goodTree, { readTree: () => [problem] }))).toEqual([
      `${paths.check}:1:1: it cannot be read (EACCES). Make it readable.`,
    ])
  })

  it('never refuses a file without a word', () => {
    const source = readYamlSource(new TextEncoder().encode('\n  id: x\n'), 'x.yaml', [])

    expect(schemaFaults(source ?? expect.fail(), null)).toEqual([
      expect.objectContaining({ line: 2, column: 3, message: 'the file is not in the form of its schema' }),
    ])
  })

  it('refuses with one content-invalid that counts the faults and names the next step', () => {
    const action = () => load(check('severity: low', 'severty: low'))

    expect(action).toThrow(KhardError)
    expect(action).toThrow(/^2 faults in what was read:/)
    expect(action).toThrow(
      expect.objectContaining({ code: 'content-invalid', next: expect.stringContaining('khard validate') }),
    )
  })

  it('lists twenty faults and counts the rest', () => {
    const keys = Array.from({ length: 30 }, (_, index) => `stray-${index}: x\n`).join('')

    const lines = faultsOf(() => load({ ...goodTree, [paths.check]: profilingOff + keys }))

    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toBe('… and 10 more')
  })

  it('lists faults of a file from top to bottom', () => {
    const lines = faultsOf(() =>
      load(check(/severity: low[\s\S]*evidence/, 'severity: lo\nwhy: 7\nevidence')),
    )

    expect(lines.map((line) => line.split(':')[1])).toEqual(['3', '4'])
  })
})
