import { describe, expect, it } from 'vitest'
import { compileCheck } from '../../../src/evaluate/check.ts'
import { inDocumentOrder, openFleet } from '../../../src/evaluate/fleet/fleet.ts'
import { evaluateNode } from '../../../src/evaluate/node.ts'
import { type Selection, selectControls } from '../../../src/evaluate/select.ts'
import type { Grouping, Role } from '../../../src/model/check.ts'
import { absent, noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import { checkId, profileId } from '../../../src/model/ids.ts'
import { benchmarkOf, checkOf, controlOf, fact, findingOf, inputOf, profileOf } from '../support.ts'
import { claim, nodesWith, only, over, run, type SceneNode } from './scene.ts'

const same = over(claim('same'))
const leaf = { fact: 'settings', path: 'profiling', value: false }

function node(name: string, value: unknown, ...roles: readonly Role[]): SceneNode {
  return { name, seen: { value }, roles: observed(roles, noSource) }
}

const mixed = [
  node('cp-1', 'x', 'control-plane', 'etcd', 'worker'),
  node('cp-2', 'x', 'control-plane', 'worker'),
  node('db-1', 'x', 'etcd'),
  node('db-2', 'x', 'etcd', 'worker'),
  node('w-1', 'x', 'worker'),
  node('w-2', 'x', 'worker'),
  node('bare', 'x'),
]

function membersOf(group: Grouping, nodes = mixed) {
  const { groups } = run(over(claim('same'), { over: { group } }), nodes)
  return Object.fromEntries(groups.map(({ target }) => [target.id, target.members]))
}

describe('groups', () => {
  it('are all nodes, those of a role, or one for each role', () => {
    const all = ['bare', 'cp-1', 'cp-2', 'db-1', 'db-2', 'w-1', 'w-2']
    expect(membersOf('all')).toEqual({ 'all nodes': all })
    expect(membersOf('control-plane')).toEqual({ 'control-plane nodes': ['cp-1', 'cp-2'] })
    expect(membersOf('etcd')).toEqual({ 'etcd nodes': ['cp-1', 'db-1', 'db-2'] })
    expect(membersOf('worker')).toEqual({ 'worker nodes': ['w-1', 'w-2'] })
  })

  it('of each role hold every node at most once', () => {
    expect(membersOf('role')).toEqual({
      'control-plane nodes': ['cp-1', 'cp-2'],
      'etcd-only nodes': ['db-1', 'db-2'],
      'worker nodes': ['w-1', 'w-2'],
    })
  })

  it('may differ from each other: only what differs within one is found', () => {
    const nodes = [...mixed.slice(0, 2), node('w-1', 'y', 'worker'), node('w-2', 'y', 'worker')]
    const { groups } = run(over(claim('same'), { over: { group: 'role' } }), nodes)
    expect(groups.flatMap(({ findings }) => findings.map(({ verdict }) => verdict))).toEqual(['pass', 'pass'])
  })

  it('of one node have nothing to compare, unless nodes are counted', () => {
    const one = [node('cp-1', 'x', 'control-plane'), node('w-1', 'x', 'worker')]
    const alone = only(over(claim('same'), { over: { group: 'control-plane' } }), one)
    expect(alone).toMatchObject({
      verdict: 'notApplicable',
      reason: 'Of control-plane nodes only one is concerned: there is nothing to compare it with.',
    })
    const counted = over(
      { fact: 'nodes', operator: 'nodes:count:at-least', value: 3 },
      { over: { group: 'control-plane' } },
    )
    expect(only(counted, one).verdict).toBe('fail')
  })

  it('nobody is in are told of on all nodes', () => {
    const none = over(claim('same'), { over: { group: 'etcd' } })
    expect(only(none, nodesWith('x', 'y'))).toMatchObject({
      target: 'all nodes',
      verdict: 'notApplicable',
      reason: 'It is about none of these nodes.',
    })
    const saying = over(claim('same'), { over: { group: 'etcd' }, applies: { because: 'There is no etcd.' } })
    expect(only(saying, nodesWith('x', 'y')).reason).toBe('There is no etcd.')
  })
})

describe('a node whose roles are not known', () => {
  const lost = (name: string): SceneNode => ({
    name,
    seen: { unavailable: 'unreachable' },
    roles: unavailable('unreachable', noSource),
  })
  const byRole = over(claim('same'), { over: { group: 'control-plane' } })

  it('may be in any group: none is judged without it', () => {
    const finding = only(byRole, [...mixed.slice(0, 2), lost('x-1')])
    expect(finding).toMatchObject({ verdict: 'error' })
    expect(finding.reason).toMatch(/^x-1 could not be compared: its role: the target did not answer/)
  })

  it('does not hide that the others differ', () => {
    const nodes = [node('cp-1', 'x', 'control-plane'), node('cp-2', 'y', 'control-plane'), lost('x-1')]
    expect(only(byRole, nodes).verdict).toBe('fail')
  })

  it('alone in what may be a group is an error', () => {
    expect(only(byRole, [lost('x-1'), lost('x-2')]).verdict).toBe('error')
    expect(only(byRole, [node('cp-1', 'x', 'control-plane'), lost('x-1')]).verdict).toBe('error')
  })

  it('without a role is a member of all nodes only', () => {
    const rootless = { name: 'r', seen: { value: 'x' }, roles: absent(noSource) }
    expect(only(byRole, [...mixed.slice(0, 2), rootless]).verdict).toBe('pass')
  })
})

describe('who is compared', () => {
  const inUse = over(claim('same'), {
    applies: { when: { fact: 'seen', path: 'used', operator: 'equals', value: true } },
  })
  const used = (name: string, value: string, isUsed: unknown): SceneNode => ({
    name,
    seen: { value, used: isUsed },
  })

  it('is who the check applies to', () => {
    expect(only(inUse, [used('a', 'x', true), used('b', 'x', true), used('c', 'y', false)]).verdict).toBe(
      'pass',
    )
  })

  it('is not known where it cannot be told whether it applies', () => {
    const missing = { unavailable: 'permission-denied' }
    const finding = only(inUse, [used('a', 'x', true), used('b', 'x', true), used('c', 'y', missing)])
    expect(finding.reason).toMatch(/^c could not be compared: Could not look at seen\.used/)
    expect(finding.next).toBeDefined()
  })

  it('is not known either where the answer to that is unclear', () => {
    const versions = over(claim('same'), { applies: { versions: '>=1.30' } })
    const selection = selectionOf(versions)
    const fleet = openFleet()
    for (const name of ['a', 'b']) {
      const input = inputOf({ seen: fact({ value: 'x' }) }, { version: observed('new', noSource) })
      fleet.add(selection, { target: name, roles: input.roles, itemDigests: () => [] }, input)
    }
    const { groups } = fleet.finish()
    expect(groups[0]?.findings[0]).toMatchObject({ verdict: 'error', provenance: [] })
    expect(groups[0]?.findings[0]).not.toHaveProperty('next')
  })
})

function selectionOf(check = same, parts: Parameters<typeof profileOf>[0] = {}): Selection {
  const benchmark = benchmarkOf([controlOf('1.2.1', { checks: [check.id] })])
  return selectControls({ checks: new Map([[check.id, check]]), benchmarks: [benchmark] }, profileOf(parts))
}

describe('a run', () => {
  it('over one node compares nothing, and says so on the node itself', () => {
    const { groups, alone } = run(same, nodesWith('x'))
    expect(groups).toEqual([])
    expect(alone).toMatchObject([{ target: 'a', verdict: 'notApplicable', control: '1.2.1' }])
    expect(alone[0]?.reason).toContain('a is the only node of its cluster in this run')
  })

  it('over no node finds nothing', () => {
    expect(run(same, [])).toEqual({ groups: [], alone: [] })
  })

  it('carries what the control says of itself, and how to fix what fails', () => {
    const check = over(claim('same'), { remediation: 'kubelet.set-flag' })
    const control = controlOf('1.2.1', {
      checks: [check.id],
      severity: 'critical',
      references: { 'nist-800-53': ['CM-6'] },
    })
    const library = { checks: new Map([[check.id, check]]), benchmarks: [benchmarkOf([control])] }
    const fleet = openFleet()
    for (const [name, value] of [
      ['a', 'x'],
      ['b', 'y'],
    ] as const) {
      const input = inputOf({ seen: fact({ value }) })
      fleet.add(
        selectControls(library, profileOf()),
        { target: name, roles: input.roles, itemDigests: () => [] },
        input,
      )
    }
    expect(fleet.finish().groups[0]?.findings[0]).toMatchObject({
      severity: 'critical',
      remediation: 'kubelet.set-flag',
      references: { 'nist-800-53': ['CM-6'] },
    })
  })

  it('asks nothing a document does not apply', () => {
    const control = controlOf('1.2.1', { checks: [same.id], notApplicable: 'Not here.' })
    const library = { checks: new Map([[same.id, same]]), benchmarks: [benchmarkOf([control])] }
    const selection = selectControls(library, profileOf())
    const fleet = openFleet()
    for (const name of ['a', 'b']) {
      const input = inputOf({ seen: fact({ value: name }) })
      fleet.add(selection, { target: name, roles: input.roles, itemDigests: () => [] }, input)
    }
    expect(fleet.finish().groups).toEqual([])
  })

  it('takes the parameters of the first profile by id, whichever node comes first', () => {
    const check = over(claim('count:at-least', 'value', { value: { parameter: 'wanted' } }), {
      parameters: { wanted: { default: 1, means: 'how many' } },
    })
    const one = selectionOf(check, { id: profileId('a-profile'), parameters: { wanted: 1 } })
    const two = selectionOf(check, { id: profileId('b-profile'), parameters: { wanted: 9 } })
    for (const selections of [
      [one, two],
      [two, one],
    ]) {
      const fleet = openFleet()
      for (const [index, selection] of selections.entries()) {
        const input = inputOf({ seen: fact({ value: index }) })
        fleet.add(selection, { target: `n${index}`, roles: input.roles, itemDigests: () => [] }, input)
      }
      expect(fleet.finish().groups.flatMap(({ findings }) => findings.map(({ verdict }) => verdict))).toEqual(
        ['pass'],
      )
    }
  })

  it('finds profile by profile, in the order of each', () => {
    const other = { ...over(claim('same')), id: checkId('kubelet.other-same') }
    const third = { ...over(claim('same')), id: checkId('kubelet.third-same') }
    const benchmarkFor = (...controls: ReturnType<typeof controlOf>[]) => benchmarkOf(controls)
    const selectionFor = (id: string, ...checks: readonly (typeof same)[]) =>
      selectControls(
        {
          checks: new Map(checks.map((one) => [one.id, one])),
          benchmarks: [
            benchmarkFor(...checks.map((one, index) => controlOf(`1.2.${id}${index}`, { checks: [one.id] }))),
          ],
        },
        profileOf({ id: profileId(`p${id}`) }),
      )
    const fleet = openFleet()
    for (const [name, selection] of [
      ['a', selectionFor('2', third)],
      ['b', selectionFor('1', same, other)],
    ] as const) {
      const input = inputOf({ seen: fact({ value: 'x' }) })
      fleet.add(selection, { target: name, roles: input.roles, itemDigests: () => [] }, input)
    }
    expect(fleet.finish().groups[0]?.findings.map(({ control }) => control)).toEqual([
      '1.2.10',
      '1.2.11',
      '1.2.20',
    ])
  })

  it('leaves checks of one node to the nodes', () => {
    const one = checkOf({ condition: claim('same') })
    const own = { ...one, id: checkId('kubelet.own'), condition: { all: [{ ...leaf, operator: 'equals' }] } }
    const controls = [controlOf('1.2.1', { checks: [same.id, own.id] })]
    const library = {
      checks: new Map([
        [same.id, same],
        [own.id, own],
      ]),
      benchmarks: [benchmarkOf(controls)],
    }
    const selection = selectControls(library, profileOf())
    const fleet = openFleet()
    for (const name of ['a', 'b']) {
      const input = inputOf({ seen: fact({ value: 'x' }) })
      fleet.add(selection, { target: name, roles: input.roles, itemDigests: () => [] }, input)
    }
    expect(fleet.finish().groups.flatMap(({ findings }) => findings.map(({ check }) => check))).toEqual([
      same.id,
    ])
  })

  it('leaves checks over nodes out of what is said of each node', () => {
    const selection = selectionOf()
    const input = inputOf({ seen: fact({ value: 'x' }) })
    const findings = evaluateNode(
      selection,
      { ...input, target: 'a', derive: () => fact({ value: 'x' }), itemDigests: () => [] },
      input,
    )
    expect(findings).toEqual([])
    expect(compileCheck(same).evaluate(input).verdict).toBe('notApplicable')
  })

  it('keeps ten thousand nodes apart without keeping what they sent', () => {
    const selection = selectionOf(over([claim('same'), claim('unique', 'id')]))
    const fleet = openFleet()
    for (let index = 0; index < 10_000; index += 1) {
      const value = index === 7_777 ? 'odd' : 'usual'
      const input = inputOf({ seen: fact({ value, id: `id-${index % 9_999}` }) })
      fleet.add(selection, { target: `n-${index}`, roles: input.roles, itemDigests: () => [] }, input)
    }
    const { groups } = fleet.finish()
    expect(groups[0]?.target.members).toHaveLength(10_000)
    expect(groups[0]?.findings[0]?.reason).toContain('usual on 9999 nodes; odd on n-7777')
    expect(groups[0]?.findings[0]?.reason).toContain('id-0 on n-0 and n-9999')
  })
})

describe('findings in document order', () => {
  it('puts what is found together where its control stands', () => {
    const selection = selectionOf()
    const findings = [
      findingOf({ control: '9.9.9' }),
      findingOf({ control: '1.2.1', check: 'b.b' }),
      findingOf({ control: '1.2.1', check: 'a.a' }),
    ]
    const { check: _, ...question } = findingOf({ control: '1.2.1' })
    const sorted = inDocumentOrder(selection, [...findings, question])
    expect(sorted.map(({ control, check }) => `${control} ${check}`)).toEqual([
      '1.2.1 a.a',
      '1.2.1 b.b',
      '1.2.1 undefined',
      '9.9.9 kube-apiserver.profiling-off',
    ])
  })
})
