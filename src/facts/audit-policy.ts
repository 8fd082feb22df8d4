import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { apiServerProbes, apiServerSettings, settingDocument, settingOf } from './policies/api-server.ts'
import type { AuditBackend } from './policies/audit-fact.ts'
import { auditPolicyFact, auditPolicyFields } from './policies/audit-fact.ts'
import { readAuditPolicy } from './policies/audit-policy-document.ts'

/** Where events go, from the two settings that send them somewhere. */
export function auditBackends(log: Fact, webhook: Fact): Evidence<readonly AuditBackend[]> {
  for (const setting of [log, webhook]) if (setting.kind === 'unavailable') return setting
  const backends: AuditBackend[] = []
  if (log.kind === 'observed') backends.push(log.fact === '-' ? 'stdout' : 'file')
  if (webhook.kind === 'observed') backends.push('webhook')
  return observed(backends, joinSources(log.source, webhook.source))
}

/** What the API server's audit log records: its policy simulated, not its presence noted. */
export const auditPolicy: FactKind = {
  kind: 'audit-policy',
  title: 'What the audit log records: the policy simulated request by request, first match wins',
  parameters: {},
  fields: () => auditPolicyFields,
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const policy = settingOf(settings, 'audit-policy-file')
    if (policy.kind === 'unavailable') return policy
    return auditPolicyFact({
      rules: readAuditPolicy(settingDocument(node, 'audit-policy-file')),
      backends: auditBackends(
        settingOf(settings, 'audit-log-path'),
        settingOf(settings, 'audit-webhook-config-file'),
      ),
    })
  },
}
