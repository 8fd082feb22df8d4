import { type Fact, isFactList, isFactRecord } from '../../../model/evidence.ts'
import type { NodeContext } from '../../fact-kind.ts'
import type { Remark } from '../inspection.ts'
import { apiServerOn } from '../rbac/open-servers.ts'

/** What API servers do where a namespace says nothing, as their nodes show it. */
export interface SeenDefault {
  /** privileged, baseline or restricted. */
  readonly level: string
  /** `latest`, or the version whose rules are meant. */
  readonly version: string
  /** A node it was seen on. */
  readonly node: string
  /** Namespaces they exempt. */
  readonly exempt: readonly string[]
}

/** What is asked of the nodes of a cluster about plugins that are switched off. */
export const pluginsRequest = { fact: 'admission-plugins' } as const

/** What is asked of the nodes of a cluster about it. */
export const defaultRequest = { fact: 'pod-security-defaults' } as const

function textIn(fact: Fact, field: string): string | undefined {
  const value = fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact[field] : undefined
  return value?.kind === 'observed' && typeof value.fact === 'string' ? value.fact : undefined
}

function textsIn(fact: Fact, field: string): readonly string[] {
  const value = fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact[field] : undefined
  if (value?.kind !== 'observed' || !isFactList(value.fact)) return []
  return value.fact.flatMap((one) =>
    one.kind === 'observed' && typeof one.fact === 'string' ? [one.fact] : [],
  )
}

/** The default all API servers that were looked at agree on; undefined where none was, or where they differ. */
export function seenDefault(node: NodeContext): SeenDefault | undefined {
  const said = (node.nodes?.(defaultRequest) ?? []).flatMap(({ node: name, fact }) => {
    const level = textIn(fact, 'enforce')
    const version = textIn(fact, 'enforce-version') ?? 'latest'
    return level === undefined
      ? []
      : [{ node: name, level, version, exempt: textsIn(fact, 'exempt-namespaces') }]
  })
  const [first, ...others] = said
  if (first === undefined) return undefined
  if (others.some(({ level, version }) => level !== first.level || version !== first.version))
    return undefined
  // Exempt is what any of them exempts: a request may go to each.
  return { ...first, exempt: [...new Set(said.flatMap(({ exempt }) => exempt))] }
}

/** A node whose API server runs without the plugin that reads labels; undefined where none was seen. */
export function nodeWithoutPlugin(node: NodeContext): string | undefined {
  const seen = node.nodes?.(pluginsRequest) ?? []
  return seen.find(({ fact }) => textsIn(fact, 'disabled').includes('PodSecurity'))?.node
}

/** Users and runtime classes whose pods no level holds for, as each node shows them. */
export function seenExemptions(node: NodeContext): readonly Remark[] {
  return (node.nodes?.(defaultRequest) ?? []).flatMap(({ node: name, fact }) => {
    const users = textsIn(fact, 'exempt-usernames').join(', ')
    const classes = textsIn(fact, 'exempt-runtime-classes').join(', ')
    const because = [
      ...(users === '' ? [] : [`pod security leaves out what users ${users} make`]),
      ...(classes === '' ? [] : [`pod security leaves out pods of runtime classes ${classes}`]),
    ]
    return because.map((one): Remark => ({ on: apiServerOn(name), because: one }))
  })
}
