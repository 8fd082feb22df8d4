import type { NamedResult, Renumbered } from '../model/diff.ts'
import { type Finding, isSingle, type Result } from '../model/finding.ts'
import type { Pairs } from './pair.ts'

/** `A → B` for each target of both results that was asked by another profile. */
export function profileMoves(
  before: Pick<Result, 'targets'>,
  after: Pick<Result, 'targets'>,
): readonly string[] {
  const asked = new Map(before.targets.filter(isSingle).map(({ id, profile }) => [id, profile]))
  const moves = after.targets.filter(isSingle).flatMap(({ id, profile, reached }) => {
    const earlier = asked.get(id) ?? ''
    return !reached || earlier === '' || earlier === profile ? [] : [`${earlier} → ${profile}`]
  })
  return [...new Set(moves)].toSorted()
}

/** Profiles that have their name still and ask something else: edited, tailored, or of another version of khard. */
function editedProfiles(before: Result, after: Result): readonly string[] {
  const digests = new Map(before.profiles.map(({ id, digest }) => [id, digest]))
  return after.profiles
    .filter(({ id, digest }) => (digests.get(id) ?? digest) !== digest)
    .map(
      ({ id }) => `Profile ${id} is not what it was: it was edited, tailored, or comes with another khard.`,
    )
}

function editionsOf({ benchmarks }: Result): ReadonlyMap<string, string> {
  const ids = [...new Set(benchmarks.map(({ id }) => id))]
  const versions = (id: string): readonly string[] =>
    benchmarks.flatMap((one) => (one.id === id ? [one.version] : []))
  return new Map(ids.map((id) => [id, [...new Set(versions(id))].toSorted().join(' and ')]))
}

function editionMoves(before: Result, after: Result): readonly string[] {
  const earlier = editionsOf(before)
  return [...editionsOf(after)].flatMap(([id, edition]) => {
    const was = earlier.get(id)
    return was === undefined || was === edition
      ? []
      : [`${id} is compared across editions: ${was} before, ${edition} now.`]
  })
}

/** What a reader has to know before the differences mean anything. */
export function notesOn(before: NamedResult, after: NamedResult): readonly string[] {
  if (before.digest === after.digest) return ['Both files hold the same result.']
  const moves = profileMoves(before.result, after.result)
  const isSwapped = Date.parse(before.result.evaluatedAt) > Date.parse(after.result.evaluatedAt)
  return [
    ...(isSwapped
      ? [`${before.file} is younger than ${after.file}: were they meant the other way round?`]
      : []),
    ...moves.map((move) => `Another profile was asked: ${move}.`),
    ...editedProfiles(before.result, after.result),
    ...editionMoves(before.result, after.result),
  ]
}

const keyOf = ({ target, benchmark, check }: Finding): string => JSON.stringify([target, benchmark, check])

/** Checks that vanished under one control and appeared under another of the same benchmark. */
export function renumberedIn({ vanished, appeared }: Pairs): readonly Renumbered[] {
  const earlier = new Map(vanished.map((one) => [keyOf(one), one.control]))
  const found = appeared.flatMap((one): readonly Renumbered[] => {
    const before = earlier.get(keyOf(one))
    if (one.check === undefined || before === undefined) return []
    return [{ benchmark: one.benchmark, check: one.check, before, after: one.control }]
  })
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
}
