import { compareVersions } from '../../model/version.ts'
import { readVersion } from '../values/version.ts'
import { aVersion } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** An older version. */
export const versionBelow = defineOperator({
  name: 'version-below',
  expects: aVersion,
  phrase: (text) => `below ${text}`,
  test: (observed, expected) =>
    decide(readVersion(observed), (value) => compareVersions(value, expected) < 0),
})
