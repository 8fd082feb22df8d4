import type { Evidence } from '../../model/evidence.ts'
import { absent, observed, unavailable } from '../../model/evidence.ts'
import { issuingPrograms } from '../certificates/issuing-programs.ts'
import { usedFiles } from '../certificates/used-files.ts'
import type { NodeContext } from '../fact-kind.ts'
import { configured, serverConfiguration } from '../rancher/configuration.ts'
import { componentState } from '../settings/of-node.ts'
import { ownersOf } from './file-record.ts'
import { isBelow, pemKindsOf, pkiDirectories } from './pki-tree.ts'

/** The files etcd was given for itself, and the account that may own them beside root. */
export interface EtcdFiles {
  readonly user: Evidence<number>
  isOwn(path: string): boolean
}

const settings = [
  'cert-file',
  'key-file',
  'trusted-ca-file',
  'peer-cert-file',
  'peer-key-file',
  'peer-trusted-ca-file',
] as const

function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1))
}

/** A directory and those above it, as far as they hold the cluster's keys. */
function upFrom(node: NodeContext, directory: string): readonly string[] {
  if (directory === '/' || !isBelow(directory, pkiDirectories(node))) return [directory]
  return [directory, ...upFrom(node, directoryOf(directory))]
}

/** True for a directory below which nothing but these files is known to hold a certificate or key. */
function isAlone({ view }: NodeContext, directory: string, own: ReadonlySet<string>): boolean {
  return view
    .all('file')
    .filter(({ path }) => path.startsWith(`${directory}/`) && !own.has(path))
    .every((file) => {
      const kinds = file.state === 'observed' ? pemKindsOf(view, file) : undefined
      return kinds?.kind !== 'observed' || kinds.fact.length === 0
    })
}

/** RKE2's profiles run etcd as the user of that name (rke2 pkg/podexecutor). */
function profileUser(node: NodeContext): Evidence<number> {
  const profile = configured(serverConfiguration(node.view, 'rke2'), 'profile')
  if (profile.kind !== 'observed') return profile
  const { users, source } = ownersOf(node)
  const [id] = [...users].find(([, name]) => name === 'etcd') ?? []
  return id === undefined ? absent(source, 'there is no user etcd') : observed(id, source)
}

/** The account etcd runs as; where it does not run, the one it is set up to run as. */
function userOf(node: NodeContext): Evidence<number> {
  const state = componentState(node, 'etcd')
  if (state.kind !== 'observed') return state
  const { process, source } = state.fact
  if (process !== undefined) return observed(process.uid, { items: [process.id], at: [] })
  const byProfile = profileUser(node)
  return byProfile.kind === 'absent'
    ? unavailable('offline', source, 'etcd does not run; as which user it would is not known')
    : byProfile
}

/** Files of etcd's own. RKE2 keeps them in a directory that is etcd's as a whole. */
export function etcdFiles(node: NodeContext): EtcdFiles {
  return node.memo('files:etcd-owned', () => {
    const files = settings.flatMap((setting) => usedFiles(node, 'etcd', setting))
    const own = new Set(files.flatMap((file) => (file.kind === 'observed' ? [file.fact.path] : [])))
    const rke2 = issuingPrograms(node)
      .filter(({ service }) => service.program === 'rke2')
      .map(({ directory }) => `${directory}/server/tls/etcd`)
    const around = [...own].flatMap((path) => upFrom(node, directoryOf(path)))
    const alone = [...new Set(around)].filter((directory) => isAlone(node, directory, own))
    return {
      user: userOf(node),
      isOwn: (path) =>
        own.has(path) ||
        [...alone, ...rke2].some((directory) => path === directory || path.startsWith(`${directory}/`)),
    }
  })
}
