import type { Benchmark, Control } from '../model/benchmark.ts'
import { benchmarkId, checkId } from '../model/ids.ts'
import { suggest } from '../model/nearest.ts'
import type { Fault } from './faults.ts'
import { naturalOrder } from './natural-order.ts'
import type { RawBenchmark, RawBenchmarkFile, RawControl, RawSection } from './raw.ts'
import type { Placed } from './schemas.ts'

/** One file below `benchmarks/<id>/<version>/`. */
export type BenchmarkPart = Placed<RawBenchmarkFile>

/** `benchmarks/<id>/<version>` of a path; null for any other path. */
export function editionOf(path: string): { readonly id: string; readonly version: string } | null {
  const match = /^benchmarks\/([^/]+)\/([^/]+)\/[^/]+\.yaml$/.exec(path)
  return match === null ? null : { id: match[1] ?? '', version: match[2] ?? '' }
}

/** All files of one edition to one benchmark: sections as declared, controls in document order. */
export function compileBenchmark(
  parts: readonly BenchmarkPart[],
  known: ReadonlySet<string>,
  faults: Fault[],
): Benchmark | null {
  const mains = parts.filter(isMain)
  const [main, second] = mains
  const sections = parts.filter(isSection)
  if (main === undefined) {
    const [first] = parts
    if (first !== undefined)
      faults.push(
        first.file.source.fault(
          { path: [] },
          'there is no benchmark.yaml beside this file',
          'Add one with id, version, title and sections.',
        ),
      )
    return null
  }
  if (second !== undefined)
    faults.push(
      second.file.source.fault(
        { path: ['id'] },
        `${main.path} describes this benchmark already`,
        'Keep one of the two.',
      ),
    )
  faults.push(...mainFaults(main))
  const order = new Map(main.file.value.sections.map(({ id }, index) => [id, index]))
  const placed = sections.flatMap((part) => controlsOf(part, { order, known }, faults))
  faults.push(...repeatFaults(sections), ...emptySectionFaults(main, sections))
  placed.sort((a, b) => (order.get(a.section) ?? 0) - (order.get(b.section) ?? 0) || naturalOrder(a.id, b.id))
  const { id, version, title, kubernetes } = main.file.value
  return {
    id: benchmarkId(id),
    version,
    title,
    ...(kubernetes === undefined ? {} : { kubernetes }),
    sections: main.file.value.sections,
    controls: placed,
  }
}

type MainPart = Placed<RawBenchmark>
type SectionPart = Placed<RawSection>

function isMain(part: BenchmarkPart): part is MainPart {
  return 'sections' in part.file.value
}

function isSection(part: BenchmarkPart): part is SectionPart {
  return 'controls' in part.file.value
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
  for (const [index, { id }] of raw.sections.entries()) {
    if (raw.sections.findIndex((section) => section.id === id) !== index)
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

function emptySectionFaults(main: MainPart, sections: readonly SectionPart[]): readonly Fault[] {
  const filled = new Set(sections.map((part) => part.file.value.section))
  return main.file.value.sections.flatMap(({ id }, index) =>
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

function controlsOf(
  part: SectionPart,
  { order, known }: { readonly order: ReadonlyMap<string, number>; readonly known: ReadonlySet<string> },
  faults: Fault[],
): readonly Control[] {
  const { source, value: raw } = part.file
  if (!order.has(raw.section))
    faults.push(
      source.fault(
        { path: ['section'] },
        `section "${raw.section}" is not listed in benchmark.yaml`,
        suggest(raw.section, order.keys()),
      ),
    )
  return raw.controls.map((control, index) => {
    faults.push(...controlFaults(part, index, known))
    return compileControl(control, raw.section)
  })
}

function compileControl(raw: RawControl, section: string): Control {
  const { control: id, checks, ...plain } = raw
  return { ...plain, id, section, checks: (checks ?? []).map(checkId) }
}

function controlFaults({ file }: SectionPart, index: number, known: ReadonlySet<string>): readonly Fault[] {
  const { source, value: raw } = file
  const control = raw.controls[index]
  if (control === undefined) return []
  const at = ['controls', index]
  const faults: Fault[] = []
  if (/^[0-9]/.test(raw.section) && !control.control.startsWith(`${raw.section}.`))
    faults.push(
      source.fault(
        { path: [...at, 'control'] },
        `control ${control.control} does not belong to section ${raw.section}`,
        'Move it to the file of its section.',
      ),
    )
  if (control.checks === undefined && control.ask === undefined)
    faults.push(
      source.fault(
        { path: at },
        `control ${control.control} has neither checks nor ask`,
        'Map it to checks, or ask a person.',
      ),
    )
  if (control.checks === undefined && control.severity === undefined)
    faults.push(
      source.fault(
        { path: at },
        `control ${control.control} has no checks and no severity`,
        'Add severity: checks bring their own, a question has none.',
      ),
    )
  if (control.checks !== undefined && control.severity !== undefined)
    faults.push(
      source.fault(
        { path: [...at, 'severity'], key: true },
        `control ${control.control} has checks, which bring their own severity`,
        'Remove severity here.',
      ),
    )
  for (const [position, id] of (control.checks ?? []).entries()) {
    if (!known.has(id))
      faults.push(
        source.fault({ path: [...at, 'checks', position] }, `unknown check "${id}"`, suggest(id, known)),
      )
  }
  return faults
}

function repeatFaults(sections: readonly SectionPart[]): readonly Fault[] {
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
