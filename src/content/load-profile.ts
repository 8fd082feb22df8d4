import type { Profile } from '../model/benchmark.ts'
import type { OperatorRule } from './compile-condition.ts'
import { compileProfiles } from './compile-profile.ts'
import type { Content } from './content.ts'
import { type Fault, throwFaults } from './faults.ts'
import { validate } from './schemas.ts'
import { readYaml } from './yaml-source.ts'

/** What a profile file is read against. */
export interface ProfileLanguage {
  readonly content: Content
  readonly operators: Iterable<OperatorRule>
  readonly distributions?: readonly string[]
}

/** Reads one profile from a file outside a content directory (`--profile FILE`). It may extend any profile of the content. */
export function loadProfile(text: string, file: string, language: ProfileLanguage): Profile {
  const faults: Fault[] = []
  const source = readYaml(new TextEncoder().encode(text), file, faults)
  const read = source === null ? null : validate.profile(source, faults)
  throwFaults(faults, 'content-invalid')
  const { content, operators, ...rest } = language
  const scope = {
    ...rest,
    content,
    faults,
    operators: new Map([...operators].map((operator) => [operator.name, operator])),
  }
  const inherited = content.profiles.filter(({ id }) => id !== read?.value.id)
  const [profile] = read === null ? [] : compileProfiles([read], inherited, scope)
  if (read !== null && content.profiles.some(({ id }) => id === read.value.id))
    faults.push(
      read.source.fault(
        { path: ['id'] },
        `profile "${read.value.id}" exists already`,
        'Give your profile an id of its own.',
      ),
    )
  throwFaults(faults, 'content-invalid')
  if (profile !== undefined) return profile
  throw new TypeError(`${file}: a profile without faults did not compile`)
}
