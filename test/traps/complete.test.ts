import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { traps } from './catalogue.ts'
import { notOurs, withoutTrap } from './not-ours.ts'
import { content } from './verdict-of.ts'

const here = import.meta.dirname
const sources = readdirSync(here)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(here, name), 'utf8').replace(/\(\s+/g, '('))

describe('the list of traps', () => {
  it('has every number and letter once, here or among what is not ours', () => {
    const numbers = Array.from({ length: 87 }, (_, index) => String(index + 1).padStart(2, '0'))
    const ids = traps.map(({ id }) => id)
    const left = notOurs.map(({ id }) => id).filter((id) => !ids.includes(id))
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids, ...left].sort()).toEqual([...numbers, ...'abcdefghi'])
    expect(left).toEqual(['71', 'i'])
  })

  it.each(traps)('has a test of each title for $id: $trap', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0)
    for (const title of tests) expect(sources.some((source) => source.includes(`('${title}',`))).toBe(true)
  })

  it('knows every control of sections 1 to 4, with a trap or without', () => {
    const benchmark = content.benchmarks.find(
      ({ id, version }) => id === 'cis-kubernetes' && version === '1.12',
    )
    const controls = benchmark?.controls.map(({ id }) => id).filter((id) => /^[1-4]\./.test(id)) ?? []
    const known = new Set([...traps.flatMap((one) => one.controls), ...withoutTrap])
    expect([...known].sort()).toEqual([...controls].sort())
    expect(withoutTrap.filter((id) => traps.some((one) => one.controls.includes(id)))).toEqual([])
  })

  it('gives a reason for every part that is not ours', () => {
    for (const { part, because } of notOurs) expect(`${part} ${because}`).toMatch(/\w.*\.$/)
  })
})
