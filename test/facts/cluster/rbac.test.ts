import { describe, expect, it } from 'vitest'
import { nodeContext } from '../../../src/cli/ask-evidence.ts'
import { defaultServiceAccounts } from '../../../src/facts/cluster/default-service-accounts.ts'
import { mastersGroup } from '../../../src/facts/cluster/masters-group.ts'
import { LabelIndex } from '../../../src/facts/cluster/rbac/aggregation.ts'
import { readRbac } from '../../../src/facts/cluster/rbac/read-rbac.ts'
import { broadly, groupsOf, readSubject } from '../../../src/facts/cluster/rbac/subject.ts'
import { rbacGrants } from '../../../src/facts/cluster/rbac-grants.ts'
import { wordsIn } from '../../../src/facts/cluster/request.ts'
import { roleWildcards } from '../../../src/facts/cluster/role-wildcards.ts'
import { tokenMounts } from '../../../src/facts/cluster/token-mounts.ts'
import { binding, clusterOf, type Described, role } from '../../support/api/an-rbac.ts'
import { content } from '../../traps/verdict-of.ts'

const read = (described: Described) => readRbac(nodeContext(clusterOf(described), content, 0))

describe('a label selector', () => {
  const index = new LabelIndex([
    { name: 'a', labels: { tier: 'front', on: '' } },
    { name: 'b', labels: { tier: 'back' } },
    { name: 'c', labels: {} },
  ])
  const expression = (operator: string, values?: readonly string[]) => ({
    expressions: [{ key: 'tier', operator, ...(values === undefined ? {} : { values }) }],
  })

  it.each([
    [{}, ['a', 'b', 'c']],
    [{ labels: { tier: 'front' } }, ['a']],
    [{ labels: { tier: 'front', on: 'yes' } }, []],
    [{ labels: { missing: '' } }, []],
    [expression('In', ['front', 'back']), ['a', 'b']],
    [expression('NotIn', ['front']), ['b', 'c']],
    [expression('Exists'), ['a', 'b']],
    [expression('DoesNotExist'), ['c']],
    [expression('Near'), []],
    [{ expressions: [{}] }, []],
    [{ labels: { constructor: 'x' } }, []],
  ])('%j selects %j', (selector, names) => {
    expect(index.selected(selector)).toEqual(names)
  })
})

describe('an aggregated role', () => {
  const aggregating = (label: string) => ({
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] },
    labels: { [`${label}-itself`]: 'true', [label]: 'true' },
  })

  it('has the rules of aggregates it aggregates, and never goes round in circles', () => {
    const { roles } = read({
      roles: [
        role('top', ['get left'], aggregating('x')),
        role('middle', [], { ...aggregating('y'), labels: { x: 'true', y: 'true' } }),
        role('leaf', ['get pods'], { labels: { y: 'true' } }),
        role('circle', [], { aggregationRule: { clusterRoleSelectors: [{}] } }),
      ],
    })
    const rulesOf = (name: string) =>
      roles.find((one) => one.name === name)?.rules.map(({ resources, from }) => `${resources} ${from}`)
    expect(rulesOf('top')).toEqual(['pods leaf', 'left undefined'])
    expect(rulesOf('circle')).toEqual(['pods leaf'])
  })

  it('has each rule once that stands in it and in a part', () => {
    const { roles } = read({
      roles: [
        role('top', ['get pods'], aggregating('x')),
        role('part', ['get pods'], { labels: { x: 'true' } }),
      ],
    })
    expect(roles.find(({ name }) => name === 'top')?.rules).toMatchObject([
      { resources: ['pods'], from: 'part' },
    ])
  })
})

describe('a binding', () => {
  it('finds a Role in its own namespace and a ClusterRole anywhere', () => {
    const { bindings } = read({
      roles: [role('r', []), role('dev/r', ['get pods'])],
      bindings: [
        binding('dev/own', 'Role r', 'User a'),
        binding('qa/other', 'Role r', 'User a'),
        binding('dev/global', 'ClusterRole r', 'User a'),
        binding('wrong', 'Role r', 'User a'),
      ],
    })
    expect(bindings.map(({ name, role: to }) => [name, to?.kind, to?.namespace])).toEqual([
      ['wrong', undefined, undefined],
      ['global', 'ClusterRole', undefined],
      ['own', 'Role', 'dev'],
      ['other', undefined, undefined],
    ])
  })

  it('is a gap when it is not in the form of one', () => {
    const { gaps } = read({
      bindings: [
        { metadata: { name: 'odd', namespace: 'dev' }, roleRef: { kind: 'Role' } },
        { metadata: { name: 'odder' }, roleRef: { kind: 'ClusterRole', name: 'r' }, subjects: 'all' },
        { roleRef: { kind: 'ClusterRole', name: 'r' } },
      ],
    })
    expect(gaps.map(({ detail }) => detail)).toEqual([
      'ClusterRoleBinding : it has no name',
      'ClusterRoleBinding odder: its subjects are not a list of subjects',
      'RoleBinding dev/odd: it names no role',
    ])
  })
})

describe('a subject', () => {
  it.each([
    [
      { kind: 'User', name: 'system:serviceaccount:ns:a' },
      { kind: 'ServiceAccount', namespace: 'ns', name: 'a' },
    ],
    [
      { kind: 'User', name: 'system:serviceaccount:ns' },
      { kind: 'User', name: 'system:serviceaccount:ns' },
    ],
    [
      { kind: 'User', name: 'system:serviceaccount::a' },
      { kind: 'User', name: 'system:serviceaccount::a' },
    ],
    [
      { kind: 'User', name: 'system:serviceaccount:a:b:c' },
      { kind: 'User', name: 'system:serviceaccount:a:b:c' },
    ],
    [{ kind: 'ServiceAccount', name: 'a' }, undefined],
    [{ kind: 'ServiceAccount' }, undefined],
    [{ kind: 'Robot', name: 'a' }, undefined],
    ['nobody', undefined],
  ])('%j in no namespace is %j', (given, expected) => {
    expect(readSubject(given, undefined)).toEqual(expected)
  })

  it('is in the groups everybody knows it to be in', () => {
    const group = (name: string) => ({ kind: 'Group', name }) as const
    expect(groupsOf({ kind: 'User', name: 'system:anonymous' })).toEqual(['Group system:unauthenticated'])
    expect(groupsOf({ kind: 'User', name: 'a' })).toEqual(['Group system:authenticated'])
    expect(groupsOf(group('ops'))).toEqual([])
    expect(groupsOf(group('system:serviceaccounts'))).toEqual(['Group system:authenticated'])
    expect(groupsOf(group('system:serviceaccounts:dev'))).toEqual(['Group system:authenticated'])
    expect(groupsOf({ kind: 'ServiceAccount', namespace: 'dev', name: 'a' })).toHaveLength(3)
  })

  it('stands for everybody by its exact name only', () => {
    expect(broadly({ kind: 'Group', name: 'system:authenticated' })).toBe('everybody who is logged in')
    expect(broadly({ kind: 'User', name: 'system:authenticated' })).toBeUndefined()
    expect(broadly({ kind: 'Group', name: 'system:authenticated2' })).toBeUndefined()
  })
})

describe('what a check may ask', () => {
  it('is a power there is', () => {
    const faults = (of?: string) =>
      rbacGrants.faults?.({ fact: 'rbac-grants', ...(of === undefined ? {} : { of }) }, content)
    expect(faults('read-secrets')).toEqual([])
    expect(faults('read-secret')).toEqual([expect.stringContaining('did you mean read-secrets')])
    expect(faults('xyzzyx-quux')).toEqual([expect.stringContaining('unknown power')])
    expect(faults()).toHaveLength(1)
  })

  it('is answered with the fields of an inspection', () => {
    for (const kind of [rbacGrants, roleWildcards, defaultServiceAccounts, tokenMounts, mastersGroup])
      expect(kind.fields({ fact: kind.kind }, content)).toEqual([
        'looked-at',
        'offending',
        'noted',
        'exempted',
      ])
  })

  it('may leave names out', () => {
    expect(wordsIn({ fact: 'x' }, 'trusted')).toEqual([])
    expect(wordsIn({ fact: 'x', trusted: ['a', 1] }, 'trusted')).toEqual(['a', '1'])
  })
})
