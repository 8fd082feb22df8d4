import { createHash } from 'node:crypto'
import type { Content } from '../content/content.ts'
import { type SelectionOptions as Narrowing, type Selection, selectControls } from '../evaluate/select.ts'
import { chooseProfile, type Detection } from '../facts/detect.ts'
import type { Profile } from '../model/benchmark.ts'
import { KhardError } from '../model/errors.ts'
import { profileId } from '../model/ids.ts'
import { nearest } from '../model/nearest.ts'
import type { Io } from './io.ts'
import type { SelectionOptions } from './options.ts'
import { readNamedFile } from './read-file.ts'

/** What will be evaluated: one selection for all targets, or the one that fits what is found on each. */
export interface Choice {
  /** Every selection a target could get; the script asks for the facts of all of them. */
  readonly selections: readonly Selection[]
  forNode(detection: Detection): { readonly selection: Selection; readonly because: string }
}

/** Makes the choice from `--profile` and its friends. Ids that match nothing are errors with the nearest ones. */
export async function chooseSelections(options: SelectionOptions, content: Content, io: Io): Promise<Choice> {
  const wanted = options.profile ?? []
  if (wanted.length === 0) return choosePerNode(options, content)
  const profiles = await Promise.all(wanted.map((name) => profileNamed(name, content, io)))
  const selection = selectControls(content, combine(profiles), narrowing(options))
  return { selections: [selection], forNode: () => ({ selection, because: 'It was asked for.' }) }
}

function choosePerNode(options: SelectionOptions, content: Content): Choice {
  const wanted = narrowing(options)
  // Refuses what no profile knows, with the nearest id of them all.
  if (Object.keys(wanted).length > 0) selectControls(content, combine(content.profiles), wanted)
  const selections = new Map<string, Selection>()
  for (const distribution of [
    'none',
    ...new Set(content.profiles.flatMap((profile) => profile.distributions)),
  ]) {
    const { profileId } = chooseProfile({ distribution }, content.profiles)
    const profile = content.profiles.find(({ id }) => id === profileId)
    if (profile !== undefined && !selections.has(profileId))
      selections.set(profileId, selectKnown(content, profile, wanted))
  }
  return {
    selections: [...selections.values()],
    forNode: (detection) => {
      const { profileId, because } = chooseProfile(detection, content.profiles)
      const selection = selections.get(profileId)
      if (selection !== undefined) return { selection, because }
      throw new KhardError({
        code: 'internal',
        message: `there is no profile ${profileId}`,
        next: 'Name one with --profile.',
      })
    },
  }
}

/** As far as this profile knows what is asked for: an id of one profile need not be one of another. */
function selectKnown(content: Content, profile: Profile, wanted: Narrowing): Selection {
  const known = (words: readonly string[], key: 'benchmarks' | 'only'): readonly string[] =>
    words.filter((word) => trySelect(content, profile, { [key]: [word] }) !== null)
  const { benchmarks, only, skip } = wanted
  const selection = trySelect(content, profile, {
    ...wanted,
    ...(benchmarks === undefined ? {} : { benchmarks: known(benchmarks, 'benchmarks') }),
    ...(only === undefined ? {} : { only: known(only, 'only') }),
    ...(skip === undefined ? {} : { skip: known(skip, 'only') }),
  })
  // Nothing of it is asked of such nodes; the gate says when that leaves nothing at all.
  return selection ?? { ...selectControls(content, profile), controls: [], checks: [], skipped: [] }
}

function trySelect(content: Content, profile: Profile, wanted: Narrowing): Selection | null {
  try {
    return selectControls(content, profile, wanted)
  } catch (fault) {
    if (fault instanceof KhardError) return null
    throw fault
  }
}

function narrowing(options: SelectionOptions): Narrowing {
  return {
    ...(options.benchmark === undefined ? {} : { benchmarks: options.benchmark }),
    ...(options.level === undefined ? {} : { level: options.level }),
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.skip === undefined ? {} : { skip: options.skip }),
  }
}

async function profileNamed(name: string, content: Content, io: Io): Promise<Profile> {
  const known = content.profiles.find(({ id }) => id === name)
  if (known !== undefined) return known
  if (name.includes('/') || name.endsWith('.yaml')) return profileFile(name, content, io)
  const ids = content.profiles.map(({ id }) => id)
  const [near] = nearest(name, ids)
  throw new KhardError({
    code: 'unknown-profile',
    message: `there is no profile "${name}"`,
    next: `${near === undefined ? '' : `Did you mean ${near}? `}Profiles: ${ids.join(', ')}.`,
  })
}

async function profileFile(file: string, content: Content, io: Io): Promise<Profile> {
  const text = await readNamedFile(file, io)
  const { loadProfile } = await import('../content/load-profile.ts')
  const { contentLanguage } = await import('./content-language.ts')
  const { operators, distributions } = contentLanguage
  return loadProfile(text, file, { content, operators, distributions })
}

/** Several profiles as one: what any of them selects; the first one's gate; parameters of later ones win. */
function combine(profiles: readonly Profile[]): Profile {
  const [first, ...rest] = profiles
  if (first === undefined)
    throw new KhardError({ code: 'usage', message: '--profile names nothing', next: 'khard list profiles' })
  return rest.reduce(join, first)
}

function join(first: Profile, next: Profile): Profile {
  const more = next.benchmarks.filter((one) => !holds(first, one))
  return {
    ...first,
    id: joinIds(first, next),
    title: `${first.title}; ${next.title}`,
    benchmarks: [...first.benchmarks, ...more],
    parameters: { ...first.parameters, ...next.parameters },
    digest: `sha256:${createHash('sha256').update(`${first.digest}\n${next.digest}`).digest('hex')}`,
  }
}

function joinIds(first: Profile, second: Profile): Profile['id'] {
  return profileId(`${first.id}-and-${second.id}`)
}

function holds(profile: Profile, wanted: Profile['benchmarks'][number]): boolean {
  return profile.benchmarks.some(
    (one) => one.id === wanted.id && one.version === wanted.version && one.maxLevel >= wanted.maxLevel,
  )
}
