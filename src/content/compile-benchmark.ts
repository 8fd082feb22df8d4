import type { Benchmark, Control } from '../model/benchmark.ts'
import { benchmarkId } from '../model/ids.ts'
import { naturalOrder } from '../model/natural-order.ts'
import { suggest } from '../model/nearest.ts'
import { type ControlPart, type ControlScope, controlFaults, mergeControl } from './compile-control.ts'
import type { Fault } from './faults.ts'
import type { RawBenchmark, RawBenchmarkFile, RawCrosswalk } from './raw.ts'
import type { Placed } from './schemas.ts'

/** One file below `benchmarks/<id>/<version>/`. */
export type BenchmarkPart = Placed<RawBenchmarkFile>

/** The files of one edition: there is no edition without a file. */
export type BenchmarkParts = readonly [BenchmarkPart, ...BenchmarkPart[]]

/** True for a path in `benchmarks/<id>/<version>/`. */
export function isOfEdition(path: string): boolean {
  return /^benchmarks\/[^/]+\/[^/]+\/[^/]+\.yaml$/.test(path)
}

/** The file that describes a benchmark as a whole; a fault where there is none or more than one. */
export function mainPart(parts: BenchmarkParts, faults: Fault[]): MainPart | null {
  const [main, second] = parts.filter(isMain)
  const [first] = parts
  if (main === undefined)
    faults.push(
      first.file.source.fault(
        { path: [] },
        'there is no benchmark.yaml beside this file',
        'Add one with id, version, title and sections.',
      ),
    )
  else if (second !== undefined)
    faults.push(
      second.file.source.fault(
        { path: ['id'] },
        `${main.path} describes this benchmark already`,
        'Keep one of the two.',
      ),
    )
  return main ?? null
}

/** What a benchmark is made of. */
export interface BenchmarkFiles {
  readonly parts: readonly BenchmarkPart[]
  /** The benchmark it extends; then files say what differs, and what they do not name stays as it is there. */
  readonly base?: Benchmark
  readonly scope: ControlScope
}

/** All files of one edition to one benchmark: sections as declared, controls in document order. */
export function compileBenchmark(
  main: MainPart,
  { parts, base, scope }: BenchmarkFiles,
  faults: Fault[],
): Benchmark {
  const sections = parts.filter(isSection)
  faults.push(...mainFaults(main), ...repeatFaults(sections))
  const titles = sectionsOf(main, base)
  const places = titles.map(({ id }) => id)
  const controls = new Map<string, Control>(base?.controls.map((control) => [control.id, control]))
  for (const id of leftOut(main, controls, faults)) controls.delete(id)
  for (const part of sections) {
    faults.push(...sectionFaults(part, places))
    for (const [index, raw] of part.file.value.controls.entries()) {
      const given = controls.get(raw.control)
      const control = mergeControl(raw, part.file.value.section, given)
      faults.push(...controlFaults(part, { index, control, isNew: given === undefined }, scope))
      controls.set(control.id, control)
    }
  }
  addReferences(parts.filter(isCrosswalk), controls, faults)
  faults.push(...emptySectionFaults(main, controls))
  const { id, version, title, kubernetes, provisional } = main.file.value
  const notAsked = main.file.value['not-asked'] ?? base?.notAsked
  return {
    id: benchmarkId(id),
    version,
    title,
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(provisional === undefined ? {} : { provisional }),
    sections: titles,
    controls: [...controls.values()].toSorted(
      (a, b) => places.indexOf(a.section) - places.indexOf(b.section) || naturalOrder(a.id, b.id),
    ),
    ...(notAsked === undefined ? {} : { notAsked }),
  }
}

export type MainPart = Placed<RawBenchmark>

function isMain(part: BenchmarkPart): part is MainPart {
  return 'id' in part.file.value
}

function isSection(part: BenchmarkPart): part is ControlPart {
  return 'controls' in part.file.value
}

function isCrosswalk(part: BenchmarkPart): part is Placed<RawCrosswalk> {
  return 'references' in part.file.value
}

/** Sections of the benchmark that is extended, with this one's titles, then what it adds. */
function sectionsOf({ file }: MainPart, base: Benchmark | undefined): Benchmark['sections'] {
  const own = file.value.sections ?? []
  const titles = new Map(base?.sections.map((section) => [section.id, section]))
  for (const section of own) titles.set(section.id, section)
  return [...titles.values()]
}

function leftOut(
  { file: { source, value } }: MainPart,
  controls: ReadonlyMap<string, Control>,
  faults: Fault[],
): readonly string[] {
  const ids = value['leaves-out'] ?? []
  for (const [index, id] of ids.entries()) {
    if (!controls.has(id))
      faults.push(
        source.fault(
          { path: ['leaves-out', index] },
          `the benchmark it extends has no control "${id}"`,
          suggest(id, controls.keys()),
        ),
      )
  }
  return ids
}

function addReferences(
  parts: readonly Placed<RawCrosswalk>[],
  controls: Map<string, Control>,
  faults: Fault[],
): void {
  for (const { file } of parts) {
    for (const [id, references] of Object.entries(file.value.references)) {
      const control = controls.get(id)
      if (control !== undefined) controls.set(id, { ...control, references })
      else
        faults.push(
          file.source.fault(
            { path: ['references', id], key: true },
            `there is no control "${id}"`,
            suggest(id, controls.keys()),
          ),
        )
    }
  }
}

function mainFaults({ path, file }: MainPart): readonly Fault[] {
  const { source, value: raw } = file
  const faults: Fault[] = []
  const wanted = `benchmarks/${raw.id}/${raw.version}/benchmark.yaml`
  if (path !== wanted)
    faults.push(
      source.fault(
        { path: ['id'] },
        `benchmark "${raw.id}" ${raw.version} stands in ${path}`,
        `Move it to ${wanted}, or correct id and version.`,
      ),
    )
  const ids = (raw.sections ?? []).map(({ id }) => id)
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) !== index)
      faults.push(
        source.fault(
          { path: ['sections', index, 'id'] },
          `section "${id}" is listed twice`,
          'Keep one of the two.',
        ),
      )
  }
  return faults
}

function emptySectionFaults(main: MainPart, controls: ReadonlyMap<string, Control>): readonly Fault[] {
  const filled = new Set([...controls.values()].map(({ section }) => section))
  return (main.file.value.sections ?? []).flatMap(({ id }, index) =>
    filled.has(id)
      ? []
      : [
          main.file.source.fault(
            { path: ['sections', index, 'id'] },
            `section "${id}" has no controls`,
            `Add a file with section: "${id}" and its controls, or remove it.`,
          ),
        ],
  )
}

function sectionFaults({ file }: ControlPart, places: readonly string[]): readonly Fault[] {
  const { source, value: raw } = file
  if (places.includes(raw.section)) return []
  return [
    source.fault(
      { path: ['section'] },
      `section "${raw.section}" is not listed in benchmark.yaml`,
      suggest(raw.section, places),
    ),
  ]
}

function repeatFaults(sections: readonly ControlPart[]): readonly Fault[] {
  const seen = new Set<string>()
  return sections.flatMap(({ file }) =>
    file.value.controls.flatMap(({ control }, index) => {
      const repeated = seen.has(control)
      seen.add(control)
      return repeated
        ? [
            file.source.fault(
              { path: ['controls', index, 'control'] },
              `control ${control} is mapped twice`,
              'Keep one of the two.',
            ),
          ]
        : []
    }),
  )
}
