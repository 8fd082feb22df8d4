import type { FactKind, Knowledge } from '../facts/fact-kind.ts'
import { type Applicability, type Check, type Example, type FactRequest, theNodes } from '../model/check.ts'
import { checkId } from '../model/ids.ts'
import { suggest } from '../model/nearest.ts'
import { blankFaults } from './blank-faults.ts'
import { compileClaims } from './compile-claim.ts'
import {
  type ConditionScope,
  compileCondition,
  compileExpect,
  type OperatorRule,
} from './compile-condition.ts'
import { exampleFaults } from './example-faults.ts'
import type { Fault } from './faults.ts'
import type { RawApplies, RawCheck, RawExample, RawRequest } from './raw.ts'
import type { Placed, Validated } from './schemas.ts'

/** What checks are read against. */
export interface CheckLanguage {
  readonly factKinds: ReadonlyMap<string, FactKind>
  readonly operators: ReadonlyMap<string, OperatorRule>
  readonly knowledge: Knowledge
  /** Known distributions; any when absent. */
  readonly distributions?: readonly string[]
}

/** One check file to the model. Faults in what it names are collected. */
export function compileCheck(placed: Placed<RawCheck>, language: CheckLanguage, faults: Fault[]): Check {
  const { path, file } = placed
  const { source, value: raw } = file
  const scope: ConditionScope = {
    source,
    evidence: raw.evidence,
    parameters: raw.parameters ?? {},
    ...language,
    faults,
  }
  for (const [name, request] of Object.entries(raw.evidence))
    faults.push(...requestFaults(file, { name, request }, language))
  faults.push(
    ...placeFaults(file, path),
    ...overFaults(file),
    ...appliesFaults(file, language),
    ...sayFaults(file),
    ...blankFaults(file),
    ...exampleFaults(file),
  )
  return {
    id: checkId(raw.id),
    title: raw.title,
    severity: raw.severity,
    why: raw.why,
    applies: compileApplies(raw.applies ?? {}, scope),
    evidence: raw.evidence,
    parameters: raw.parameters ?? {},
    ...(raw.over === 'nodes' ? { over: { group: raw.group ?? 'all' } } : {}),
    ...(raw.over === 'cluster' ? { about: raw.over } : {}),
    condition:
      raw.over === 'nodes'
        ? compileClaims(raw.expect, ['expect'], scope)
        : compileExpect(raw.expect, ['expect'], scope),
    judges: raw.informational !== true,
    say: raw.say,
    ...(raw.remediation === undefined ? {} : { remediation: raw.remediation }),
    ...(raw.spare === undefined ? {} : { spare: raw.spare }),
    sources: raw.sources ?? [],
    examples: raw.examples.map(compileExample),
    file: path,
  }
}

function overFaults({ source, value: raw }: Validated<RawCheck>): readonly Fault[] {
  const stray =
    raw.group !== undefined && raw.over !== 'nodes'
      ? [
          source.fault(
            { path: ['group'], key: true },
            'a group without "over"',
            'Add over: nodes, or remove it.',
          ),
        ]
      : []
  const taken =
    raw.over === 'nodes' && theNodes in raw.evidence
      ? [
          source.fault(
            { path: ['evidence', theNodes], key: true },
            `"${theNodes}" stands for the nodes of the group here`,
            'Call the evidence something else.',
          ),
        ]
      : []
  return [...stray, ...taken]
}

function compileApplies(raw: RawApplies, scope: ConditionScope): Applicability {
  const { 'started-as': startedAs, when, ...plain } = raw
  return {
    ...plain,
    ...(startedAs === undefined ? {} : { startedAs }),
    ...(when === undefined ? {} : { when: compileCondition(when, ['applies', 'when'], scope) }),
  }
}

function compileExample(raw: RawExample): Example {
  const { 'look-alike': lookAlike, given, ...plain } = raw
  const facts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, withModes(value)]))
  return { ...plain, given: facts, ...(lookAlike === undefined ? {} : { lookAlike }) }
}

const octal = /^0[0-7]{3,4}$/

/** Permission bits are written as people read them (`mode: "0644"`) and are numbers in facts. */
function withModes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withModes(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      const isMode = key === 'mode' && typeof inner === 'string' && octal.test(inner)
      return [key, isMode ? Number.parseInt(inner, 8) : withModes(inner)]
    }),
  )
}

function placeFaults({ source, value: raw }: Validated<RawCheck>, path: string): readonly Fault[] {
  const [component = '', ...name] = raw.id.split('.')
  const wanted = `benchmarks/checks/${component}/${name.join('.')}.yaml`
  if (path === wanted) return []
  return [
    source.fault(
      { path: ['id'] },
      `check "${raw.id}" stands in ${path}`,
      `Move it to ${wanted}, or correct the id.`,
    ),
  ]
}

function requestFaults(
  file: Validated<RawCheck>,
  { name, request }: { readonly name: string; readonly request: FactRequest },
  language: CheckLanguage,
): readonly Fault[] {
  const { source } = file
  const at = ['evidence', name]
  const kind = language.factKinds.get(request.fact)
  if (kind === undefined)
    return [
      source.fault(
        { path: [...at, 'fact'] },
        `unknown fact "${request.fact}"`,
        suggest(request.fact, language.factKinds.keys()),
      ),
    ]
  const wrongPlace = aboutFaults(file, kind, at)
  if (wrongPlace.length > 0) return wrongPlace
  const given = Object.keys(request).filter((key) => key !== 'fact')
  const known = Object.keys(kind.parameters)
  const unknown = given
    .filter((key) => !known.includes(key))
    .map((key) =>
      source.fault(
        { path: [...at, key], key: true },
        `fact ${kind.kind} takes no "${key}"`,
        suggest(key, known),
      ),
    )
  const missing = Object.entries(kind.parameters)
    .filter(([key, { optional }]) => optional !== true && !given.includes(key))
    .map(([key, { means }]) =>
      source.fault({ path: at }, `fact ${kind.kind} needs "${key}"`, `Add it: ${means}.`),
    )
  const strange = parameterRequestFaults(file, { name, request })
  if (unknown.length + missing.length + strange.length > 0) return [...unknown, ...missing, ...strange]
  const own = kind.faults?.(request, language.knowledge) ?? []
  return own.map((message) => source.fault({ path: at }, message.replace(/\.$/, ''), 'Correct the request.'))
}

/** A check asks nodes or a cluster, never both: a finding is about one target. */
function aboutFaults(
  { source, value: raw }: Validated<RawCheck>,
  kind: FactKind,
  at: readonly string[],
): readonly Fault[] {
  const isCluster = kind.about === 'cluster'
  if (isCluster === (raw.over === 'cluster')) return []
  const path = [...at, 'fact']
  return [
    isCluster
      ? source.fault({ path }, `fact ${kind.kind} is about a cluster`, 'Add over: cluster to the check.')
      : source.fault({ path }, `fact ${kind.kind} is about a node`, 'Remove over: cluster from the check.'),
  ]
}

/** A request may take a parameter of its check, and no other. */
function parameterRequestFaults(
  { source, value: raw }: Validated<RawCheck>,
  { name, request }: { readonly name: string; readonly request: RawRequest },
): readonly Fault[] {
  const known = Object.keys(raw.parameters ?? {})
  return Object.entries(request).flatMap(([key, value]) => {
    if (typeof value !== 'object' || !('parameter' in value) || known.includes(value.parameter)) return []
    const path = ['evidence', name, key, 'parameter']
    return [source.fault({ path }, `unknown parameter "${value.parameter}"`, suggest(value.parameter, known))]
  })
}

function appliesFaults(
  { source, value: raw }: Validated<RawCheck>,
  language: CheckLanguage,
): readonly Fault[] {
  const faults: Fault[] = []
  const { component, distributions } = raw.applies ?? {}
  const { components } = language.knowledge
  if (component !== undefined && !components.has(component))
    faults.push(
      source.fault(
        { path: ['applies', 'component'] },
        `unknown component "${component}"`,
        suggest(component, components.keys()),
      ),
    )
  for (const key of ['only', 'except'] as const) {
    for (const [index, name] of (distributions?.[key] ?? []).entries()) {
      if (language.distributions !== undefined && !language.distributions.includes(name))
        faults.push(
          source.fault(
            { path: ['applies', 'distributions', key, index] },
            `unknown distribution "${name}"`,
            suggest(name, language.distributions),
          ),
        )
    }
  }
  return faults
}

const placeholders = ['{observed}', '{expected}']

function sayFaults({ source, value: raw }: Validated<RawCheck>): readonly Fault[] {
  return Object.entries(raw.say).flatMap(([key, text]) => {
    const unknown = [...text.matchAll(/\{[^{}]*\}/g)]
      .map(([found]) => found)
      .filter((found) => !placeholders.includes(found))
    return unknown.map((found) =>
      source.fault({ path: ['say', key] }, `${found} is never filled in`, suggest(found, placeholders)),
    )
  })
}
