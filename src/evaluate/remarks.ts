import { type Fact, isFactList, isFactRecord } from '../model/evidence.ts'
import type { Finding, ObjectRemark } from '../model/finding.ts'
import type { Facts } from './leaf.ts'
import { showText } from './show.ts'

const roles = ['offending', 'noted', 'exempted'] as const

function textIn(record: Fact, field: string): string | undefined {
  if (record.kind !== 'observed' || !isFactRecord(record.fact)) return undefined
  const value = record.fact[field]
  return value?.kind === 'observed' && typeof value.fact === 'string' ? showText(value.fact) : undefined
}

function remarkOf(record: Fact): readonly ObjectRemark[] {
  const [name, kind, because] = [textIn(record, 'name'), textIn(record, 'kind'), textIn(record, 'because')]
  if (name === undefined || kind === undefined || because === undefined) return []
  const namespace = textIn(record, 'namespace')
  return [{ name, kind, ...(namespace === undefined ? {} : { namespace }), because }]
}

function listedAs(role: string, fact: Fact): readonly ObjectRemark[] {
  if (fact.kind !== 'observed' || !isFactRecord(fact.fact)) return []
  const list = fact.fact[role]
  return list?.kind === 'observed' && isFactList(list.fact) ? list.fact.flatMap(remarkOf) : []
}

/** The objects of a cluster that the facts of a check name: all of them, however many a sentence shows. */
export function remarksOf(facts: Facts): NonNullable<Finding['objects']> | undefined {
  const named = roles.flatMap((role) => {
    const remarks = Object.values(facts).flatMap((fact) => listedAs(role, fact))
    return remarks.length === 0 ? [] : [[role, remarks] as const]
  })
  return named.length === 0 ? undefined : Object.fromEntries(named)
}
