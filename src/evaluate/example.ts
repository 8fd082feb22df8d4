import type { FactKind, Knowledge } from '../facts/fact-kind.ts'
import type { Applicability, Check, Example, FactRequest, Grouping, Role } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { Evidence, Fact, FactValue } from '../model/evidence.ts'
import {
  absent,
  isFactList,
  isFactRecord,
  mapEvidence,
  noSource,
  observed,
  unavailable,
} from '../model/evidence.ts'
import { type CheckInput, compileCheck } from './check.ts'
import type { CheckOutcome } from './check-outcome.ts'
import { factFromPlain } from './fact-from-plain.ts'
import { judgeExample, nodesGiven } from './fleet/example.ts'
import type { GroupCheck } from './fleet/group-check.ts'
import { isFilledFrom } from './questions.ts'
import { isScalar } from './values/list.ts'

/** What running an example needs to know. */
export interface ExampleKnowledge {
  readonly kinds: ReadonlyMap<string, FactKind>
  readonly knowledge: Knowledge
}

/** Names an example may give besides the check's own evidence. */
const surroundings = ['component', 'roles', 'distribution']

function claimNames(check: Check, { name, given }: Example): void {
  for (const fact of Object.keys(given)) {
    if (Object.hasOwn(check.evidence, fact) || surroundings.includes(fact)) continue
    const message = `${check.file}: example "${name}": nothing in the check is named "${fact}"`
    const next = `Give one of: ${[...Object.keys(check.evidence), ...surroundings].join(', ')}.`
    throw new KhardError({ code: 'content-invalid', message, next })
  }
}

function givenFact(check: Check, example: Example, name: string): Fact | undefined {
  if (!Object.hasOwn(example.given, name)) return undefined
  return factFromPlain(example.given[name], `${check.file}: example "${example.name}": ${name}`)
}

/** The component as the check wants it, overlaid by what the example says of it. */
function component(check: Check, example: Example): Fact {
  const { startedAs = ['static-pod'] } = check.applies
  const { version, mode } = example
  const part = (value: string | undefined): Fact =>
    value === undefined ? absent(noSource) : observed(value, noSource)
  const usual = {
    'started-as': part(startedAs[0]),
    running: observed(true, noSource),
    version: part(version),
    mode: part(mode),
  }
  const given = givenFact(check, example, 'component') ?? observed({}, noSource)
  return mapEvidence<FactValue, FactValue>(given, (fact) => {
    return observed(isFactRecord(fact) ? { ...usual, ...fact } : fact, noSource)
  })
}

function textOf(fact: Fact): readonly string[] {
  return fact.kind === 'observed' && isScalar(fact.fact) ? [String(fact.fact)] : []
}

/** One or several words as an example gives them, or the usual ones. */
function words(given: Fact | undefined, usual: readonly string[]): Evidence<readonly string[]> {
  if (given === undefined) return observed(usual, noSource)
  return mapEvidence(given, (fact) =>
    observed(isFactList(fact) ? fact.flatMap(textOf) : textOf(given), noSource),
  )
}

function isRole(word: string): word is Role {
  return word === 'control-plane' || word === 'etcd' || word === 'worker'
}

/** Without a version in the example its range is taken to hold: rows are about the evidence. */
function appliesIn(applies: Applicability, example: Example): Applicability {
  const { versions, ...rest } = applies
  return versions === undefined || example.version === undefined ? rest : applies
}

function completed(
  check: Check,
  example: Example,
  known: ExampleKnowledge,
): readonly (readonly [FactRequest, Fact])[] {
  const { version, mode } = example
  const told = { ...(version === undefined ? {} : { version }), ...(mode === undefined ? {} : { mode }) }
  return Object.entries(check.evidence).map(([name, request]) => {
    const given =
      givenFact(check, example, name) ??
      unavailable('not-collected', noSource, `the example gives no ${name}`)
    const complete = known.kinds.get(request.fact)?.complete
    const fact =
      given.kind === 'observed' && complete !== undefined
        ? complete(request, given, known.knowledge, told)
        : given
    return [request, fact] as const
  })
}

function inputFor(check: Check, example: Example, known: ExampleKnowledge): CheckInput {
  const { applies } = check
  const facts = completed(check, example, known)
  const about = component(check, example)
  const roles = words(
    givenFact(check, example, 'roles'),
    applies.roles ?? ['control-plane', 'etcd', 'worker'],
  )
  const distribution = words(
    givenFact(check, example, 'distribution'),
    applies.distributions?.only?.slice(0, 1) ?? ['an example'],
  )
  return {
    fact: (request) => facts.find(([asked]) => isFilledFrom(asked, request))?.[1] ?? about,
    roles: mapEvidence(roles, (held) => observed(held.filter(isRole), noSource)),
    distribution: mapEvidence(distribution, (names) => observed(names.join(' '), noSource)),
    version: example.version === undefined ? absent(noSource) : observed(example.version, noSource),
  }
}

/** Roles of the nodes of a row that names none. */
const usualRoles = {
  run: ['worker'],
  all: ['worker'],
  role: ['worker'],
  'control-plane': ['control-plane'],
  etcd: ['etcd'],
  worker: ['worker'],
} as const satisfies { readonly [grouping in Grouping]: readonly Role[] }

/** Each node of the row is a row of its own; a version or mode it names is its own. */
function runGroupExample(group: GroupCheck, example: Example, known: ExampleKnowledge): CheckOutcome {
  const { check, grouping } = group
  const nodes = nodesGiven(example.given).map((given, index) => {
    const { name = `node-${index + 1}`, version, mode, ...facts } = given
    const own: Example = {
      ...example,
      ...(typeof version === 'string' ? { version } : {}),
      ...(typeof mode === 'string' ? { mode } : {}),
      given: { roles: usualRoles[grouping], ...facts },
    }
    claimNames(check, own)
    return { name: String(name), input: inputFor(check, own, known) }
  })
  return { ...judgeExample(group, nodes), items: [] }
}

/**
 * Runs one row of a check's truth table: what it gives becomes facts, defaults filled in as on a node. The
 * component is taken to be there unless the row says otherwise. Throws `content-invalid` for a row that is none.
 */
export function runExample(check: Check, example: Example, known: ExampleKnowledge): CheckOutcome {
  const applies = appliesIn(check.applies, example)
  const { evaluate, group } = compileCheck({ ...check, applies }, example.parameters)
  if (group !== undefined) return runGroupExample(group, example, known)
  claimNames(check, example)
  return evaluate(inputFor(check, example, known))
}
