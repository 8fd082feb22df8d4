import { describe, expect, it } from 'vitest'
import {
  cutConfigz,
  cutFlagz,
  cutNodeArguments,
  cutStaticPod,
  withoutSecrets,
} from '../../../src/facts/through-api/kept.ts'
import { recorded } from '../../support/recorded.ts'

describe('what is kept of arguments', () => {
  it.each([
    [['--token=abcdef.0123'], ['--token=<redacted>']],
    [
      ['--token', 'abcdef.0123'],
      ['--token', '<redacted>'],
    ],
    [['--agent-token=x'], ['--agent-token=<redacted>']],
    [['--etcd-s3-secret-key=x'], ['--etcd-s3-secret-key=<redacted>']],
    [['--datastore-password=a=b'], ['--datastore-password=<redacted>']],
    [['--initial-cluster-token=k8s'], ['--initial-cluster-token=<redacted>']],
  ])('leaves the value of a secret out: %j', (words, kept) => {
    expect(withoutSecrets(words)).toEqual(kept)
  })

  it.each([
    [['--token-auth-file=/etc/tokens.csv']],
    [['--enable-bootstrap-token-auth=true']],
    [['--token', '/run/token']],
    [['--service-account-key-file=/lab/pki/sa.pub', '--secure-port=6443']],
  ])('leaves what is no secret as it is: %j', (words) => {
    expect(withoutSecrets(words)).toEqual(words)
  })
})

describe('what is kept of a static pod', () => {
  const pod = (annotations: object, containers: readonly object[]) => ({
    metadata: { name: 'kube-apiserver-cp-1', namespace: 'kube-system', annotations },
    spec: { nodeName: 'cp-1', containers },
  })
  const mirror = {
    'kubernetes.io/config.mirror': 'digest',
    'kubectl.kubernetes.io/last-applied-configuration': 'hunter2',
  }

  it('is nothing of a pod that is no mirror of one', () => {
    expect(cutStaticPod(pod({ other: 'x' }, []))).toBeNull()
  })

  it('is the arguments of control plane programs alone', () => {
    const kept = cutStaticPod(
      pod(mirror, [
        { image: 'kube-apiserver:v1.34.2', command: ['kube-apiserver', '--anonymous-auth=false'] },
        {
          image: 'proxy:1',
          command: ['proxy', '--upstream=hunter2'],
          env: [{ name: 'A', value: 'hunter2' }],
        },
      ]),
    )

    expect(JSON.stringify(kept)).not.toContain('hunter2')
    expect(kept).toMatchObject({
      node: 'cp-1',
      containers: [
        { words: ['kube-apiserver', '--anonymous-auth=false'], hasEnvironment: false },
        { image: 'proxy:1', hasEnvironment: true },
      ],
    })
  })
})

describe('what is kept of a kubelet', () => {
  it('is its configuration without the header that may hold a credential', () => {
    const kept = cutConfigz({
      kubeletconfig: { port: 10250, staticPodURLHeader: { Authorization: ['hunter2'] } },
    })
    expect(kept).toEqual({ port: 10250 })
  })

  it.each([['text'], [{}], [null], [{ kubeletconfig: [] }]])(
    'is nothing of an answer of another form: %j',
    (body) => {
      expect(cutConfigz(body)).toBeNull()
    },
  )

  it('is its flags', () => {
    const kept = cutFlagz(recorded('api/hardened/node/kubelet.flagz.txt'))
    expect(kept).toMatchObject({ 'cert-dir': expect.stringContaining('/lab/'), 'bootstrap-kubeconfig': '' })
    expect(kept).not.toHaveProperty('Warning')
    expect(cutFlagz({})).toBeNull()
  })
})

describe('what is kept of the arguments a node notes', () => {
  it.each([
    [
      '["server","--token","********","--profile","cis"]',
      ['server', '--token', '<redacted>', '--profile', 'cis'],
    ],
    ['not json', []],
    ['{"a":1}', []],
  ])('%s', (annotation, kept) => {
    expect(cutNodeArguments(annotation)).toEqual(kept)
  })
})
