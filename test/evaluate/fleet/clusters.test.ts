import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openClusters } from '../../../src/evaluate/fleet/clusters.ts'
import { marksOf } from '../../../src/evaluate/fleet/marks.ts'
import { selectControls } from '../../../src/evaluate/select.ts'
import { absent, noSource, observed } from '../../../src/model/evidence.ts'
import { checkId } from '../../../src/model/ids.ts'
import { benchmarkOf, controlOf, fact, inputOf, profileOf } from '../support.ts'
import { claim, over } from './scene.ts'

const same = over(claim('same'))
const perRole = over(claim('same'), { id: checkId('fleet.role'), over: { group: 'role' } })
const unique = over(claim('unique', 'id'), { id: checkId('fleet.unique'), over: { group: 'run' } })
const each = [same, perRole, unique]

function selectionOf(ids: readonly string[]) {
  const asked = each.filter(({ id }) => ids.includes(id))
  return selectControls(
    {
      checks: new Map(asked.map((check) => [check.id, check])),
      benchmarks: [benchmarkOf(asked.map(({ id }, index) => controlOf(`1.${index + 1}`, { checks: [id] })))],
    },
    profileOf(),
  )
}

interface Described {
  readonly distribution?: string | null
  readonly authorities?: readonly string[]
  readonly endpoints?: readonly string[]
  readonly value?: string
  readonly id?: string
  readonly worker?: boolean
}

type Node = readonly [name: string, Described]

function run(nodes: readonly Node[], ids: readonly string[] = [same.id]) {
  const selection = selectionOf(ids)
  const clusters = openClusters()
  for (const [target, described] of nodes) {
    const { distribution = 'kubeadm', authorities = [], endpoints = [], value = 'x' } = described
    const { id = target, worker = false } = described
    const roles = observed(worker ? (['worker'] as const) : [], noSource)
    const input = inputOf({ seen: fact({ value, id }) }, { roles })
    const place = { distribution, marks: { authorities, endpoints } }
    clusters.add(place, { target, roles, itemDigests: () => [] }, { selection, input })
  }
  const { groups, alone } = clusters.finish()
  const byTarget = (a: { target: string }, b: { target: string }) => (a.target < b.target ? -1 : 1)
  return {
    targets: groups.map(({ target }) => target).sort((a, b) => (a.id < b.id ? -1 : 1)),
    findings: [...groups.flatMap(({ findings }) => findings), ...alone].sort(byTarget),
  }
}

/** Target of each finding with its verdict. */
function verdictsOf(...nodes: readonly Node[]) {
  return Object.fromEntries(run(nodes).findings.map(({ target, verdict }) => [target, verdict]))
}

const ca = (text: string): string => `sha256:${text.padEnd(64, '0')}`
const a = { authorities: [ca('aa')] }
const b = { authorities: [ca('bb')] }

describe('nodes of several clusters', () => {
  it('are compared within their own only, and groups say which', () => {
    expect(
      verdictsOf(['a-1', a], ['a-2', a], ['b-1', { ...b, value: 'y' }], ['b-2', { ...b, value: 'z' }]),
    ).toEqual({
      'all nodes (kubeadm, authority aa0000000000)': 'pass',
      'all nodes (kubeadm, authority bb0000000000)': 'fail',
    })
  })

  it('are called by their distribution where that is enough', () => {
    const rke2 = { ...b, distribution: 'rke2' }
    expect(verdictsOf(['a-1', a], ['a-2', a], ['b-1', rke2], ['b-2', rke2])).toEqual({
      'all nodes (kubeadm)': 'pass',
      'all nodes (rke2)': 'pass',
    })
  })

  it('have nothing to compare where there is one of a kind, which says which', () => {
    const { findings } = run([
      ['a-1', a],
      ['b-1', { ...b, value: 'y' }],
    ])
    expect(findings.map(({ target, verdict }) => `${target}: ${verdict}`)).toEqual([
      'a-1: notApplicable',
      'b-1: notApplicable',
    ])
    expect(findings[1]?.reason).toBe(
      'b-1 is the only node of its cluster (kubeadm, authority bb0000000000) in this run: there is nothing to compare it with.',
    )
  })

  it('need no name when there is one cluster', () => {
    expect(verdictsOf(['a-1', a], ['a-2', { ...a, value: 'y' }])).toEqual({ 'all nodes': 'fail' })
  })

  it('are told by what they trust, not by what they were taken for', () => {
    expect(verdictsOf(['a-1', a], ['a-2', { ...a, distribution: 'kubespray', value: 'y' }])).toEqual({
      'all nodes': 'fail',
    })
    const mixed = { ...a, distribution: 'kubespray' }
    expect(verdictsOf(['a-1', a], ['a-2', mixed], ['b-1', b])).toEqual({
      'all nodes (kubeadm and kubespray)': 'pass',
      'b-1': 'notApplicable',
    })
  })

  it('are none at all in a run without nodes', () => {
    expect(run([])).toEqual({ targets: [], findings: [] })
  })
})

describe('nodes of one cluster', () => {
  const at = { endpoints: ['10.0.0.10:6443'] }

  it('stay together when one trusts another authority: they reach the same API server', () => {
    expect(verdictsOf(['a-1', { ...a, ...at }], ['a-2', { ...b, ...at, value: 'y' }])).toEqual({
      'all nodes': 'fail',
    })
  })

  it('stay together while authorities rotate', () => {
    const both = { authorities: [ca('aa'), ca('bb')] }
    expect(verdictsOf(['a-1', a], ['a-2', { ...b, value: 'y' }], ['a-3', both])).toEqual({
      'all nodes': 'fail',
    })
  })

  it('are told by the API server alone where the authority is not known', () => {
    const one = { endpoints: ['10.0.0.1:6443'] }
    const two = { endpoints: ['10.0.0.2:6443'] }
    expect(verdictsOf(['a-1', one], ['a-2', one], ['b-1', two], ['b-2', two])).toEqual({
      'all nodes (kubeadm, 10.0.0.1:6443)': 'pass',
      'all nodes (kubeadm, 10.0.0.2:6443)': 'pass',
    })
  })
})

describe('a node that shows its API server and no authority', () => {
  const agent = { endpoints: ['10.0.0.1:6443'] }

  it('is of the one cluster whose API server nobody showed, and the group says so', () => {
    const { targets } = run([
      ['s-1', a],
      ['w-1', agent],
      ['w-2', { ...agent, distribution: null }],
    ])
    expect(targets.map(({ id, assumes }) => `${id}: ${assumes}`)).toEqual([
      'all nodes: that w-1 and 1 more are of this cluster: its authority was not seen there',
    ])
    expect(
      run([
        ['s-1', a],
        ['w-1', { ...agent, distribution: null }],
      ]).targets,
    ).toHaveLength(1)
  })

  it('is of another where that one shows its own', () => {
    const reached = { ...a, endpoints: ['10.0.0.2:6443'] }
    expect(verdictsOf(['s-1', reached], ['w-1', agent])).toEqual({
      's-1': 'notApplicable',
      'w-1': 'notApplicable',
    })
  })

  it('is of none of several, nor where another node like it shows another API server', () => {
    expect(
      run([
        ['s-1', a],
        ['t-1', b],
        ['w-1', agent],
      ]).targets,
    ).toEqual([])
    expect(
      run([
        ['s-1', a],
        ['w-1', agent],
        ['w-2', { endpoints: ['10.0.0.3:6443'] }],
      ]).targets,
    ).toEqual([])
    expect(
      run([
        ['s-1', a],
        ['w-1', { ...agent, distribution: 'rke2' }],
      ]).targets,
    ).toEqual([])
  })
})

describe('a node of which nothing tells the cluster', () => {
  it('is of the one its distribution leaves, and the group says so', () => {
    const { targets } = run([
      ['a-1', a],
      ['a-2', {}],
      ['a-3', { value: 'y' }],
      ['b-1', { ...b, distribution: 'rke2' }],
      ['b-2', { ...b, distribution: 'rke2' }],
    ])
    expect(targets).toEqual([
      {
        id: 'all nodes (kubeadm)',
        kind: 'group',
        members: ['a-1', 'a-2', 'a-3'],
        assumes: 'that a-2 and 1 more are of this cluster: its authority was not seen there',
      },
      { id: 'all nodes (rke2)', kind: 'group', members: ['b-1', 'b-2'] },
    ])
    expect(
      run([
        ['a-1', a],
        ['a-2', {}],
      ]).targets[0]?.assumes,
    ).toBe('that a-2 is of this cluster: its authority was not seen there')
  })

  it('stays with others like it among several of its distribution', () => {
    const { targets } = run([
      ['a-1', a],
      ['b-1', b],
      ['c-1', {}],
      ['c-2', {}],
    ])
    expect(targets).toEqual([
      {
        id: 'all nodes (kubeadm, cluster not known)',
        kind: 'group',
        members: ['c-1', 'c-2'],
        assumes: 'that these nodes are of one cluster: no authority of it was seen on them',
      },
    ])
  })

  it('is compared with the others of its distribution where nothing tells any of them', () => {
    expect(verdictsOf(['a-1', {}], ['a-2', { value: 'y' }])).toEqual({ 'all nodes': 'fail' })
  })

  it('nor the distribution is of the one cluster there is, else of none', () => {
    const lost = { distribution: null, value: 'y' }
    expect(verdictsOf(['a-1', a], ['x-1', lost])).toEqual({ 'all nodes': 'fail' })
    expect(verdictsOf(['a-1', { distribution: 'rke2' }], ['x-1', lost])).toEqual({ 'all nodes': 'fail' })
    expect(verdictsOf(['a-1', a], ['b-1', b], ['x-1', lost])).toEqual({
      'a-1': 'notApplicable',
      'b-1': 'notApplicable',
      'x-1': 'notApplicable',
    })
    expect(verdictsOf(['x-1', lost], ['x-2', lost])).toEqual({ 'all nodes': 'pass' })
  })

  it('assumes nothing of a group it is the only one of', () => {
    const { targets } = run(
      [
        ['w-1', { worker: true }],
        ['a-1', a],
      ],
      [perRole.id],
    )
    expect(targets).toEqual([{ id: 'worker nodes', kind: 'group', members: ['w-1'] }])
  })
})

describe('what no two machines may share', () => {
  const ids = [same.id, unique.id]

  it('is compared over all nodes of a run, whatever their cluster and distribution', () => {
    const { findings, targets } = run(
      [
        ['a-1', { ...a, id: 'clone' }],
        ['a-2', a],
        ['b-1', { ...b, distribution: 'rke2', id: 'clone' }],
      ],
      ids,
    )
    const [found] = findings.filter(({ check }) => check === unique.id)
    expect(found).toMatchObject({ target: 'all nodes', verdict: 'fail' })
    expect(found?.reason).toContain('a-1 and b-1')
    expect(targets.map(({ id }) => id)).toEqual(['all nodes', 'all nodes (kubeadm)'])
    expect(targets[0]).toEqual({ id: 'all nodes', kind: 'group', members: ['a-1', 'a-2', 'b-1'] })
  })

  it('stands with the rest where there is one cluster', () => {
    const { findings, targets } = run(
      [
        ['a-1', a],
        ['a-2', a],
      ],
      ids,
    )
    expect(targets.map(({ id, members }) => [id, members])).toEqual([['all nodes', ['a-1', 'a-2']]])
    expect(findings.map(({ control }) => control)).toEqual(['1.1', '1.2'])
  })

  it('has nothing to be compared with on one node', () => {
    expect(run([['a-1', a]], ids).findings.map(({ verdict }) => verdict)).toEqual([
      'notApplicable',
      'notApplicable',
    ])
  })
})

describe('the order in which nodes come', () => {
  const marks = (from: readonly string[]) => fc.subarray([...from], { maxLength: 2 })
  const described = fc.record({
    distribution: fc.constantFrom('kubeadm', 'rke2', null),
    authorities: marks([ca('aa'), ca('bb'), ca('cc'), ca('dd')]),
    endpoints: marks(['10.0.0.1:6443', '10.0.0.2:6443', '10.0.0.3:6443']),
    value: fc.constantFrom('x', 'y'),
    id: fc.constantFrom('1', '2', '3', '4'),
    worker: fc.boolean(),
  })

  it('changes nothing', () => {
    const ordered = fc.array(described, { maxLength: 12 }).chain((all) => {
      const nodes = all.map((one, index): Node => [`n-${index}`, one])
      return fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes, { minLength: nodes.length }))
    })
    const ids = each.map(({ id }) => id)
    fc.assert(
      fc.property(ordered, ([forth, mixed]) => {
        expect(run(mixed, ids)).toEqual(run(forth, ids))
      }),
    )
  })
})

describe('the marks of a node', () => {
  it('are read from what was seen of it', () => {
    const seen = { authorities: [ca('aa')], endpoints: ['10.0.0.1:6443'] }
    expect(marksOf(inputOf({ 'cluster-identity': fact(seen) }))).toEqual(seen)
  })

  it('are none where they are absent, could not be looked at, or were not asked for', () => {
    const none = { authorities: [], endpoints: [] }
    expect(marksOf(inputOf({}))).toEqual(none)
    expect(marksOf(inputOf({ 'cluster-identity': absent(noSource) }))).toEqual(none)
    const closed = { authorities: { unavailable: 'permission-denied' }, endpoints: { absent: true } }
    expect(marksOf(inputOf({ 'cluster-identity': fact(closed) }))).toEqual(none)
  })
})
