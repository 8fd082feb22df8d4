import { posix } from 'node:path'
import type { Benchmark } from '../model/benchmark.ts'
import { naturalOrder } from '../model/natural-order.ts'
import { suggest } from '../model/nearest.ts'
import {
  type BenchmarkPart,
  type BenchmarkParts,
  compileBenchmark,
  type MainPart,
  mainPart,
} from './compile-benchmark.ts'
import type { ControlScope } from './compile-control.ts'
import type { ContentFiles } from './content-files.ts'
import type { Fault } from './faults.ts'
import type { RawBenchmark } from './raw.ts'
import { takenFault } from './taken-fault.ts'

interface Edition {
  readonly main: MainPart
  readonly parts: readonly BenchmarkPart[]
}

/** Every benchmark that stands in the files, in the order they extend each other. */
export function compileBenchmarks(
  files: ContentFiles,
  known: { readonly benchmarks: readonly Benchmark[] } & ControlScope,
  faults: Fault[],
): readonly Benchmark[] {
  // By directory on disk, not by edition: a second root may not slip controls into a benchmark of the first.
  const directories = new Map<string, BenchmarkParts>()
  for (const part of files.benchmarks) {
    const directory = posix.dirname(part.file.source.file)
    const others = directories.get(directory)
    directories.set(directory, others === undefined ? [part] : [...others, part])
  }
  const editions = [...directories.values()].flatMap((parts): Edition[] => {
    const main = mainPart(parts, faults)
    return main === null ? [] : [{ main, parts }]
  })
  return inOrderOfExtension(editions, known, faults)
}

type Named = Pick<RawBenchmark, 'id' | 'version'>

/** A benchmark comes after the one it extends; what is left at the end extends nothing that is known. */
function inOrderOfExtension(
  editions: readonly Edition[],
  known: { readonly benchmarks: readonly Benchmark[] } & ControlScope,
  faults: Fault[],
): readonly Benchmark[] {
  const done = [...known.benchmarks]
  const compile = ({ main, parts }: Edition, base?: Benchmark): void => {
    const benchmark = compileBenchmark(main, { parts, scope: known, ...(base && { base }) }, faults)
    if (done.some((one) => byEdition(one, benchmark) === 0)) faults.push(takenFault(main.file, 'benchmark'))
    done.push(benchmark)
  }
  const find = (wanted: Named): Benchmark | undefined =>
    done.find(({ id, version }) => id === wanted.id && version === wanted.version)
  const waiting = new Map<Edition, Named>()
  for (const edition of editions) {
    const extended = edition.main.file.value.extends
    if (extended === undefined) compile(edition)
    else waiting.set(edition, extended)
  }
  for (let before = -1; waiting.size !== before; ) {
    before = waiting.size
    for (const [edition, extended] of waiting) {
      const base = find(extended)
      if (base === undefined) continue
      waiting.delete(edition)
      compile(edition, base)
    }
  }
  faults.push(...[...waiting].map(([{ main }, extended]) => baseFault(main, extended, done)))
  return done.slice(known.benchmarks.length)
}

function baseFault({ file }: MainPart, { id, version }: Named, benchmarks: readonly Benchmark[]): Fault {
  return file.source.fault(
    { path: ['extends'] },
    `there is no benchmark ${id} ${version} to extend, or it extends this one`,
    suggest(
      `${id} ${version}`,
      benchmarks.map((one) => `${one.id} ${one.version}`),
    ),
  )
}

/** By id, then by version as people count. */
export function byEdition(first: Benchmark, second: Benchmark): number {
  return first.id === second.id ? naturalOrder(first.version, second.version) : first.id < second.id ? -1 : 1
}
