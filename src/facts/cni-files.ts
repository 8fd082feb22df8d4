import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import {
  fileRecord,
  fileRecordFields,
  listOf,
  mayBeRegular,
  ownerProbes,
  ownersOf,
} from './files/file-record.ts'
import { treeOf } from './files/pki-tree.ts'
import { probesFor } from './files/probes-for.ts'
import { gapOf, sourceOf } from './files/raw-source.ts'
import type { SettingFile } from './files/setting-files.ts'
import { settingFiles } from './files/setting-files.ts'

const runtimes = ['containerd', 'crio', 'cri-dockerd']

/** Where network plugins are configured unless the runtime says otherwise; the second is K3s's. */
const usualDirectories = ['/etc/cni/net.d', '/var/lib/rancher/k3s/agent/etc/cni/net.d'] as const

/** Where the host-local plugin keeps the addresses it gave out. */
const addresses = '/var/lib/cni/networks'

/** Directories a runtime of this node takes network configuration from. */
function configured(node: NodeContext): readonly Evidence<SettingFile>[] {
  return runtimes.flatMap((runtime) => settingFiles(node, runtime, 'cni-conf-dir'))
}

/** Regular files below a directory; what could not be listed or looked at stays as a gap. */
function regularFiles(node: NodeContext, root: string, counts: (path: string) => boolean): readonly Fact[] {
  const directory = node.view.directory(root)
  if (directory.state === 'unavailable') {
    return [gapOf(directory, root)]
  }
  const { paths, gaps } = treeOf(node.view, root)
  const records = paths.filter(counts).flatMap((path): readonly Fact[] => {
    const file = node.view.file(path)
    if (file.state === 'unavailable') return [gapOf(file, path)]
    return file.state === 'observed' && mayBeRegular(file) ? [fileRecord(file, ownersOf(node))] : []
  })
  return [...records, ...gaps.map((gap) => gapOf(gap, gap.path))]
}

function isLock(path: string): boolean {
  return path.endsWith('/lock')
}

function isDirectlyIn(directory: string): (path: string) => boolean {
  return (path) => path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes('/')
}

/** Network plugin configuration and address files; lock files, which plugins create executable, do not count. */
export const cniFiles: FactKind = {
  kind: 'cni-files',
  title: 'Mode and owner of network plugin configuration and address files',
  parameters: {},
  fields: () => fileRecordFields,
  probes: (_, knowledge) => [
    ...probesFor(knowledge, runtimes),
    ...usualDirectories.map((path) => ({ kind: 'glob', pattern: `${path}/*`, holds: 'file' }) as const),
    { kind: 'tree', path: addresses, depth: 2 },
    ...ownerProbes,
  ],
  derive: (_, node) => {
    const given = configured(node)
    const own = given.flatMap((one) =>
      one.kind === 'observed' ? [one.fact.path.replace(/(?<=.)\/+$/, '')] : [],
    )
    const gaps = given.filter((one) => one.kind === 'unavailable')
    const directories = [...new Set(own.length > 0 ? own : usualDirectories)]
    const records = [
      ...directories.flatMap((directory) => regularFiles(node, directory, isDirectlyIn(directory))),
      ...regularFiles(node, addresses, (path) => !isLock(path)),
      ...gaps,
    ]
    const looked = [...directories, addresses].map((path) => sourceOf(node.view.directory(path)))
    return listOf(records, joinSources(...looked), `nothing in ${directories.join(', ')}`)
  },
}
