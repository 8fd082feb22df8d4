import type { Check, Condition, LeafCondition } from './check.ts'
import { splitPath } from './field-path.ts'

/** Settings a check decides on, by component. */
export function settingsAsked({ evidence, condition }: Check): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>()
  for (const { fact, path } of leavesOf(condition)) {
    const request = evidence[fact]
    const [setting] = splitPath(path ?? '') ?? []
    if (request?.fact !== 'component-settings' || typeof request['of'] !== 'string') continue
    const names = asked.get(request['of']) ?? new Set()
    if (setting !== undefined) names.add(setting)
    asked.set(request['of'], names)
  }
  return asked
}

/** Every comparison of a condition, in the order they are written. */
export function leavesOf(condition: Condition): readonly LeafCondition[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf)
  if ('any' in condition) return condition.any.flatMap(leavesOf)
  return 'not' in condition ? leavesOf(condition.not) : [condition]
}
