import type { Role } from '../../model/check.ts'
import type { Evidence } from '../../model/evidence.ts'
import type { Finding, GroupTarget } from '../../model/finding.ts'
import type { CheckInput } from '../check-input.ts'
import type { SelectedControl, Selection } from '../select.ts'
import { createGroups, type NamedNode } from './forming.ts'
import type { GroupCheck } from './group-check.ts'
import { type GroupName, groupsOf } from './groups.ts'
import { type GroupOutcome, notApplicable } from './outcome.ts'

/** A node as a fleet sees it. */
export interface FleetNode extends NamedNode {
  readonly roles: Evidence<readonly Role[]>
}

/** The nodes of a run side by side. */
export interface Fleet {
  readonly add: (selection: Selection, node: FleetNode, input: CheckInput) => void
  readonly finish: () => FleetFindings
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
function createQuestions() {
  const asked = new Map<string, Asked>()
  const known = new Set<Selection>()
  return {
    learn(selection: Selection): void {
      if (known.has(selection)) return
      known.add(selection)
      for (const one of askedIn(selection)) {
        const before = asked.get(keyOf(one))
        if (before === undefined || one.profile < before.profile) asked.set(keyOf(one), one)
      }
    },
    inOrder: (): readonly Asked[] => [...asked.values()].sort(byPlace),
  }
}

/** Adds to the list of a key, which is made at its first entry. */
function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** Starts a run over any number of nodes; they may come in any order. */
export function openFleet(): Fleet {
  const questions = createQuestions()
  const groups = createGroups()
  const members = new Map<GroupName, string[]>()
  const nodes: string[] = []

  const add = (selection: Selection, node: FleetNode, input: CheckInput): void => {
    questions.learn(selection)
    nodes.push(node.target)
    for (const group of groupsOf(node.roles.kind === 'observed' ? node.roles.fact : []))
      addTo(members, group, node.target)
    const checks = selection.checks.flatMap(({ group }) => group ?? [])
    for (const group of new Map(checks.map((one) => [one.check.id, one])).values())
      groups.add(group, node, input)
  }
  const together = (): FleetFindings['groups'] => {
    const found = new Map<GroupName, Finding[]>()
    for (const one of questions.inOrder())
      for (const [group, outcome] of groups.judge(one.group))
        addTo(found, group, findingOf(one, group, outcome))
    return [...found].map(([id, findings]) => ({
      target: { id, kind: 'group', members: (members.get(id) ?? []).toSorted() },
      findings,
    }))
  }
  const finish = (): FleetFindings => {
    const [first, second] = nodes
    if (first === undefined || second !== undefined) return { groups: together(), alone: [] }
    const outcome = notApplicable(
      `${first} is the only node of its cluster in this run: there is nothing to compare it with`,
    )
    return { groups: [], alone: questions.inOrder().map((one) => findingOf(one, first, outcome)) }
  }
  return { add, finish }
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
