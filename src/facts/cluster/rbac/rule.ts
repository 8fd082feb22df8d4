import { textsAt } from '../json.ts'

/** One rule of a role. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly groups: readonly string[]
  /** `pods`, `pods/exec`, `*`, and `*` before a subresource. */
  readonly resources: readonly string[]
  /** Names it is limited to; empty for all. */
  readonly names: readonly string[]
  readonly urls: readonly string[]
}

/** A rule as the reader of roles kept it. */
export function readRule(rule: unknown): Rule {
  return {
    verbs: textsAt(rule, 'verbs'),
    groups: textsAt(rule, 'groups'),
    resources: textsAt(rule, 'resources'),
    names: textsAt(rule, 'names'),
    urls: textsAt(rule, 'urls'),
  }
}

/** A thing that can be done to one resource. */
export interface Act {
  readonly verb: string
  readonly group: string
  /** `secrets`, `nodes/proxy`. */
  readonly resource: string
}

/**
 * The API server's own comparison: a resource by itself or by `*`, a subresource also by `*` before it. `pods/*` is
 * nothing the API server knows: it allows no subresource of pods.
 */
function namesResource(words: readonly string[], resource: string): boolean {
  if (words.includes('*') || words.includes(resource)) return true
  const slash = resource.indexOf('/')
  return slash !== -1 && words.includes(`*${resource.slice(slash)}`)
}

const holds = (words: readonly string[], wanted: string): boolean =>
  words.includes('*') || words.includes(wanted)

/** True when the rule allows the act, to some object at least. */
export function allows(rule: Rule, { verb, group, resource }: Act): boolean {
  return holds(rule.verbs, verb) && holds(rule.groups, group) && namesResource(rule.resources, resource)
}

/** Everything, to everything: what cluster-admin is. */
export function allowsEverything({ verbs, groups, resources, names }: Rule): boolean {
  return verbs.includes('*') && groups.includes('*') && resources.includes('*') && names.length === 0
}

function coversUrl(known: string, url: string): boolean {
  return known === url || (known.endsWith('*') && url.startsWith(known.slice(0, -1)))
}

function coversNames(known: readonly string[], names: readonly string[]): boolean {
  return known.length === 0 || (names.length > 0 && names.every((name) => known.includes(name)))
}

/** True when each thing that `rule` allows is allowed by one of the `known` rules, however they are cut. */
export function isCovered(rule: Rule, known: readonly Rule[]): boolean {
  const fitting = known.filter(({ names }) => coversNames(names, rule.names))
  return rule.verbs.every((verb) => {
    const some = fitting.filter(({ verbs }) => holds(verbs, verb))
    return (
      rule.urls.every((url) => some.some(({ urls }) => urls.some((one) => coversUrl(one, url)))) &&
      rule.groups.every((group) =>
        rule.resources.every((resource) =>
          some.some((one) => holds(one.groups, group) && namesResource(one.resources, resource)),
        ),
      )
    )
  })
}
