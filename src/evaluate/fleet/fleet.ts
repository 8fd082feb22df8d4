import type { Role } from '../../model/check.ts'
import type { Evidence } from '../../model/evidence.ts'
import type { Finding, GroupTarget } from '../../model/finding.ts'
import type { CheckInput } from '../check-input.ts'
import type { SelectedControl, Selection } from '../select.ts'
import { createGroups, type Groups, type NamedNode } from './forming.ts'
import type { GroupCheck } from './group-check.ts'
import { type GroupName, groupsOf } from './groups.ts'
import { type GroupOutcome, notApplicable } from './outcome.ts'

/** A node as a fleet sees it. */
export interface FleetNode extends NamedNode {
  readonly roles: Evidence<readonly Role[]>
}

/** The nodes of one cluster side by side. */
export interface Fleet {
  readonly add: (selection: Selection, node: FleetNode, input: CheckInput) => void
  /** What is known so far. */
  readonly kept: Kept
  /** Takes over the nodes of another fleet, which is of no use afterwards. */
  readonly absorb: (other: Fleet) => void
  readonly finish: (told?: Told) => FleetFindings
}

interface Kept {
  readonly questions: Questions
  readonly groups: Groups
  readonly members: Map<GroupName, Set<string>>
  readonly nodes: Set<string>
}

/** What a cluster is called where there are several, and which of its nodes are only taken to be of it. */
export interface Told {
  readonly name?: string
  readonly assumed?: ReadonlySet<string>
}

/** What was found on each group; on the node itself when there is only one. */
export interface FleetFindings {
  readonly groups: readonly { readonly target: GroupTarget; readonly findings: readonly Finding[] }[]
  readonly alone: readonly Finding[]
}

/** A check over nodes as one control asks it. */
interface Asked {
  readonly selected: SelectedControl
  readonly group: GroupCheck
  /** Where it stands: profile, then position. Of several profiles the first by id decides. */
  readonly profile: string
  readonly position: number
}

function findingOf({ selected, group }: Asked, target: string, outcome: GroupOutcome): Finding {
  const { benchmark, control } = selected
  const { check } = group
  const remediation = outcome.verdict === 'fail' ? check.remediation : undefined
  return {
    benchmark: benchmark.id,
    benchmarkVersion: benchmark.version,
    control: control.id,
    check: check.id,
    target,
    section: control.section,
    level: control.level,
    assessment: control.assessment,
    title: check.title,
    severity: control.severity ?? check.severity,
    ...outcome,
    ...(remediation === undefined ? {} : { remediation }),
    ...(control.references === undefined ? {} : { references: control.references }),
  }
}

function askedIn({ controls, profile }: Selection): readonly Asked[] {
  return controls.flatMap((selected, position) =>
    selected.checks.flatMap(({ group }) =>
      group === undefined || selected.control.notApplicable !== undefined
        ? []
        : [{ selected, group, profile: profile.id, position }],
    ),
  )
}

function keyOf({ selected: { benchmark, control }, group: { check } }: Asked): string {
  return `${benchmark.id} ${benchmark.version} ${control.id} ${check.id}`
}

/** Profile by profile, in the order of its benchmarks. */
function byPlace(a: Asked, b: Asked): number {
  if (a.profile === b.profile) return a.position - b.position
  return Number(a.profile > b.profile) - Number(a.profile < b.profile)
}

/** What the selections of a run ask over nodes, each question once. */
interface Questions {
  readonly learn: (selection: Selection) => void
  readonly inOrder: () => readonly Asked[]
  readonly absorb: (other: Questions) => void
}

function createQuestions(wants: Wants): Questions {
  const asked = new Map<string, Asked>()
  const known = new Set<Selection>()
  const take = (one: Asked): void => {
    const before = asked.get(keyOf(one))
    if (before === undefined || one.profile < before.profile) asked.set(keyOf(one), one)
  }
  return {
    learn(selection) {
      if (known.has(selection)) return
      known.add(selection)
      for (const one of askedIn(selection)) if (wants(one.group)) take(one)
    },
    inOrder: () => [...asked.values()].sort(byPlace),
    absorb: (other) => other.inOrder().forEach(take),
  }
}

/** Adds to the collection of a key, which is made at its first entry. */
function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key) ?? new Set<V>()
  sets.set(key, set.add(value))
}

/** Which checks over nodes a fleet is asked. */
type Wants = (check: GroupCheck) => boolean

/** Starts with no node at all; they may come in any order. */
export function openFleet(wants: Wants = () => true): Fleet {
  const kept: Kept = {
    questions: createQuestions(wants),
    groups: createGroups(),
    members: new Map(),
    nodes: new Set(),
  }
  const { questions, groups, members, nodes } = kept
  return {
    kept,
    add(selection, node, input) {
      questions.learn(selection)
      nodes.add(node.target)
      for (const group of groupsOf(node.roles.kind === 'observed' ? node.roles.fact : []))
        addTo(members, group, node.target)
      const checks = selection.checks.flatMap(({ group }) => (group && wants(group) ? [group] : []))
      for (const group of new Map(checks.map((one) => [one.check.id, one])).values())
        groups.add(group, node, input)
    },
    absorb({ kept: other }) {
      questions.absorb(other.questions)
      groups.absorb(other.groups)
      for (const node of other.nodes) nodes.add(node)
      for (const [group, names] of other.members) for (const name of names) addTo(members, group, name)
    },
    finish(told = {}) {
      const [first, second] = nodes
      return first === undefined || second !== undefined
        ? { groups: together(kept, told), alone: [] }
        : { groups: [], alone: alone(kept, first, told) }
    },
  }
}

function together({ questions, groups, members }: Kept, told: Told): FleetFindings['groups'] {
  const found = new Map<GroupName, Set<Finding>>()
  const idOf = (group: GroupName): string => (told.name === undefined ? group : `${group} (${told.name})`)
  for (const one of questions.inOrder())
    for (const [group, outcome] of groups.judge(one.group))
      addTo(found, group, findingOf(one, idOf(group), outcome))
  return [...found].map(([group, findings]) => {
    const names = [...(members.get(group) ?? [])].sort()
    const assumes = assumption(names, told.assumed)
    const target = { id: idOf(group), kind: 'group', members: names, ...(assumes && { assumes }) } as const
    return { target, findings: [...findings] }
  })
}

/** What is taken for true of a group whose nodes are not all known to be of this cluster. */
function assumption(members: readonly string[], assumed: Told['assumed']): string | undefined {
  const untold = members.filter((name) => assumed?.has(name))
  const [first, second] = untold
  if (first === undefined || members.length === 1) return undefined
  if (untold.length === members.length)
    return 'that these nodes are of one cluster: no authority of it was seen on them'
  const who = second === undefined ? `${first} is` : `${first} and ${untold.length - 1} more are`
  return `that ${who} of this cluster: its authority was not seen there`
}

function alone({ questions }: Kept, node: string, { name }: Told): readonly Finding[] {
  const which = name === undefined ? '' : ` (${name})`
  const outcome = notApplicable(
    `${node} is the only node of its cluster${which} in this run: there is nothing to compare it with`,
  )
  return questions.inOrder().map((one) => findingOf(one, node, outcome))
}

/** Findings of one node in the order of its benchmarks, those of one control by check. */
export function inDocumentOrder(selection: Selection, findings: readonly Finding[]): readonly Finding[] {
  const place = new Map(
    selection.controls.map(({ benchmark, control }, index) => [
      `${benchmark.id} ${benchmark.version} ${control.id}`,
      index,
    ]),
  )
  const positionOf = ({ benchmark, benchmarkVersion, control }: Finding): number =>
    place.get(`${benchmark} ${benchmarkVersion} ${control}`) ?? selection.controls.length
  // A question to a person comes last.
  const checkOf = ({ check }: Finding): string => check ?? '~'
  return findings.toSorted((a, b) => positionOf(a) - positionOf(b) || (checkOf(a) < checkOf(b) ? -1 : 1))
}
