import { compareVersions } from '../../model/version.ts'
import { readVersion } from '../values/version.ts'
import { aVersion } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The version or a newer one. */
export const versionAtLeast = defineOperator({
  name: 'version-at-least',
  expects: aVersion,
  phrase: (text) => `at least ${text}`,
  test: (observed, expected) =>
    decide(readVersion(observed), (value) => compareVersions(value, expected) >= 0),
})
