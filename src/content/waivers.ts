import type { Waiver } from '../model/benchmark.ts'
import { type Fault, throwFaults } from './faults.ts'
import type { RawWaiver } from './raw.ts'
import { readOne } from './read-one.ts'
import { type Validated, validate } from './schemas.ts'
import type { YamlPath } from './yaml-source.ts'

/** Reads a waiver file. Throws one `waiver-invalid` that lists every fault; an expired waiver is not one. */
export function loadWaivers(text: string, file: string): Waiver[] {
  const code = 'waiver-invalid'
  const read = readOne({ text, file, code }, validate.waivers)
  const faults = read.value.flatMap((raw, index) => waiverFaults(read, raw, index))
  throwFaults(faults, code)
  return read.value.map((raw, index) => compileWaiver(read, raw, index))
}

type File = Validated<readonly RawWaiver[]>

function compileWaiver({ source }: File, raw: RawWaiver, index: number): Waiver {
  const { benchmark, control } = meantBy(raw)
  const { check } = raw
  return {
    id: raw.waiver,
    ...(benchmark === undefined ? {} : { benchmark }),
    ...(control === undefined ? {} : { control }),
    ...(check === undefined ? {} : { check }),
    targets: raw.targets,
    reason: raw.reason,
    owner: raw.owner,
    approvedBy: raw['approved-by'],
    approvedOn: raw['approved-on'],
    expires: raw.expires,
    at: `${source.file}:${source.fault({ path: [index] }, '', '').line}`,
  }
}

/** `control: "cis-kubernetes:2.1"` says its benchmark in one word. */
function meantBy({ benchmark, control }: RawWaiver): {
  readonly benchmark?: string
  readonly control?: string
} {
  const [named, id] = control?.split(':') ?? []
  if (id !== undefined && named !== undefined) return { benchmark: named, control: id }
  return { ...(benchmark === undefined ? {} : { benchmark }), ...(control === undefined ? {} : { control }) }
}

function waiverFaults(file: File, raw: RawWaiver, index: number): readonly Fault[] {
  const { source } = file
  const fault = (path: YamlPath, message: string, next: string): Fault =>
    source.fault({ path: [index, ...path] }, message, next)
  const faults: Fault[] = []
  if (raw.control === undefined && raw.check === undefined)
    faults.push(
      fault([], `waiver "${raw.waiver}" names neither a control nor a check`, 'Add control or check.'),
    )
  const meant = meantBy(raw)
  if (raw.benchmark !== undefined && meant.benchmark !== raw.benchmark)
    faults.push(
      fault(
        ['control'],
        `waiver "${raw.waiver}" names two benchmarks, ${raw.benchmark} and ${meant.benchmark}`,
        'Name one.',
      ),
    )
  for (const key of ['approved-on', 'expires'] as const) {
    if (!isDate(raw[key]))
      faults.push(fault([key], `${raw[key]} is not a day of the calendar`, 'Correct the date.'))
  }
  // ISO dates compare as text.
  if (raw.expires < raw['approved-on'])
    faults.push(
      fault(
        ['expires'],
        `waiver "${raw.waiver}" expires ${raw.expires}, before it was approved on ${raw['approved-on']}`,
        'Correct one of the two dates.',
      ),
    )
  if (file.value.findIndex(({ waiver }) => waiver === raw.waiver) !== index)
    faults.push(
      fault(['waiver'], `waiver "${raw.waiver}" is in this file twice`, 'Give each waiver an id of its own.'),
    )
  return faults
}

/** True for a day that exists: 2026-02-30 does not. */
function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
