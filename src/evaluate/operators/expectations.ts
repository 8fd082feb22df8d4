import type { Scalar } from '../../model/evidence.ts'
import { parseVersion, type Version } from '../../model/version.ts'
import { readDuration } from '../values/duration.ts'
import { isList, isScalar } from '../values/list.ts'
import { readMode } from '../values/mode.ts'
import { readNumber } from '../values/number.ts'
import { readOwner } from '../values/owner.ts'
import { type Quantity, readQuantity } from '../values/quantity.ts'
import type { Expectation } from './operator.ts'

/** One value of any type; its type counts. */
export const oneValue: Expectation<Scalar> = {
  description: 'one text, number or boolean (use `absent` for nothing)',
  parse: (expected) => (isScalar(expected) ? expected : null),
}

/** A list that is not empty: an empty expectation would hold for everything or nothing. */
export const someValues: Expectation<readonly Scalar[]> = {
  description: 'a list of at least one text, number or boolean',
  parse: (expected) =>
    isList(expected) && expected.length > 0 && expected.every(isScalar) ? expected : null,
}

/** One value or several. */
export const valueOrValues: Expectation<readonly Scalar[]> = {
  description: 'one value, or a list of at least one',
  parse: (expected) => (isScalar(expected) ? [expected] : someValues.parse(expected)),
}

/** One text or several. */
export const textOrTexts: Expectation<readonly string[]> = {
  description: 'one text, or a list of at least one',
  parse: (expected) => {
    const values = valueOrValues.parse(expected)
    const texts = values?.filter((value) => typeof value === 'string')
    return texts !== undefined && texts.length === values?.length ? texts : null
  },
}

/** A number, or `infinity` as systemd writes it. */
export const aNumber: Expectation<number> = {
  description: 'a number, or "infinity"',
  parse: (expected) => (isScalar(expected) ? readNumber(expected) : null),
}

/** A Go duration. */
export const aDuration: Expectation<bigint> = {
  description: 'a duration such as "4h0m0s"',
  parse: (expected) => (typeof expected === 'string' ? readDuration(expected) : null),
}

/** A Kubernetes quantity. */
export const aQuantity: Expectation<Quantity> = {
  description: 'a quantity such as "100Mi"',
  parse: (expected) => (isScalar(expected) ? readQuantity(expected) : null),
}

/** A version; the parts that are left out do not count. */
export const aVersion: Expectation<Version> = {
  description: 'a version such as "1.29"',
  parse: (expected) => (typeof expected === 'string' ? parseVersion(expected) : null),
}

/** Permission bits. Only quoted: whether a bare 0644 means octal depends on who reads the YAML. */
export const aMode: Expectation<number> = {
  description: 'a quoted octal mode such as "0600"',
  parse: (expected) => (typeof expected === 'string' ? readMode(expected) : null),
}

/** An owner and group. */
export const anOwner: Expectation<string> = {
  description: 'an owner such as "root:root"',
  parse: (expected) => (typeof expected === 'string' ? readOwner(expected) : null),
}

/** True or false. */
export const aFlag: Expectation<boolean> = {
  description: 'true or false',
  parse: (expected) => (typeof expected === 'boolean' ? expected : null),
}

/** A claim that has no opposite under the same name. */
export const onlyTrue: Expectation<true> = {
  description: 'true',
  parse: (expected) => (expected === true ? true : null),
}
