import type { Fact } from '../../src/model/evidence.ts'
import { isFactList, isFactRecord, noSource, unavailable } from '../../src/model/evidence.ts'

/** Every way to lose one part of a fact: the whole of it, or any part inside. */
export function withoutOnePart(fact: Fact): readonly Fact[] {
  const gone = unavailable('permission-denied', noSource)
  if (fact.kind !== 'observed') return [gone]
  const { fact: value } = fact
  if (isFactList(value)) {
    const poorer = value.flatMap((item, index) => withoutOnePart(item).map((part) => value.with(index, part)))
    return [gone, ...poorer.map((list) => ({ ...fact, fact: list }))]
  }
  if (!isFactRecord(value)) return [gone]
  const poorer = Object.entries(value).flatMap(([name, field]) =>
    withoutOnePart(field).map((part) => ({ ...value, [name]: part })),
  )
  return [gone, ...poorer.map((record) => ({ ...fact, fact: record }))]
}
