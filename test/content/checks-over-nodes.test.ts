import { describe, expect, it } from 'vitest'
import { parameterFaults } from '../../src/content/parameter-faults.ts'
import { operators } from '../../src/evaluate/operators/index.ts'
import { checkId } from '../../src/model/ids.ts'
import { faultsOf, goodTree, load, paths, type Tree } from './content-tree.ts'

const rows = `examples:
  - { name: alike, given: { nodes: [{ settings: { profiling: false } }, { settings: { profiling: false } }] }, verdict: pass }
  - { name: one differs, given: { nodes: [{ settings: { profiling: false } }, { settings: { profiling: true } }] }, verdict: fail }
  - { name: looks alike, given: { nodes: [{ name: a, settings: { profiling: true } }, { settings: {} }] }, look-alike: true, verdict: fail }
  - { name: unreadable, given: { nodes: [{ settings: unavailable }, { settings: {} }] }, verdict: error }
  - { name: alone, given: { nodes: [{ settings: {} }] }, verdict: notApplicable }
`

const text = (
  expected: string,
  head = 'over: nodes\ngroup: control-plane\n',
) => `id: kube-apiserver.profiling-off
title: API servers agree on profiling
severity: low
why: One that differs was forgotten.
${head}evidence:
  settings: { fact: component-settings, of: kube-apiserver }
parameters:
  most: { default: 1, means: how many }
expect:
  - ${expected}
say: { fail: "{observed}", next: Make them alike. }
${rows}`

const same = '{ same: settings.profiling }'
const tree = (check: string): Tree => ({ ...goodTree, [paths.check]: check })
const said = (check: string): readonly string[] =>
  faultsOf(() => load(tree(check))).map((line) => line.replace(/^[^ ]*: /, ''))

function claims(expected: string) {
  const check = load(tree(text(expected))).checks.get(checkId('kube-apiserver.profiling-off'))
  return check?.condition
}

describe('a check over nodes', () => {
  it('says which nodes are put side by side', () => {
    const { checks } = load(tree(text(same)))
    expect(checks.get(checkId('kube-apiserver.profiling-off'))?.over).toEqual({ group: 'control-plane' })
    const all = load(tree(text(same, 'over: nodes\n'))).checks
    expect(all.get(checkId('kube-apiserver.profiling-off'))?.over).toEqual({ group: 'all' })
  })

  it('becomes conditions over the group, one for each value', () => {
    expect(claims('{ same: [settings.profiling, settings.audit-log-maxage] }')).toEqual({
      all: [
        { fact: 'settings', path: 'profiling', operator: 'nodes:same', value: true },
        { fact: 'settings', path: 'audit-log-maxage', operator: 'nodes:same', value: true },
      ],
    })
    expect(claims('{ unique: settings }')).toEqual({
      all: [{ fact: 'settings', operator: 'nodes:unique', value: true }],
    })
    expect(claims('{ count: nodes, at-least: { parameter: most } }')).toEqual({
      all: [{ fact: 'nodes', operator: 'nodes:count:at-least', value: { parameter: 'most' } }],
    })
    expect(
      claims(
        '{ minors-behind: settings.profiling, of: settings.a, at-most: 3, below: "1.25" }'.replace(
          'settings.a',
          'settings."a.b"',
        ),
      ),
    ).toEqual({
      all: [
        {
          fact: 'settings',
          path: 'profiling',
          operator: 'nodes:minors-behind:at-most',
          value: 3,
          params: { of: 'settings."a.b"', below: '1.25' },
        },
      ],
    })
    expect(claims('{ majority: settings.profiling, of: settings }')).toMatchObject({
      all: [{ operator: 'nodes:majority', params: { of: 'settings' } }],
    })
  })

  it.each([
    [
      '{ value: settings.profiling, equals: false }',
      '"value" claims nothing about a group of nodes. Begin the line with one of: same, unique, count, span, minor-span, minors-behind, majority.',
    ],
    ['{ any: [{ same: settings.profiling }] }', '"any" claims nothing about a group of nodes'],
    [
      '{ same: settings.profilng }',
      'fact component-settings has no field "profilng". Did you mean "profiling"?',
    ],
    ['{ same: setings.profiling }', '"setings" is no name under evidence. Did you mean "settings"?'],
    ['{ same: settings..profiling }', '"settings..profiling" is not a path'],
    ['{ same: [7] }', 'this is no path. Write a name under evidence and a path below it.'],
    [
      '{ same: settings.profiling, equals: false }',
      '"same" takes no "equals". Remove it, or write a line for it.',
    ],
    ['{ same: settings.profiling, of: settings }', '"same" takes no "of". Remove it.'],
    ['{ span: settings.profiling, at-most: 1, below: "1.2" }', '"span" takes no "below". Remove it.'],
    [
      '{ count: settings.profiling }',
      '"count" is compared with nothing. Add an operator, such as at-most: 1.',
    ],
    ['{ count: settings.profiling, at-mots: 1 }', 'unknown operator "at-mots". Did you mean "at-most"?'],
    ['{ count: settings.profiling, at-most: 1, at-least: 1 }', '"count" takes no "at-least"'],
    ['{ count: settings.profiling, at-most: one }', 'at-most takes a number'],
    [
      '{ count: settings.profiling, at-most: { parameter: mots } }',
      'unknown parameter "mots". Did you mean "most"?',
    ],
    [
      '{ majority: settings.profiling }',
      '"majority" does not say of what. Add of: with the path it is compared with.',
    ],
    ['{ majority: settings.profiling, of: 7 }', 'this is no path'],
  ])('is refused for %s', (expected, message) => {
    expect(said(text(expected)).join('\n')).toContain(message)
  })

  it('is refused for a group without over, and for evidence called nodes', () => {
    expect(said(text('{ value: settings.profiling, equals: false }', 'group: all\n')).join('\n')).toContain(
      'a group without "over". Add over: nodes, or remove it.',
    )
    const renamed = text(same)
      .replace('  settings: { fact', '  nodes: { fact')
      .replace('same: settings', 'same: nodes')
    expect(said(renamed).join('\n')).toContain('"nodes" stands for the nodes of the group here')
  })

  it.each([
    [
      'given: { nodes: [{ settings: {} }] }, verdict: notApplicable',
      'given: { nodes: [{ settings: {} }, { settings: {} }] }, verdict: pass',
      'no example shows a node that is alone',
    ],
    [
      '{ nodes: [{ settings: {} }] }',
      '{ settings: {} }',
      'the example lists no nodes. Write nodes: with one map for each node.',
    ],
    ['{ nodes: [{ settings: {} }] }', '{ nodes: [] }', 'the example lists no nodes'],
    [
      '{ nodes: [{ settings: {} }] }',
      '{ nodes: [{ settings: {} }], settings: {} }',
      '"settings" stands beside the nodes. Say it of each node in the list.',
    ],
    ['{ nodes: [{ settings: {} }] }', '{ nodes: [absent] }', 'this node is no map'],
    [
      '{ nodes: [{ settings: {} }] }',
      '{ nodes: [{ name: a }] }',
      'the example does not say what "settings" is',
    ],
    [
      '{ nodes: [{ settings: {} }] }',
      '{ nodes: [{ settings: {}, rols: [] }] }',
      '"rols" is no name under evidence. Did you mean "roles"?',
    ],
  ])('is refused for an example with %s as %s', (from, to, message) => {
    expect(said(text(same).replace(from, to)).join('\n')).toContain(message)
  })

  it('takes values a profile sets for its parameters', () => {
    const { checks } = load(tree(text('{ count: settings.profiling, at-most: { parameter: most } }')))
    const check = checks.get(checkId('kube-apiserver.profiling-off'))
    const known = new Map(Object.values(operators).map((operator) => [operator.name, operator]))
    if (check === undefined) throw new Error('the check is gone')
    expect(parameterFaults({ check, name: 'most', value: 3 }, known)).toEqual([])
    expect(parameterFaults({ check, name: 'most', value: Number.NaN }, known)).toEqual([
      'parameter "most" of kube-apiserver.profiling-off: at-most takes a number, or "infinity"',
    ])
  })
})
