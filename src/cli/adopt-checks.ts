import { createHash } from 'node:crypto'
import type { Content } from '../content/content.ts'
import { type Benchmark, byKubernetes, type Profile } from '../model/benchmark.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { Check } from '../model/check.ts'
import { benchmarkId } from '../model/ids.ts'

/** Content in which checks that no profile selects can be asked for by name, and profiles that ask for them. */
export interface Adoption {
  readonly content: Content
  /** The same profile with those checks; its digest says so. */
  adopt(profile: Profile): Profile
}

/**
 * `--only my-check` for a check that no profile selects, such as one in the making: it is asked as a control of a
 * benchmark made for the run, so that nobody has to write a benchmark and a profile to try it.
 */
export function adoptChecks(words: readonly string[], content: Content): Adoption {
  const selected = selectedChecks(content)
  const named = new Set(words.map((word) => word.toLowerCase()))
  const orphans = [...content.checks.values()].filter(({ id }) => named.has(id) && !selected.has(id))
  if (orphans.length === 0) return { content, adopt: (profile) => profile }
  const benchmark = benchmarkOf(orphans)
  const seal = canonicalJson(orphans)
  return {
    content: { ...content, benchmarks: [...content.benchmarks, benchmark] },
    adopt: (profile) => ({
      ...profile,
      benchmarks: [...profile.benchmarks, { id: benchmark.id, version: benchmark.version, maxLevel: 2 }],
      digest: `sha256:${createHash('sha256').update(`${profile.digest}\n${seal}`).digest('hex')}`,
    }),
  }
}

/** Checks of every benchmark that some profile selects, at whatever level. */
function selectedChecks({ benchmarks, profiles }: Content): ReadonlySet<string> {
  const entries = profiles.flatMap((profile) => profile.benchmarks)
  const chosen = benchmarks.filter(({ id, version }) =>
    entries.some((entry) => entry.id === id && [version, byKubernetes].includes(entry.version)),
  )
  return new Set(chosen.flatMap(({ controls }) => controls.flatMap(({ checks }) => checks)))
}

function benchmarkOf(checks: readonly Check[]): Benchmark {
  const section = { id: 'checks', title: 'Checks named on the command line' }
  return {
    id: benchmarkId('named-checks'),
    version: '1',
    title: 'Checks that no profile selects',
    sections: [section],
    controls: checks.map(({ id, title }) => ({
      id,
      title,
      section: section.id,
      level: 1,
      assessment: 'automated',
      checks: [id],
    })),
  }
}
