import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { podsReader } from '../../../../src/facts/cluster/objects/pods.ts'
import { openRecording } from '../../../support/api/recordings.ts'
import { aPod, ownedBy, type Part } from './a-pod.ts'

function read(...pods: readonly unknown[]) {
  const reader = podsReader()
  for (const pod of pods) reader.add(pod)
  return reader.finish()
}

const ofWeb = (name: string, spec: Part = {}) =>
  aPod(name, spec, ownedBy('ReplicaSet', 'web-5d4f', { labels: { 'pod-template-hash': '5d4f' } }))

describe('the pods of a cluster', () => {
  it('are one entry for all that are alike, named after what made them', () => {
    const spec = { containers: [{ name: 'web', securityContext: { privileged: true } }] }
    const names = ['web-5d4f-d', 'web-5d4f-b', 'web-5d4f-a', 'web-5d4f-c']

    expect(read(...names.map((name) => ofWeb(name, spec)))).toEqual([
      {
        namespace: 'team',
        owner: { kind: 'Deployment', name: 'web' },
        serviceAccount: 'default',
        containers: [{ name: 'web', isGiven: true, privileged: true }],
        count: 4,
        pods: ['web-5d4f-a', 'web-5d4f-b', 'web-5d4f-c'],
      },
    ])
  })

  it('are two entries where one of them is another', () => {
    expect(read(ofWeb('web-5d4f-a'), ofWeb('web-5d4f-b', { hostPID: true }))).toMatchObject([
      { pods: ['web-5d4f-a'], count: 1 },
      { pods: ['web-5d4f-b'], hostPID: true, count: 1 },
    ])
  })

  it('are told apart from those that ended, which hold nothing any more', () => {
    const ended = (name: string, phase: string) => ({ ...ofWeb(name), status: { phase } })
    const pods = [ofWeb('web-5d4f-a'), ended('web-5d4f-b', 'Failed'), ended('web-5d4f-c', 'Succeeded')]
    expect(read(...pods, ended('web-5d4f-d', 'Pending'))).toMatchObject([
      { count: 2, isFinished: true, pods: ['web-5d4f-b', 'web-5d4f-c'] },
      { count: 2, pods: ['web-5d4f-a', 'web-5d4f-d'] },
    ])
    expect(read(ofWeb('web-5d4f-a'))[0]).not.toHaveProperty('isFinished')
  })

  it('come out the same in whatever order they came', () => {
    const pods = [
      ofWeb('web-5d4f-a'),
      aPod('alone'),
      ofWeb('web-5d4f-b'),
      aPod('odd', { hostPID: 'yes' }),
      aPod('bad', { hostIPC: 1 }),
    ]
    expect(read(...pods.toReversed())).toEqual(read(...pods))
  })

  it.each([
    ['a ReplicaSet of its own', ownedBy('ReplicaSet', 'web-5d4f'), { kind: 'ReplicaSet', name: 'web-5d4f' }],
    [
      'a ReplicaSet whose name does not end in the hash',
      ownedBy('ReplicaSet', 'web5d4f', { labels: { 'pod-template-hash': '5d4f' } }),
      { kind: 'ReplicaSet', name: 'web5d4f' },
    ],
    ['a Job', ownedBy('Job', 'once'), { kind: 'Job', name: 'once' }],
    ['nothing', {}, { kind: 'Pod', name: 'p' }],
    [
      'an owner that does not manage it',
      { ownerReferences: [{ kind: 'Team', name: 'a' }] },
      { kind: 'Pod', name: 'p' },
    ],
  ])('belong to %s', (_, metadata, owner) => {
    expect(read(aPod('p', {}, metadata))).toMatchObject([{ owner }])
  })

  it('are mirrors of files of a node only where the node owns them', () => {
    const annotations = { 'kubernetes.io/config.mirror': '3f' }
    expect(
      read(
        aPod('etcd-cp1', {}, { ...ownedBy('Node', 'cp1'), annotations }),
        aPod('forged', {}, { annotations }),
      ).map((one) => Object(one).isMirror),
    ).toEqual([true, undefined])
  })

  it('keep what may be false apart from what nobody said', () => {
    const [pod] = read(
      aPod('p', {
        automountServiceAccountToken: false,
        hostUsers: false,
        os: { name: 'windows' },
        securityContext: {
          runAsUser: 0,
          windowsOptions: { hostProcess: true },
          seccompProfile: { type: 'Localhost' },
        },
        initContainers: [
          { name: 'i' },
          { name: 's', restartPolicy: 'Always', ports: [{ hostPort: 80 }, {}] },
        ],
        containers: [
          {
            name: 'c',
            securityContext: {
              allowPrivilegeEscalation: false,
              runAsNonRoot: false,
              readOnlyRootFilesystem: true,
              procMount: 'Unmasked',
              capabilities: { add: ['CAP_NET_RAW'], drop: ['all'] },
            },
          },
        ],
        ephemeralContainers: [{ name: 'debug' }],
      }),
    )
    expect(pod).toEqual({
      namespace: 'team',
      owner: { kind: 'Pod', name: 'p' },
      serviceAccount: 'default',
      automount: false,
      isWindows: true,
      ownUsers: true,
      isGiven: true,
      user: 0,
      seccomp: 'Localhost',
      hostProcess: true,
      containers: [
        { name: 'i', kind: 'init' },
        { name: 's', kind: 'sidecar', hostPorts: [80] },
        {
          name: 'c',
          isGiven: true,
          nonRoot: false,
          escalation: false,
          readOnlyRoot: true,
          procMount: 'Unmasked',
          add: ['CAP_NET_RAW'],
          drop: ['all'],
        },
        { name: 'debug', kind: 'ephemeral' },
      ],
      count: 1,
    })
  })

  it('keep names of volumes and variables that hold secrets, and never what they hold', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'API_TOKEN', value: '' },
      { name: 'MODE', value: 'swordfish' },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'basic', key: 'k' } } },
    ]
    const entries = read(
      aPod(
        'p',
        {
          containers: [
            { name: 'c', env, envFrom: [{ secretRef: { name: 'all' } }, { configMapRef: { name: 'm' } }] },
          ],
          volumes: [
            { name: 'v', hostPath: { path: '/run' } },
            { name: 'w', secret: { secretName: 'tls' } },
            {
              name: 'p',
              projected: {
                sources: [
                  { serviceAccountToken: { path: 't' } },
                  { serviceAccountToken: { audience: 'vault' } },
                  { secret: { name: 'more' } },
                  { configMap: { name: 'ca' } },
                ],
              },
            },
          ],
        },
        { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"value":"hunter2"}' } },
      ),
    )
    expect(entries).toMatchObject([
      {
        hostPaths: ['/run'],
        tokenVolumes: ['', 'vault'],
        secretVolumes: ['tls', 'more'],
        containers: [
          { name: 'c', secretEnv: ['KEY'], secretEnvFrom: ['all'], secretLiterals: ['DB_PASSWORD'] },
        ],
      },
    ])
    expect(JSON.stringify(entries)).not.toMatch(/hunter2|swordfish/)
  })

  it.each([
    ['no containers', { containers: undefined }, 'it has no containers'],
    ['containers that are none', { containers: ['c'] }, 'its containers are no list of containers'],
    ['a flag that is a text', { hostPID: 'true' }, 'hostPID is no boolean'],
    ['volumes that are none', { volumes: { v: {} } }, 'volumes is no list of mappings'],
    [
      'a container with a flag that is a text',
      { initContainers: [{ name: 'i', securityContext: { privileged: 'true' } }] },
      'of container i, privileged is no boolean',
    ],
    ['a context that is a list', { securityContext: [] }, 'securityContext is no mapping'],
  ])('are not taken for sound with %s', (_, spec, broken) => {
    expect(read(aPod('p', spec))).toEqual([{ namespace: 'team', name: 'p', broken }])
  })

  it('are not taken for sound without a name', () => {
    expect(read({ spec: {} })).toEqual([{ name: '', broken: 'it has no name and namespace' }])
  })

  it('hold nothing of a variable’s value, an annotation or a command in the recordings', () => {
    const text = JSON.stringify(read(...(openRecording('hardened').objects('pods')?.items ?? [])))
    expect(text).toContain('secret-in-env')
    expect(text).not.toMatch(/dummy-inline-value|last-applied|sleep/)
  })

  it('of a large cluster stay small', () => {
    const reader = podsReader()
    for (let nth = 0; nth < 20_000; nth++) {
      const name = `app-${nth % 2_000}`
      const labels = { 'pod-template-hash': '5d4f' }
      reader.add(aPod(`${name}-5d4f-${nth}`, {}, ownedBy('ReplicaSet', `${name}-5d4f`, { labels })))
    }
    const entries = reader.finish()

    expect(entries).toHaveLength(2_000)
    expect(gzipSync(JSON.stringify(entries)).length / 20_000).toBeLessThan(8)
  })
})
