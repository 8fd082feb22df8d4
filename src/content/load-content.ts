import { posix } from 'node:path'
import type { FactKind } from '../facts/fact-kind.ts'
import type { Benchmark, Profile } from '../model/benchmark.ts'
import type { Check } from '../model/check.ts'
import type { ComponentSpec } from '../model/component.ts'
import type { Distribution } from '../model/distribution.ts'
import type { CheckId } from '../model/ids.ts'
import { naturalOrder } from '../model/natural-order.ts'
import { suggest } from '../model/nearest.ts'
import {
  type BenchmarkPart,
  type BenchmarkParts,
  compileBenchmark,
  type MainPart,
  mainPart,
} from './compile-benchmark.ts'
import { compileCheck } from './compile-check.ts'
import { compileComponent } from './compile-component.ts'
import type { OperatorRule } from './compile-condition.ts'
import type { ControlScope } from './compile-control.ts'
import { compileProfiles } from './compile-profile.ts'
import type { Content } from './content.ts'
import { type ContentFiles, readContentFiles } from './content-files.ts'
import { type Fault, throwFaults } from './faults.ts'
import type { RawBenchmark } from './raw.ts'
import { type ReadTree, readTree } from './read-tree.ts'
import type { Validated } from './schemas.ts'

/** Where content comes from and what it may name. */
export interface LoadOptions {
  /** Directories laid out like khard's own: `benchmarks/` and `profiles/` below each. */
  readonly roots: readonly string[]
  /** Content below the roots; nothing in a root may reuse one of its ids. */
  readonly base?: Content
  readonly factKinds: Iterable<FactKind>
  readonly operators: Iterable<OperatorRule>
  /** Distributions khard tells apart; others are faults when given. */
  readonly distributions?: readonly string[]
  readonly readTree?: ReadTree
}

/** Reads, validates and compiles content. Throws one `content-invalid` that lists every fault. */
export function loadContent(options: LoadOptions): Content {
  const faults: Fault[] = []
  const files = readContentFiles(options.roots, options.readTree ?? readTree, faults)
  // What a file that did not parse would have said is unknown: checking references now would only add noise.
  throwFaults(faults, 'content-invalid')
  const content = compile(files, options, faults)
  throwFaults(faults, 'content-invalid')
  return content
}

function compile(files: ContentFiles, options: LoadOptions, faults: Fault[]): Content {
  const { base } = options
  const components = new Map<string, ComponentSpec>(base?.components)
  for (const placed of files.components) {
    const { file } = placed
    if (components.has(file.value.id)) faults.push(takenFault(file, 'component'))
    components.set(file.value.id, compileComponent(placed, faults))
  }
  const checks = compileChecks(files, { ...options, components }, faults)
  const distributions = compileDistributions(files, { ...options, components }, faults)
  const inherited = base?.benchmarks ?? []
  const operators = new Map([...options.operators].map((operator) => [operator.name, operator]))
  const known = { benchmarks: inherited, checks, operators }
  const benchmarks = [...inherited, ...compileBenchmarks(files, known, faults)]
  faults.push(...spareFaults(files, benchmarks))
  const profiles = compileProfileFiles(files, { ...options, components, checks, benchmarks }, faults)
  return {
    components: inIdOrder(components),
    distributions: inIdOrder(distributions),
    checks: inIdOrder(checks),
    benchmarks: benchmarks.toSorted(byEdition),
    profiles: profiles.toSorted(byId),
  }
}

function takenFault({ source }: { readonly source: Validated<unknown>['source'] }, what: string): Fault {
  return source.fault(
    { path: ['id'] },
    `the ${what} id is taken already`,
    'Choose an id of your own; content cannot be replaced, only added to.',
  )
}

function compileDistributions(
  { distributions: placed }: ContentFiles,
  { base, components, distributions: known }: LoadOptions & Pick<Content, 'components'>,
  faults: Fault[],
): Map<string, Distribution> {
  const found = new Map<string, Distribution>(base?.distributions)
  for (const { path, file } of placed) {
    const { source, value } = file
    const wanted = `benchmarks/distributions/${value.id}.yaml`
    if (path !== wanted)
      faults.push(
        source.fault(
          { path: ['id'] },
          `distribution "${value.id}" stands in ${path}`,
          `Move it to ${wanted}, or correct the id.`,
        ),
      )
    if (known !== undefined && !known.includes(value.id))
      faults.push(
        source.fault(
          { path: ['id'] },
          `khard detects no distribution "${value.id}"`,
          suggest(value.id, known),
        ),
      )
    for (const name of Object.keys(value.components))
      if (!components.has(name))
        faults.push(
          source.fault(
            { path: ['components', name], key: true },
            `unknown component "${name}"`,
            suggest(name, components.keys()),
          ),
        )
    if (found.has(value.id)) faults.push(takenFault(file, 'distribution'))
    found.set(value.id, value)
  }
  return found
}

function compileChecks(
  files: ContentFiles,
  options: LoadOptions & Pick<Content, 'components'>,
  faults: Fault[],
): Map<CheckId, Check> {
  const language = {
    factKinds: new Map([...options.factKinds].map((kind) => [kind.kind, kind])),
    operators: new Map([...options.operators].map((operator) => [operator.name, operator])),
    knowledge: { components: options.components },
    ...(options.distributions === undefined ? {} : { distributions: options.distributions }),
  }
  const checks = new Map<CheckId, Check>(options.base?.checks)
  for (const placed of files.checks) {
    const check = compileCheck(placed, language, faults)
    if (checks.has(check.id)) faults.push(takenFault(placed.file, 'check'))
    checks.set(check.id, check)
  }
  return checks
}

interface Edition {
  readonly main: MainPart
  readonly parts: readonly BenchmarkPart[]
}

function compileBenchmarks(
  files: ContentFiles,
  known: { readonly benchmarks: readonly Benchmark[] } & ControlScope,
  faults: Fault[],
): readonly Benchmark[] {
  // By directory on disk, not by edition: a second root may not slip controls into a benchmark of the first.
  const directories = new Map<string, BenchmarkParts>()
  for (const part of files.benchmarks) {
    const directory = posix.dirname(part.file.source.file)
    const others = directories.get(directory)
    directories.set(directory, others === undefined ? [part] : [...others, part])
  }
  const editions = [...directories.values()].flatMap((parts): Edition[] => {
    const main = mainPart(parts, faults)
    return main === null ? [] : [{ main, parts }]
  })
  return inOrderOfExtension(editions, known, faults)
}

type Named = Pick<RawBenchmark, 'id' | 'version'>

/** A benchmark comes after the one it extends; what is left at the end extends nothing that is known. */
function inOrderOfExtension(
  editions: readonly Edition[],
  known: { readonly benchmarks: readonly Benchmark[] } & ControlScope,
  faults: Fault[],
): readonly Benchmark[] {
  const done = [...known.benchmarks]
  const compile = ({ main, parts }: Edition, base?: Benchmark): void => {
    const benchmark = compileBenchmark(main, { parts, scope: known, ...(base && { base }) }, faults)
    if (done.some((one) => byEdition(one, benchmark) === 0)) faults.push(takenFault(main.file, 'benchmark'))
    done.push(benchmark)
  }
  const find = (wanted: Named): Benchmark | undefined =>
    done.find(({ id, version }) => id === wanted.id && version === wanted.version)
  const waiting = new Map<Edition, Named>()
  for (const edition of editions) {
    const extended = edition.main.file.value.extends
    if (extended === undefined) compile(edition)
    else waiting.set(edition, extended)
  }
  for (let before = -1; waiting.size !== before; ) {
    before = waiting.size
    for (const [edition, extended] of waiting) {
      const base = find(extended)
      if (base === undefined) continue
      waiting.delete(edition)
      compile(edition, base)
    }
  }
  faults.push(...[...waiting].map(([{ main }, extended]) => baseFault(main, extended, done)))
  return done.slice(known.benchmarks.length)
}

function baseFault({ file }: MainPart, { id, version }: Named, benchmarks: readonly Benchmark[]): Fault {
  return file.source.fault(
    { path: ['extends'] },
    `there is no benchmark ${id} ${version} to extend, or it extends this one`,
    suggest(
      `${id} ${version}`,
      benchmarks.map((one) => `${one.id} ${one.version}`),
    ),
  )
}

/** A check nobody asks for is a check nobody notices missing. */
function spareFaults(files: ContentFiles, benchmarks: readonly Benchmark[]): readonly Fault[] {
  const mapped = new Set<string>(
    benchmarks.flatMap(({ controls }) => controls.flatMap(({ checks }) => checks)),
  )
  return files.checks.flatMap(({ file: { source, value } }) => {
    const isSpare = value.spare === true
    if (mapped.has(value.id) !== isSpare) return []
    return isSpare
      ? [
          source.fault(
            { path: ['spare'], key: true },
            `check "${value.id}" is spare and yet mapped`,
            'Remove spare.',
          ),
        ]
      : [
          source.fault(
            { path: ['id'] },
            `no benchmark maps check "${value.id}"`,
            'Map it in benchmarks/<id>/<version>/, or mark it spare: true.',
          ),
        ]
  })
}

function compileProfileFiles(
  files: ContentFiles,
  content: LoadOptions & Pick<Content, 'components' | 'checks' | 'benchmarks'>,
  faults: Fault[],
): readonly Profile[] {
  const inherited = content.base?.profiles ?? []
  const ids = new Set<string>(inherited.map(({ id }) => id))
  for (const { path, file } of files.profiles) {
    const wanted = `profiles/${file.value.id}.yaml`
    if (path !== wanted)
      faults.push(
        file.source.fault(
          { path: ['id'] },
          `profile "${file.value.id}" stands in ${path}`,
          `Move it to ${wanted}, or correct the id.`,
        ),
      )
    if (ids.has(file.value.id)) faults.push(takenFault(file, 'profile'))
    ids.add(file.value.id)
  }
  const scope = {
    content,
    operators: new Map([...content.operators].map((operator) => [operator.name, operator])),
    ...(content.distributions === undefined ? {} : { distributions: content.distributions }),
    faults,
  }
  return [
    ...inherited,
    ...compileProfiles(
      files.profiles.map(({ file }) => file),
      inherited,
      scope,
    ),
  ]
}

function inIdOrder<K extends string, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
  return new Map([...map].toSorted(([first], [second]) => (first < second ? -1 : 1)))
}

function byEdition(first: Benchmark, second: Benchmark): number {
  return first.id === second.id ? naturalOrder(first.version, second.version) : first.id < second.id ? -1 : 1
}

function byId(first: Profile, second: Profile): number {
  return first.id < second.id ? -1 : 1
}
