import { theNodes } from '../../model/check.ts'
import type { Provenance } from '../../model/evidence.ts'
import type { CheckInput } from '../check-input.ts'
import { mostItems } from '../show.ts'
import type { Claim } from './claim.ts'
import { type GroupCheck, gapOf, type Membership } from './group-check.ts'
import { type GroupName, groupNames } from './groups.ts'
import { judgeClaim, type Tallies } from './judge.ts'
import { type GroupOutcome, notApplicable, outcomeOf } from './outcome.ts'
import { readSubject, type Subject } from './subject.ts'
import { createTally, type Tally } from './tally.ts'

/** What a group must know of a node to name it. */
export interface NamedNode {
  /** Id of the target, as findings name it. */
  readonly target: string
  /** `sha256:…` of each raw item, in the same order. */
  readonly itemDigests: (ids: readonly string[]) => readonly string[]
}

/** What is known of one check over one group so far. */
export interface Forming {
  members: number
  unsure: number
  /** The values of each claim, by its position. */
  readonly tallies: Map<number, Tallies>
}

/** Checks over nodes while the nodes come in. Of each node only the values that are compared are kept. */
export interface Groups {
  readonly add: (check: GroupCheck, node: NamedNode, input: CheckInput) => void
  /** What a check says of each group that some node is in, or may be; of everybody when there is none. */
  readonly judge: (check: GroupCheck) => readonly (readonly [GroupName, GroupOutcome])[]
  /** By check, then by group. */
  readonly formed: ReadonlyMap<string, ReadonlyMap<GroupName, Forming>>
  /** Takes over what is known of other nodes; those groups are of no use afterwards. */
  readonly absorb: (other: Groups) => void
}

function talliesFor(claim: Claim): Tallies {
  // Settings are compared as a whole, and a span may be given as a range; everything else value by value.
  const each = claim.kind !== 'same' && claim.kind !== 'span'
  return { own: createTally(each), other: createTally(true) }
}

/** The values of one claim, none when it was not asked yet. */
function talliesAt({ tallies }: Forming, index: number, claim: Claim): Tallies {
  const known = tallies.get(index) ?? talliesFor(claim)
  tallies.set(index, known)
  return known
}

interface Adding {
  readonly node: NamedNode
  readonly membership: Exclude<Membership, { kind: 'apart' }>
}

function addValue(tally: Tally, subject: Subject, { node, membership }: Adding): void {
  const { target } = node
  if (membership.kind === 'unsure') {
    tally.addGap({ node: target, ...membership.gap })
    return
  }
  const holder = (at: readonly Provenance[], evidence: readonly string[]) => ({ node: target, at, evidence })
  if (subject.fact === theNodes) {
    tally.add(target, holder([], []))
    return
  }
  const reading = readSubject(subject, membership.facts)
  if (reading.kind === 'missing') {
    tally.addGap({ node: target, ...gapOf(subject.label, reading.missing) })
    return
  }
  const { at, items } = reading.source
  tally.add(reading.value, holder(at.slice(0, mostItems), node.itemDigests(items)))
}

function addClaim(claim: Claim, { own, other }: Tallies, adding: Adding): void {
  addValue(own, claim.subject, adding)
  if ('of' in claim) addValue(other, claim.of, adding)
}

function joinForming(forming: Forming, { members, unsure, tallies }: Forming): void {
  forming.members += members
  forming.unsure += unsure
  for (const [index, { own, other }] of tallies) {
    const known = forming.tallies.get(index)
    known?.own.absorb(own)
    known?.other.absorb(other)
    if (known === undefined) forming.tallies.set(index, { own, other })
  }
}

function judgeGroup({ check, claims }: GroupCheck, forming: Forming, name: string): GroupOutcome {
  const { members, unsure } = forming
  const counts = claims.every(({ kind }) => kind === 'count')
  if (members + unsure < 2 && !(counts && members > 0))
    return notApplicable(`Of ${name} only one is concerned: there is nothing to compare it with`)
  return outcomeOf(
    check,
    claims.map((claim, index) => judgeClaim(claim, talliesAt(forming, index, claim))),
  )
}

/** Starts with no node at all; they may come in any order. */
export function createGroups(): Groups {
  const checks = new Map<string, Map<GroupName, Forming>>()
  const formingOf = (check: string, group: GroupName): Forming => {
    const groups = checks.get(check) ?? new Map<GroupName, Forming>()
    const one = groups.get(group) ?? { members: 0, unsure: 0, tallies: new Map<number, Tallies>() }
    groups.set(group, one)
    checks.set(check, groups)
    return one
  }
  return {
    formed: checks,
    absorb({ formed }) {
      for (const [check, groups] of formed)
        for (const [group, forming] of groups) joinForming(formingOf(check, group), forming)
    },
    add(check, node, input) {
      const membership = check.membership(input)
      if (membership.kind === 'apart') return
      for (const group of membership.groups) {
        const forming = formingOf(check.check.id, group)
        forming[membership.kind === 'member' ? 'members' : 'unsure'] += 1
        for (const [index, claim] of check.claims.entries())
          addClaim(claim, talliesAt(forming, index, claim), { node, membership })
      }
    },
    judge(check) {
      const groups = checks.get(check.check.id)
      const nobody = check.check.applies.because ?? 'It is about none of these nodes'
      if (groups === undefined) return [[groupNames.all, notApplicable(nobody)]]
      return [...groups].map(([group, forming]) => [group, judgeGroup(check, forming, group)] as const)
    },
  }
}
