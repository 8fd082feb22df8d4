import { type Evidence, type Fact, mapEvidence, observed, type Source } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { findPlugin } from './policies/admission-configuration.ts'
import { apiServer, apiServerProbes, apiServerSettings, settingDocument } from './policies/api-server.ts'
import { builtIn, type PodSecurity, readPodSecurity } from './policies/pod-security.ts'
import { settingText } from './settings/of-node.ts'
import { documentAt } from './settings/referenced-document.ts'

/** What the plugin was told; absent when no file tells it anything. */
function podSecurity(node: NodeContext): Evidence<PodSecurity> {
  const setting = settingText(node, apiServer, 'admission-control-config-file')
  if (setting.kind !== 'observed') return setting
  const file = settingDocument(node, 'admission-control-config-file')
  const place = findPlugin(file, { plugin: 'PodSecurity', at: setting.fact })
  if (place.kind !== 'observed') return place
  const { fact, source } = place
  switch (fact.kind) {
    case 'none':
      return { kind: 'absent', source, detail: 'the file says nothing about PodSecurity' }
    case 'inline':
      return readPodSecurity(observed(fact.configuration, source))
    case 'path': {
      const document = documentAt(node, apiServer, fact.path, source.at)
      return readPodSecurity(mapEvidence(document, (read, at) => observed(read.document, at)))
    }
    default:
      return fact satisfies never
  }
}

function list(texts: readonly string[], source: Source): Fact {
  return observed(
    texts.map((text) => observed(text, source)),
    source,
  )
}

function record(isConfigured: boolean, read: PodSecurity, source: Source): Fact {
  return observed(
    {
      configured: observed(isConfigured, source),
      enforce: observed(read.enforce, source),
      'enforce-version': observed(read.enforceVersion, source),
      audit: observed(read.audit, source),
      'audit-version': observed(read.auditVersion, source),
      warn: observed(read.warn, source),
      'warn-version': observed(read.warnVersion, source),
      'exempt-namespaces': list(read.exemptNamespaces, source),
      'exempt-usernames': list(read.exemptUsernames, source),
      'exempt-runtime-classes': list(read.exemptRuntimeClasses, source),
    },
    source,
  )
}

/** What pods may do in namespaces that say nothing about it. */
export const podSecurityDefaults: FactKind = {
  kind: 'pod-security-defaults',
  title:
    'Pod security levels of namespaces without labels, and who is exempt, from the admission configuration',
  parameters: {},
  fields: () => [
    'configured',
    'enforce',
    'enforce-version',
    'audit',
    'audit-version',
    'warn',
    'warn-version',
    'exempt-namespaces',
    'exempt-usernames',
    'exempt-runtime-classes',
  ],
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const told = podSecurity(node)
    if (told.kind === 'unavailable') return told
    return told.kind === 'observed'
      ? record(true, told.fact, told.source)
      : record(false, builtIn, told.source)
  },
}
