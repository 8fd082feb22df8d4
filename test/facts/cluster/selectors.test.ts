import { describe, expect, it } from 'vitest'
import { podsByLabels } from '../../../src/facts/cluster/objects/pod-labels.ts'
import { cutSelector, selects, selectsAll } from '../../../src/facts/cluster/selectors.ts'
import { pod } from './objects.ts'

const labels = { app: 'web', tier: 'front' }

describe('selects', () => {
  const holds = (selector: object): boolean => selects(cutSelector(selector), labels)
  const expression = (operator: string, key: string, values?: readonly string[]) =>
    holds({ matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] })

  it('needs every label and every expression', () => {
    expect(holds({})).toBe(true)
    expect(holds({ matchLabels: { app: 'web' } })).toBe(true)
    expect(holds({ matchLabels: { app: 'web', tier: 'back' } })).toBe(false)
    expect(holds({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] })).toBe(
      false,
    )
  })

  it('knows the operators of selectors, and holds for none it does not know', () => {
    expect(expression('In', 'app', ['api', 'web'])).toBe(true)
    expect(expression('In', 'none', ['web'])).toBe(false)
    expect(expression('NotIn', 'app', ['web'])).toBe(false)
    // A label that is not there is not in any list.
    expect(expression('NotIn', 'none', ['web'])).toBe(true)
    expect(expression('Exists', 'app')).toBe(true)
    expect(expression('DoesNotExist', 'app')).toBe(false)
    expect(expression('DoesNotExist', 'toString')).toBe(true)
    expect(expression('Gt', 'app', ['1'])).toBe(false)
  })

  it('selectsAll is true only without conditions', () => {
    expect(selectsAll(cutSelector({}))).toBe(true)
    expect(selectsAll(undefined)).toBe(true)
    expect(selectsAll(cutSelector({ matchLabels: { a: 'b' } }))).toBe(false)
    expect(selectsAll(cutSelector({ matchExpressions: [{ key: 'a', operator: 'Exists' }] }))).toBe(false)
  })
})

describe('podsByLabels', () => {
  it('keeps pods nobody can tell apart as one entry, in an order of its own', () => {
    const all = [
      pod('dev', 'a', { labels: { app: 'web', tier: 'x' } }),
      pod('dev', 'b', { labels: { tier: 'x', app: 'web' }, node: 'n2' }),
      pod('dev', 'c', { labels: { app: 'web', tier: 'x' }, ready: false }),
      pod('dev', 'd', { phase: 'Succeeded', labels: { job: '1' } }),
      pod('dev', 'e', { phase: 'Failed', labels: { job: '2' } }),
      pod('kube-system', 'f', { node: 'n3' }),
      pod('kube-system', 'g', { node: 'n1' }),
      pod('kube-system', 'h', { node: 'n2', hostNetwork: true }),
    ]
    const read = (objects: readonly unknown[]) => {
      const reader = podsByLabels()
      for (const object of objects) reader.add(object)
      return reader.finish()
    }
    expect(read(all)).toEqual([
      { namespace: 'dev', finished: true, count: 2 },
      { namespace: 'dev', labels: { app: 'web', tier: 'x' }, count: 3, ready: 2 },
      { namespace: 'kube-system', hostNetwork: true, count: 1, nodes: ['n2'] },
      { namespace: 'kube-system', count: 2, nodes: ['n1', 'n3'] },
    ])
    expect(read(all.toReversed())).toEqual(read(all))
  })
})
