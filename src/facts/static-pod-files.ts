import { type Evidence, type Fact, joinSources, mapEvidence } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { fileRecordFields, listOf, ownerProbes } from './files/file-record.ts'
import { probesFor } from './files/probes-for.ts'
import { hostFile, type SettingFile, usedFileRecord } from './files/setting-files.ts'
import { filesIn } from './files/unit-paths.ts'
import { listedName } from './manifest/listed-name.ts'
import { effectiveSettings, settingText } from './settings/of-node.ts'

/** The kubelet takes a directory, or one manifest (pkg/kubelet/config/file.go listConfig). */
function recordsAt(node: NodeContext, used: SettingFile): readonly Fact[] {
  const file = node.view.file(used.path)
  if (file.state === 'observed' && file.stat.type !== 'directory') return [usedFileRecord(node, used)]
  return filesIn(node.view, used, '').map((one) =>
    one.kind === 'observed' ? usedFileRecord(node, one.fact) : one,
  )
}

function placeOf(node: NodeContext): Evidence<SettingFile> {
  const given = settingText(node, 'kubelet', 'pod-manifest-path')
  return mapEvidence(given, (text, source) =>
    hostFile(node, 'kubelet', { path: listedName(node.view, text), source }),
  )
}

/** Everything in the directory the kubelet starts pods from, whoever put it there. */
export const staticPodFiles: FactKind = {
  kind: 'static-pod-files',
  title: 'Mode and owner of everything in the directory the kubelet starts static pods from',
  parameters: {},
  fields: () => fileRecordFields,
  probes: (_, knowledge) => [...probesFor(knowledge, ['kubelet', 'kube-apiserver']), ...ownerProbes],
  derive: (_, node) => {
    const settings = effectiveSettings(node, 'kubelet')
    if (settings.kind !== 'observed') return settings
    const place = placeOf(node)
    if (place.kind === 'unavailable') return place
    const records = place.kind === 'observed' ? recordsAt(node, place.fact) : []
    const source = joinSources(settings.source, place.source)
    return listOf(records, source, 'the kubelet starts no pods from files')
  },
}
