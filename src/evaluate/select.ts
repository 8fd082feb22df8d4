import { type Benchmark, byKubernetes, type Control, type Profile } from '../model/benchmark.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { Check, ParameterValue } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { CheckId } from '../model/ids.ts'
import {
  type Candidate,
  candidatesOf,
  claimAllMatch,
  keepOnly,
  leaveOut,
  unknownId,
  type Word,
} from './candidates.ts'
import { type CompiledCheck, compileCheck } from './check.ts'
import type { ParameterValues } from './condition.ts'
import { editionFor } from './edition.ts'

/** The content a selection is made from. */
export interface Library {
  readonly checks: ReadonlyMap<CheckId, Check>
  readonly benchmarks: readonly Benchmark[]
}

/** What a person asked for on top of the profile. */
export interface SelectionOptions {
  /** Benchmark ids, or `id@version`. */
  readonly benchmarks?: readonly string[]
  /** Highest level, in place of the profile's. */
  readonly level?: 1 | 2
  /** Controls (`1.2.1`, `cis-kubernetes:1.2.1`), sections (`1.2`) or checks to keep. */
  readonly only?: readonly string[]
  /** The same, to leave out. */
  readonly skip?: readonly string[]
  /** The same, to leave out for a reason of the site's own; `at`: where it is written, for messages. */
  readonly tailored?: readonly { readonly control: string; readonly because: string; readonly at?: string }[]
  /** Kubernetes version of the node, for entries that take the edition written for it. */
  readonly kubernetes?: string
}

/** One control to evaluate. */
export interface SelectedControl {
  readonly benchmark: Benchmark
  readonly control: Control
  /** In id order. */
  readonly checks: readonly CompiledCheck[]
  /** True when a person is asked as well, or instead. */
  readonly asks: boolean
}

/** A control that was left out, and why: it is listed, not judged. */
export interface SkippedControl {
  readonly benchmark: string
  readonly version: string
  readonly control: string
  readonly because: string
}

/** What is evaluated on a node, in the order of the benchmarks. */
export interface Selection {
  readonly profile: Profile
  readonly benchmarks: readonly Benchmark[]
  readonly controls: readonly SelectedControl[]
  readonly skipped: readonly SkippedControl[]
  /** Every check of it once for each set of parameter values, in id order. */
  readonly checks: readonly CompiledCheck[]
}

type ProfileEntry = Profile['benchmarks'][number]

/** The edition an entry of a profile means on a node. */
function benchmarkOf(
  { benchmarks }: Library,
  { id, version }: ProfileEntry,
  kubernetes: string | undefined,
): Benchmark {
  const editions = benchmarks.filter((benchmark) => benchmark.id === id)
  const [first, ...others] = editions
  if (version === byKubernetes && first !== undefined)
    return editionFor([first, ...others], kubernetes).benchmark
  const benchmark = editions.find((one) => one.version === version)
  if (benchmark !== undefined) return benchmark
  const known = benchmarks.map((one) => `${one.id}@${one.version}`)
  throw unknownId({ word: `${id}@${version}` }, 'benchmark', known)
}

/** Keeps what `decide` keeps; what it gives a reason for goes to `skipped`, what it drops without one vanishes. */
function sift(
  candidates: readonly Candidate[],
  skipped: SkippedControl[],
  decide: (candidate: Candidate) => Candidate | string | null,
): readonly Candidate[] {
  return candidates.flatMap((candidate) => {
    const answer = decide(candidate)
    if (typeof answer === 'string') {
      const { benchmark, control } = candidate
      skipped.push({
        benchmark: benchmark.id,
        version: benchmark.version,
        control: control.id,
        because: answer,
      })
    }
    return answer === null || typeof answer === 'string' ? [] : [answer]
  })
}

function asWords(words: readonly string[]): readonly Word[] {
  return words.map((word) => ({ word }))
}

interface Sifting {
  readonly benchmark: Benchmark
  readonly maxLevel: 1 | 2
  readonly skipped: SkippedControl[]
}

function ofProfile(entry: ProfileEntry, { benchmark, maxLevel, skipped }: Sifting): readonly Candidate[] {
  const all = candidatesOf(benchmark)
  // Editions differ in their controls; that some edition knows each id was seen when the profile was read.
  if (entry.version !== byKubernetes)
    claimAllMatch(asWords([...(entry.only ?? []), ...(entry.skip ?? []).map(({ control }) => control)]), all)
  return sift(all, skipped, (candidate) => {
    if (candidate.control.level > maxLevel) return null
    const kept = entry.only === undefined ? candidate : keepOnly(entry.only, candidate)
    if (kept === null) return null
    const skips = entry.skip ?? []
    const skip = skips.find(({ control }) => leaveOut([control], kept) === null)
    if (skip !== undefined) return skip.because
    const words = skips.map(({ control }) => control)
    return leaveOut(words, kept) ?? 'the profile leaves out its checks'
  })
}

function profileEntries(profile: Profile, words: readonly string[] | undefined): readonly ProfileEntry[] {
  const names = ({ id, version }: ProfileEntry): readonly string[] => [id, `${id}@${version}`]
  for (const word of words ?? []) {
    const known = profile.benchmarks.flatMap(names)
    if (!known.includes(word)) throw unknownId({ word }, 'benchmark', known)
  }
  return profile.benchmarks.filter(
    (entry) => words === undefined || names(entry).some((name) => words.includes(name)),
  )
}

type Compiler = (id: CheckId, asked?: { readonly [name: string]: ParameterValue }) => CompiledCheck

/** Compiles each check once for each set of parameter values, however many controls name it. */
function compiler({ checks }: Library, parameters: ParameterValues): Compiler {
  const compiled = new Map<string, CompiledCheck>()
  return (id, asked = {}) => {
    const check = checks.get(id)
    if (check === undefined) throw unknownId({ word: id }, 'check', checks.keys())
    const own = Object.entries(asked).filter(([name]) => Object.hasOwn(check.parameters, name))
    const key = `${id} ${canonicalJson(Object.fromEntries(own))}`
    const known = compiled.get(key)
    if (known !== undefined) return known
    const fresh = compileCheck(check, { ...Object.fromEntries(own), ...parameters })
    compiled.set(key, fresh)
    return fresh
  }
}

function applyOptions(
  candidates: readonly Candidate[],
  options: SelectionOptions,
  skipped: SkippedControl[],
): readonly Candidate[] {
  const { only, skip = [], tailored = [] } = options
  const tailoredOut = tailored.map(({ control }) => control)
  claimAllMatch(asWords([...(only ?? []), ...skip]), candidates)
  const written = tailored.map(({ control, ...place }) => ({ word: control, ...place }))
  claimAllMatch(written, candidates)
  const kept = only === undefined ? candidates : sift(candidates, skipped, (one) => keepOnly(only, one))
  const left = sift(kept, skipped, (one) => {
    const reason = tailored.find(({ control }) => leaveOut([control], one) === null)?.because
    return reason ?? leaveOut(tailoredOut, one) ?? 'the tailoring leaves out its checks'
  })
  return sift(left, skipped, (one) => leaveOut(skip, one) ?? 'left out on the command line')
}

/**
 * Chooses what a profile and the command line ask for, in the order of the benchmarks. Ids that match nothing are
 * an error with the nearest ones: a typo must not quietly make an audit smaller.
 */
export function selectControls(
  library: Library,
  profile: Profile,
  options: SelectionOptions = {},
): Selection {
  const skipped: SkippedControl[] = []
  const entries = profileEntries(profile, options.benchmarks)
  const editions = entries.map((entry) => ({
    entry,
    benchmark: benchmarkOf(library, entry, options.kubernetes),
  }))
  const candidates = editions.flatMap(({ entry, benchmark }) => {
    return ofProfile(entry, { benchmark, maxLevel: options.level ?? entry.maxLevel, skipped })
  })
  const chosen = applyOptions(candidates, options, skipped)
  if (chosen.length === 0) {
    const message = `nothing of profile ${profile.id} is selected`
    throw new KhardError({ code: 'usage', message, next: 'Widen --benchmark, --level, --only or --skip.' })
  }
  const compile = compiler(library, profile.parameters)
  const controls = chosen.map((one) => {
    // What a document does not apply is not asked about either.
    const checks = one.checks.map((id) => compile(id, one.control.parameters))
    return { ...one, checks }
  })
  const judged = controls.filter(({ control }) => control.notApplicable === undefined)
  const checks = [...new Set(judged.flatMap((one) => one.checks))]
  return {
    profile,
    benchmarks: editions.map(({ benchmark }) => benchmark),
    controls,
    skipped,
    checks: checks.toSorted(byId),
  }
}

function byId({ check: first }: CompiledCheck, { check: second }: CompiledCheck): number {
  return first.id < second.id ? -1 : Number(first.id > second.id)
}
