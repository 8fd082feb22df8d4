import {
  type Check,
  type Condition,
  type ConditionValue,
  type Grouping,
  groupPrefix,
  type LeafCondition,
  type Parameter,
} from '../model/check.ts'
import { escapeText } from '../model/escape.ts'
import type { Finding } from '../model/finding.ts'
import { verdictLabel } from '../model/verdict.ts'
import { placeOf } from '../report/places.ts'
import { plainValue } from '../report/values.ts'

type Parameters = { readonly [name: string]: Parameter }

/** A condition as indented lines a reviewer can read. */
export function describeCondition(condition: Condition, parameters: Parameters, indent = '  '): string {
  if ('all' in condition)
    return condition.all.map((one) => describeCondition(one, parameters, indent)).join('')
  if ('any' in condition)
    return `${indent}any of\n${condition.any.map((one) => describeCondition(one, parameters, `${indent}  `)).join('')}`
  if ('not' in condition)
    return `${indent}not\n${describeCondition(condition.not, parameters, `${indent}  `)}`
  if (condition.operator.startsWith(groupPrefix)) return `${indent}${describeClaim(condition, parameters)}\n`
  const [quantifier, operator] = condition.operator.includes(':')
    ? condition.operator.split(':')
    : ['', condition.operator]
  const place =
    condition.path === undefined || condition.path === ''
      ? condition.fact
      : `${condition.fact}.${condition.path}`
  return `${indent}${quantifier === '' ? '' : `${quantifier} `}${place} ${(operator ?? '').replaceAll('-', ' ')} ${describeValue(condition.value, parameters)}\n`
}

const claimWords: { readonly [claim: string]: (place: string, of: string) => string } = {
  same: (place) => `every node has the same ${place}`,
  unique: (place) => `no two nodes have the same ${place}`,
  count: (place) => `the number of different ${place} is`,
  span: (place) => `from the smallest ${place} to the largest it is`,
  'minor-span': (place) => `from the oldest ${place} to the newest the minor versions are`,
  'minors-behind': (place, of) => `the minor versions each ${place} is behind every ${of} are`,
  majority: (place, of) => `more than half of the ${of} are among the ${place}`,
}

/** What must hold of the values of a group. */
function describeClaim(
  { fact, path, operator, value, params }: LeafCondition,
  parameters: Parameters,
): string {
  const [claim = '', comparison] = operator.slice(groupPrefix.length).split(':')
  const place = path === undefined ? fact : `${fact}.${path}`
  const said = claimWords[claim]?.(place, params?.of ?? '') ?? `${claim} ${place}`
  const limit = params?.below === undefined ? '' : `, of versions below ${params.below},`
  return comparison === undefined
    ? said
    : `${said}${limit} ${comparison.replaceAll('-', ' ')} ${describeValue(value, parameters)}`
}

const groupWords: { readonly [grouping in Grouping]: string } = {
  all: 'all nodes of a run together',
  role: 'the nodes of each role together',
  'control-plane': 'the control-plane nodes together',
  etcd: 'the nodes with etcd together',
  worker: 'the worker nodes together',
}

/** Which nodes a check puts side by side; nothing for a check of one node. */
export function describeGroup({ over }: Check): string {
  return over === undefined ? '' : `  ${groupWords[over.group]}\n`
}

function describeValue(value: ConditionValue, parameters: Parameters): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (!('parameter' in value)) return value.join(', ')
  const parameter = parameters[value.parameter]
  return `${value.parameter}, which is ${JSON.stringify(parameter?.default)} (${parameter?.means})`
}

/** The values its evidence is asked with that a profile may set, as indented lines. */
export function describeAsked({ evidence, parameters }: Check): string {
  const names = Object.values(evidence)
    .flatMap((request) => Object.values(request))
    .flatMap((value) => (typeof value === 'object' && 'parameter' in value ? [value.parameter] : []))
  return [...new Set(names)].map((parameter) => `  ${describeValue({ parameter }, parameters)}\n`).join('')
}

/** Where a check applies, as indented lines. */
export function describeApplies({ applies, about }: Pick<Check, 'applies' | 'about'>): string {
  const { component, roles, startedAs, distributions, versions, when, because } = applies
  const lines = [
    component === undefined ? undefined : `nodes that run ${component}`,
    roles === undefined ? undefined : `nodes in the role ${roles.join(' or ')}`,
    startedAs === undefined ? undefined : `started as ${startedAs.join(' or ')}`,
    distributions?.only === undefined ? undefined : `on ${distributions.only.join(', ')}`,
    distributions?.except === undefined ? undefined : `not on ${distributions.except.join(', ')}`,
    versions === undefined ? undefined : `versions ${versions}`,
  ].filter((line) => line !== undefined)
  const text = lines.map((line) => `  ${line}\n`).join('')
  const condition = when === undefined ? '' : `  when\n${describeCondition(when, {}, '    ')}`
  const otherwise = because === undefined ? '' : `  otherwise: ${because}\n`
  return text + condition + otherwise || (about === undefined ? '  every node\n' : '  every cluster\n')
}

/** One finding as a few lines, for `explain --evidence`: the verdict, what was seen, and where that was set. */
export function describeFinding({ check, control, verdict, reason, ...finding }: Finding): string {
  const seen = finding.observed === undefined ? '' : `      seen: ${plainValue(finding.observed)}\n`
  const wanted = finding.expected === undefined ? '' : `      wanted: ${plainValue(finding.expected)}\n`
  const set = finding.provenance.map((place) => `      set by: ${escapeText(placeOf(place))}\n`)
  const drift = finding.drift === undefined ? '' : `      ${escapeText(finding.drift)}\n`
  // How to fix a failure stands above, with the check.
  const next = finding.next === undefined || verdict === 'fail' ? '' : `      next: ${finding.next}\n`
  return `    ${check ?? control}: ${verdictLabel[verdict]}. ${reason}\n${seen}${wanted}${set.join('')}${drift}${next}`
}
