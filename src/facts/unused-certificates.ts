import { joinSources } from '../model/evidence.ts'
import { leftoverFields, leftovers } from './certificates/leftovers.ts'
import { certificates } from './certificates.ts'
import type { FactKind } from './fact-kind.ts'
import { listOf } from './files/file-record.ts'
import { pkiDirectories, pkiProbes } from './files/pki-tree.ts'
import { sourceOf } from './files/raw-source.ts'

/** Certificates that lie among those in use and that no component names: copies for people, and what was left behind. */
export const unusedCertificates: FactKind = {
  kind: 'unused-certificates',
  title: 'Certificates among the keys of the cluster that no component of the node uses',
  parameters: {},
  fields: () => leftoverFields,
  probes: (_, knowledge) => [...certificates.probes({ fact: certificates.kind }, knowledge), ...pkiProbes],
  derive: (_, node) => {
    const directories = pkiDirectories(node).map((path) => sourceOf(node.view.directory(path)))
    return listOf(leftovers(node), joinSources(...directories), 'every certificate there is in use')
  },
}
