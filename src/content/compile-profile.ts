import { byKubernetes, type Profile } from '../model/benchmark.ts'
import type { Check, ParameterValue } from '../model/check.ts'
import { benchmarkId, profileId } from '../model/ids.ts'
import { suggest } from '../model/nearest.ts'
import type { OperatorRule } from './compile-condition.ts'
import type { Fault } from './faults.ts'
import { parameterFaults } from './parameter-faults.ts'
import { type Digested, profileDigest } from './profile-digest.ts'
import type { RawProfile, RawSelection } from './raw.ts'
import type { Validated } from './schemas.ts'

/** What profiles are read against. */
export interface ProfileScope {
  readonly content: Digested
  readonly operators: ReadonlyMap<string, OperatorRule>
  readonly distributions?: readonly string[]
  readonly faults: Fault[]
}

type Selection = Profile['benchmarks'][number]
type File = Validated<RawProfile>
type Inherited = Pick<Profile, 'distributions' | 'benchmarks' | 'parameters' | 'gate'>

/** A profile with what it extends. */
interface Heir {
  readonly file: File
  readonly parent: string
}

/** What a profile starts from that extends no other; the schema asks it for distributions and benchmarks. */
const nothing: Inherited = {
  distributions: [],
  benchmarks: [],
  parameters: {},
  gate: { failOn: 'high', maxErrors: 0 },
}

/** Compiles profiles with what they inherit; `inherited` are those that are compiled already. */
export function compileProfiles(
  files: readonly File[],
  inherited: readonly Profile[],
  scope: ProfileScope,
): readonly Profile[] {
  const done = new Map<string, Profile>(inherited.map((profile) => [profile.id, profile]))
  const names = [...done.keys(), ...files.map(({ value }) => value.id)]
  const compiled: Profile[] = []
  const take = (file: File, parent: Inherited): void => {
    const profile = compileProfile(file, parent, scope)
    compiled.push(profile)
    done.set(file.value.id, profile)
  }
  const waiting = new Map<string, Heir>()
  for (const file of files) {
    const { id, extends: parent } = file.value
    if (parent === undefined) take(file, nothing)
    else waiting.set(id, { file, parent })
  }
  for (let progress = true; progress; ) {
    progress = false
    for (const [id, { file, parent }] of waiting) {
      const inherits = done.get(parent)
      if (inherits === undefined) continue
      take(file, inherits)
      waiting.delete(id)
      progress = true
    }
  }
  for (const heir of waiting.values()) scope.faults.push(orphanFault(heir, names))
  return compiled
}

function orphanFault({ file, parent }: Heir, names: readonly string[]): Fault {
  const { source, value: raw } = file
  if (!names.includes(parent))
    return source.fault({ path: ['extends'] }, `unknown profile "${parent}"`, suggest(parent, names))
  return source.fault(
    { path: ['extends'] },
    `profile "${raw.id}" inherits from itself, by way of "${parent}"`,
    'Let one of them stand alone.',
  )
}

function compileProfile(file: File, parent: Inherited, scope: ProfileScope): Profile {
  const { value: raw } = file
  const profile = {
    id: profileId(raw.id),
    version: raw.version,
    title: raw.title,
    description: raw.description,
    distributions: raw.distributions ?? parent.distributions,
    benchmarks: mergeSelections(parent.benchmarks, raw.benchmarks ?? []),
    parameters: { ...parent.parameters, ...raw.parameters },
    gate: {
      failOn: raw.gate?.['fail-on'] ?? parent.gate.failOn,
      maxErrors: raw.gate?.['max-errors'] ?? parent.gate.maxErrors,
    },
  }
  scope.faults.push(...distributionFaults(file, scope), ...selectionFaults(file, scope))
  scope.faults.push(...profileParameterFaults(file, raw.parameters ?? {}, scope))
  return { ...profile, digest: profileDigest(profile, scope.content) }
}

function mergeSelections(
  inherited: readonly Selection[],
  own: readonly RawSelection[],
): readonly Selection[] {
  const kept = inherited.filter((selection) => !own.some((one) => isSameEdition(one, selection)))
  const merged = own.map((raw) =>
    compileSelection(
      raw,
      inherited.find((selection) => isSameEdition(raw, selection)),
    ),
  )
  const places = new Map(inherited.map((selection, index) => [`${selection.id} ${selection.version}`, index]))
  const place = (selection: Selection): number =>
    places.get(`${selection.id} ${selection.version}`) ?? places.size
  return [...kept, ...merged].toSorted((a, b) => place(a) - place(b))
}

function isSameEdition(
  first: { readonly id: string; readonly version: string },
  second: { readonly id: string; readonly version: string },
): boolean {
  return first.id === second.id && first.version === second.version
}

function compileSelection(raw: RawSelection, inherited: Selection | undefined): Selection {
  const only = raw.only ?? inherited?.only
  const skip = raw.skip ?? inherited?.skip
  return {
    id: benchmarkId(raw.id),
    version: raw.version,
    maxLevel: raw['max-level'] ?? inherited?.maxLevel ?? 2,
    ...(only === undefined ? {} : { only }),
    ...(skip === undefined ? {} : { skip }),
  }
}

function distributionFaults({ source, value: raw }: File, { distributions }: ProfileScope): readonly Fault[] {
  if (distributions === undefined) return []
  const known = ['any', ...distributions]
  return (raw.distributions ?? []).flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          source.fault(
            { path: ['distributions', index] },
            `unknown distribution "${name}"`,
            suggest(name, known),
          ),
        ],
  )
}

function selectionFaults(
  { source, value: { benchmarks = [] } }: File,
  { content }: ProfileScope,
): readonly Fault[] {
  const faults: Fault[] = []
  for (const [index, selection] of benchmarks.entries()) {
    const at = ['benchmarks', index]
    const editions = content.benchmarks.filter(({ id }) => id === selection.id)
    const meant = editions.filter(({ version }) => [version, byKubernetes].includes(selection.version))
    if (editions.length === 0)
      faults.push(
        source.fault(
          { path: [...at, 'id'] },
          `unknown benchmark "${selection.id}"`,
          suggest(
            selection.id,
            content.benchmarks.map(({ id }) => id),
          ),
        ),
      )
    else if (meant.length === 0)
      faults.push(
        source.fault(
          { path: [...at, 'version'] },
          `unknown version "${selection.version}" of ${selection.id}`,
          suggest(
            selection.version,
            editions.map(({ version }) => version),
          ),
        ),
      )
    if (benchmarks.findIndex((one) => isSameEdition(one, selection)) !== index)
      faults.push(
        source.fault({ path: at }, `${selection.id} ${selection.version} is selected twice`, 'Join the two.'),
      )
    if (meant.length === 0) continue
    const ids = [...new Set(meant.flatMap(({ controls }) => controls.map(({ id }) => id)))]
    const named = [
      ...(selection.only ?? []).map((id, position) => ({ id, path: [...at, 'only', position] })),
      ...(selection.skip ?? []).map(({ control }, position) => ({
        id: control,
        path: [...at, 'skip', position, 'control'],
      })),
    ]
    for (const { id, path } of named) {
      if (!ids.includes(id))
        faults.push(
          source.fault(
            { path },
            `unknown control "${id}" of ${selection.id} ${selection.version}`,
            suggest(id, ids),
          ),
        )
    }
  }
  return faults
}

function profileParameterFaults(
  file: File,
  given: { readonly [name: string]: ParameterValue },
  scope: ProfileScope,
): readonly Fault[] {
  const checks: readonly Check[] = [...scope.content.checks.values()]
  const names = checks.flatMap((check) => Object.keys(check.parameters))
  return Object.entries(given).flatMap(([name, value]) => {
    const users = checks.filter((check) => check.parameters[name] !== undefined)
    if (users.length === 0)
      return [
        file.source.fault(
          { path: ['parameters', name], key: true },
          `no check has a parameter "${name}"`,
          suggest(name, names),
        ),
      ]
    return users
      .flatMap((check) => parameterFaults({ check, name, value }, scope.operators))
      .map((message) => file.source.fault({ path: ['parameters', name] }, message, 'Correct the value.'))
  })
}
