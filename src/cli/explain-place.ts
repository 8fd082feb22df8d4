import type { Content } from '../content/content.ts'
import type { Check, FactRequest } from '../model/check.ts'
import type { SettingSpec } from '../model/component.ts'
import type { ComponentPlace, Distribution, FilePlace } from '../model/distribution.ts'
import { leavesOf, settingsAsked } from '../model/settings-asked.ts'

/** The names of a setting where it is changed: its flag, its key, or what khard calls it. */
function inWords(sentence: string, { name, flags, key }: SettingSpec): string {
  const flag = flags[0] ?? name
  return sentence.replaceAll('{flag}', flag).replaceAll('{key}', key ?? flag)
}

function componentLines(
  { reads, changes }: ComponentPlace,
  component: string,
  settings: readonly SettingSpec[],
): readonly string[] {
  const ways = changes === undefined ? [] : settings.map((setting) => inWords(changes, setting))
  return [
    `  ${component} is read from ${reads}\n`,
    ...[...new Set(ways)].map((way) => `  to change it: ${way}\n`),
  ]
}

function isAbout({ request: wanted }: FilePlace, request: FactRequest): boolean {
  return Object.entries(wanted).every(([name, value]) => request[name] === value)
}

/** The files a check looks at. */
function fileLines({ evidence }: Check, { files = [] }: Distribution): readonly string[] {
  const places = Object.values(evidence).flatMap((request) => files.filter((one) => isAbout(one, request)))
  return [...new Set(places.map(({ at }) => `  looks at ${at}\n`))]
}

/** Components whose settings a check decides on; where it looks at no files either, the one it is about. */
function componentsAsked(check: Check, hasFiles: boolean): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = settingsAsked(check)
  const { component } = check.applies
  return asked.size > 0 || hasFiles || component === undefined ? asked : new Map([[component, new Set()]])
}

/** Where what a check decides on comes from on a distribution, and how settings are changed there. */
export function describePlace(check: Check, distribution: Distribution, content: Content): string {
  const files = fileLines(check, distribution)
  const isTold = check.say.nextOn?.[distribution.id] !== undefined
  const components = [...componentsAsked(check, files.length > 0)].flatMap(([component, names]) => {
    const place = distribution.components[component]
    const settings = content.components.get(component)?.settings.filter(({ name }) => names.has(name)) ?? []
    return place === undefined
      ? [`  ${component} does not run as a part of it\n`]
      : componentLines(place, component, isTold ? [] : settings)
  })
  const lines = [...files, ...components]
  return lines.length === 0 ? '' : `On ${distribution.title}\n${lines.join('')}`
}

/** A fix with the value that is wanted, which is the same on every node. */
function withExpected(text: string, { condition, parameters }: Check): string {
  const wanted = leavesOf(condition).map(({ value }) =>
    typeof value === 'object' && value !== null && 'parameter' in value
      ? parameters[value.parameter]?.default
      : value,
  )
  return text.replaceAll('{expected}', [...new Set(wanted)].join(' or '))
}

/** How a check is fixed: in the words of each distribution that has its own, in general for the others. */
export function describeFix(check: Check, on: readonly Distribution[]): string {
  const { next, nextOn = {} } = check.say
  const own = on.flatMap(({ id, title }) => (nextOn[id] === undefined ? [] : [{ title, text: nextOn[id] }]))
  const general = own.length > 0 && own.length === on.length ? [] : [`How to fix\n  ${next}\n`]
  const texts = [...general, ...own.map(({ title, text }) => `How to fix on ${title}\n  ${text}\n`)]
  return withExpected(texts.join('\n'), check)
}
