import type { ConditionValue } from '../../model/check.ts'
import type { Json } from '../../model/finding.ts'

/** What one comparison says; `unknown`: the value is there and cannot be interpreted. */
export type Answer = 'true' | 'false' | 'unknown'

/** The right-hand sides an operator takes. */
export interface Expectation<T> {
  /** For authors, e.g. `a duration such as "4h0m0s"`. */
  readonly description: string
  /** The value in the form the test uses; null when the operator cannot take it. */
  readonly parse: (expected: ConditionValue) => T | null
}

interface Definition<T> {
  readonly name: string
  readonly expects: Expectation<T>
  readonly test: (observed: Json, expected: T) => Answer
  /** True when a value that is not there meets it. */
  readonly holdsWhenAbsent?: (expected: T) => boolean
  /** What was wanted, for people; the value itself when left out. */
  readonly phrase?: (text: string) => string
  /** True when sentences say the bare value: "open wider than 0600". */
  readonly bareInText?: true
  /** How an observed value is written, when JSON is not how people write it. */
  readonly shows?: (observed: Json) => Json
}

/** A comparison with its right-hand side read once. */
export interface PreparedTest {
  readonly test: (observed: Json) => Answer
  readonly onAbsent: 'true' | 'false'
}

/** One typed comparison, known to checks and to the rule engine by its name. */
export interface Operator {
  readonly name: string
  readonly expects: {
    readonly description: string
    /** What is wrong with a right-hand side; null when it is fine. */
    readonly validate: (expected: ConditionValue) => string | null
  }
  /** Reads the right-hand side once; null when `validate` finds a fault. */
  readonly prepare: (expected: ConditionValue) => PreparedTest | null
  readonly onAbsent: (expected: ConditionValue) => 'true' | 'false'
  readonly test: (observed: Json, expected: ConditionValue) => Answer
  /** What was wanted, for people: `at least 5`; undefined when the bare value says it. */
  readonly phrase: (text: string) => string | undefined
  /** The same within the sentences of checks. */
  readonly inText: (text: string) => string
  readonly shows: (observed: Json) => Json
}

/** Builds an operator whose test only ever sees a right-hand side in the right form. */
export function defineOperator<T>(definition: Definition<T>): Operator {
  const { name, expects } = definition
  const prepare = (expected: ConditionValue): PreparedTest | null => {
    const parsed = expects.parse(expected)
    if (parsed === null) return null
    const onAbsent = definition.holdsWhenAbsent?.(parsed) ? 'true' : 'false'
    return { onAbsent, test: (observed) => definition.test(observed, parsed) }
  }
  return {
    name,
    expects: {
      description: expects.description,
      validate: (expected) =>
        expects.parse(expected) === null ? `${name} takes ${expects.description}` : null,
    },
    prepare,
    onAbsent: (expected) => prepare(expected)?.onAbsent ?? 'false',
    test: (observed, expected) => prepare(expected)?.test(observed) ?? 'unknown',
    phrase: (text) => definition.phrase?.(text),
    inText: (text) => (definition.bareInText ? text : (definition.phrase?.(text) ?? text)),
    shows: definition.shows ?? ((observed) => observed),
  }
}

/** The answer of a claim about a value that may not have been understood. */
export function decide<T>(value: T | null, claim: (value: T) => boolean): Answer {
  if (value === null) return 'unknown'
  return claim(value) ? 'true' : 'false'
}
