import { describe, expect, it } from 'vitest'
import { readKubeconfig } from '../../../src/facts/certificates/kubeconfig.ts'
import { noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import { recorded } from '../../support/recorded.ts'

const read = (text: string, path = '/etc/kubernetes/x.conf') => readKubeconfig(observed(text, noSource), path)

describe('readKubeconfig', () => {
  it('finds what kubeadm embeds', () => {
    const kubeconfig = read(recorded('kubeadm-1.36/kubeconfig/scheduler.conf'))

    expect(kubeconfig).toMatchObject({
      kind: 'observed',
      fact: {
        users: [
          { name: 'system:kube-scheduler', certificate: { kind: 'embedded' }, key: { kind: 'embedded' } },
        ],
        authorities: [{ kind: 'embedded' }],
      },
    })
  })

  it('takes paths from the directory of the file', () => {
    expect(
      read('kind: Config\nusers: [{name: a, user: {client-certificate: pki/a.crt, client-key: /k}}]'),
    ).toMatchObject({
      fact: {
        users: [{ certificate: { path: '/etc/kubernetes/pki/a.crt' }, key: { path: '/k' } }],
        authorities: [],
      },
    })
  })

  it('lets embedded data win over a path, as the client does', () => {
    const text =
      'kind: Config\nusers: [{name: a, user: {client-certificate: /a.crt, client-certificate-data: aGk=}}]'

    expect(read(text)).toMatchObject({ fact: { users: [{ certificate: { kind: 'embedded', text: 'hi' } }] } })
  })

  it('has no certificate for a user with a token', () => {
    expect(
      read('kind: Config\nusers: [{name: a, user: {token: <redacted>}}, {name: b, user: null}]'),
    ).toMatchObject({ fact: { users: [] } })
  })

  it.each([
    ['a kubelet configuration, which has the same name in some installations', 'kind: KubeletConfiguration'],
    ['users that are no list', 'kind: Config\nusers: {}'],
    ['a list', '- a'],
    ['broken YAML', 'kind: [x'],
  ])('is not %s', (_, text) => {
    expect(read(text)).toMatchObject({ kind: 'unavailable', reason: 'unparsable' })
  })

  it('knows the server in use: of the current context, or the only one', () => {
    const two = `kind: Config
users: []
clusters: [{name: a, cluster: {server: "https://a:6443"}}, {name: b, cluster: {server: "https://b:6443"}}]
`
    const contexts = 'contexts: [{name: x, context: {cluster: b}}, {name: y, context: {cluster: a}}]\n'
    const serverIn = (text: string) => {
      const found = read(text)
      return found.kind === 'observed' ? found.fact.server : found
    }
    expect(serverIn(`${two}${contexts}current-context: x\n`)).toBe('https://b:6443')
    expect(serverIn(`${two}${contexts}`)).toBeUndefined()
    expect(serverIn(two)).toBeUndefined()
    expect(
      serverIn('kind: Config\nusers: []\nclusters: [{name: a, cluster: {server: "https://a:6443"}}]'),
    ).toBe('https://a:6443')
    expect(
      serverIn('kind: Config\nusers: []\nclusters: [{name: a, cluster: {server: 6443}}]'),
    ).toBeUndefined()
    expect(serverIn(recorded('kubeadm-1.36/kubeconfig/scheduler.conf'))).toMatch(/^https:/)
  })

  it('passes on why it could not be read', () => {
    expect(readKubeconfig(unavailable('permission-denied', noSource), '/x')).toMatchObject({
      reason: 'permission-denied',
    })
  })
})
