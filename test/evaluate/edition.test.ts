import { describe, expect, it } from 'vitest'
import { editionFor, versionsToTry } from '../../src/evaluate/edition.ts'
import type { Benchmark } from '../../src/model/benchmark.ts'
import { benchmarkOf } from './support.ts'

function edition(version: string, kubernetes?: string, provisional?: string): Benchmark {
  return {
    ...benchmarkOf([], 'cis-kubernetes', version),
    ...(kubernetes && { kubernetes }),
    ...(provisional && { provisional }),
  }
}

const editions = [
  edition('1.11', '>=1.29 <1.32'),
  edition('1.12', '>=1.32 <1.35'),
  edition('2.0', '>=1.34 <1.36', 'Not published yet.'),
  edition('2.1', '>=1.36 <1.38', 'Not published yet.'),
] as const

describe('the edition for a Kubernetes version', () => {
  it.each([
    ['v1.30.4', '1.11'],
    ['v1.32.0', '1.12'],
    ['v1.33.4+rke2r1', '1.12'],
    ['v1.34.2', '1.12'],
    ['v1.35.1', '2.0'],
    ['v1.37.0', '2.1'],
    ['v1.41.0', '2.1'],
    ['v1.22.17', '1.11'],
  ])('of %s is %s', (kubernetes, version) => {
    expect(editionFor(editions, kubernetes).benchmark.version).toBe(version)
  })

  it('is the newest that is known whole where the version is not known', () => {
    expect(editionFor(editions, undefined).benchmark.version).toBe('1.12')
    expect(editionFor(editions, 'unknown').benchmark.version).toBe('1.12')
  })

  it('is the newest where none is known whole', () => {
    const [, , first, second] = editions
    expect(editionFor([first, second], undefined).benchmark.version).toBe('2.1')
  })

  it('is the only one where there is one, and says when it is written for other versions', () => {
    const [only] = editions
    expect(editionFor([only], 'v1.30.1')).toEqual({
      benchmark: only,
      because: `${only.title} is its only edition.`,
    })
    expect(editionFor([only], 'v1.41.0').because).toBe(
      `${only.title} is its only edition; it is written for Kubernetes >=1.29 <1.32, not v1.41.0.`,
    )
    expect(editionFor([only], undefined).because).toBe(`${only.title} is its only edition.`)
    expect(editionFor([edition('1')], 'v1.30.1').because).toMatch(/is its only edition\.$/)
  })

  it('says of one that is known only in part that it is', () => {
    expect(editionFor(editions, 'v1.35.1').because).toBe(
      'Edition 2.0 is the one for Kubernetes v1.35.1. Not published yet.',
    )
  })

  it('is the oldest where none says what it is written for', () => {
    expect(editionFor([edition('1'), edition('2')], 'v1.34.2').benchmark.version).toBe('1')
  })

  it('comes with its reason', () => {
    expect(editionFor(editions, 'v1.33.4').because).toBe('Edition 1.12 is the one for Kubernetes v1.33.4.')
    expect(editionFor(editions, 'v1.41.0').because).toBe(
      'No edition is written for Kubernetes v1.41.0; 2.1 is the nearest.',
    )
    expect(editionFor(editions, undefined).because).toMatch(/^The Kubernetes version is not known; 1\.12 /)
  })

  it('can be reached by one of the versions to try', () => {
    const reached = versionsToTry([...editions, edition('3')]).map(
      (version) => editionFor(editions, version).benchmark.version,
    )
    expect(reached).toEqual(['1.12', '1.11', '1.12', '1.12', '2.1'])
  })
})
