import { type Condition, groupPrefix, type LeafCondition, theNodes } from '../model/check.ts'
import { joinPath } from '../model/field-path.ts'
import { suggest } from '../model/nearest.ts'
import {
  type ConditionScope,
  checkField,
  literalOf,
  operandOf,
  type Subject,
  segmentsOf,
} from './compile-condition.ts'
import type { RawCondition, RawLeaf } from './raw.ts'
import type { YamlPath } from './yaml-source.ts'

/** What each word of a claim about a group goes with. */
const words: {
  readonly [word: string]: { readonly compares: boolean; readonly of: boolean; readonly below: boolean }
} = {
  same: { compares: false, of: false, below: false },
  unique: { compares: false, of: false, below: false },
  count: { compares: true, of: false, below: false },
  span: { compares: true, of: false, below: false },
  'minor-span': { compares: true, of: false, below: false },
  'minors-behind': { compares: true, of: true, below: true },
  majority: { compares: false, of: true, below: false },
}

/** `expect` of a check over nodes: a list of claims about the values of a group, all of which must hold. */
export function compileClaims(raw: readonly RawCondition[], at: YamlPath, scope: ConditionScope): Condition {
  return { all: raw.flatMap((claim, index) => compileClaim(claim, [...at, index], scope)) }
}

interface Claim {
  readonly word: string
  readonly raw: RawLeaf
  readonly at: YamlPath
}

// The schema lets a combination hold nothing else.
function isClaim(raw: RawCondition): raw is RawLeaf {
  return !('any' in raw) && !('all' in raw) && !('not' in raw)
}

function compileClaim(raw: RawCondition, at: YamlPath, scope: ConditionScope): readonly LeafCondition[] {
  const keys = Object.keys(raw)
  const word = keys.find((key) => Object.hasOwn(words, key))
  const known = Object.keys(words)
  if (word === undefined || !isClaim(raw)) {
    const [first = ''] = keys
    scope.faults.push(
      scope.source.fault(
        { path: [...at, first], key: true },
        `"${first}" claims nothing about a group of nodes`,
        `Begin the line with one of: ${known.join(', ')}.`,
      ),
    )
    return []
  }
  const claim: Claim = { word, raw, at }
  const subjects = subjectsOf(claim, scope)
  const rest = comparison(claim, scope)
  const params = paramsOf(claim, scope)
  return subjects.map(({ fact, path }) => ({
    fact,
    ...(path === '' ? {} : { path }),
    ...rest,
    ...(Object.keys(params).length === 0 ? {} : { params }),
  }))
}

function subjectsOf({ word, raw, at }: Claim, scope: ConditionScope): readonly Subject[] {
  const given = raw[word]
  const list = Array.isArray(given) ? given : [given]
  return list.flatMap((text: unknown, index) => {
    const place = Array.isArray(given) ? [...at, word, index] : [...at, word]
    if (word === 'count' && text === theNodes) return [{ fact: theNodes, path: '' }]
    return subjectOf(text, place, scope)
  })
}

function subjectOf(text: unknown, place: YamlPath, scope: ConditionScope): readonly Subject[] {
  if (typeof text !== 'string') {
    scope.faults.push(
      scope.source.fault(
        { path: place },
        'this is no path',
        'Write a name under evidence and a path below it.',
      ),
    )
    return []
  }
  const [fact = '', ...rest] = segmentsOf(text, place, scope)
  const subject = { fact, path: joinPath(rest) }
  checkField({ ...subject, place }, scope)
  return [subject]
}

function comparison(claim: Claim, scope: ConditionScope): Pick<LeafCondition, 'operator' | 'value'> {
  const { word, raw, at } = claim
  const { source, faults, operators } = scope
  const given = Object.keys(raw).filter((key) => key !== word && key !== 'of' && key !== 'below')
  const wanted = words[word]?.compares === true
  const [name, ...others] = given
  for (const key of wanted ? others : given)
    faults.push(
      source.fault(
        { path: [...at, key], key: true },
        `"${word}" takes no "${key}"`,
        'Remove it, or write a line for it.',
      ),
    )
  if (!wanted) return { operator: `${groupPrefix}${word}`, value: true }
  if (name === undefined || !operators.has(name)) {
    faults.push(
      source.fault(
        name === undefined ? { path: at } : { path: [...at, name], key: true },
        name === undefined ? `"${word}" is compared with nothing` : `unknown operator "${name}"`,
        name === undefined ? 'Add an operator, such as at-most: 1.' : suggest(name, operators.keys()),
      ),
    )
    return { operator: `${groupPrefix}${word}`, value: null }
  }
  const value = operandOf(raw[name], [...at, name], scope)
  const complaint = operators.get(name)?.expects.validate(literalOf(value, scope)) ?? null
  if (complaint !== null)
    faults.push(source.fault({ path: [...at, name] }, complaint, 'Correct the value to compare with.'))
  return { operator: `${groupPrefix}${word}:${name}`, value }
}

function paramsOf({ word, raw, at }: Claim, scope: ConditionScope): NonNullable<LeafCondition['params']> {
  const { source, faults } = scope
  const { of, below } = raw
  const allowed = words[word]
  for (const key of ['of', 'below'] as const)
    if (raw[key] !== undefined && allowed?.[key] !== true)
      faults.push(
        source.fault({ path: [...at, key], key: true }, `"${word}" takes no "${key}"`, 'Remove it.'),
      )
  if (allowed?.of === true && of === undefined)
    faults.push(
      source.fault(
        { path: at },
        `"${word}" does not say of what`,
        'Add of: with the path it is compared with.',
      ),
    )
  const [other] = of === undefined ? [] : subjectOf(of, [...at, 'of'], scope)
  return {
    ...(other === undefined ? {} : { of: other.path === '' ? other.fact : `${other.fact}.${other.path}` }),
    ...(typeof below === 'string' ? { below } : {}),
  }
}
