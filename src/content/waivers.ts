import type { Waiver } from '../model/benchmark.ts'
import { type Fault, throwFaults } from './faults.ts'
import type { RawWaiver } from './raw.ts'
import { type Validated, validate } from './schemas.ts'
import { readYaml, type YamlPath } from './yaml-source.ts'

/** Reads a waiver file. Throws one `waiver-invalid` that lists every fault; an expired waiver is not one. */
export function loadWaivers(text: string, file: string): Waiver[] {
  const faults: Fault[] = []
  const source = readYaml(new TextEncoder().encode(text), file, faults)
  const read = source === null ? null : validate.waivers(source, faults)
  const found = read === null ? [] : read.value.map((raw, index) => compileWaiver(read, raw, index))
  if (read !== null) faults.push(...read.value.flatMap((raw, index) => waiverFaults(read, raw, index)))
  throwFaults(faults, 'waiver-invalid')
  return found
}

type File = Validated<readonly RawWaiver[]>

function compileWaiver({ source }: File, raw: RawWaiver, index: number): Waiver {
  const { benchmark, control, check } = raw
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

function waiverFaults(file: File, raw: RawWaiver, index: number): readonly Fault[] {
  const { source } = file
  const fault = (path: YamlPath, message: string, next: string): Fault =>
    source.fault({ path: [index, ...path] }, message, next)
  const faults: Fault[] = []
  if (raw.control === undefined && raw.check === undefined)
    faults.push(
      fault([], `waiver "${raw.waiver}" names neither a control nor a check`, 'Add control or check.'),
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
