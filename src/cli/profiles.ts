import { createHash } from 'node:crypto'
import type { Content } from '../content/content.ts'
import type { Profile, Tailoring } from '../model/benchmark.ts'
import { KhardError } from '../model/errors.ts'
import { profileId } from '../model/ids.ts'
import { nearest } from '../model/nearest.ts'
import type { Io } from './io.ts'
import { readNamedFile } from './read-file.ts'

/** A profile with a site's values and gate in place of its own; its digest says so. */
export function applyTailoring(profile: Profile, tailoring: Tailoring): Profile {
  return {
    ...profile,
    parameters: { ...profile.parameters, ...tailoring.parameters },
    gate: { ...profile.gate, ...tailoring.gate },
    digest: joinDigests(profile.digest, tailoring.digest),
  }
}

/** The profile with this id, or in this file. */
export async function profileNamed(name: string, content: Content, io: Io): Promise<Profile> {
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
export function combine(profiles: readonly Profile[]): Profile {
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
