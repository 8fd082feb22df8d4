import type { Profile } from '../model/benchmark.ts'
import type { OperatorRule } from './compile-condition.ts'
import { compileProfiles } from './compile-profile.ts'
import type { Content } from './content.ts'
import { type Fault, faultsError } from './faults.ts'
import { readOne } from './read-one.ts'
import { validate } from './schemas.ts'

/** What a profile file is read against. */
export interface ProfileLanguage {
  readonly content: Content
  readonly operators: Iterable<OperatorRule>
  readonly distributions?: readonly string[]
}

/** Reads one profile from a file outside a content directory (`--profile FILE`). It may extend any profile of the content. */
export function loadProfile(text: string, file: string, language: ProfileLanguage): Profile {
  const code = 'content-invalid'
  const read = readOne({ text, file, code }, validate.profile)
  const { id } = read.value
  const faults: Fault[] = []
  const { content, operators, ...rest } = language
  const scope = {
    ...rest,
    content,
    faults,
    operators: new Map([...operators].map((operator) => [operator.name, operator])),
  }
  const inherited = content.profiles.filter((one) => one.id !== id)
  const [profile] = compileProfiles([read], inherited, scope)
  if (inherited.length < content.profiles.length)
    faults.push(
      read.source.fault(
        { path: ['id'] },
        `profile "${id}" exists already`,
        'Give your profile an id of its own.',
      ),
    )
  if (profile === undefined || faults.length > 0) throw faultsError(faults, code)
  return profile
}
