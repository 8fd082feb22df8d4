import { describe, expect, it } from 'vitest'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { ownerOf } from '../../../src/facts/files/owners.ts'
import { pemKindsOf } from '../../../src/facts/files/pki-tree.ts'
import { hostFile } from '../../../src/facts/files/setting-files.ts'
import { splitShown } from '../../../src/facts/files/unit-files.ts'
import { filesIn } from '../../../src/facts/files/unit-paths.ts'
import { pkiFiles } from '../../../src/facts/pki-files.ts'
import { noSource, unavailable } from '../../../src/model/evidence.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { content, missing, nodeWith, noUnits, plain, process } from '../../support/settings-node.ts'
import { certificateText, denied, key, kubeadmNode, stat, withFlags } from './kubeadm-node.ts'

describe('a path inside a container', () => {
  const [inside, outside] = ['/proc/101/root/opt/a', '/opt/a']
  const used = (node: NodeContext) => hostFile(node, 'kube-apiserver', { path: outside, source: noSource })
  const asUser = (node: NodeContext, uid: number): NodeContext => {
    const view = { ...node.view, evidence: { ...node.view.evidence, uid } }
    return { ...node, view }
  }
  const service = process({
    name: 'kube-apiserver',
    pid: 101,
    argv: ['/usr/bin/kube-apiserver'],
    contained: true,
    cgroup: '0::/system.slice/kube-apiserver.service',
  })

  it('is no file of the node for root, who would have seen its mounts', () => {
    expect(used(kubeadmNode())).toMatchObject({ kind: 'absent' })
    expect(used(asUser(kubeadmNode(), 1000))).toMatchObject({ kind: 'absent' })
  })

  it('may be one where neither the container nor its manifest could be seen', () => {
    const bare = nodeWith([...noUnits, { ...service, cgroup: '0::/system.slice/docker-0a.scope' } as RawItem])
    expect(used(asUser(bare, 1000))).toMatchObject({ kind: 'unavailable', reason: 'permission-denied' })
    expect(used(bare)).toMatchObject({ kind: 'absent' })
  })

  it('is not told from the node’s when the collection ended before', () => {
    const cut = kubeadmNode()
    const view = { ...cut.view, evidence: { ...cut.view.evidence, end: 'disconnected' as const } }
    expect(used({ ...cut, view })).toMatchObject({ kind: 'unavailable', reason: 'not-collected' })
  })

  it.each([
    ['the same by every number', {}, outside],
    ['another file', { uid: 5 }, inside],
    ['a link into a volume', { type: 'symlink', target: '/v/..data/a' } as const, inside],
  ])('is the host’s own for a service when what it sees is %s', (_, about, path) => {
    const node = nodeWith([...noUnits, service, stat(inside), stat(outside, about)])
    expect(used(node)).toMatchObject({ kind: 'observed', fact: { path } })
  })

  it('is the one the service sees when only that was seen', () => {
    expect(used(nodeWith([...noUnits, service, stat(inside)]))).toMatchObject({ kind: 'observed' })
  })
})

describe('an owner', () => {
  const gap = unavailable('permission-denied', noSource)
  const owners = { users: new Map([[5, 'five']]), groups: new Map([[6, 'six']]), source: noSource, gap }

  it.each([
    [{ uid: 5, gid: 6 }, 'five:six'],
    [{ uid: 5, gid: 7 }, { unavailable: 'permission-denied' }],
    [{ uid: 7, gid: 6 }, { unavailable: 'permission-denied' }],
  ])('of %j is known as far as the names were read', (ids, expected) => {
    expect(plain(ownerOf(owners, ids, noSource))).toEqual(expected)
  })
})

describe('what a file of a PKI holds', () => {
  const kinds = (...items: readonly RawItem[]): unknown => {
    const seen = stat('/p') as Extract<RawItem, { kind: 'file'; state: 'observed' }>
    const found = pemKindsOf(nodeWith(items).view, seen)
    return found.kind === 'observed' ? found.fact : plain(found)
  }
  const pem = (label: string) => `-----BEGIN ${label}-----\nAA==\n-----END ${label}-----\n`

  it('is told by its text, and by a key that was derived from it', () => {
    expect(kinds(content('/p', certificateText('ca')))).toEqual(['certificate'])
    expect(kinds(content('/p', `${certificateText('ca')}${pem('RSA PRIVATE KEY')}`))).toEqual([
      'certificate',
      'private-key',
    ])
    expect(kinds(content('/p', ''), key('/p', 'x'))).toEqual(['private-key'])
    expect(kinds(key('/p', 'x'))).toEqual(['private-key'])
    expect(kinds()).toEqual({ unavailable: 'not-collected' })
  })
})

describe('names of a unit’s files', () => {
  it.each([
    ['/a /b', ['/a', '/b']],
    [String.raw`"/a b" $'/c\'d'`, ['/a b', "/c'd"]],
    [`/it's "x"`, ["/it's", 'x']],
    ['', []],
  ])('in %j', (shown, words) => {
    expect(splitShown(shown)).toEqual(words)
  })

  it('of a directory that does not exist are none', () => {
    const view = nodeWith([missing('directory', '/d')]).view
    expect(filesIn(view, { path: '/d', source: noSource }, '.conf')).toEqual([])
  })
})

describe('PKI files', () => {
  it('cannot be asked for by a kind there is not', () => {
    expect(plain(pkiFiles.derive({ fact: 'pki-files', holds: 'secrets' }, kubeadmNode()))).toEqual({
      unavailable: 'not-collected',
    })
  })

  it('in a directory of their own that cannot be listed are those in use', () => {
    const flags = ['--tls-cert-file=/opt/tls/a.crt', '--tls-private-key-file=/opt/tls/a.key']
    const node = kubeadmNode([
      ...withFlags('kube-apiserver', flags, ['tls-cert-file', 'tls-private-key-file']),
      denied('directory', '/opt/tls'),
      stat('/proc/101/root/opt/tls/a.crt', { holds: ['certificate'] }),
      stat('/proc/101/root/opt/tls/a.key', { holds: ['private-key'] }),
    ])
    const found = plain(pkiFiles.derive({ fact: 'pki-files', holds: 'private-key' }, node)) as {
      path: string
    }[]
    expect(found.map((one) => one.path)).toContain('/proc/101/root/opt/tls/a.key')
  })
})
