import { describe, expect, it } from 'vitest'
import { component } from '../../../src/facts/component.ts'
import { componentFiles } from '../../../src/facts/component-files.ts'
import { componentSettings } from '../../../src/facts/component-settings.ts'
import { nodeName } from '../../../src/facts/node-name.ts'
import { cutConfigz, cutFlagz, kubeletPath } from '../../../src/facts/through-api/kept.ts'
import { type Fact, isFactRecord } from '../../../src/model/evidence.ts'
import { recorded, recordedWords } from '../../support/recorded.ts'
import { ofKubeadm, type Shown, shownContext } from './a-shown-node.ts'

function setting(shown: Shown, of: string, name: string): Fact | undefined {
  const fact = componentSettings.derive({ fact: 'component-settings', of }, shownContext(shown))
  return fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact[name] : fact
}

const configz = cutConfigz(JSON.parse(recorded('api/hardened/node/kubelet.configz.json')))
const flagz = cutFlagz(recorded('api/hardened/node/kubelet.flagz.txt'))

describe('a kubelet seen through the API', () => {
  it('has the settings it says it runs with', () => {
    expect(setting({ configz }, 'kubelet', 'anonymous-auth')).toMatchObject({
      kind: 'observed',
      fact: false,
      source: { at: [{ kind: 'api', at: 'GET /api/v1/nodes/cp-1/proxy/configz' }] },
    })
    expect(setting({ configz }, 'kubelet', 'client-ca-file')).toMatchObject({ fact: '/lab/pki/ca.crt' })
  })

  it('has what a file has by default where it says nothing: its answer leaves zeros out', () => {
    expect(setting({ configz }, 'kubelet', 'read-only-port')).toMatchObject({ kind: 'observed', fact: 0 })
  })

  it('shows an open port as one', () => {
    const open = { ...(configz as object), readOnlyPort: 10255 }
    expect(setting({ configz: open }, 'kubelet', 'read-only-port')).toMatchObject({ fact: 10255 })
  })

  it('shows flags that stand in no file only where it tells its flags', () => {
    expect(setting({ configz }, 'kubelet', 'cert-dir')).toMatchObject({
      kind: 'unavailable',
      reason: 'not-shown',
    })
    expect(setting({ configz, flagz }, 'kubelet', 'cert-dir')).toMatchObject({ kind: 'observed' })
    expect(setting({ configz, flagz }, 'kubelet', 'bootstrap-kubeconfig')).toMatchObject({ kind: 'absent' })
  })

  it('has no serving certificate that it wrote into its configuration when it signed for itself', () => {
    const signed = cutConfigz(JSON.parse(recorded('api/default/node/kubelet.configz.json')))
    const flags = cutFlagz(recorded('api/default/node/kubelet.flagz.txt'))
    const pair = (shown: Shown) =>
      ['tls-cert-file', 'tls-private-key-file'].map((name) => setting(shown, 'kubelet', name))
    const absent = { kind: 'absent' }
    const notShown = { kind: 'unavailable', reason: 'not-shown' }
    const seen = { kind: 'observed' }
    const with_ = (more: object) => ({ ...(signed as object), ...more })
    const flagged = (more: object) => ({ ...(flags as object), ...more })

    const alone = { config: '', 'config-dir': '' }
    expect(pair({ configz: signed, flagz: flagged(alone) })).toMatchObject([absent, absent])
    const spelt = { ...alone, 'cert-dir': '/lab//kubelet/pki/' }
    expect(pair({ configz: signed, flagz: flagged(spelt) })).toMatchObject([absent, absent])
    // A file may name the very pair.
    expect(pair({ configz: signed, flagz: flags })).toMatchObject([notShown, notShown])
    expect(pair({ configz: signed, flagz: flagged({ config: '', 'config-dir': '/d' }) })).toMatchObject([
      notShown,
      notShown,
    ])
    // Where its own directory is not told, the names are no proof either way.
    expect(pair({ configz: signed })).toMatchObject([notShown, notShown])
    expect(pair({ configz: signed, flagz: flagged({ 'cert-dir': '' }) })).toMatchObject([notShown, notShown])
    expect(pair({ configz: signed, flagz: null })).toMatchObject([notShown, notShown])
    // Look-alikes that somebody set.
    expect(pair({ configz, flagz })).toMatchObject([seen, seen])
    expect(pair({ configz: signed, flagz: flagged({ 'cert-dir': '/elsewhere' }) })).toMatchObject([
      seen,
      seen,
    ])
    expect(
      pair({ configz: with_({ tlsPrivateKeyFile: '/lab/keys/kubelet.key' }), flagz: flags }),
    ).toMatchObject([seen, seen])
    expect(
      pair({
        configz: signed,
        flagz: flagged({
          'tls-cert-file': '/lab/kubelet/pki/kubelet.crt',
          'tls-private-key-file': '/lab/kubelet/pki/kubelet.key',
        }),
      }),
    ).toMatchObject([seen, seen])
    expect(pair({ configz: with_({ tlsCertFile: '', tlsPrivateKeyFile: '' }) })).toMatchObject([
      absent,
      absent,
    ])
  })

  it('shows nothing where it does not answer', () => {
    expect(setting({}, 'kubelet', 'anonymous-auth')).toMatchObject({
      kind: 'unavailable',
      reason: 'not-shown',
    })
    expect(setting({ configz: null }, 'kubelet', 'anonymous-auth')).toMatchObject({ reason: 'unparsable' })
  })
})

describe('what is on a node only', () => {
  const refused = (what: 'configz' | 'flagz') => {
    const question = `GET ${kubeletPath('cp-1', what)}`
    return {
      kind: 'answer',
      id: `answer:${question}`,
      question,
      state: 'unavailable',
      reason: 'forbidden',
    } as const
  }
  const more = [refused('configz'), refused('flagz')]

  it('is not shown where kubelets may not be asked either: the right would not bring it', () => {
    const files = (which: string) =>
      componentFiles.derive({ fact: 'component-files', of: 'kubelet', which }, shownContext({ more }))
    const hidden = { fact: [{ kind: 'unavailable', reason: 'not-shown' }] }
    expect([files('kubeconfig'), files('client-ca-file')]).toMatchObject([hidden, hidden])
    expect(nodeName.derive({ fact: 'node-name' }, shownContext({ more }))).toMatchObject({
      fact: { differs: { kind: 'unavailable', reason: 'not-shown' } },
    })
  })

  it('leaves settings what they are: refused', () => {
    expect(setting({ more }, 'kubelet', 'anonymous-auth')).toMatchObject({ reason: 'forbidden' })
  })
})

describe('a static pod seen through the API', () => {
  const words = recordedWords('kubernetes-1.36/hardened/kube-apiserver.cmdline')
  const pods = { 'kube-apiserver-cp-1': { words, image: 'registry.example/kube-apiserver:v1.36.2' } }

  it('has the settings its arguments say, with the pod as their place', () => {
    expect(setting({ pods }, 'kube-apiserver', 'authorization-mode')).toMatchObject({
      kind: 'observed',
      source: { at: [{ kind: 'api', at: 'Pod kube-system/kube-apiserver-cp-1 --authorization-mode' }] },
    })
  })

  it('has the defaults of its version where they say nothing', () => {
    const plain = {
      'kube-apiserver-cp-1': {
        ...pods['kube-apiserver-cp-1'],
        words: words.filter((word) => !word.startsWith('--profiling')),
      },
    }
    expect(setting({ pods: plain }, 'kube-apiserver', 'profiling')).toMatchObject({
      kind: 'observed',
      fact: true,
    })
  })

  it('does not show what stands in files', () => {
    const scheduler = {
      'kube-scheduler-cp-1': { words: ['kube-scheduler', '--config=/etc/kubernetes/scheduler.yaml'] },
    }
    expect(setting({ pods: scheduler }, 'kube-scheduler', 'profiling')).toMatchObject({ reason: 'not-shown' })
  })

  it('does not show variables of its environment', () => {
    const etcd = { 'etcd-cp-1': { words: ['etcd'], image: 'etcd:3.6.5', hasEnvironment: true } }
    const open = { 'etcd-cp-1': { words: ['etcd'], image: 'etcd:3.6.5' } }
    expect(setting({ pods: etcd }, 'etcd', 'client-cert-auth')).toMatchObject({ reason: 'not-shown' })
    expect(setting({ pods: open }, 'etcd', 'client-cert-auth')).toMatchObject({
      kind: 'observed',
      fact: false,
    })
  })

  it('is unclear behind a shell, and where two run the same', () => {
    const shell = { 'kube-apiserver-cp-1': { words: ['/bin/sh', '-c', 'exec kube-apiserver'] } }
    const two = { a: { words: ['etcd'] }, b: { words: ['etcd'] } }
    expect(setting({ pods: shell }, 'kube-apiserver', 'profiling')).toMatchObject({ reason: 'unparsable' })
    expect(setting({ pods: two }, 'etcd', 'client-cert-auth')).toMatchObject({ reason: 'ambiguous' })
  })
})

describe('a component that shows nowhere', () => {
  const state = (shown: Shown, of: string) => component.derive({ fact: 'component', of }, shownContext(shown))

  it('is not there on a node whose control plane would show', () => {
    expect(state({ node: ofKubeadm }, 'etcd')).toMatchObject({ kind: 'absent' })
  })

  it('may be there on any other node', () => {
    expect(state({}, 'etcd')).toMatchObject({ kind: 'unavailable', reason: 'not-shown' })
    expect(state({ node: ofKubeadm }, 'containerd')).toMatchObject({
      kind: 'unavailable',
      reason: 'not-shown',
    })
  })
})

describe('what K3s runs inside itself', () => {
  const server = (...words: readonly string[]) => ({
    node: { annotated: ['k3s.io/node-args'], arguments: ['server', ...words], kubelet: 'v1.34.2+k3s1' },
  })

  it('has the settings it was told to pass on', () => {
    const shown = server(
      '--kube-apiserver-arg=audit-log-path=/var/log/audit.log',
      '--kube-apiserver-arg',
      'profiling=false',
    )
    expect(setting(shown, 'kube-apiserver', 'audit-log-path')).toMatchObject({
      fact: '/var/log/audit.log',
      source: { at: [{ kind: 'api', at: 'annotation k3s.io/node-args' }] },
    })
    expect(setting(shown, 'kube-apiserver', 'profiling')).toMatchObject({ fact: false })
  })

  it('does not show what K3s sets itself', () => {
    expect(setting(server(), 'kube-apiserver', 'anonymous-auth')).toMatchObject({ reason: 'not-shown' })
  })

  it('is not there on an agent, and not shown where the node says nothing', () => {
    const agent = { node: { annotated: ['k3s.io/node-args'], arguments: ['agent'] } }
    const silent = { node: { annotated: ['k3s.io/node-args'] } }
    expect(setting(agent, 'kube-apiserver', 'profiling')).toMatchObject({ kind: 'absent' })
    expect(setting(silent, 'kube-apiserver', 'profiling')).toMatchObject({ reason: 'not-shown' })
  })
})
