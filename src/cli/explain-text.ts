import type { Applicability, Condition, ConditionValue, Parameter } from '../model/check.ts'
import { escapeText } from '../model/escape.ts'
import type { Finding } from '../model/finding.ts'
import { verdictLabel } from '../model/verdict.ts'

type Parameters = { readonly [name: string]: Parameter }

/** A condition as indented lines a reviewer can read. */
export function describeCondition(condition: Condition, parameters: Parameters, indent = '  '): string {
  if ('all' in condition)
    return condition.all.map((one) => describeCondition(one, parameters, indent)).join('')
  if ('any' in condition)
    return `${indent}any of\n${condition.any.map((one) => describeCondition(one, parameters, `${indent}  `)).join('')}`
  if ('not' in condition)
    return `${indent}not\n${describeCondition(condition.not, parameters, `${indent}  `)}`
  const [quantifier, operator] = condition.operator.includes(':')
    ? condition.operator.split(':')
    : ['', condition.operator]
  const place =
    condition.path === undefined || condition.path === ''
      ? condition.fact
      : `${condition.fact}.${condition.path}`
  return `${indent}${quantifier === '' ? '' : `${quantifier} `}${place} ${(operator ?? '').replaceAll('-', ' ')} ${describeValue(condition.value, parameters)}\n`
}

function describeValue(value: ConditionValue, parameters: Parameters): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (!('parameter' in value)) return value.join(', ')
  const parameter = parameters[value.parameter]
  return `${value.parameter} (default ${JSON.stringify(parameter?.default)}: ${parameter?.means})`
}

/** Where a check applies, as indented lines. */
export function describeApplies(applies: Applicability): string {
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
  return text + condition + otherwise || '  every node\n'
}

/** One finding as a few lines, for `explain --evidence`. */
export function describeFinding(finding: Finding): string {
  const places = finding.provenance.map(
    ({ kind, at, line }) => `    ${kind}: ${escapeText(at)}${line === undefined ? '' : `:${line}`}\n`,
  )
  return `    ${finding.check ?? finding.control}: ${verdictLabel[finding.verdict]}. ${finding.reason}\n${places.map((place) => `  ${place}`).join('')}`
}
