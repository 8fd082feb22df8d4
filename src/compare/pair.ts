import { canonicalJson } from '../model/canonical-json.ts'
import type { Finding } from '../model/finding.ts'
import { naturalOrder } from '../model/natural-order.ts'

/** One question to one target, answered twice. */
export interface Pair {
  readonly before: Finding
  readonly after: Finding
}

/** Findings of two results, matched by what they ask of whom. */
export interface Pairs {
  readonly pairs: readonly Pair[]
  readonly vanished: readonly Finding[]
  readonly appeared: readonly Finding[]
}

/** Target, benchmark, control and check. Not the edition: a control keeps its meaning, and a new edition is compared. */
function questionOf({ target, benchmark, control, check }: Finding): string {
  return JSON.stringify([target, benchmark, control, check ?? null])
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The order of findings in a diff: target, benchmark, control as documents number them, check. */
export function inOrder(a: Finding, b: Finding): number {
  return (
    compareText(a.target, b.target) ||
    compareText(a.benchmark, b.benchmark) ||
    naturalOrder(a.control, b.control) ||
    compareText(a.control, b.control) ||
    compareText(a.check ?? '', b.check ?? '') ||
    compareText(canonicalJson(a), canonicalJson(b))
  )
}

function byQuestion(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>()
  for (const finding of findings) {
    const question = questionOf(finding)
    const same = found.get(question)
    if (same === undefined) found.set(question, [finding])
    else same.push(finding)
  }
  return found
}

/** Answers to one question: of one edition first, the others in an order of their own. */
function pairSame(before: readonly Finding[], after: readonly Finding[]): Pairs {
  const left = after.toSorted(inOrder)
  const take = (index: number): readonly Finding[] => (index < 0 ? [] : left.splice(index, 1))
  const pairs: Pair[] = []
  const other = before.toSorted(inOrder).filter((one) => {
    const found = take(left.findIndex((each) => each.benchmarkVersion === one.benchmarkVersion))
    pairs.push(...found.map((each) => ({ before: one, after: each })))
    return found.length === 0
  })
  const vanished = other.filter((one) => {
    const found = take(left.length - 1 >= 0 ? 0 : -1)
    pairs.push(...found.map((each) => ({ before: one, after: each })))
    return found.length === 0
  })
  return { pairs, vanished, appeared: left }
}

/** Matches the findings of two results; the order they come in does not matter. */
export function pairFindings(before: readonly Finding[], after: readonly Finding[]): Pairs {
  const [earlier, later] = [byQuestion(before), byQuestion(after)]
  const questions = [...new Set([...earlier.keys(), ...later.keys()])]
  const parts = questions.map((one) => pairSame(earlier.get(one) ?? [], later.get(one) ?? []))
  return {
    pairs: parts.flatMap(({ pairs }) => pairs).toSorted((a, b) => inOrder(a.after, b.after)),
    vanished: parts.flatMap(({ vanished }) => vanished).toSorted(inOrder),
    appeared: parts.flatMap(({ appeared }) => appeared).toSorted(inOrder),
  }
}
