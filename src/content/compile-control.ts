import type { Control } from '../model/benchmark.ts'
import type { Check, ParameterValue } from '../model/check.ts'
import { type CheckId, checkId } from '../model/ids.ts'
import { suggest } from '../model/nearest.ts'
import type { OperatorRule } from './compile-condition.ts'
import type { Fault } from './faults.ts'
import { parameterFaults } from './parameter-faults.ts'
import type { RawControl, RawSection } from './raw.ts'
import type { Placed } from './schemas.ts'

/** What controls may name. */
export interface ControlScope {
  readonly checks: ReadonlyMap<CheckId, Check>
  readonly operators: ReadonlyMap<string, OperatorRule>
}

/** A file with the controls of one section. */
export type ControlPart = Placed<RawSection>

/** One control, or the control of the extended benchmark with what is given here in place of what it has. */
export function mergeControl(raw: RawControl, section: string, base: Control | undefined): Control {
  const { control: id, checks, 'not-applicable': notApplicable, ...given } = raw
  return {
    title: '',
    level: 1,
    assessment: 'manual',
    checks: [],
    ...base,
    ...given,
    id,
    section,
    ...(checks === undefined ? {} : { checks: checks.map(checkId) }),
    ...(notApplicable === undefined ? {} : { notApplicable }),
  }
}

interface Compiled {
  readonly index: number
  readonly control: Control
  /** False for a control of the benchmark that is extended: there what is not given is known already. */
  readonly isNew: boolean
}

/** Everything that is wrong with one control of a section file. */
export function controlFaults(
  part: ControlPart,
  { index, control, isNew }: Compiled,
  scope: ControlScope,
): readonly Fault[] {
  const { source, value: file } = part.file
  const raw: RawControl = { control: control.id, ...file.controls[index] }
  const at = ['controls', index]
  const faults: Fault[] = []
  const missing = (['title', 'level', 'assessment'] as const).filter((key) => raw[key] === undefined)
  if (isNew && missing.length > 0)
    faults.push(
      source.fault(
        { path: at },
        `control ${control.id} lacks ${missing.join(', ')}`,
        'Only controls of the benchmark that is extended may leave them out.',
      ),
    )
  if (/^[0-9]/.test(file.section) && !control.id.startsWith(`${file.section}.`))
    faults.push(
      source.fault(
        { path: [...at, 'control'] },
        `control ${control.id} does not belong to section ${file.section}`,
        'Move it to the file of its section.',
      ),
    )
  const { checks, ask, notApplicable, severity } = control
  if (checks.length === 0 && ask === undefined && notApplicable === undefined)
    faults.push(
      source.fault(
        { path: at },
        `control ${control.id} has neither checks nor ask`,
        'Map it to checks, or ask a person.',
      ),
    )
  if (checks.length === 0 && severity === undefined)
    faults.push(
      source.fault(
        { path: at },
        `control ${control.id} has no checks and no severity`,
        'Add severity: checks bring their own, a question has none.',
      ),
    )
  return [...faults, ...checkFaults(part, index, scope), ...valueFaults(part, { index, control }, scope)]
}

function checkFaults({ file }: ControlPart, index: number, { checks }: ControlScope): readonly Fault[] {
  const known = new Set<string>(checks.keys())
  return (file.value.controls[index]?.checks ?? []).flatMap((id, position) =>
    known.has(id)
      ? []
      : [
          file.source.fault(
            { path: ['controls', index, 'checks', position] },
            `unknown check "${id}"`,
            suggest(id, known),
          ),
        ],
  )
}

/** A value must be one that a check of the control takes, in the kind it takes. */
function valueFaults(
  { file }: ControlPart,
  { index, control }: { readonly index: number; readonly control: Control },
  { checks, operators }: ControlScope,
): readonly Fault[] {
  const own = control.checks.flatMap((id: CheckId) => checks.get(id) ?? [])
  const names = own.flatMap((check) => Object.keys(check.parameters))
  const given = Object.entries(file.value.controls[index]?.parameters ?? {})
  return given.flatMap(([name, value]) => {
    const path = ['controls', index, 'parameters', name]
    const users = own.filter((check) => Object.hasOwn(check.parameters, name))
    if (users.length === 0)
      return [
        file.source.fault(
          { path, key: true },
          `no check of control ${control.id} has a parameter "${name}"`,
          suggest(name, names),
        ),
      ]
    return complaints(users, { name, value }, operators).map((message) =>
      file.source.fault({ path }, message, 'Correct the value.'),
    )
  })
}

function complaints(
  users: readonly Check[],
  { name, value }: { readonly name: string; readonly value: ParameterValue },
  operators: ControlScope['operators'],
): readonly string[] {
  return users.flatMap((check) => parameterFaults({ check, name, value }, operators))
}
