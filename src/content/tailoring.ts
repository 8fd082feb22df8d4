import { createHash } from 'node:crypto'
import type { Tailoring } from '../model/benchmark.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { Check, ParameterValue } from '../model/check.ts'
import { suggest } from '../model/nearest.ts'
import type { OperatorRule } from './compile-condition.ts'
import type { Content } from './content.ts'
import { type Fault, throwFaults } from './faults.ts'
import { parameterFaults } from './parameter-faults.ts'
import type { RawTailoring } from './raw.ts'
import { readOne } from './read-one.ts'
import { type Validated, validate } from './schemas.ts'

/** What a tailoring is read against. */
export interface TailoringLanguage {
  readonly content: Content
  readonly operators: Iterable<OperatorRule>
}

/** Reads a tailoring file. Throws one `content-invalid` that lists every fault. */
export function loadTailoring(text: string, file: string, language: TailoringLanguage): Tailoring {
  const read = readOne({ text, file, code: 'content-invalid' }, validate.tailoring)
  throwFaults([...valueFaults(read, language), ...repeatFaults(read)], 'content-invalid')
  return compile(read)
}

function compile({ source, value: raw }: Validated<RawTailoring>): Tailoring {
  const given = Object.entries(raw.parameters ?? {})
  const failOn = raw.gate?.['fail-on']
  const maxErrors = raw.gate?.['max-errors']
  return {
    id: raw.tailoring,
    version: raw.version,
    skip: (raw.skip ?? []).map((one, index) => ({
      ...one,
      at: `${source.file}:${source.fault({ path: ['skip', index] }, '', '').line}`,
    })),
    parameters: Object.fromEntries(given.map(([name, { value }]) => [name, value])),
    gate: { ...(failOn === undefined ? {} : { failOn }), ...(maxErrors === undefined ? {} : { maxErrors }) },
    says: [
      ...given.map(([name, { value, because }]) => `${name} is ${shown(value)}: ${because}`),
      ...(raw.gate === undefined ? [] : [`the gate is changed: ${raw.gate.because}`]),
    ],
    digest: `sha256:${createHash('sha256').update(canonicalJson(raw)).digest('hex')}`,
  }
}

function shown(value: ParameterValue): string {
  return typeof value === 'object' ? value.join(', ') : String(value)
}

function valueFaults(
  { source, value: raw }: Validated<RawTailoring>,
  language: TailoringLanguage,
): readonly Fault[] {
  const checks: readonly Check[] = [...language.content.checks.values()]
  const operators = new Map([...language.operators].map((operator) => [operator.name, operator]))
  const names = checks.flatMap((check) => Object.keys(check.parameters))
  return Object.entries(raw.parameters ?? {}).flatMap(([name, { value }]) => {
    const users = checks.filter((check) => Object.hasOwn(check.parameters, name))
    if (users.length === 0)
      return [
        source.fault(
          { path: ['parameters', name], key: true },
          `no check has a parameter "${name}"`,
          suggest(name, names),
        ),
      ]
    return users
      .flatMap((check) => parameterFaults({ check, name, value }, operators))
      .map((message) => source.fault({ path: ['parameters', name, 'value'] }, message, 'Correct the value.'))
  })
}

function repeatFaults({ source, value: raw }: Validated<RawTailoring>): readonly Fault[] {
  const ids = (raw.skip ?? []).map(({ control }) => control)
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          source.fault(
            { path: ['skip', index, 'control'] },
            `"${id}" is left out twice`,
            'Keep one of the two.',
          ),
        ],
  )
}
