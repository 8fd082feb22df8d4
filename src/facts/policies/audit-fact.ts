import type { Evidence, Fact, FactRecord, Source } from '../../model/evidence.ts'
import { joinSources, mapEvidence, observed } from '../../model/evidence.ts'
import type { AuditArea } from './audit-levels.ts'
import { areaLevels, exemptions, recordsEvents, weakest } from './audit-levels.ts'
import type { AuditLevel, AuditRule } from './audit-policy-document.ts'
import { auditLevels } from './audit-policy-document.ts'

/** Where events go; `-` as log path is standard output. */
export type AuditBackend = 'file' | 'stdout' | 'webhook'

/** What the API server was told about auditing. */
export interface AuditSettings {
  /** Rules of the policy file; absent when the flag is unset. */
  readonly rules: Evidence<readonly AuditRule[]>
  readonly backends: Evidence<readonly AuditBackend[]>
}

const listAreas = ['secrets', 'configmaps', 'tokenreviews', 'exec'] as const
const levelAreas = [...listAreas, 'pods-write', 'deployments-write', 'rbac-write', 'catch-all'] as const

/** Fields of the audit policy fact. */
export const auditPolicyFields: readonly string[] = [
  'configured',
  'backend',
  'backends',
  'records-events',
  ...listAreas.map((area) => `${area}-levels`),
  ...levelAreas.map((area) => `${area}-level`),
  'exemptions',
  'rule-levels',
]

/** Rules that take effect: none without a policy, none without a place for events. */
function effectiveRules(given: AuditSettings): Evidence<readonly AuditRule[]> {
  const { rules, backends } = given
  if (rules.kind === 'absent') return observed([], rules.source)
  if (backends.kind !== 'observed') return backends
  if (backends.fact.length > 0) return rules
  return observed([], joinSources(rules.source, backends.source))
}

function areasOf(area: AuditArea): readonly AuditArea[] {
  return area === 'exec' ? ['exec', 'node-proxy'] : [area]
}

function levelsIn(rules: readonly AuditRule[], area: AuditArea): readonly AuditLevel[] {
  const levels = areasOf(area).flatMap((one) => areaLevels(rules, one))
  return auditLevels.filter((level) => levels.includes(level))
}

/** Levels that rules name, weakest first. */
function levelsWritten(rules: readonly AuditRule[]): readonly AuditLevel[] {
  return auditLevels.filter((level) => rules.some((rule) => rule.level === level))
}

function strings(values: readonly string[], source: Source): Fact {
  return observed(
    values.map((value) => observed(value, source)),
    source,
  )
}

/** The audit policy as checks see it: what is recorded, not what is written. */
export function auditPolicyFact(given: AuditSettings): Fact {
  const { backends } = given
  const effective = effectiveRules(given)
  const source = joinSources(given.rules.source, backends.source)
  const fromRules = (make: (rules: readonly AuditRule[], source: Source) => Fact): Fact =>
    effective.kind === 'observed' ? make(effective.fact, effective.source) : effective
  const fromBackends = (make: (list: readonly AuditBackend[]) => Fact): Fact => mapEvidence(backends, make)
  const record: Record<string, Fact> = {
    configured: observed(given.rules.kind !== 'absent', source),
    backend: fromBackends((list) => observed(list[0] ?? 'none', backends.source)),
    backends: fromBackends((list) => strings(list, backends.source)),
    'records-events': fromRules((rules, from) => observed(recordsEvents(rules), from)),
    exemptions: fromRules((rules, from) => strings(exemptions(rules), from)),
    'rule-levels': fromRules((rules, from) => strings(levelsWritten(rules), from)),
  }
  for (const area of listAreas) {
    record[`${area}-levels`] = fromRules((rules, from) => strings(levelsIn(rules, area), from))
  }
  for (const area of levelAreas) {
    record[`${area}-level`] = fromRules((rules, from) => observed(weakest(levelsIn(rules, area)), from))
  }
  const fields: FactRecord = record
  return observed(fields, source)
}
