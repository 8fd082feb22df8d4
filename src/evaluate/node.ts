import type { Control } from '../model/benchmark.ts'
import type { FactRequest, Role } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { Evidence, Fact } from '../model/evidence.ts'
import { noSource, unavailable } from '../model/evidence.ts'
import type { Finding } from '../model/finding.ts'
import type { CheckInput, CompiledCheck } from './check.ts'
import type { CheckOutcome, DriftOf } from './check-outcome.ts'
import { evaluateInstances } from './instances.ts'
import type { SelectedControl, Selection } from './select.ts'
import { showText } from './show.ts'

/** One node, ready to be evaluated. */
export interface EvaluationInput {
  /** Id of the target, as findings name it. */
  readonly target: string
  /** `cluster`: only checks over clusters are asked of it, which no node is asked. A node when absent. */
  readonly about?: 'cluster'
  readonly roles: Evidence<readonly Role[]>
  readonly distribution: Evidence<string>
  readonly version: Evidence<string>
  /** Derives one fact; asked at most once for equal requests. */
  readonly derive: (request: FactRequest) => Fact
  /** `sha256:…` of each raw item, in the same order. */
  readonly itemDigests: (ids: readonly string[]) => readonly string[]
  readonly drift?: DriftOf
  /** The node once for each of several processes that are the same component; every one has to meet its checks. */
  readonly instances?: readonly NodeInstance[]
}

/** One of them: what is derived where only it is seen. */
export interface NodeInstance extends Required<Pick<EvaluationInput, 'derive' | 'drift'>> {
  readonly name: string
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

/** The node as its checks ask it: equal requests are derived once. */
export function checkInput(node: EvaluationInput): CheckInput {
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

function evaluatorOf(node: EvaluationInput, input: CheckInput): (compiled: CompiledCheck) => CheckOutcome {
  const [first, ...rest] = (node.instances ?? []).map(({ name, derive, drift }) => {
    return { name, input: checkInput({ ...node, derive, drift }) }
  })
  return first === undefined
    ? (compiled) => compiled.evaluate(input)
    : (compiled) => evaluateInstances(compiled, [first, ...rest])
}

/** Whom a person is asked about where a control has a question: the cluster if anything of it is about one. */
function aboutOf({ control, checks }: SelectedControl): 'cluster' | undefined {
  return control.about ?? checks.find(({ check }) => check.about !== undefined)?.check.about
}

/** True when a control has something to ask a node, or a cluster. */
export function concerns(selected: SelectedControl, about: 'cluster' | undefined): boolean {
  return aboutOf(selected) === about || selected.checks.some(({ check }) => check.about === about)
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

/** The document itself does not apply the control to what it is written for. */
function notApplicable({ control, checks }: SelectedControl, reason: string): Answer {
  const [first] = checks
  const severity = first?.check.severity ?? 'medium'
  return { title: control.title, severity, verdict: 'notApplicable', reason, provenance: [], evidence: [] }
}

/** What a control has to say for itself, in place of what its checks say. */
function ownWords({ severity, references }: Control): Partial<Pick<Finding, 'severity' | 'references'>> {
  return { ...(severity && { severity }), ...(references && { references }) }
}

/**
 * Evaluates everything selected on one node: findings in the order of the benchmarks. Checks over nodes are left
 * to the fleet.
 */
export function evaluateNode(
  selection: Selection,
  node: EvaluationInput,
  input: CheckInput = checkInput(node),
): Finding[] {
  const answers = new Map<CompiledCheck, Answer>()
  const evaluate = evaluatorOf(node, input)
  const answer = (compiled: CompiledCheck): Answer => {
    const known = answers.get(compiled)
    if (known !== undefined) return known
    const outcome = evaluate(compiled)
    const fresh = answerOf(compiled, outcome, node.itemDigests(outcome.items))
    answers.set(compiled, fresh)
    return fresh
  }
  return selection.controls.flatMap((selected) => {
    const place = placed(selected, node.target)
    const own = ownWords(selected.control)
    if (!concerns(selected, node.about)) return []
    const reason = selected.control.notApplicable
    if (reason !== undefined) return [{ ...place, ...notApplicable(selected, reason), ...own }]
    const ownChecks = selected.checks.filter(
      (one) => one.group === undefined && one.check.about === node.about,
    )
    const findings = ownChecks.map((compiled) => ({ ...place, ...answer(compiled), ...own }))
    const isAsked = selected.asks && node.about === aboutOf(selected)
    return isAsked ? [...findings, { ...place, ...question(selected), ...own }] : findings
  })
}
