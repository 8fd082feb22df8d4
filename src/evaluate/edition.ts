import type { Benchmark } from '../model/benchmark.ts'
import { compareVersions, parseVersion, versionSatisfies } from '../model/version.ts'

/** The edition of a benchmark for a node, and why it is that one. */
export interface ChosenEdition {
  readonly benchmark: Benchmark
  readonly because: string
}

/**
 * The edition written for a Kubernetes version. Where several are, the newest that is known whole; a version older
 * than all gets the oldest, one newer than all the newest. `editions`: of one benchmark, oldest first, at least one.
 */
export function editionFor(
  editions: readonly [Benchmark, ...Benchmark[]],
  kubernetes: string | undefined,
): ChosenEdition {
  const [only] = editions
  if (editions.length === 1) return { benchmark: only, because: onlyOne(only, kubernetes) }
  if (kubernetes === undefined || parseVersion(kubernetes) === null) {
    const benchmark = newest(editions)
    return {
      benchmark,
      because: `The Kubernetes version is not known; ${benchmark.version} is the newest edition that is known whole.`,
    }
  }
  const fitting = editions.filter(
    (one) => one.kubernetes !== undefined && versionSatisfies(kubernetes, one.kubernetes) === true,
  )
  const [fit, ...more] = fitting
  if (fit !== undefined) {
    const benchmark = newest([fit, ...more])
    const note = benchmark.provisional === undefined ? '' : ` ${benchmark.provisional}`
    return {
      benchmark,
      because: `Edition ${benchmark.version} is the one for Kubernetes ${kubernetes}.${note}`,
    }
  }
  const begun = editions.filter((one) => begins(one, kubernetes))
  const benchmark = begun.at(-1) ?? only
  return {
    benchmark,
    because: `No edition is written for Kubernetes ${kubernetes}; ${benchmark.version} is the nearest.`,
  }
}

function onlyOne({ title, kubernetes: range }: Benchmark, kubernetes: string | undefined): string {
  const isOutside =
    range !== undefined && kubernetes !== undefined && versionSatisfies(kubernetes, range) === false
  return isOutside
    ? `${title} is its only edition; it is written for Kubernetes ${range}, not ${kubernetes}.`
    : `${title} is its only edition.`
}

/** The newest edition that is known whole, else the newest. */
function newest(editions: readonly [Benchmark, ...Benchmark[]]): Benchmark {
  const [first, ...others] = editions
  return others.reduce(
    (best, one) => (one.provisional !== undefined && best.provisional === undefined ? best : one),
    first,
  )
}

/** True when the Kubernetes versions an edition is written for begin at or below this one. */
function begins({ kubernetes: range = '' }: Benchmark, kubernetes: string): boolean {
  const [, lowest = ''] = /^>=(\S+)/.exec(range) ?? []
  const [version, bound] = [parseVersion(kubernetes), parseVersion(lowest)]
  return version !== null && bound !== null && compareVersions(version, bound) >= 0
}

/** A version that leads to each edition there is: one for each way `editionFor` can choose. */
export function versionsToTry(editions: readonly Benchmark[]): readonly (string | undefined)[] {
  const begins = editions.flatMap(({ kubernetes = '' }) => /^>=(\S+)/.exec(kubernetes)?.[1] ?? [])
  return [undefined, ...new Set(begins)]
}
