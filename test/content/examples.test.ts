import { describe, expect, it } from 'vitest'
import { loadWholeContent } from '../../src/cli/content-language.ts'
import { runExample } from '../../src/evaluate/example.ts'
import { factKinds } from '../../src/facts/index.ts'

const content = loadWholeContent(['.'])
const kinds = new Map(Object.values(factKinds).map((kind) => [kind.kind, kind]))
const known = { kinds, knowledge: { components: content.components } }

describe.each([...content.checks.values()].map((check) => [check.id, check] as const))('%s', (_id, check) => {
  it.each(check.examples.map((example) => [example.name, example.verdict, example] as const))(
    '%s: %s',
    (_name, verdict, example) => {
      const outcome = runExample(check, example, known)
      expect(outcome, outcome.reason).toMatchObject({ verdict })
    },
  )
})

describe('the content as a whole', () => {
  it('maps every control of CIS Kubernetes 1.12', () => {
    const cis = content.benchmarks.find(({ id, version }) => id === 'cis-kubernetes' && version === '1.12')
    const counts = new Map<string, number>()
    for (const { section } of cis?.controls ?? []) counts.set(section, (counts.get(section) ?? 0) + 1)
    const expected = {
      '1.1': 21,
      '1.2': 30,
      '1.3': 7,
      '1.4': 2,
      '2': 7,
      '3.1': 3,
      '3.2': 2,
      '4.1': 10,
      '4.2': 14,
      '4.3': 1,
      '5.2': 12,
      '5.4': 1,
      '5.6': 3,
    }
    expect(Object.fromEntries(counts)).toEqual(expected)
  })

  it('asks a person where no check answers', () => {
    const silent = content.benchmarks.flatMap(({ controls }) =>
      controls.filter((one) => one.checks.length === 0 && one.ask === undefined),
    )
    expect(silent).toEqual([])
  })

  it('keeps every check on one screen', () => {
    const long = [...content.checks.values()]
      .filter((check) => JSON.stringify(check).length > 20_000)
      .map(({ id }) => id)
    expect(long).toEqual([])
  })
})
