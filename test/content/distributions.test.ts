import { describe, expect, it } from 'vitest'
import { faultsOf, goodTree, load, type Tree } from './content-tree.ts'

const rke2 = `id: rke2
title: RKE2
components:
  kube-apiserver: { reads: the running process, changes: "kube-apiserver-arg: [{flag}=VALUE]" }
`
const tree = (text: string, name = 'rke2'): Tree => ({
  ...goodTree,
  [`benchmarks/distributions/${name}.yaml`]: text,
})
const distributions = ['kubeadm', 'rke2']
const said = (files: Tree): string => faultsOf(() => load(files, { distributions })).join('\n')

describe('a distribution', () => {
  it('is known by its id', () => {
    expect(load(tree(rke2), { distributions }).distributions.get('rke2')).toMatchObject({
      title: 'RKE2',
      components: { 'kube-apiserver': { reads: 'the running process' } },
    })
    expect([...load(tree(rke2)).distributions.keys()]).toEqual(['rke2'])
  })

  it.each([
    [
      'a name khard does not detect',
      tree(rke2.replace('id: rke2', 'id: rke3'), 'rke3'),
      /detects no distribution "rke3"\. Did you mean "?rke2/,
    ],
    [
      'another file name',
      tree(rke2, 'other'),
      /distribution "rke2" stands in benchmarks\/distributions\/other\.yaml/,
    ],
    [
      'a component nobody described',
      tree(rke2.replace('kube-apiserver:', 'kube-apisrver:')),
      /unknown component "kube-apisrver"\. Did you mean "?kube-apiserver/,
    ],
    ['no place', tree(rke2.replace('reads: the running process, ', '')), /reads/],
  ])('is refused with %s', (_, files, message) => {
    expect(said(files)).toMatch(message)
  })

  const withFix = (fix: string): Tree => tree(`${rke2}fixes:\n  - ${fix}\n`)
  const next = (files: Tree) => [...load(files).checks.values()][0]?.say.nextOn

  it('has words of its own for how a check is fixed, with the settings it decides on', () => {
    const fix = '{ checks: [kube-apiserver.profiling-off], do: "Take {settings} out of config.yaml." }'
    expect(next(withFix(fix))).toEqual({ rke2: 'Take profiling out of config.yaml.' })
    expect(next(tree(rke2))).toBeUndefined()
  })

  it.each([
    [
      'of a check there is not',
      '{ checks: [kube-apiserver.profiling-of], do: x }',
      /unknown check .*Did you mean/,
    ],
    [
      'twice of the same',
      '{ checks: [kube-apiserver.profiling-off, kube-apiserver.profiling-off], do: x }',
      /has a fix already/,
    ],
  ])('does not tell how to fix %s', (_, fix, message) => {
    expect(said(withFix(fix))).toMatch(message)
  })

  it('is not described twice', () => {
    const base = load(tree(rke2))
    expect(faultsOf(() => load(tree(rke2), { base })).join('\n')).toMatch(
      /the distribution id is taken already/,
    )
  })
})
