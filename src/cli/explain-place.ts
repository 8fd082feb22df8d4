import type { Content } from '../content/content.ts'
import type { Check, Condition } from '../model/check.ts'
import type { SettingSpec } from '../model/component.ts'
import type { ComponentPlace, Distribution } from '../model/distribution.ts'
import { splitPath } from '../model/field-path.ts'

/** Settings a check decides on, by component; without any, the component it is about. */
function settingsAsked({ applies, evidence, condition }: Check): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>()
  for (const { fact, path } of leavesOf(condition)) {
    const request = evidence[fact]
    const [setting] = splitPath(path ?? '') ?? []
    if (request?.fact !== 'component-settings' || typeof request['of'] !== 'string') continue
    const names = asked.get(request['of']) ?? new Set()
    if (setting !== undefined && setting !== '') names.add(setting)
    asked.set(request['of'], names)
  }
  if (asked.size === 0 && applies.component !== undefined) asked.set(applies.component, new Set())
  return asked
}

function leavesOf(condition: Condition): readonly { readonly fact: string; readonly path?: string }[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf)
  if ('any' in condition) return condition.any.flatMap(leavesOf)
  return 'not' in condition ? leavesOf(condition.not) : [condition]
}

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

/** Where the settings a check decides on come from on a distribution, and how they are changed there. */
export function describePlace(check: Check, distribution: Distribution, content: Content): string {
  const lines = [...settingsAsked(check)].flatMap(([component, names]) => {
    const place = distribution.components[component]
    const settings = content.components.get(component)?.settings.filter(({ name }) => names.has(name)) ?? []
    return place === undefined
      ? [`  ${component} does not run as a part of it\n`]
      : componentLines(place, component, settings)
  })
  return lines.length === 0 ? '' : `On ${distribution.title}\n${lines.join('')}`
}
