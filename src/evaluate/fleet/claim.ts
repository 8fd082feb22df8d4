import { type Condition, groupPrefix, type LeafCondition, theNodes } from '../../model/check.ts'
import type { Json } from '../../model/finding.ts'
import { parseVersion } from '../../model/version.ts'
import type { ParameterValues } from '../condition.ts'
import { operatorNamed } from '../operators/index.ts'
import type { Operator, PreparedTest } from '../operators/operator.ts'
import { isList, isScalar } from '../values/list.ts'
import { type Subject, subjectOf } from './subject.ts'

/** A number of the group and what it is compared with. */
export interface Comparison {
  readonly operator: Operator
  readonly prepared: PreparedTest
  readonly expected: Json
}

/** One claim about the values of a group, read once. */
export type Claim =
  | { readonly kind: 'same' | 'unique'; readonly subject: Subject }
  | {
      readonly kind: 'count' | 'span' | 'minor-span'
      readonly subject: Subject
      readonly comparison: Comparison
    }
  | {
      readonly kind: 'minors-behind'
      readonly subject: Subject
      readonly of: Subject
      /** Only versions below this one are meant. */
      readonly below: number | null
      readonly comparison: Comparison
    }
  | { readonly kind: 'majority'; readonly subject: Subject; readonly of: Subject }

const perMajor = 1000

/** `1.34` as one number, so that versions can be subtracted; null when the value is no version. */
export function minorOf(value: Json): number | null {
  const [major, minor] = parseVersion(typeof value === 'string' ? value : '')?.parts ?? []
  return major === undefined || minor === undefined ? null : major * perMajor + minor
}

interface Reading {
  readonly leaf: LeafCondition
  readonly parameters: ParameterValues
  readonly faults: string[]
}

function comparisonOf(name: string, { leaf, parameters, faults }: Reading): Comparison | null {
  const operator = operatorNamed(name)
  const { value } = leaf
  const expected =
    value === null || isScalar(value) || isList(value) ? value : (parameters[value.parameter] ?? null)
  const prepared = operator?.prepare(expected) ?? null
  if (operator !== undefined && prepared !== null) return { operator, prepared, expected }
  faults.push(
    operator === undefined
      ? `${leaf.operator}: there is no operator "${name}"`
      : `${leaf.operator}: ${operator.expects.validate(expected)}`,
  )
  return null
}

function otherOf({ leaf, faults }: Reading): Subject | null {
  const { of = '' } = leaf.params ?? {}
  const dot = of.indexOf('.')
  const other = dot === -1 ? subjectOf(of, undefined) : subjectOf(of.slice(0, dot), of.slice(dot + 1))
  if (other !== null && other.fact !== '') return other
  faults.push(`${leaf.operator}: it does not say of what`)
  return null
}

function readClaim(reading: Reading): Claim | null {
  const { leaf, faults } = reading
  const subject = subjectOf(leaf.fact, leaf.path)
  if (subject === null) {
    faults.push(`${leaf.fact}: "${leaf.path}" is not a path`)
    return null
  }
  const [kind, operator = ''] = leaf.operator.slice(groupPrefix.length).split(':')
  switch (kind) {
    case 'same':
    case 'unique':
      return { kind, subject }
    case 'majority': {
      const of = otherOf(reading)
      return of && { kind, subject, of }
    }
    case 'count':
    case 'span':
    case 'minor-span': {
      const comparison = comparisonOf(operator, reading)
      return comparison && { kind, subject, comparison }
    }
    case 'minors-behind': {
      const of = otherOf(reading)
      const comparison = comparisonOf(operator, reading)
      const below = minorOf(leaf.params?.below ?? null)
      return of && comparison && { kind, subject, of, below, comparison }
    }
    default:
      faults.push(`there is no claim "${leaf.operator}" about a group`)
      return null
  }
}

/** The claims of a check over nodes. Anything but a list of them is a fault. */
export function readClaims(
  condition: Condition,
  parameters: ParameterValues,
  faults: string[],
): readonly Claim[] {
  const list = 'all' in condition ? condition.all : [condition]
  if (list.length === 0) faults.push('a check over nodes that claims nothing')
  return list.flatMap((part) => {
    if ('fact' in part) return readClaim({ leaf: part, parameters, faults }) ?? []
    faults.push('a check over nodes takes a list of claims, without any, all or not')
    return []
  })
}

/** Names of the facts that claims look at. */
export function factsClaimed(claims: readonly Claim[]): ReadonlySet<string> {
  const names = claims.flatMap((claim) => ('of' in claim ? [claim.subject, claim.of] : [claim.subject]))
  return new Set(names.map(({ fact }) => fact).filter((fact) => fact !== theNodes))
}
