import { describe, expect, it } from 'vitest'
import type { RawItem } from '../../src/model/node-evidence.ts'
import {
  aNode,
  asImage,
  certificate,
  denied,
  file,
  folder,
  type Part,
  pod,
  privateKey,
  process,
  unit,
} from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

function etcdFlags(directory: string): readonly string[] {
  return [
    `--cert-file=${directory}/server.crt`,
    `--key-file=${directory}/server.key`,
    `--trusted-ca-file=${directory}/ca.crt`,
    `--peer-cert-file=${directory}/server.crt`,
    `--peer-key-file=${directory}/server.key`,
    `--peer-trusted-ca-file=${directory}/ca.crt`,
  ]
}

function etcdFiles(directory: string, owner: string): Part {
  return [
    ...certificate(`${directory}/server.crt`, 'etcd/server', { owner }),
    ...privateKey(`${directory}/server.key`, 'etcd/server', { owner }),
    ...certificate(`${directory}/ca.crt`, 'etcd/ca', { owner }),
  ]
}

const own = '/etc/etcd'
const byHand = (owner: string, uid = 998, ...parts: readonly Part[]) =>
  aNode(unit('etcd', etcdFlags(own), { uid }), etcdFiles(own, owner), folder(own, { owner }), ...parts)

describe('files of an etcd that runs as a user of its own', () => {
  it.each(['etcd:etcd', 'etcd:root', 'root:etcd', 'root:root'])('may belong to %s', (owner) => {
    expect(verdictOf(byHand(owner), 'pki.owner').verdict).toBe('pass')
  })

  it.each(['kube:etcd', 'etcd:kube', 'kube:kube'])('may not belong to %s', (owner) => {
    expect(verdictOf(byHand(owner), 'pki.owner')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining(owner),
    })
  })

  it('may have a group of the same number where groups have no names', () => {
    const numbers = byHand('998:998', 998, file('/etc/group', { text: 'root:x:0:\n' }))
    expect(verdictOf(numbers, 'pki.owner').verdict).toBe('pass')
  })

  it('are root’s where etcd runs as root', () => {
    expect(verdictOf(byHand('etcd:etcd', 0), 'pki.owner').verdict).toBe('fail')
  })

  it('are the only ones: another key of its user, even beside them, is not', () => {
    const authority = privateKey(`${own}/ca.key`, 'etcd/ca', { owner: 'etcd:etcd' })
    expect(verdictOf(byHand('etcd:etcd', 998, authority), 'pki.owner')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringMatching(/\/etc\/etcd \(etcd:etcd\).*ca\.key/),
    })
    const elsewhere = certificate('/etc/kubernetes/pki/apiserver.crt', 'apiserver', { owner: 'etcd:etcd' })
    expect(verdictOf(byHand('etcd:etcd', 998, elsewhere), 'pki.owner').verdict).toBe('fail')
  })

  it('do not make the directory of other files theirs', () => {
    const text = file(`${own}/etcd.conf`, { text: 'name: a\n', holds: [], owner: 'etcd:etcd' })
    const gap = denied(`${own}/unseen`).filter(({ kind }) => kind === 'file')
    expect(verdictOf(byHand('etcd:etcd', 998, text), 'pki.owner').verdict).toBe('pass')
    expect(verdictOf(byHand('etcd:etcd', 998, gap), 'pki.owner').verdict).toBe('error')
  })

  it('outside the directories of the cluster are judged as well', () => {
    const directory = '/opt/etcd/tls'
    const node = aNode(
      unit('etcd', etcdFlags(directory), { uid: 998 }),
      etcdFiles(directory, 'etcd:etcd'),
      folder(directory, { owner: 'etcd:etcd' }),
    )
    expect(verdictOf(node, 'pki.owner').verdict).toBe('pass')
  })

  it('are open while nobody can tell as whom it runs', () => {
    expect(verdictOf(asImage(byHand('etcd:etcd')), 'pki.owner')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('as which user'),
    })
  })

  it('are nobody’s where there is no etcd', () => {
    const left = aNode(pod('kube-apiserver', [`--etcd-cafile=${own}/ca.crt`]), etcdFiles(own, 'etcd:etcd'))
    expect(verdictOf(left, 'pki.owner').verdict).toBe('fail')
  })
})

describe('files of RKE2’s etcd', () => {
  const data = '/var/lib/rancher/rke2'
  const tls = `${data}/server/tls/etcd`
  const config = '/etc/rancher/rke2/config.yaml'
  const fragment = '/etc/systemd/system/rke2-server.service'
  const properties = {
    LoadState: 'loaded',
    ActiveState: 'active',
    UnitFileState: 'enabled',
    FragmentPath: fragment,
  }
  const service: Part = [
    {
      kind: 'unit',
      id: 'unit:rke2-server.service',
      name: 'rke2-server.service',
      state: 'observed',
      properties,
    },
    ...file(fragment, { text: '[Service]\nExecStart=/usr/local/bin/rke2 server\n' }),
  ]
  const supervisor = process('rke2', ['/usr/local/bin/rke2 server'], {
    cgroup: '0::/system.slice/rke2-server.service',
    release: 'rke2 version v1.34.1+rke2r1',
  })
  const profile = (text: string): Part => [...service, ...file(config, { text })]
  const files = [
    ...etcdFiles(tls, 'etcd:etcd'),
    ...privateKey(`${tls}/server-ca.key`, 'etcd/ca', { owner: 'etcd:etcd' }),
    ...folder(tls, { owner: 'etcd:etcd' }),
  ]
  const running = process('etcd', ['etcd', ...etcdFlags(tls)], { uid: 998 })

  it('belong to the user etcd under its profile, as a whole directory in earlier releases', () => {
    const node = aNode(profile('profile: cis\n'), supervisor, running, files)
    expect(verdictOf(node, 'pki.owner').verdict).toBe('pass')
  })

  it('are the only ones: nothing else below tls may be that user’s', () => {
    const other = certificate(`${data}/server/tls/server-ca.crt`, 'ca', { owner: 'etcd:etcd' })
    const node = aNode(profile('profile: cis\n'), supervisor, running, files, other)
    expect(verdictOf(node, 'pki.owner')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('tls/server-ca.crt'),
    })
  })

  it('are root’s without the profile', () => {
    const root = process('etcd', ['etcd', ...etcdFlags(tls)], { uid: 0 })
    expect(verdictOf(aNode(profile('{}\n'), supervisor, root, files), 'pki.owner').verdict).toBe('fail')
  })

  const manifest = pod('etcd', etcdFlags(tls), {
    directory: `${data}/agent/pod-manifests`,
    runs: false,
  })
  const account = (text: string): Part => file('/etc/passwd', { text })

  it('belong to the user its profile names while it does not run', () => {
    const node = (text: string, ...parts: readonly Part[]) =>
      verdictOf(aNode(profile(text), manifest, files, ...parts), 'pki.owner')
    expect(node('profile: cis\n').verdict).toBe('pass')
    expect(node('{}\n').verdict).toBe('error')
    expect(node('profile: cis\n', account('root:x:0:0::/:/bin/sh\n')).verdict).toBe('error')
  })

  it('are open where the configuration could not be read', () => {
    const unread: readonly RawItem[] = denied(config)
    expect(verdictOf(aNode(service, unread, manifest, files), 'pki.owner').verdict).toBe('error')
  })
})
