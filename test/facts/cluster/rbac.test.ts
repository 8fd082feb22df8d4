import { describe, expect, it } from 'vitest'
import { nodeContext } from '../../../src/cli/ask-evidence.ts'
import { defaultServiceAccounts } from '../../../src/facts/cluster/default-service-accounts.ts'
import { mastersGroup } from '../../../src/facts/cluster/masters-group.ts'
import { LabelIndex } from '../../../src/facts/cluster/rbac/aggregation.ts'
import { powers } from '../../../src/facts/cluster/rbac/powers.ts'
import { readRbac } from '../../../src/facts/cluster/rbac/read-rbac.ts'
import { broadly, groupsOf, readSubject } from '../../../src/facts/cluster/rbac/subject.ts'
import { rbacGrants } from '../../../src/facts/cluster/rbac-grants.ts'
import { wordsIn } from '../../../src/facts/cluster/request.ts'
import { roleWildcards } from '../../../src/facts/cluster/role-wildcards.ts'
import { tokenMounts } from '../../../src/facts/cluster/token-mounts.ts'
import type { FactKind } from '../../../src/facts/fact-kind.ts'
import type { FactRequest } from '../../../src/model/check.ts'
import { absent, type Fact, noSource, observed, unavailable } from '../../../src/model/evidence.ts'
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

describe('API servers that do not go by bindings', () => {
  const modes = (...names: readonly string[]): Fact => {
    const list = names.map((name) => observed(name, noSource))
    return observed({ modes: observed(list, noSource), 'decided-by': observed('flag', noSource) }, noSource)
  }
  const said = (kind: FactKind, request: object, ...facts: readonly Fact[]) => {
    const nodes = ({ fact }: FactRequest) =>
      fact === 'authorizers' ? facts.map((one, index) => ({ node: `cp-${index}`, fact: one })) : []
    const context = { ...nodeContext(clusterOf({}), content, 0), nodes }
    return JSON.stringify(kind.derive({ fact: kind.kind, ...request }, context))
  }
  const kinds: readonly (readonly [FactKind, object])[] = [
    ...Object.keys(powers).map((of) => [rbacGrants, { of }] as const),
    [defaultServiceAccounts, {}],
  ]

  it('let everybody hold every power, and default accounts with them', () => {
    for (const [kind, request] of kinds) {
      expect(kind.asksNodes).toEqual([{ fact: 'authorizers' }])
      const found = said(kind, request, modes('Node', 'RBAC'), modes('RBAC', 'AlwaysAllow'))
      expect(found).toContain('API server on cp-1')
      expect(found).toContain('AlwaysAllow lets everybody do everything')
      expect(found).not.toContain('cp-0')
    }
  })

  it('are those without RBAC too', () => {
    for (const [kind, request] of kinds)
      expect(said(kind, request, modes('Node', 'ABAC'))).toContain('it does not ask RBAC (Node, ABAC)')
  })

  it('are not those whose authorizers nobody saw, and nodes without one', () => {
    const unseen: readonly Fact[] = [
      absent(noSource),
      unavailable('permission-denied', noSource),
      observed({ modes: unavailable('ambiguous', noSource) }, noSource),
      observed('odd', noSource),
    ]
    for (const [kind, request] of kinds)
      expect(said(kind, request, ...unseen, modes('Node', 'RBAC', 'Webhook'))).not.toContain('API server')
    const without = nodeContext(clusterOf({}), content, 0)
    const found = rbacGrants.derive({ fact: 'rbac-grants', of: 'read-secrets' }, without)
    expect(JSON.stringify(found)).not.toContain('API server')
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
