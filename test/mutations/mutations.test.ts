import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answering, flipsOf, readMutations, recordedNode } from './answers.ts'
import { mutate } from './mutate.ts'

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yaml'))

describe.each(files)('a hardened node: %s', async (name) => {
  const file = readMutations(name)
  const evidence = await recordedNode(file)
  const answer = await answering(file)
  const before = answer(evidence)

  it.each(file.mutations)('$name: exactly the controls that depend on it change', (mutation) => {
    expect(flipsOf(before, answer(mutate(evidence, mutation), mutation.at))).toEqual(
      [...mutation.flips].sort(),
    )
  })

  it('has a change that fails every control that passes', () => {
    const passing = [...before]
      .filter(([control, verdict]) => verdict === 'pass' && file.moves.includes(control.replace(/ .*/, '')))
      .map(([control]) => control)
    const flips = file.mutations.flatMap((mutation) => mutation.flips)
    const flipped = new Set(flips.filter((flip) => flip.endsWith(': fail')).map((flip) => flip.slice(0, -6)))
    const unmoved = Object.keys(file.unmoved)
    expect(unmoved.filter((control) => flipped.has(control))).toEqual([])
    expect(passing.filter((control) => !flipped.has(control) && !unmoved.includes(control))).toEqual([])
  })
})
