import type { Content } from '../content/content.ts'
import type { ExplainedControl, Explanation } from '../content/describe.ts'
import type { Control, Profile } from '../model/benchmark.ts'
import type { Check, ParameterValue } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import { describePlace } from './explain-place.ts'
import { describeApplies, describeAsked, describeCondition, describeGroup } from './explain-text.ts'

/** What is explained, and the profile it is explained for. */
export interface Asking {
  readonly id: string
  readonly content: Content
  /** Narrows the places to those the profile asks for, with its values and on its distributions. */
  readonly profile?: Profile
}

type Values = { readonly [name: string]: ParameterValue }

/** The text of `khard explain`. Throws `unknown-check` for a control that the profile does not ask for. */
export function explanationText(found: Exclude<Explanation, { kind: 'nothing' }>, asking: Asking): string {
  if (found.kind === 'control') return placesText(placesFor(found.places, asking), asking)
  const places = found.mappedBy.map(
    ({ benchmark, version, control }) =>
      `  ${benchmark} ${version}, ${control.id} (level ${control.level}, ${control.assessment})`,
  )
  const asked = found.asks.map((ask) => `  ${ask.name}: ${ask.title} ${JSON.stringify(ask.with)}`)
  const values = asking.profile?.parameters ?? {}
  return `${checkText(found.check, values, asking)}\nEvidence\n${asked.join('\n')}\n\nAsked by\n${places.join('\n')}\n`
}

function placesFor(
  places: readonly ExplainedControl[],
  { id, profile }: Asking,
): readonly ExplainedControl[] {
  if (profile === undefined) return places
  const asked = places.filter(({ profiles }) => profiles.includes(profile.id))
  if (asked.length > 0) return asked
  const asking = new Set(places.flatMap(({ profiles }) => profiles))
  throw new KhardError({
    code: 'unknown-check',
    message: `profile ${profile.id} does not ask for ${id}`,
    next: `Profiles that do: ${[...asking].join(', ') || 'none'}.`,
  })
}

/** Places asked the same way share one text: editions differ in few controls. */
function placesText(places: readonly ExplainedControl[], asking: Asking): string {
  const groups = new Map<string, [ExplainedControl, ...ExplainedControl[]]>()
  for (const place of places) {
    const { ask, notApplicable, parameters } = place.control
    const key = JSON.stringify([ask, notApplicable, parameters, ...place.checks.map(({ id }) => id)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [place])
    else group.push(place)
  }
  return [...groups.values()].map((group) => groupText(group, asking)).join('\n')
}

function groupText(group: readonly [ExplainedControl, ...ExplainedControl[]], asking: Asking): string {
  const [{ control, checks }] = group
  const values = { ...control.parameters, ...asking.profile?.parameters }
  const { severity } = control
  const texts = checks.map((check) =>
    checkText(severity === undefined ? check : { ...check, severity }, values, asking),
  )
  const body = control.notApplicable === undefined ? texts : [`Does not apply\n  ${control.notApplicable}\n`]
  const asked = control.ask === undefined ? '' : `\nQuestion for a person\n  ${control.ask}\n`
  return `${group.map(headText).join('')}\n${body.join('\n')}${asked}${referencesText(control)}`
}

function headText({ benchmark, version, control, profiles }: ExplainedControl): string {
  return `${benchmark} ${version}  ${control.id}  ${control.title}\n  level ${control.level}, ${control.assessment} in the document; profiles: ${profiles.join(', ') || 'none'}\n`
}

function referencesText({ references = {} }: Control): string {
  const lines = Object.entries(references).map(([framework, ids]) => `  ${framework}: ${ids.join(', ')}\n`)
  return lines.length === 0 ? '' : `\nThe same elsewhere\n${lines.join('')}`
}

/** The check with these values in place of its defaults. */
function withValues(check: Check, values: Values): Check {
  const parameters = Object.entries(check.parameters).map(([name, parameter]) => {
    const given = Object.hasOwn(values, name) ? values[name] : undefined
    return [name, given === undefined ? parameter : { ...parameter, default: given }] as const
  })
  return { ...check, parameters: Object.fromEntries(parameters) }
}

function checkText(given: Check, values: Values, { content, profile }: Asking): string {
  const check = withValues(given, values)
  const sources =
    check.sources.length === 0 ? '' : `\nSources\n${check.sources.map((one) => `  ${one}`).join('\n')}\n`
  const places = (profile?.distributions ?? []).flatMap((id) => {
    const distribution = content.distributions.get(id)
    const text = distribution === undefined ? '' : describePlace(check, distribution, content)
    return text === '' ? [] : [text]
  })
  const asked = describeAsked(check)
  return [
    `${check.id}  (${check.severity})\n  ${check.title}\n`,
    `Why\n  ${check.why}\n`,
    `Applies\n${describeGroup(check)}${describeApplies(check)}`,
    `Passes when\n${describeCondition(check.condition, check.parameters)}`,
    ...(asked === '' ? [] : [`A profile may set\n${asked}`]),
    ...places,
    `How to fix${places.length === 0 ? '' : ', in general'}\n  ${check.say.next}\n${sources}`,
  ].join('\n')
}
