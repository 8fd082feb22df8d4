import type { Content } from '../content/content.ts'
import { type SelectionOptions as Narrowing, type Selection, selectControls } from '../evaluate/select.ts'
import { chooseProfile, type Detection } from '../facts/detect.ts'
import type { Profile, Tailoring } from '../model/benchmark.ts'
import { distributionName } from '../model/distribution-name.ts'
import { KhardError } from '../model/errors.ts'
import type { Result } from '../model/finding.ts'
import { adoptChecks } from './adopt-checks.ts'
import { type Editions, editionsOf, withAllEditions } from './editions.ts'
import type { Io } from './io.ts'
import type { SelectionOptions } from './options.ts'
import { applyTailoring, combine, profileNamed } from './profiles.ts'
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
  return `It was asked for; ${id} is written for ${distributions.map(distributionName).join(', ')}, and the node runs ${distributionName(distribution)}.`
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
