import type { Content } from '../content/content.ts'
import type { Selection } from '../evaluate/select.ts'
import { isEarly } from '../evaluate/waivers.ts'
import type { Benchmark, Waiver } from '../model/benchmark.ts'
import { KhardError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import { suggest } from '../model/nearest.ts'
import type { Io } from './io.ts'
import { readNamedFile } from './read-file.ts'

/** What waivers are read for. */
interface Purpose {
  readonly content: Content
  /** Every selection a node of the run could get. */
  readonly selections: readonly Selection[]
}

/** Reads waiver files. What cannot mean one thing in this run is refused before anything is collected. */
export async function readWaivers(
  files: readonly string[],
  { content, selections }: Purpose,
  io: Io,
): Promise<readonly Waiver[]> {
  if (files.length === 0) return []
  const { loadWaivers } = await import('../content/waivers.ts')
  const read = await Promise.all(
    files.map(async (file) => loadWaivers(await readNamedFile(file, io, 'waiver-invalid'), file)),
  )
  const waivers = read.flat()
  claimOwnIds(waivers)
  for (const waiver of waivers) {
    claimBenchmark(waiver, content.benchmarks)
    const having = selections.map(({ benchmarks }) => havingControl(waiver, benchmarks))
    // What one node could be asked decides; the others are named as well.
    if (having.some(({ length }) => length > 1)) claimOneBenchmark(waiver, [...new Set(having.flat())])
  }
  return waivers
}

function claimOwnIds(waivers: readonly Waiver[]): void {
  const twice = waivers.find((one, index) => waivers.findIndex(({ id }) => id === one.id) !== index)
  if (twice !== undefined)
    throw invalid(`waiver ${twice.id} is given twice (${twice.at})`, 'Give each waiver an id of its own.')
}

function claimBenchmark({ id, at, benchmark }: Waiver, benchmarks: readonly Benchmark[]): void {
  const known = benchmarks.map((one): string => one.id)
  if (benchmark === undefined || known.includes(benchmark)) return
  throw invalid(
    `${at}: waiver "${id}" is for the benchmark ${benchmark}, which there is not`,
    suggest(benchmark, known),
  )
}

/** Ids of benchmarks with the control (and check) a waiver names without a benchmark; editions count as one. */
function havingControl({ benchmark, control, check }: Waiver, benchmarks: readonly Benchmark[]): string[] {
  if (benchmark !== undefined || control === undefined) return []
  const having = benchmarks.filter(({ controls }) =>
    controls.some(
      ({ id, checks }) => id === control && (check === undefined || checks.some((one) => one === check)),
    ),
  )
  return [...new Set(having.map(({ id }) => id))]
}

/** A number is a name within its benchmark only: 2.1 of one asks for something else than 2.1 of another. */
function claimOneBenchmark({ id, at, control }: Waiver, benchmarks: readonly string[]): void {
  const [first] = benchmarks.toSorted()
  if (benchmarks.length < 2) return
  throw invalid(
    `${at}: waiver "${id}" names control ${control} without a benchmark, and ${benchmarks.toSorted().join(' and ')} each have one`,
    `Write control: "${first}:${control}", or add benchmark: ${first}.`,
  )
}

/** Refuses a waiver that covers findings of several benchmarks, as nodes of different profiles may bring together. */
export function claimCrossesNothing(waivers: readonly Waiver[], findings: readonly Finding[]): void {
  const covered = new Map<string, Set<string>>()
  for (const { waiver, benchmark } of findings) {
    if (waiver === undefined) continue
    covered.set(waiver.id, (covered.get(waiver.id) ?? new Set()).add(benchmark))
  }
  for (const waiver of waivers) {
    if (waiver.control !== undefined) claimOneBenchmark(waiver, [...(covered.get(waiver.id) ?? [])])
  }
}

/** One line for each waiver that was approved after the moment a run judges by. */
export function notYetApproved(waivers: readonly Waiver[], atMs: number): readonly string[] {
  return waivers
    .filter((waiver) => isEarly(waiver, atMs))
    .map(
      ({ id, at, approvedOn }) =>
        `${at}: waiver ${id} was approved on ${approvedOn}, after the moment this run judges by (${new Date(atMs).toISOString()}); it covers nothing`,
    )
}

function invalid(message: string, next: string): KhardError {
  return new KhardError({ code: 'waiver-invalid', message, next })
}
