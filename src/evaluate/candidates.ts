import { type Benchmark, type Control, notAskedFor } from '../model/benchmark.ts'
import { KhardError } from '../model/errors.ts'
import type { CheckId } from '../model/ids.ts'
import { nearest } from '../model/nearest.ts'

/** A control that may be selected, and what of it. */
export interface Candidate {
  readonly benchmark: Benchmark
  readonly control: Control
  /** In id order. */
  readonly checks: readonly CheckId[]
  /** True when a person is asked as well, or instead. */
  readonly asks: boolean
}

/** Everything a benchmark could ask. */
export function candidatesOf(benchmark: Benchmark): readonly Candidate[] {
  return benchmark.controls.map((control) => {
    const asks = control.ask !== undefined || control.checks.length === 0
    return { benchmark, control, checks: control.checks.toSorted(), asks }
  })
}

/** A word without its benchmark, in lower case: ids are the same in any. */
function bareWord(word: string, { id }: Benchmark): string {
  const folded = word.toLowerCase()
  return folded.startsWith(`${id}:`) ? folded.slice(id.length + 1) : folded
}

/** True when the word names the control, with or without its benchmark, or a section it is in. */
function namesControl(word: string, { benchmark, control }: Candidate): boolean {
  const bare = bareWord(word, benchmark)
  const id = control.id.toLowerCase()
  return bare === id || bare === control.section.toLowerCase() || `${id}.`.startsWith(`${bare}.`)
}

function namesCheck(word: string, { checks }: Candidate): boolean {
  return checks.some((check) => check === word.toLowerCase())
}

/** What of a candidate the words name; null where they name nothing of it. */
export function keepOnly(words: readonly string[], candidate: Candidate): Candidate | null {
  if (words.some((word) => namesControl(word, candidate))) return candidate
  const names = words.map((word) => word.toLowerCase())
  const checks = candidate.checks.filter((check) => names.includes(check))
  return checks.length === 0 ? null : { ...candidate, checks, asks: false }
}

/** What of a candidate the words do not name; null where nothing is left of it. */
export function leaveOut(words: readonly string[], candidate: Candidate): Candidate | null {
  if (words.some((word) => namesControl(word, candidate))) return null
  const names = words.map((word) => word.toLowerCase())
  const checks = candidate.checks.filter((check) => !names.includes(check))
  const gone = checks.length === 0 && candidate.checks.length > 0
  return gone ? null : { ...candidate, checks }
}

/** A word somebody wrote, and where it stands when it stands in a file. */
export interface Word {
  readonly word: string
  /** `file:line`, for messages. */
  readonly at?: string
}

/** The word as a message begins with it. */
function quoted({ word, at }: Word): string {
  return at === undefined ? `"${word}"` : `${at}: "${word}"`
}

/** The fault of a word that names nothing of what is known. */
export function unknownId(word: Word, what: string, known: Iterable<string>): KhardError {
  const near = nearest(word.word, known, 3)
  const next = near.length === 0 ? 'See `khard list`.' : `Did you mean ${near.join(' or ')}?`
  const code = what === 'benchmark' ? 'unknown-benchmark' : 'unknown-check'
  return new KhardError({ code, message: `${quoted(word)} is no ${what} of the selection`, next })
}

/** What is left out on purpose is no typo: it is said why. */
function claimIsAsked(word: Word, candidates: readonly Candidate[]): void {
  for (const { benchmark } of candidates) {
    const left = notAskedFor(benchmark, bareWord(word.word, benchmark))
    if (left === undefined) continue
    const message = `${quoted(word)} is in section ${left.section} of ${benchmark.title} (${left.title}), which is not asked`
    throw new KhardError({ code: 'unknown-check', message, next: left.because })
  }
}

/** Throws for the first word that names nothing of the candidates: a typo must not quietly make an audit smaller. */
export function claimAllMatch(words: readonly Word[], candidates: readonly Candidate[]): void {
  for (const one of words) {
    if (candidates.some((each) => namesControl(one.word, each) || namesCheck(one.word, each))) continue
    claimIsAsked(one, candidates)
    const known = candidates.flatMap(({ control, checks }) => [control.id, ...checks])
    throw unknownId(one, 'control or check', known)
  }
}
