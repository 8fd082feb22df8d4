import type { Fact } from '../model/evidence.ts'
import { joinSources } from '../model/evidence.ts'
import { adminPaths, usualAdminPaths } from './certificates/admin-paths.ts'
import type { FactKind } from './fact-kind.ts'
import { fileRecord, fileRecordFields, listOf, ownerProbes, ownersOf } from './files/file-record.ts'
import { sourceOf, textOf } from './files/raw-source.ts'

/** Kubeconfigs that make whoever reads them an administrator of the cluster. */
export const adminKubeconfigs: FactKind = {
  kind: 'admin-kubeconfigs',
  title: "Mode and owner of administrators' kubeconfigs",
  parameters: {},
  fields: () => fileRecordFields,
  probes: () => [
    ...usualAdminPaths.map((path) => ({ kind: 'path', path, holds: 'kubeconfig' }) as const),
    { kind: 'glob', pattern: '/etc/kubernetes/*.conf', holds: 'kubeconfig' },
    ...ownerProbes,
  ],
  derive: (_, node) => {
    const files = adminPaths(node.view).map((path) => node.view.file(path))
    const source = joinSources(
      ...files.map(sourceOf),
      ...files.map((file) => textOf(node.view.content(file.path)).source),
    )
    const records: readonly Fact[] = files.map((file) => fileRecord(file, ownersOf(node)))
    return listOf(
      records.filter((record) => record.kind !== 'absent'),
      source,
      'no administrator kubeconfig is on the node',
    )
  },
}
