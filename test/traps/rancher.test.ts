import { describe, expect, it } from 'vitest'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import { type Answers, answering, readMutations, recordedNode } from '../mutations/answers.ts'
import { type Mutation, mutate } from '../mutations/mutate.ts'

interface Server {
  readonly evidence: NodeEvidence
  readonly before: Answers
  readonly answer: (evidence: NodeEvidence, at?: string) => Answers
}

async function server(name: string): Promise<Server> {
  const file = readMutations(name)
  const evidence = await recordedNode(file)
  const answer = await answering(file)
  return { evidence, answer, before: answer(evidence) }
}

type Change = Omit<Mutation, 'flips' | 'name'>
const rke2 = await server('rke2.yaml')
const k3s = await server('k3s.yaml')

/** Verdicts of these controls after one change of a hardened server. */
function verdictsAfter(
  { evidence, answer }: Server,
  controls: readonly string[],
  change: Change,
): readonly string[] {
  const answers = answer(mutate(evidence, { name: 'a change', flips: [], ...change }), change.at)
  return controls.map((control) => answers.get(control) ?? 'not asked')
}

const data = '/var/lib/rancher/rke2'
const argument = (component: string, word: string | readonly string[]): Change => ({
  item: `process ${component}`,
  argument: word,
})
const file = (path: string, change: Change): Change => ({ item: `file:*${path}`, ...change })
const text = (path: string, ...replace: [string, string]): Change => ({ item: `content:*${path}`, replace })

/** A further drop-in of the kubelet, last by name. */
function withDropIn(evidence: NodeEvidence, lines: string): NodeEvidence {
  const directory = `${data}/agent/etc/kubelet.conf.d`
  const path = `${directory}/99-own.conf`
  const body = `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${lines}\n`
  const items = evidence.items.flatMap((item): readonly RawItem[] => {
    if (item.kind === 'directory' && item.path === directory && item.state === 'observed')
      return [{ ...item, entries: [...item.entries, path] }]
    if (item.id !== `file:${directory}/00-rke2-defaults.conf` || item.kind !== 'file') return [item]
    return [
      item,
      { ...item, id: `file:${path}`, path },
      { kind: 'content', id: `content:${path}`, path, state: 'observed', text: body },
    ]
  })
  return { ...evidence, items }
}

describe('RKE2', () => {
  it('of both administrator kubeconfigs, rke2.yaml counts as well (1.1.13, 1.1.14)', () => {
    expect(verdictsAfter(rke2, ['rke2-cis 1.1.13'], file('/rke2.yaml', { mode: '0644' }))).toEqual(['fail'])
    expect(verdictsAfter(rke2, ['rke2-cis 1.1.14'], file('/rke2.yaml', { owner: '1000:0' }))).toEqual([
      'fail',
    ])
  })

  it.each([
    ['1.1.19', file('/tls/kube-scheduler/kube-scheduler.key', { owner: '1000:0' })],
    ['1.1.20', file('/tls/etcd/client.crt', { mode: '0666' })],
    ['1.1.20', file('/agent/client-kubelet.crt', { mode: '0666' })],
    ['1.1.21', file('/tls/etcd/client.key', { mode: '0640' })],
    ['1.1.21', file('/agent/serving-kubelet.key', { mode: '0640' })],
  ])('has its PKI looked at below the top level and beside it: %s', (control, change) => {
    expect(verdictsAfter(rke2, [`rke2-cis ${control}`], change)).toEqual(['fail'])
  })

  it('adds up a list flag that is given twice (1.2.3, 1.2.14)', () => {
    const words = rke2.evidence.items.flatMap((item) =>
      item.kind === 'process' && item.state === 'observed' && item.name === 'kube-apiserver' ? item.argv : [],
    )
    expect(words.filter((word) => word.startsWith('--enable-admission-plugins='))).toHaveLength(2)
    expect(['1.2.3', '1.2.14'].map((id) => rke2.before.get(`rke2-cis ${id}`))).toEqual(['pass', 'pass'])
  })

  it.each([
    ['1.2.20', 'kube-apiserver', '--request-timeout=0s'],
    ['1.2.29', 'kube-apiserver', '--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256'],
    ['1.2.29', 'kube-apiserver', '--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'],
    ['4.2.13', 'kubelet', '--pod-max-pids=-1'],
    ['4.2.14', 'kubelet', '--seccomp-default=false'],
    ['4.2.11', 'kubelet', '--tls-cert-file='],
    ['4.3.1', 'kube-proxy', '--metrics-bind-address=0.0.0.0:10249'],
  ])('is judged by the value, not by whether there is one: %s', (control, component, word) => {
    expect(verdictsAfter(rke2, [`rke2-cis ${control}`], argument(component, word))).toEqual(['fail'])
  })

  it('may bind to the loopback of IPv6; unset is every address (1.3.7, 1.4.2)', () => {
    for (const [control, component] of [
      ['1.3.7', 'kube-controller-manager'],
      ['1.4.2', 'kube-scheduler'],
    ] as const) {
      expect(verdictsAfter(rke2, [`rke2-cis ${control}`], argument(component, '--bind-address=::1'))).toEqual(
        ['pass'],
      )
      const unset = { item: `process ${component}`, without: '--bind-address' }
      expect(verdictsAfter(rke2, [`rke2-cis ${control}`], unset)).toEqual(['fail'])
    }
  })

  it('encrypts with the first provider, wherever others stand (1.2.28)', () => {
    const first = text('/encryption-config.json', '"providers":[', '"providers":[{"identity":{}},')
    expect(verdictsAfter(rke2, ['rke2-cis 1.2.28'], first)).toEqual(['fail'])
  })

  it('may have etcd certificates elsewhere: TLS is on or off, not at a path (2.1, 2.4)', () => {
    const moved = text('/server/db/etcd/config', `${data}/server/tls/etcd/`, '/etc/own-etcd/')
    expect(verdictsAfter(rke2, ['rke2-cis 2.1', 'rke2-cis 2.4'], moved)).toEqual(['pass', 'pass'])
  })

  it('has etcd’s own file read: nothing else is in force (2.3, 2.6)', () => {
    const config = '/server/db/etcd/config'
    for (const [control, table] of [
      ['2.3', 'client-transport-security:'],
      ['2.6', 'peer-transport-security:'],
    ] as const) {
      const on = text(config, `\n${table}\n`, `\n${table}\n  auto-tls: true\n`)
      expect(verdictsAfter(rke2, [`rke2-cis ${control}`], on)).toEqual(['fail'])
    }
  })

  it('has etcd’s authority compared, not its path (2.7)', () => {
    const shared = text(
      '/db/etcd/config',
      `${data}/server/tls/etcd/server-ca.crt`,
      `${data}/server/tls/client-ca.crt`,
    )
    expect(verdictsAfter(rke2, ['rke2-cis 2.7'], shared)).toEqual(['fail'])
  })

  it('writes a policy that records nothing: a file is not an audit (3.2.1)', () => {
    const none = text('/etc/rancher/rke2/audit-policy.yaml', 'level: ', 'level: None # ')
    expect(verdictsAfter(rke2, ['rke2-cis 3.2.1'], none)).toEqual(['fail'])
  })

  it('has drop-ins of the kubelet: their modes count (4.1.9, 4.1.10)', () => {
    const path = '/kubelet.conf.d/00-rke2-defaults.conf'
    expect(verdictsAfter(rke2, ['rke2-cis 4.1.9'], file(path, { mode: '0644' }))).toEqual(['fail'])
    expect(verdictsAfter(rke2, ['rke2-cis 4.1.10'], file(path, { owner: '1000:0' }))).toEqual(['fail'])
  })

  it.each([
    ['4.2.1', 'authentication: { anonymous: { enabled: true } }'],
    ['4.2.2', 'authorization: { mode: AlwaysAllow }'],
    ['4.2.3', 'authentication: { x509: { clientCAFile: "" } }'],
    ['4.2.8', 'eventRecordQPS: 1'],
    ['4.2.9', 'tlsCertFile: ""'],
  ])('is overruled by a later drop-in: %s', (control, lines) => {
    const answers = rke2.answer(withDropIn(rke2.evidence, lines))
    expect(answers.get(`rke2-cis ${control}`)).toBe('fail')
  })

  it('renews the kubelet’s certificate at a start only (4.2.10)', () => {
    expect(rke2.before.get('rke2-cis 4.2.10')).toBe('pass')
    expect(rke2.answer(rke2.evidence, '2027-11-01T00:00:00Z').get('rke2-cis 4.2.10')).toBe('fail')
  })

  it('is held to the mode the document asks for, not to a tighter one (4.1.7)', () => {
    expect(verdictsAfter(rke2, ['rke2-cis 4.1.7'], file('/agent/client-ca.crt', { mode: '0644' }))).toEqual([
      'pass',
    ])
  })
})

describe('K3s', () => {
  it('without its start log is not judged by arguments nobody saw', () => {
    const items = k3s.evidence.items.map(
      (item): RawItem =>
        item.kind === 'process' && item.state === 'observed' && item.name === 'k3s'
          ? { ...item, startLog: { state: 'unavailable', reason: 'log-rotated' } }
          : item,
    )
    const answers = k3s.answer({ ...k3s.evidence, items })
    const ofArguments = [...k3s.before].filter(([control]) => /^k3s-cis (1\.[234]|4\.2)\./.test(control))
    const claimed = ofArguments.filter(([control]) => ['pass', 'fail'].includes(answers.get(control) ?? ''))
    expect(claimed.map(([control]) => control)).toEqual([])
    expect(ofArguments.length).toBeGreaterThan(50)
  })

  it.each([
    ['4.2.1', 'kubelet', '--anonymous-auth=true'],
    ['4.2.2', 'kubelet', '--authorization-mode=AlwaysAllow'],
    ['4.2.9', 'kubelet', '--tls-cert-file='],
    ['1.2.2', 'kube-apiserver', '--token-auth-file=/etc/tokens'],
    ['1.3.7', 'kube-controller-manager', '--bind-address=0.0.0.0'],
  ])('is judged by the line of the component itself: %s', (control, runs, word) => {
    expect(verdictsAfter(k3s, [`k3s-cis ${control}`], { item: 'process k3s', runs, argument: word })).toEqual(
      ['fail'],
    )
  })

  it('has k3s.yaml looked at, and every level of its PKI (1.1.13, 1.1.19 to 1.1.21)', () => {
    expect(verdictsAfter(k3s, ['k3s-cis 1.1.13'], file('/k3s.yaml', { mode: '0644' }))).toEqual(['fail'])
    const deep = file('/tls/kube-scheduler/kube-scheduler.key', { mode: '0640', owner: '1000:0' })
    expect(verdictsAfter(k3s, ['k3s-cis 1.1.19', 'k3s-cis 1.1.21'], deep)).toEqual(['fail', 'fail'])
  })

  it('has its own CNI directory looked at (1.1.9)', () => {
    const conflist = file('/agent/etc/cni/net.d/10-flannel.conflist', { mode: '0644' })
    expect(verdictsAfter(k3s, ['k3s-cis 1.1.9'], conflist)).toEqual(['fail'])
  })
})
