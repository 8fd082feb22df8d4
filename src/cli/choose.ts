import { createHash } from 'node:crypto'
import type { Content } from '../content/content.ts'
import { type ChosenEdition, editionFor, versionsToTry } from '../evaluate/edition.ts'
import { type SelectionOptions as Narrowing, type Selection, selectControls } from '../evaluate/select.ts'
import { chooseProfile, type Detection } from '../facts/detect.ts'
import { byKubernetes, type Profile, type Tailoring } from '../model/benchmark.ts'
import { KhardError } from '../model/errors.ts'
import type { Result } from '../model/finding.ts'
import { profileId } from '../model/ids.ts'
import { nearest } from '../model/nearest.ts'
import { adoptChecks } from './adopt-checks.ts'
import type { Io } from './io.ts'
import type { SelectionOptions } from './options.ts'
import { readNamedFile } from './read-file.ts'

/** What will be evaluated: one selection for all targets, or the one that fits what is found on each. */
export interface Choice {
  /** Every selection a target could get; the script asks for the facts of all of them. */
  readonly selections: readonly Selection[]
  /** What the site changed in the profiles, and why. */
  readonly tailorings: Result['tailorings']
  forNode(detection: Detected): { readonly selection: Selection; readonly because: string }
}

/** What of a target decides its profile. */
export type Detected = Pick<Detection, 'distribution' | 'version'> & {
  readonly isGiven?: boolean
  readonly about?: 'cluster'
  readonly isThroughApi?: boolean
}

/** Makes the choice from `--profile` and its friends. Ids that match nothing are errors with the nearest ones. */
export async function chooseSelections(options: SelectionOptions, library: Content, io: Io): Promise<Choice> {
  const wanted = options.profile ?? []
  const { content, adopt } = adoptChecks(options.only ?? [], library)
  const tailoring = await tailoringsOf(options, content, io)
  const tailored = (profile: Profile): Profile => adopt(tailoring.reduce(applyTailoring, profile))
  const tailorings = tailoring.map(({ id, version, digest, says }) => ({ id, version, digest, says }))
  if (wanted.length === 0)
    return { ...choosePerNode(narrowing(options, tailoring), content, tailored), tailorings }
  const profiles = await Promise.all(wanted.map((name) => profileNamed(name, content, io)))
  const profile = tailored(combine(profiles))
  const narrowed = narrowing(options, tailoring)
  selectControls(content, withAllEditions(profile, content), narrowed)
  const editions = editionsOf(profile, content, narrowed)
  return {
    selections: editions.all,
    tailorings,
    forNode: ({ version, distribution }) => editions.forVersion(askedFor(profile, distribution), version),
  }
}

function choosePerNode(
  wanted: Narrowing,
  content: Content,
  tailored: (profile: Profile) => Profile,
): Omit<Choice, 'tailorings'> {
  if (Object.keys(wanted).length > 0) claimSelects(wanted, tailored(combine(content.profiles)), content)
  const selections = new Map<string, Editions>()
  const known = ['none', ...new Set(content.profiles.flatMap((profile) => profile.distributions))]
  const possible = known.map((distribution) => chooseProfile({ distribution }, content.profiles))
  const ofCluster = chooseProfile({ distribution: 'unknown', about: 'cluster' }, content.profiles)
  for (const { profileId } of [...possible, ofCluster]) {
    const profile = content.profiles.find(({ id }) => id === profileId)
    if (profile !== undefined && !selections.has(profileId))
      selections.set(profileId, editionsOf(tailored(profile), content, wanted))
  }
  return {
    selections: [...selections.values()].flatMap(({ all }) => all),
    forNode: (detection) => {
      const { profileId, because } = chooseProfile(detection, content.profiles)
      const chosen = selections.get(profileId)?.forVersion(because, detection.version)
      if (chosen !== undefined) return chosen
      throw new KhardError({
        code: 'internal',
        message: `there is no profile ${profileId}`,
        next: 'Name one with --profile.',
      })
    },
  }
}

/** Refuses what no profile knows, with the nearest id of them all; `all`: every profile as one. */
function claimSelects(wanted: Narrowing, all: Profile, content: Content): void {
  try {
    selectControls(content, withAllEditions(all, content), wanted)
  } catch (cause) {
    if (!(cause instanceof KhardError) || cause.code !== 'usage') throw cause
    // The name of all profiles as one says nothing to anybody.
    throw new KhardError({
      code: 'usage',
      message: 'no profile selects what is asked for',
      next: cause.next,
      cause,
    })
  }
}

/** Why a named profile is used; where it is written for something else, that is said too. */
function askedFor({ id, distributions }: Profile, distribution: string): string {
  const isFor = ['any', distribution].some((one) => distributions.includes(one))
  if (isFor || distribution === 'unknown') return 'It was asked for.'
  return `It was asked for; ${id} is written for ${distributions.join(', ')}, and the node runs ${distribution}.`
}

/** What a profile selects for each Kubernetes version a node may have. */
interface Editions {
  /** Every selection that can come of it. */
  readonly all: readonly Selection[]
  /** The selection for a node, and why: the reason for the profile, then those for its editions. */
  forVersion(
    because: string,
    kubernetes: string | undefined,
  ): { readonly selection: Selection; readonly because: string }
}

function editionsOf(profile: Profile, content: Content, wanted: Narrowing): Editions {
  const taken = profile.benchmarks
    .filter(({ version }) => version === byKubernetes)
    .flatMap(({ id }) => {
      const [first, ...others] = content.benchmarks.filter((one) => one.id === id)
      return first === undefined ? [] : [[first, ...others] as const]
    })
  const made = new Map<string, Selection>()
  const select = (kubernetes: string | undefined, chosen: readonly ChosenEdition[]): Selection => {
    const key = chosen.map(({ benchmark }) => benchmark.version).join(' ')
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = selectKnown(content, profile, kubernetes === undefined ? wanted : { ...wanted, kubernetes })
    made.set(key, fresh)
    return fresh
  }
  const forVersion: Editions['forVersion'] = (because, kubernetes) => {
    const chosen = taken.map((editions) => editionFor(editions, kubernetes))
    const reasons = chosen.map((one) => one.because)
    return { selection: select(kubernetes, chosen), because: [because, ...reasons].join(' ') }
  }
  const all = versionsToTry(taken.flat()).map((version) => forVersion('', version).selection)
  return { all: [...new Set(all)], forVersion }
}

/** The same profile with every edition an entry can mean, to look ids up in. */
function withAllEditions(profile: Profile, content: Content): Profile {
  const benchmarks = profile.benchmarks.flatMap((entry) =>
    entry.version === byKubernetes
      ? content.benchmarks.filter(({ id }) => id === entry.id).map(({ version }) => ({ ...entry, version }))
      : [entry],
  )
  return { ...profile, benchmarks }
}

/** As far as this profile knows what is asked for: an id of one profile need not be one of another. */
function selectKnown(content: Content, profile: Profile, wanted: Narrowing): Selection {
  const version = wanted.kubernetes === undefined ? {} : { kubernetes: wanted.kubernetes }
  // A control of a level that is asked for is known, whatever level the profile has by itself.
  const level = wanted.level === undefined ? {} : { level: wanted.level }
  const isKnown = (word: string, key: 'benchmarks' | 'only'): boolean =>
    trySelect(content, profile, { ...version, ...level, [key]: [word] }) !== null
  const known = (words: readonly string[], key: 'benchmarks' | 'only'): readonly string[] =>
    words.filter((word) => isKnown(word, key))
  const { benchmarks, only, skip, tailored } = wanted
  const selection = trySelect(content, profile, {
    ...wanted,
    ...(benchmarks === undefined ? {} : { benchmarks: known(benchmarks, 'benchmarks') }),
    ...(only === undefined ? {} : { only: known(only, 'only') }),
    ...(skip === undefined ? {} : { skip: known(skip, 'only') }),
    ...(tailored === undefined ? {} : { tailored: tailored.filter((one) => isKnown(one.control, 'only')) }),
  })
  // Nothing of it is asked of such nodes; the gate says when that leaves nothing at all.
  return selection ?? { ...selectControls(content, profile, version), controls: [], checks: [], skipped: [] }
}

function trySelect(content: Content, profile: Profile, wanted: Narrowing): Selection | null {
  try {
    return selectControls(content, profile, wanted)
  } catch (fault) {
    if (fault instanceof KhardError) return null
    throw fault
  }
}

function narrowing(options: SelectionOptions, tailorings: readonly Tailoring[] = []): Narrowing {
  const tailored = tailorings.flatMap(({ skip }) => skip)
  return {
    ...(options.benchmark === undefined ? {} : { benchmarks: options.benchmark }),
    ...(options.level === undefined ? {} : { level: options.level }),
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.skip === undefined ? {} : { skip: options.skip }),
    ...(tailored.length === 0 ? {} : { tailored }),
  }
}

async function tailoringsOf(
  options: SelectionOptions,
  content: Content,
  io: Io,
): Promise<readonly Tailoring[]> {
  const files = options.tailoring ?? []
  if (files.length === 0) return []
  const { loadTailoring } = await import('../content/tailoring.ts')
  const { contentLanguage } = await import('./content-language.ts')
  const read = async (file: string): Promise<Tailoring> =>
    loadTailoring(await readNamedFile(file, io), file, {
      content,
      operators: contentLanguage.operators,
    })
  return Promise.all(files.map(read))
}

/** A profile with a site's values and gate in place of its own; its digest says so. */
function applyTailoring(profile: Profile, tailoring: Tailoring): Profile {
  return {
    ...profile,
    parameters: { ...profile.parameters, ...tailoring.parameters },
    gate: { ...profile.gate, ...tailoring.gate },
    digest: joinDigests(profile.digest, tailoring.digest),
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
    digest: joinDigests(first.digest, next.digest),
  }
}

function joinDigests(first: string, second: string): string {
  return `sha256:${createHash('sha256').update(`${first}\n${second}`).digest('hex')}`
}

function joinIds(first: Profile, second: Profile): Profile['id'] {
  return profileId(`${first.id}-and-${second.id}`)
}

function holds(profile: Profile, wanted: Profile['benchmarks'][number]): boolean {
  return profile.benchmarks.some(
    (one) => one.id === wanted.id && one.version === wanted.version && one.maxLevel >= wanted.maxLevel,
  )
}
