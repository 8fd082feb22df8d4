import { describe, expect, it } from 'vitest'
import { runExample } from '../../../src/evaluate/example.ts'
import type { Example } from '../../../src/model/check.ts'
import { claim, over } from './scene.ts'

const known = { kinds: new Map(), knowledge: { components: new Map() } }

function row(nodes: unknown, more: Partial<Example> = {}): Example {
  return { name: 'a row', given: { nodes }, verdict: 'pass', ...more }
}

describe('rows of a check over nodes', () => {
  const same = over(claim('same'))
  const nodes = [{ seen: { value: 'x' } }, { seen: { value: 'y' } }]

  it('give one map for each node, named or not', () => {
    expect(runExample(same, row(nodes), known).reason).toContain('x on node-1; y on node-2')
    const named = nodes.map((node, index) => ({ name: `n${index}`, ...node }))
    expect(runExample(same, row(named), known).reason).toContain('x on n0; y on n1')
  })

  it('compare nothing where they give one node, or none', () => {
    expect(runExample(same, row(nodes.slice(1)), known).verdict).toBe('notApplicable')
    expect(runExample(same, row('absent'), known).verdict).toBe('notApplicable')
    expect(runExample(same, row(['absent', 'absent']), known).verdict).toBe('notApplicable')
  })

  it('take nodes for what the check is about, unless they say otherwise', () => {
    const controlPlane = over(claim('same'), { over: { group: 'control-plane' } })
    expect(runExample(controlPlane, row(nodes), known).verdict).toBe('fail')
    const workers = nodes.map((node) => ({ roles: ['worker'], ...node }))
    expect(runExample(controlPlane, row(workers), known).verdict).toBe('notApplicable')
  })

  it('answer for several groups what needs action first', () => {
    const byRole = over(claim('same'), { over: { group: 'role' } })
    const mixed = [
      { roles: ['control-plane'], seen: { value: 'x' } },
      { roles: ['control-plane'], seen: { value: 'x' } },
      { roles: ['worker'], seen: { value: 'x' } },
      { roles: ['worker'], seen: { value: 'y' } },
    ]
    expect(runExample(byRole, row(mixed), known).verdict).toBe('fail')
    expect(runExample(byRole, row(mixed.toReversed()), known).verdict).toBe('fail')
  })

  it('may give each node a version and a start mode of its own', () => {
    const check = over(claim('same'), { applies: { versions: '>=1.30' } })
    const versions = nodes.map((node) => ({ version: '1.29.0', mode: 'config', ...node }))
    expect(runExample(check, row(versions, { version: '1.30.0' }), known).verdict).toBe('notApplicable')
    expect(runExample(check, row(nodes), known).verdict).toBe('fail')
  })

  it('refuse names nothing in the check has', () => {
    expect(() => runExample(same, row([{ other: 'x' }, ...nodes]), known)).toThrow(/nothing in the check/)
  })
})
