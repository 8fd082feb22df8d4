import type { FactKind } from '../facts/fact-kind.ts'
import {
  type Benchmark,
  byKubernetes,
  type Control,
  type NotAsked,
  notAskedFor,
  type Profile,
} from '../model/benchmark.ts'
import type { Check } from '../model/check.ts'
import { nearest } from '../model/nearest.ts'
import type { Content } from './content.ts'
import { selectControls } from './select-controls.ts'

/** A place in a benchmark: which control of which edition. */
export interface ControlPlace {
  readonly benchmark: string
  readonly version: string
  readonly control: Control
  readonly section: string
}

/** One line of `khard list benchmarks`. */
export interface BenchmarkLine {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly kubernetes: string | null
  /** Known only in part. */
  readonly isProvisional: boolean
  readonly controls: number
  /** Controls at least one check answers. */
  readonly checked: number
}

/** One line of `khard list profiles`. */
export interface ProfileLine {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly distributions: readonly string[]
  readonly controls: number
  readonly digest: string
}

/** One line of `khard list checks`. */
export interface CheckLine {
  readonly id: string
  readonly severity: Check['severity']
  readonly title: string
  readonly controls: readonly string[]
}

/** What `khard explain` shows. */
export type Explanation =
  | {
      readonly kind: 'check'
      readonly check: Check
      readonly mappedBy: readonly ControlPlace[]
      readonly asks: readonly Asked[]
    }
  | { readonly kind: 'control'; readonly places: readonly ExplainedControl[] }
  | { readonly kind: 'notAsked'; readonly places: readonly ExplainedSection[] }
  | { readonly kind: 'nothing'; readonly nearest: readonly string[] }

/** One fact a check asks for, in words. */
export interface Asked {
  readonly name: string
  readonly fact: string
  readonly title: string
  readonly with: { readonly [parameter: string]: unknown }
}

/** A section of one edition that is not asked, and why. */
export interface ExplainedSection extends NotAsked {
  readonly benchmark: string
  readonly version: string
}

/** A control of one edition with the checks that answer it and the profiles that ask for it. */
export interface ExplainedControl extends ControlPlace {
  readonly checks: readonly Check[]
  readonly profiles: readonly string[]
}

export function listBenchmarks(content: Content): readonly BenchmarkLine[] {
  return content.benchmarks.map(({ id, version, title, kubernetes, provisional, controls }) => ({
    id,
    version,
    title,
    kubernetes: kubernetes ?? null,
    isProvisional: provisional !== undefined,
    controls: controls.length,
    checked: controls.filter(({ checks }) => checks.length > 0).length,
  }))
}

export function listProfiles(content: Content): readonly ProfileLine[] {
  return content.profiles.map((profile) => {
    const { id, version, title, distributions, digest } = profile
    const controls = profile.benchmarks.flatMap((selection) => {
      const editions = content.benchmarks.filter((benchmark) => isSelected(benchmark, selection))
      // A node is asked one edition of each; where its version decides, the newest that is known whole stands for it.
      const counted = editions.findLast(({ provisional }) => provisional === undefined) ?? editions.at(-1)
      return counted === undefined ? [] : selectControls(counted, selection)
    })
    return { id, version, title, distributions, controls: controls.length, digest }
  })
}

export function listChecks(content: Content): readonly CheckLine[] {
  return [...content.checks.values()].map(({ id, severity, title }) => ({
    id,
    severity,
    title,
    controls: placesOf(content, id).map(
      ({ benchmark, version, control }) => `${benchmark}@${version}:${control.id}`,
    ),
  }))
}

/** What an id stands for: a check (`kubelet.anonymous-auth-off`), or a control (`1.2.1`, `cis-kubernetes:1.2.1`, `cis-kubernetes@1.12:1.2.1`). */
export function explain(content: Content, factKinds: Iterable<FactKind>, id: string): Explanation {
  const word = id.toLowerCase()
  const check = [...content.checks.values()].find((one) => one.id === word)
  if (check !== undefined)
    return { kind: 'check', check, mappedBy: placesOf(content, word), asks: asksOf(check, factKinds) }
  const { name, benchmarks } = named(content, word)
  const places = benchmarks.flatMap((benchmark) =>
    placesIn(benchmark, (control) => control.id.toLowerCase() === name).map((place) =>
      explained(content, benchmark, place),
    ),
  )
  if (places.length > 0) return { kind: 'control', places }
  const left = benchmarks.flatMap((benchmark) => {
    const section = notAskedFor(benchmark, name)
    return section === undefined ? [] : [{ ...section, benchmark: benchmark.id, version: benchmark.version }]
  })
  if (left.length > 0) return { kind: 'notAsked', places: left }
  const controls = content.benchmarks.flatMap((benchmark) => benchmark.controls.map((control) => control.id))
  const facts = [...factKinds].map(({ kind }) => kind)
  return { kind: 'nothing', nearest: nearest(id, [...content.checks.keys(), ...controls, ...facts], 3) }
}

/** The control or section a word names, and the benchmarks it may be of. */
function named(
  content: Content,
  word: string,
): { readonly name: string; readonly benchmarks: readonly Benchmark[] } {
  const colon = word.lastIndexOf(':')
  const [wanted, edition] = word.slice(0, Math.max(0, colon)).split('@')
  const benchmarks = content.benchmarks.filter(
    ({ id, version }) =>
      (wanted === '' || id === wanted) && (edition === undefined || version.toLowerCase() === edition),
  )
  return { name: word.slice(colon + 1), benchmarks }
}

function explained(content: Content, benchmark: Benchmark, place: ControlPlace): ExplainedControl {
  const { control } = place
  const checks = control.checks.map((id) => content.checks.get(id)).filter((check) => check !== undefined)
  const profiles = content.profiles.filter((profile) =>
    profile.benchmarks.some((selection) => asksFor(benchmark, selection, control)),
  )
  return { ...place, checks, profiles: profiles.map(({ id }) => id) }
}

function asksFor(benchmark: Benchmark, selection: Profile['benchmarks'][number], control: Control): boolean {
  return isSelected(benchmark, selection) && selectControls(benchmark, selection).includes(control)
}

function isSelected({ id, version }: Benchmark, selection: Profile['benchmarks'][number]): boolean {
  return selection.id === id && (selection.version === version || selection.version === byKubernetes)
}

/** Controls in document order, each with the title of its section. */
function placesIn(benchmark: Benchmark, isWanted: (control: Control) => boolean): readonly ControlPlace[] {
  const { id, version, sections, controls } = benchmark
  const wanted = controls.filter(isWanted)
  return sections.flatMap((section) =>
    wanted
      .filter((control) => control.section === section.id)
      .map((control) => ({ benchmark: id, version, control, section: section.title })),
  )
}

function placesOf(content: Content, check: string): readonly ControlPlace[] {
  return content.benchmarks.flatMap((benchmark) =>
    placesIn(benchmark, ({ checks }) => checks.some((id) => id === check)),
  )
}

function asksOf(check: Check, factKinds: Iterable<FactKind>): readonly Asked[] {
  const kinds = [...factKinds]
  return Object.entries(check.evidence).flatMap(([name, { fact, ...request }]) =>
    kinds.filter(({ kind }) => kind === fact).map(({ title }) => ({ name, fact, title, with: request })),
  )
}
