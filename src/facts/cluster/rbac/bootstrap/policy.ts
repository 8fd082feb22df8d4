import type { Binding, OwnedRule, Role } from '../read-rbac.ts'
import { isCovered, type Rule } from '../rule.ts'
import { type Subject, subjectKey } from '../subject.ts'
import { bootstrapBindings } from './bindings.ts'
import { componentsPolicy } from './components.ts'
import { controllersPolicy } from './controllers.ts'
import { distributionBindings } from './distributions.ts'
import { otherReleasesBindings, otherReleasesPolicy } from './other-releases.ts'
import { usersPolicy } from './users.ts'

/** Lines that begin a block, each with the indented lines below it. */
function blocks(text: string): readonly (readonly [string, readonly string[]])[] {
  const found: [string, string[]][] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) found.at(-1)?.[1].push(line.trim())
    else if (line !== '') found.push([line, []])
  }
  return found
}

function ruleOf(line: string): Rule {
  const [verbs = '', groups = '', resources = '', names] = line.split(' ')
  const words = (text: string): readonly string[] => text.split(',')
  if (groups === 'url')
    return { verbs: words(verbs), groups: [], resources: [], names: [], urls: words(resources) }
  return {
    verbs: words(verbs),
    groups: words(groups).map((group) => (group === 'core' ? '' : group)),
    resources: words(resources),
    names: names === undefined ? [] : words(names),
    urls: [],
  }
}

function policyOf(texts: readonly string[]): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, readonly Rule[]>()
  for (const [name, lines] of texts.flatMap(blocks))
    found.set(name, [...(found.get(name) ?? []), ...lines.map(ruleOf)])
  return found
}

const knownRules = policyOf([usersPolicy, componentsPolicy, controllersPolicy, otherReleasesPolicy])

/** `cluster-admin ClusterRole cluster-admin` → its subjects, and who makes the binding. */
const knownBindings: ReadonlyMap<string, { readonly subjects: readonly string[]; readonly maker: string }> =
  new Map([
    ...[bootstrapBindings, otherReleasesBindings]
      .flatMap(blocks)
      .map(([head, subjects]) => [head, { subjects, maker: 'the API server' }] as const),
    ...Object.entries(distributionBindings).flatMap(([maker, text]) =>
      blocks(text).map(([head, subjects]) => [head, { subjects, maker }] as const),
    ),
  ])

/** True for a rule that the role of this name has in every cluster: its content is compared, a label says nothing. */
export function isBootstrapRule(role: Role, rule: OwnedRule): boolean {
  const name = rule.from ?? (role.namespace === undefined ? role.name : `${role.namespace}/${role.name}`)
  return isCovered(rule, knownRules.get(name) ?? [])
}

/** Who makes this binding for this subject in every cluster of its kind; undefined where nobody does. */
export function makerOf(binding: Binding, subject: Subject): string | undefined {
  const { namespace, name, roleKind, roleName } = binding
  const known = knownBindings.get(
    `${namespace === undefined ? '' : `${namespace}/`}${name} ${roleKind} ${roleName}`,
  )
  return known?.subjects.includes(subjectKey(subject)) ? known.maker : undefined
}
