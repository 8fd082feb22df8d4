import type { FactRequest } from '../../../model/check.ts'
import type { Source } from '../../../model/evidence.ts'
import type { Json } from '../../../model/finding.ts'
import type { NodeContext } from '../../fact-kind.ts'
import type { ObjectName } from '../inspection.ts'
import { flagAt, nameAt, wordsAt } from '../json.ts'
import { type Gap, listedAlways } from '../listed.ts'
import { wordIn, wordsIn } from '../request.ts'
import { nodeWithoutPlugin, type SeenDefault, seenDefault } from './seen-default.ts'

/** Levels of pod security, the weakest first; `unknown` where nobody can tell. */
export type Level = 'privileged' | 'baseline' | 'restricted' | 'unknown'

/** One namespace as pods meet it. */
export interface Namespace {
  readonly name: string
  readonly labels: { readonly [key: string]: string }
  /** Why it is left out; undefined where it is looked at. */
  readonly isLeftOut?: string
  readonly level: Level
  /** The minor version of 1.x whose rules it is held to; undefined where they are the newest. */
  readonly pinned?: number
  /** True where it warns or records what it does not refuse. */
  readonly isWatched: boolean
  /** Where the level comes from. */
  readonly says: string
}

export interface Namespaces {
  readonly all: readonly Namespace[]
  readonly gaps: readonly Gap[]
  readonly source: Source
}

/** What a request about namespaces may say. */
export const namespaceParameters = {
  'system-namespaces': {
    means: 'namespaces of the cluster itself, which are left out; exact names',
    optional: true,
  },
  'default-level': {
    means:
      'the pod security level of namespaces without a label where no control plane node of the run tells it: privileged, baseline, restricted, or unknown',
    optional: true,
  },
  'exempt-namespaces': {
    means:
      'namespaces that the admission configuration of the API server exempts from pod security; exact names',
    optional: true,
  },
} as const

const prefix = 'pod-security.kubernetes.io/'
const levelWords: ReadonlyMap<string, Level> = new Map([
  ['privileged', 'privileged'],
  ['baseline', 'baseline'],
  ['restricted', 'restricted'],
])

/** What a namespace is held to, and where that comes from. */
type Rules = Pick<Namespace, 'level' | 'pinned' | 'says'>

interface Asked {
  readonly request: FactRequest
  readonly seen: SeenDefault | undefined
  /** A node whose API server reads no labels. */
  readonly off: string | undefined
}

function defaultRules(request: FactRequest, seen: SeenDefault | undefined): Rules {
  if (seen !== undefined) {
    const { level, ...rest } = labelledRules(seen.level, seen.version)
    const says = `it has no enforce label, and the default of the API server is ${seen.level} (seen on ${seen.node})`
    return { ...rest, level, says }
  }
  const level = levelWords.get(wordIn(request, 'default-level')) ?? 'unknown'
  const taken = level === 'unknown' ? 'is not known' : `is taken to be ${level}`
  return { level, says: `it has no enforce label (the default, which the API does not show, ${taken})` }
}

function labelledRules(label: string, version: string | undefined): Rules {
  const level = levelWords.get(label)
  // Admission refuses such a label: where there is one, nothing reads them.
  if (level === undefined) return { level: 'privileged', says: `its enforce label is no level (${label})` }
  const minor = /^v1\.([0-9]+)$/.exec(version ?? '')?.[1]
  const says = `it enforces ${level}${minor === undefined ? '' : ` by the rules of ${version}`}`
  return { level, says, ...(minor === undefined ? {} : { pinned: Number(minor) }) }
}

function rulesOf(name: string, labels: Namespace['labels'], { request, seen, off }: Asked): Rules {
  if (off !== undefined)
    return {
      level: 'privileged',
      says: `the API server on ${off} runs without PodSecurity, whatever labels say`,
    }
  if (wordsIn(request, 'exempt-namespaces').includes(name) || seen?.exempt.includes(name) === true)
    return { level: 'privileged', says: 'the configuration of the API server exempts it' }
  const label = labels[`${prefix}enforce`]
  return label === undefined
    ? defaultRules(request, seen)
    : labelledRules(label, labels[`${prefix}enforce-version`])
}

function namespaceOf(object: Json, asked: Asked): Namespace {
  const { request } = asked
  const name = nameAt(object, 'name')
  const labels = wordsAt(object, 'labels')
  const isSystem = wordsIn(request, 'system-namespaces').includes(name)
  const isLeftOut = isSystem
    ? 'a namespace of the cluster itself'
    : flagAt(object, 'isTerminating') === true
      ? 'it is being removed, and takes no pods'
      : undefined
  const watched = [labels[`${prefix}warn`], labels[`${prefix}audit`]]
  return {
    name,
    labels,
    ...(isLeftOut === undefined ? {} : { isLeftOut }),
    ...rulesOf(name, labels, asked),
    isWatched: watched.some((level) => level === 'baseline' || level === 'restricted'),
  }
}

/** Every namespace, with what holds for pods in it. */
export function namespacesOf(node: NodeContext, request: FactRequest): Namespaces {
  const { objects, gaps, source } = listedAlways(node.view, 'v1/namespaces')
  const asked = { request, seen: seenDefault(node), off: nodeWithoutPlugin(node) }
  return { all: objects.map((object) => namespaceOf(object, asked)), gaps, source }
}

/** A namespace as remarks name it. */
export function nameOfNamespace({ name }: Pick<Namespace, 'name'>): ObjectName {
  return { kind: 'Namespace', name }
}
