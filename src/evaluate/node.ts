import type { FactRequest, Role } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { Evidence, Fact } from '../model/evidence.ts'
import { noSource, unavailable } from '../model/evidence.ts'
import type { Finding } from '../model/finding.ts'
import type { CheckId } from '../model/ids.ts'
import type { CheckInput, CompiledCheck } from './check.ts'
import type { CheckOutcome, DriftOf } from './check-outcome.ts'
import type { SelectedControl, Selection } from './select.ts'
import { showText } from './show.ts'

/** One node, ready to be evaluated. */
export interface EvaluationInput {
  /** Id of the target, as findings name it. */
  readonly target: string
  readonly roles: Evidence<readonly Role[]>
  readonly distribution: Evidence<string>
  readonly version: Evidence<string>
  /** Derives one fact; asked at most once for equal requests. */
  readonly derive: (request: FactRequest) => Fact
  /** `sha256:…` of each raw item, in the same order. */
  readonly itemDigests: (ids: readonly string[]) => readonly string[]
  readonly drift?: DriftOf
}

/** A fault in a derivation costs the checks that need it, never the run, and is never taken for absence. */
function deriveSafely(node: EvaluationInput, request: FactRequest): Fact {
  try {
    return node.derive(request)
  } catch (fault) {
    if (fault instanceof KhardError) throw fault
    const detail = `${request.fact} could not be derived: ${showText(String(fault))}`
    return unavailable('unparsable', noSource, detail)
  }
}

function checkInput(node: EvaluationInput): CheckInput {
  const facts = new Map<string, Fact>()
  const fact = (request: FactRequest, key: string): Fact => {
    const known = facts.get(key)
    if (known !== undefined) return known
    const derived = deriveSafely(node, request)
    facts.set(key, derived)
    return derived
  }
  const { roles, distribution, version, drift } = node
  return { roles, distribution, version, fact, ...(drift === undefined ? {} : { drift }) }
}

type Placed = Pick<
  Finding,
  'benchmark' | 'benchmarkVersion' | 'control' | 'target' | 'section' | 'level' | 'assessment'
>

function placed({ benchmark, control }: SelectedControl, target: string): Placed {
  const { id, section, level, assessment } = control
  return {
    benchmark: benchmark.id,
    benchmarkVersion: benchmark.version,
    control: id,
    target,
    section,
    level,
    assessment,
  }
}

/** A check's answer as findings carry it: everything but the control it is reported under. */
type Answer = Omit<Finding, keyof Placed>

function answerOf({ check }: CompiledCheck, outcome: CheckOutcome, digests: readonly string[]): Answer {
  const { items, ...rest } = outcome
  const remediation = outcome.verdict === 'fail' ? check.remediation : undefined
  return {
    check: check.id,
    title: check.title,
    severity: check.severity,
    ...rest,
    ...(remediation === undefined ? {} : { remediation }),
    evidence: digests,
  }
}

function question({ control }: SelectedControl): Answer {
  return {
    title: control.title,
    severity: control.severity ?? 'medium',
    verdict: 'notChecked',
    reason: control.ask ?? 'No check answers this control; a person has to.',
    provenance: [],
    next: 'Answer the question by hand, and keep the answer with this report.',
    evidence: [],
  }
}

/** Evaluates everything selected on one node: findings in the order of the benchmarks. */
export function evaluateNode(selection: Selection, node: EvaluationInput): Finding[] {
  const input = checkInput(node)
  const answers = new Map<CheckId, Answer>()
  const answer = (compiled: CompiledCheck): Answer => {
    const known = answers.get(compiled.check.id)
    if (known !== undefined) return known
    const outcome = compiled.evaluate(input)
    const fresh = answerOf(compiled, outcome, node.itemDigests(outcome.items))
    answers.set(compiled.check.id, fresh)
    return fresh
  }
  return selection.controls.flatMap((selected) => {
    const place = placed(selected, node.target)
    const findings = selected.checks.map((compiled) => ({ ...place, ...answer(compiled) }))
    return selected.asks ? [...findings, { ...place, ...question(selected) }] : findings
  })
}
