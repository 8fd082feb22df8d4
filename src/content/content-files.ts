import { posix } from 'node:path'
import type { Distribution } from '../model/distribution.ts'
import { type BenchmarkPart, isOfEdition } from './compile-benchmark.ts'
import type { Fault } from './faults.ts'
import type { RawCheck, RawComponent, RawProfile } from './raw.ts'
import type { ReadTree, TreeFile } from './read-tree.ts'
import { type Placed, type Validate, validate } from './schemas.ts'
import { readYamlSource } from './yaml-source.ts'

/** The files of all roots, each validated by the schema of its place. */
export interface ContentFiles {
  readonly components: Placed<RawComponent>[]
  readonly distributions: Placed<Distribution>[]
  readonly checks: Placed<RawCheck>[]
  readonly benchmarks: BenchmarkPart[]
  readonly profiles: Placed<RawProfile>[]
}

/** Reads every file below the roots; what is wrong with their form is collected. */
export function readContentFiles(
  roots: readonly string[],
  readTree: ReadTree,
  faults: Fault[],
): ContentFiles {
  const files: ContentFiles = {
    components: [],
    distributions: [],
    checks: [],
    benchmarks: [],
    profiles: [],
  }
  for (const root of roots) {
    const tree = readTree(root)
    if (tree.length === 0)
      faults.push({
        ...atTheTop(root),
        message: 'there is no content in this directory',
        next: 'Name a directory that holds benchmarks/ or profiles/.',
      })
    for (const one of tree) readFile({ one, shown: posix.join(root, one.path) }, files, faults)
  }
  return files
}

function atTheTop(file: string): Pick<Fault, 'file' | 'line' | 'column'> {
  return { file, line: 1, column: 1 }
}

type Take = (bytes: Uint8Array) => void

function readFile(
  place: { readonly one: TreeFile; readonly shown: string },
  files: ContentFiles,
  faults: Fault[],
): void {
  const { one, shown } = place
  const refuse = (message: string, next: string): void => {
    faults.push({ ...atTheTop(shown), message, next })
  }
  const taking =
    <T>(check: Validate<T>, into: { push(placed: Placed<T>): unknown }): Take =>
    (bytes) => {
      const source = readYamlSource(bytes, shown, faults)
      const file = source === null ? null : check(source, faults)
      if (file !== null) into.push({ path: one.path, file })
    }
  const take = (): Take | null => {
    if (one.path.startsWith('benchmarks/checks/')) return taking(validate.check, files.checks)
    if (one.path.startsWith('benchmarks/components/')) return taking(validate.component, files.components)
    if (one.path.startsWith('benchmarks/distributions/'))
      return taking(validate.distribution, files.distributions)
    if (one.path.startsWith('profiles/')) return taking(validate.profile, files.profiles)
    return isOfEdition(one.path) ? taking(validate.benchmark, files.benchmarks) : null
  }
  const taker = take()
  if ('problem' in one) refuse(one.problem, one.next)
  else if (!one.path.endsWith('.yaml'))
    refuse('this is not a .yaml file', 'Rename it to end in .yaml, or remove it.')
  else if (taker === null)
    refuse(
      'content is not read from this place',
      'Use benchmarks/checks/<component>/, benchmarks/components/, benchmarks/distributions/, benchmarks/<id>/<version>/ or profiles/.',
    )
  else taker(one.bytes)
}
