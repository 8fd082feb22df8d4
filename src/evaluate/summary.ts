import type { Benchmark } from '../model/benchmark.ts'
import type { Finding, Summary } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'

type Counts = { [verdict in Verdict]: number }

function noCounts(): Counts {
  return {
    fail: 0,
    error: 0,
    unknown: 0,
    notChecked: 0,
    pass: 0,
    fixed: 0,
    informational: 0,
    notApplicable: 0,
  }
}

interface SectionCounts {
  readonly benchmark: string
  readonly section: string
  readonly title: string
  readonly verdicts: Counts
}

/** Counts findings as they come, so that a fleet never stands in memory for its summary. */
export interface SummaryBuilder {
  readonly add: (findings: Iterable<Finding>) => void
  /** The summary of what was added so far. */
  readonly finish: () => Summary
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function sectionKey(benchmark: string, version: string, section: string): string {
  return `${benchmark} ${version} ${section}`
}

function sectionsOf(benchmarks: readonly Benchmark[]): Map<string, SectionCounts> {
  const entries = benchmarks.flatMap(({ id, version, sections }) =>
    sections.map((section) => {
      const counts = { benchmark: id, section: section.id, title: section.title, verdicts: noCounts() }
      return [sectionKey(id, version, section.id), counts] as const
    }),
  )
  return new Map(entries)
}

function total(verdicts: Counts): number {
  return Object.values(verdicts).reduce((sum, count) => sum + count, 0)
}

/** Starts a summary; sections come out in the order of the benchmarks given, those without findings left out. */
export function createSummary(benchmarks: readonly Benchmark[]): SummaryBuilder {
  const verdicts = noCounts()
  const sections = sectionsOf(benchmarks)
  let waived = 0
  const sectionFor = ({ benchmark, benchmarkVersion, section }: Finding): SectionCounts => {
    const key = sectionKey(benchmark, benchmarkVersion, section)
    const known = sections.get(key) ?? { benchmark, section, title: section, verdicts: noCounts() }
    sections.set(key, known)
    return known
  }
  const addOne = (finding: Finding): void => {
    verdicts[finding.verdict] += 1
    sectionFor(finding).verdicts[finding.verdict] += 1
    if (finding.waiver?.expired === false) waived += 1
  }
  return {
    add: (findings) => {
      for (const finding of findings) addOne(finding)
    },
    finish: () => {
      const good = verdicts.pass + verdicts.fixed
      const decided = good + verdicts.fail
      // What could not be assessed stays below the line: hiding evidence never raises a score.
      const due = decided + verdicts.error + verdicts.unknown
      return {
        verdicts: { ...verdicts },
        waived,
        score: share(good, due),
        coverage: share(decided, due + verdicts.notChecked),
        bySection: [...sections.values()]
          .filter((section) => total(section.verdicts) > 0)
          .map((section) => ({ ...section, verdicts: { ...section.verdicts } })),
      }
    },
  }
}
