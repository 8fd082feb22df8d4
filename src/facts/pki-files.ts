import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { joinSources, noSource, observed, unavailable } from '../model/evidence.ts'
import type { RawFile } from '../model/node-evidence.ts'
import { layoutProbes } from './certificates/rancher-layout.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import {
  fileFields,
  fileRecordFields,
  listOf,
  mayBeRegular,
  ownerProbes,
  ownersOf,
} from './files/file-record.ts'
import { foreignOwner } from './files/foreign-owner.ts'
import { pkiFilesInUse } from './files/pki-in-use.ts'
import { isBelow, pemKindsOf, pkiDirectories, pkiProbes, treeOf } from './files/pki-tree.ts'
import { clusterComponents, probesFor } from './files/probes-for.ts'
import { gapOf, sourceOf } from './files/raw-source.ts'
import type { SettingFile } from './files/setting-files.ts'
import { usedFileRecord } from './files/setting-files.ts'
import { programProbes, rancherPrograms } from './rancher/program.ts'

const wanted = ['certificate', 'private-key', 'any'] as const
type Wanted = (typeof wanted)[number]

function isWanted(value: unknown): value is Wanted {
  return wanted.some((one) => one === value)
}

/** Directories all kinds of programs share: only the file that is in use counts there. */
const shared = [
  '/',
  '/etc',
  '/etc/ssl',
  '/etc/ssl/certs',
  '/etc/ssl/private',
  '/etc/pki',
  '/etc/pki/tls/certs',
  '/root',
  '/tmp',
]

function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1))
}

/** The record of a file, and whose it is where it should not be. */
function pkiRecord(node: NodeContext, file: Extract<RawFile, { state: 'observed' }>): Fact {
  const own = { ...fileFields(file, ownersOf(node)), 'foreign-owner': foreignOwner(node, file) }
  return observed(own, sourceOf(file))
}

/** One path of a tree: its record when it is what was asked for, nothing when it is not, a gap when that is unknown. */
function recordIf(node: NodeContext, path: string, holds: Wanted): readonly Fact[] {
  const file = node.view.file(path)
  if (file.state === 'absent') return [] // a link that leads nowhere
  if (file.state === 'unavailable') return [gapOf(file, path)]
  if (holds === 'any') return [pkiRecord(node, file)]
  if (!mayBeRegular(file)) return []
  const kinds = pemKindsOf(node.view, file)
  if (kinds.kind === 'unavailable') return [kinds]
  return kinds.kind === 'observed' && kinds.fact.includes(holds) ? [pkiRecord(node, file)] : []
}

/** Everything in the known PKI directories that exist. */
function knownTrees(node: NodeContext, holds: Wanted): readonly (readonly [string, readonly Fact[]])[] {
  return pkiDirectories(node).flatMap((root) => {
    const directory = node.view.directory(root)
    if (directory.state === 'absent') return []
    if (directory.state === 'unavailable') {
      return [[root, [gapOf(directory, root)]] as const]
    }
    const { paths, gaps } = treeOf(node.view, root)
    const missing = gaps.map((gap) => [`${gap.path} `, [gapOf(gap, gap.path)]] as const)
    return [...paths.map((path) => [path, recordIf(node, path, holds)] as const), ...missing]
  })
}

/** Around the files in use, outside the known directories: their directory, and other keys and certificates in it. */
function around(
  node: NodeContext,
  used: readonly SettingFile[],
  holds: Wanted,
): readonly (readonly [string, readonly Fact[]])[] {
  const outside = used.filter(({ path }) => !isBelow(path, pkiDirectories(node)))
  const directories = [...new Set(outside.map(({ path }) => directoryOf(path)))].filter(
    (path) => !shared.includes(path),
  )
  const listed = directories.flatMap((path) => {
    const directory = node.view.directory(path)
    if (directory.state !== 'observed') return []
    const below = directory.entries.filter((entry) => directoryOf(entry) === path)
    const pem = below
      .filter((entry) => isPem(node, entry))
      .map((entry) => [entry, recordIf(node, entry, holds)] as const)
    return holds === 'any' ? [[path, recordIf(node, path, 'any')] as const, ...pem] : pem
  })
  const own = outside.map((file) => [file.path, usedRecord(node, file, holds)] as const)
  return [...own, ...listed]
}

function isPem(node: NodeContext, path: string): boolean {
  const file = node.view.file(path)
  if (file.state !== 'observed' || !mayBeRegular(file)) return false
  const kinds = pemKindsOf(node.view, file)
  return kinds.kind === 'observed' && kinds.fact.length > 0
}

function usedRecord(node: NodeContext, file: SettingFile, holds: Wanted): readonly Fact[] {
  if (node.view.file(file.path).state === 'absent') return [usedFileRecord(node, file)]
  return recordIf(node, file.path, holds)
}

function missingInTrees(
  node: NodeContext,
  used: readonly SettingFile[],
): readonly (readonly [string, readonly Fact[]])[] {
  return used
    .filter(({ path }) => isBelow(path, pkiDirectories(node)) && node.view.file(path).state === 'absent')
    .map((file) => [file.path, [usedFileRecord(node, file)]] as const)
}

function pkiFilesFact(node: NodeContext, holds: Wanted): Fact {
  const inUse: readonly Evidence<SettingFile>[] = node.memo('files:pki-in-use', () => pkiFilesInUse(node))
  const used = inUse.flatMap((one) => (one.kind === 'observed' ? [one.fact] : []))
  const gaps = new Map(
    inUse.flatMap((one) =>
      one.kind === 'unavailable'
        ? [[JSON.stringify([one.reason, one.detail, one.source.items]), one] as const]
        : [],
    ),
  )
  const records = new Map([
    ...knownTrees(node, holds),
    ...around(node, used, holds),
    ...missingInTrees(node, used),
  ])
  const looked: Source = joinSources(
    ...pkiDirectories(node).map((path) => sourceOf(node.view.directory(path))),
  )
  return listOf(
    [...[...records.values()].flat(), ...gaps.values()],
    looked,
    'no certificates or keys were found',
  )
}

/** Files of the cluster's PKI, found where the components look and told apart by content, not by suffix. */
export const pkiFiles: FactKind = {
  kind: 'pki-files',
  title:
    'Mode and owner of certificate and key files, found where the components look and told apart by content',
  parameters: { holds: { means: 'certificate, private-key, or any (directories as well)' } },
  fields: () => [...fileRecordFields, 'foreign-owner'],
  faults: (request) => (isWanted(request['holds']) ? [] : [`"holds" is none of ${wanted.join(', ')}`]),
  probes: (_, knowledge) => [
    ...probesFor(knowledge, clusterComponents),
    ...programProbes(rancherPrograms.rke2),
    ...programProbes(rancherPrograms.k3s),
    ...layoutProbes,
    ...pkiProbes,
    ...ownerProbes,
  ],
  derive: (request, node) => {
    const { holds } = request
    return isWanted(holds) ? pkiFilesFact(node, holds) : unavailable('not-collected', noSource, 'holds')
  },
}
