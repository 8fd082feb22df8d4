import type { FactKind, Knowledge } from '../facts/fact-kind.ts'
import type { Check, Condition, ConditionValue, LeafCondition } from '../model/check.ts'
import { joinPath, splitPath } from '../model/field-path.ts'
import { suggest } from '../model/nearest.ts'
import type { Fault } from './faults.ts'
import type { RawCondition, RawLeaf, RawOperand } from './raw.ts'
import type { YamlPath, YamlSource } from './yaml-source.ts'

/** What content must know of an operator; src/evaluate/operators has them. */
export interface OperatorRule {
  readonly name: string
  readonly expects: {
    /** What is wrong with a right-hand side; null when nothing is. */
    readonly validate: (expected: ConditionValue) => string | null
  }
}

/** What the conditions of one check may name. */
export interface ConditionScope {
  readonly source: YamlSource
  readonly evidence: Check['evidence']
  readonly parameters: Check['parameters']
  readonly factKinds: ReadonlyMap<string, FactKind>
  readonly operators: ReadonlyMap<string, OperatorRule>
  readonly knowledge: Knowledge
  readonly faults: Fault[]
}

/** `expect`: everything in the list must hold. */
export function compileExpect(raw: readonly RawCondition[], at: YamlPath, scope: ConditionScope): Condition {
  return { all: raw.map((condition, index) => compileCondition(condition, [...at, index], scope)) }
}

/** One condition as it is written to json-rules-engine condition JSON. Faults go to the scope. */
export function compileCondition(raw: RawCondition, at: YamlPath, scope: ConditionScope): Condition {
  if (isAny(raw)) return { any: each(raw.any, [...at, 'any'], scope) }
  if (isAll(raw)) return { all: each(raw.all, [...at, 'all'], scope) }
  if (isNot(raw)) return { not: compileCondition(raw.not, [...at, 'not'], scope) }
  return compileLeaf(raw, at, scope)
}

// The schema lets these keys stand for nothing else.
function isAny(raw: RawCondition): raw is { readonly any: readonly RawCondition[] } {
  return 'any' in raw
}
function isAll(raw: RawCondition): raw is { readonly all: readonly RawCondition[] } {
  return 'all' in raw
}
function isNot(raw: RawCondition): raw is { readonly not: RawCondition } {
  return 'not' in raw
}

function each(raw: readonly RawCondition[], at: YamlPath, scope: ConditionScope): readonly Condition[] {
  return raw.map((condition, index) => compileCondition(condition, [...at, index], scope))
}

const subjectKeys = ['value', 'every', 'some']

function compileLeaf(raw: RawLeaf, at: YamlPath, scope: ConditionScope): LeafCondition {
  const { fact, path } = subjectOf(raw, at, scope)
  const { name, value } = operatorOf(raw, at, scope)
  const operator = raw.every !== undefined ? `every:${name}` : raw.some !== undefined ? `some:${name}` : name
  return path === '' ? { fact, operator, value } : { fact, path, operator, value }
}

/** A name under `evidence` and the path below it. */
export interface Subject {
  readonly fact: string
  readonly path: string
}

function subjectOf(raw: RawLeaf, at: YamlPath, scope: ConditionScope): Subject {
  const { source, faults } = scope
  const list = raw.every ?? raw.some
  const whole = list ?? raw.value
  if (raw.every !== undefined && raw.some !== undefined)
    faults.push(
      source.fault(
        { path: [...at, 'some'], key: true },
        'a condition has both "every" and "some"',
        'Keep one, or join two conditions with all.',
      ),
    )
  if (whole === undefined) {
    faults.push(
      source.fault(
        { path: at },
        'a condition names nothing to look at',
        'Start it with value, every or some, or use any, all or not.',
      ),
    )
    return { fact: '', path: '' }
  }
  const key = list === undefined ? 'value' : raw.every === undefined ? 'some' : 'every'
  const first = segmentsOf(whole, [...at, key], scope)
  const below =
    list === undefined || raw.value === undefined ? [] : segmentsOf(raw.value, [...at, 'value'], scope)
  const [fact = '', ...rest] = first
  const path = joinPath([...rest, ...below])
  checkField({ fact, path, place: below.length > 0 ? [...at, 'value'] : [...at, key] }, scope)
  return { fact, path }
}

/** Segments of a path; a fault when it is none. */
export function segmentsOf(
  text: string,
  at: YamlPath,
  { source, faults }: ConditionScope,
): readonly string[] {
  const segments = splitPath(text)
  if (segments === null)
    faults.push(
      source.fault(
        { path: at },
        `${JSON.stringify(text)} is not a path`,
        'Join names by dots; put a name that holds dots in double quotes.',
      ),
    )
  return segments ?? []
}

/** A fault when the fact has no such field. */
export function checkField(subject: Subject & { readonly place: YamlPath }, scope: ConditionScope): void {
  const { source, faults, evidence } = scope
  const request = evidence[subject.fact]
  if (request === undefined) {
    if (subject.fact !== '')
      faults.push(
        source.fault(
          { path: subject.place },
          `"${subject.fact}" is no name under evidence`,
          suggest(subject.fact, Object.keys(evidence)),
        ),
      )
    return
  }
  const fields = scope.factKinds.get(request.fact)?.fields(request, scope.knowledge) ?? null
  if (fields === null || subject.path === '') return
  const wanted = unquoted(subject.path)
  if (fields.some((field) => unquoted(field) === wanted)) return
  faults.push(
    source.fault(
      { path: subject.place },
      `fact ${request.fact} has no field "${wanted}"`,
      suggest(wanted, fields.map(unquoted)),
    ),
  )
}

function unquoted(path: string): string {
  return path.replaceAll('"', '')
}

function operatorOf(
  raw: RawLeaf,
  at: YamlPath,
  scope: ConditionScope,
): { readonly name: string; readonly value: ConditionValue } {
  const { source, faults, operators } = scope
  const [first, other] = Object.entries(raw).filter(([key]) => !subjectKeys.includes(key))
  if (first === undefined) {
    faults.push(
      source.fault(
        { path: at },
        'a condition has no operator',
        `Add one: ${[...operators.keys()].join(', ')}.`,
      ),
    )
    return { name: '', value: null }
  }
  const [name, operand] = first
  const second = other?.[0]
  if (second !== undefined && operators.has(second) && operators.has(name))
    faults.push(
      source.fault(
        { path: [...at, second], key: true },
        `a condition has two operators, "${name}" and "${second}"`,
        'Write one condition for each.',
      ),
    )
  for (const key of [name, second]) {
    if (key !== undefined && !operators.has(key))
      faults.push(
        source.fault(
          { path: [...at, key], key: true },
          `unknown operator "${key}"`,
          suggest(key, [...operators.keys(), ...subjectKeys]),
        ),
      )
  }
  const value = operandOf(operand, [...at, name], scope)
  const complaint = operators.get(name)?.expects.validate(literalOf(value, scope)) ?? null
  if (complaint !== null)
    faults.push(source.fault({ path: [...at, name] }, complaint, 'Correct the value to compare with.'))
  return { name, value }
}

/** A right-hand side; a parameter it names must be declared. */
export function operandOf(
  raw: RawOperand | undefined,
  at: YamlPath,
  { source, faults, parameters }: ConditionScope,
): ConditionValue {
  if (raw === undefined) return null
  if (isParameter(raw) && parameters[raw.parameter] === undefined) {
    const next =
      Object.keys(parameters).length === 0
        ? 'Declare it under parameters.'
        : suggest(raw.parameter, Object.keys(parameters))
    faults.push(source.fault({ path: [...at, 'parameter'] }, `unknown parameter "${raw.parameter}"`, next))
  }
  return raw
}

/** The right-hand side with a parameter's default in place of its name. */
export function literalOf(value: ConditionValue, { parameters }: ConditionScope): ConditionValue {
  return isParameter(value) ? (parameters[value.parameter]?.default ?? value) : value
}

/** True for `{ parameter: name }`. */
export function isParameter(value: unknown): value is { readonly parameter: string } {
  return typeof value === 'object' && value !== null && 'parameter' in value
}
