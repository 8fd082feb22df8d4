import { describe, expect, it } from 'vitest'
import { openClusters } from '../../../src/evaluate/fleet/clusters.ts'
import { selectControls } from '../../../src/evaluate/select.ts'
import { noSource, observed } from '../../../src/model/evidence.ts'
import { benchmarkOf, controlOf, fact, inputOf, profileOf } from '../support.ts'
import { claim, over } from './scene.ts'

const same = over(claim('same'))
const selection = selectControls(
  {
    checks: new Map([[same.id, same]]),
    benchmarks: [benchmarkOf([controlOf('1.1', { checks: [same.id] })])],
  },
  profileOf(),
)

/** Nodes as `cluster/name: value`. */
function verdictsOf(...nodes: readonly (readonly [cluster: string | null, name: string, value: string])[]) {
  const clusters = openClusters()
  for (const [cluster, name, value] of nodes) {
    const node = { target: name, roles: observed([], noSource), itemDigests: () => [] }
    clusters.add(cluster, node, { selection, input: inputOf({ seen: fact({ value }) }) })
  }
  const { groups, alone } = clusters.finish()
  const findings = [...groups.flatMap((group) => group.findings), ...alone]
  return Object.fromEntries(findings.map(({ target, verdict }) => [target, verdict]))
}

describe('nodes of several clusters', () => {
  it('are compared within their own only, and groups say which', () => {
    expect(
      verdictsOf(
        ['rke2', 'a-1', 'x'],
        ['rke2', 'a-2', 'x'],
        ['kubeadm', 'b-1', 'y'],
        ['kubeadm', 'b-2', 'z'],
      ),
    ).toEqual({ 'all nodes (rke2)': 'pass', 'all nodes (kubeadm)': 'fail' })
  })

  it('have nothing to compare where there is one of a kind', () => {
    expect(verdictsOf(['rke2', 'a-1', 'x'], ['kubeadm', 'b-1', 'y'])).toEqual({
      'a-1': 'notApplicable',
      'b-1': 'notApplicable',
    })
  })

  it('need no name when there is one cluster', () => {
    expect(verdictsOf(['rke2', 'a-1', 'x'], ['rke2', 'a-2', 'y'])).toEqual({ 'all nodes': 'fail' })
  })

  it('may be of any where that could not be told: of the one there is, else of none', () => {
    expect(verdictsOf(['rke2', 'a-1', 'x'], [null, 'b-1', 'y'])).toEqual({ 'all nodes': 'fail' })
    expect(verdictsOf(['rke2', 'a-1', 'x'], ['kubeadm', 'b-1', 'x'], [null, 'c-1', 'x'])).toEqual({
      'a-1': 'notApplicable',
      'b-1': 'notApplicable',
      'c-1': 'notApplicable',
    })
    expect(verdictsOf([null, 'a-1', 'x'], [null, 'b-1', 'x'])).toEqual({ 'all nodes': 'pass' })
  })
})
