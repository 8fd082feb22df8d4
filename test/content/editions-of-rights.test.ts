import { describe, expect, it } from 'vitest'
import { content } from '../traps/verdict-of.ts'

const thirteen = Array.from({ length: 13 }, (_, index) => `5.1.${index + 1}`)

describe('section 5.1 in every edition', () => {
  it.each([
    ['cis-kubernetes', '1.10', thirteen],
    ['cis-kubernetes', '1.11', thirteen],
    ['cis-kubernetes', '1.12', thirteen],
    ['cis-kubernetes', '2.0.1', thirteen],
    ['cis-kubernetes', '2.1', [...thirteen, '5.1.14']],
    ['rke2-cis', '1.12', thirteen],
    ['k3s-cis', '1.12', thirteen],
  ])('%s %s', (id, version, expected) => {
    const edition = content.benchmarks.find((one) => one.id === id && one.version === version)
    const controls = edition?.controls.filter(({ section }) => section === '5.1') ?? []
    expect(controls.map((one) => one.id)).toEqual(expected)
    expect(new Set(controls.map(({ level }) => level))).toEqual(new Set([1]))
    expect(new Set(controls.map(({ assessment }) => assessment))).toEqual(new Set(['manual']))
  })

  it('asks about system:masters in the API and on nodes', () => {
    const edition = content.benchmarks.find(
      ({ id, version }) => id === 'cis-kubernetes' && version === '1.12',
    )
    expect(edition?.controls.find(({ id }) => id === '5.1.7')?.checks).toEqual([
      'cluster.masters-not-requested',
      'certificates.no-masters-clients',
    ])
  })
})
