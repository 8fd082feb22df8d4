import { describe, expect, it } from 'vitest'
import { throughMounts } from '../../../src/facts/manifest/host-path.ts'
import { noManifest, readManifests } from '../../../src/facts/manifest/manifests.ts'
import { parseStaticPod } from '../../../src/facts/manifest/static-pod.ts'
import { content, directory as listed, nodeWith } from '../../support/settings-node.ts'
import { denied } from '../files/kubeadm-node.ts'

const directory = '/etc/kubernetes/manifests'

function firstContainer(spec: object) {
  const pod = parseStaticPod(JSON.stringify({ kind: 'Pod', spec }), '/p.yaml')
  if (pod.kind !== 'parsed') throw new Error(pod.detail)
  return pod.value.containers[0]
}

describe('a static pod', () => {
  it('has words that are texts, whatever the manifest writes', () => {
    const container = firstContainer({ containers: [{ command: ['etcd', 5, true], args: ['--x'] }] })
    expect(container?.words.map((word) => word.text)).toEqual(['etcd', '5', 'true', '--x'])
  })

  it.each([
    ['registry:5000/kube-apiserver-amd64:v1.31.4@sha256:00', ['kube-apiserver']],
    ['etcd', ['etcd']],
    ['', []],
  ])('without a command runs what its image %j is called', (image, words) => {
    expect(firstContainer({ containers: [{ image }] })?.words.map((word) => word.text)).toEqual(words)
  })

  it('knows the variables it sets, and leaves those aside whose value stands elsewhere', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ]
    expect([...(firstContainer({ containers: [{ env }] })?.environment ?? [])]).toEqual([
      ['A', { text: '1', line: 1 }],
    ])
  })

  it.each([
    ['the container over the pod', { runAsUser: 5 }, 5],
    ['the pod', undefined, 7],
  ])('runs as the user of %s', (_, securityContext, user) => {
    const containers = [{ ...(securityContext === undefined ? {} : { securityContext }) }]
    expect(firstContainer({ containers, securityContext: { runAsUser: 7 } })?.runAsUser).toBe(user)
  })

  it('runs as whom the image says when nobody else does', () => {
    expect(firstContainer({ containers: [{}] })?.runAsUser).toBeUndefined()
  })

  it('shows paths of the host through mounts, the longest first; other volumes show none', () => {
    const volumes = [
      { name: 'host', hostPath: { path: '/srv/' } },
      { name: 'scratch', emptyDir: {} },
    ]
    const volumeMounts = [
      { name: 'host', mountPath: '/data/' },
      { name: 'host', mountPath: '/data/deep', subPath: 'below' },
      { name: 'scratch', mountPath: '/tmp' },
      { name: 'host' },
    ]
    expect(firstContainer({ containers: [{ volumeMounts }], volumes })?.mounts).toEqual([
      { mountPath: '/data/deep', hostPath: '/srv/below' },
      { mountPath: '/data', hostPath: '/srv' },
    ])
  })

  it.each([
    ['a: [', 'unparsable'],
    ['kind: Job', 'unparsable'],
    ['[1]', 'unparsable'],
    ['kind: Pod', 'parsed'],
  ])('is not made of %s unless it is a Pod', (text, kind) => {
    expect(parseStaticPod(text, '/p.yaml').kind).toBe(kind)
  })
})

describe('a path in a container', () => {
  it.each([
    ['/data', '/srv'],
    ['/data/x', '/srv/x'],
    ['/database', undefined],
  ])('%s is %s on the host', (path, host) => {
    expect(throughMounts([{ mountPath: '/data', hostPath: '/srv' }], path)).toBe(host)
  })

  it('reads through mounts of and at the root', () => {
    expect(throughMounts([{ mountPath: '/', hostPath: '/srv' }], '/x')).toBe('/srv/x')
    expect(throughMounts([{ mountPath: '/host', hostPath: '/' }], '/host/etc')).toBe('/etc')
  })
})

describe('the manifests of a node', () => {
  it('name what could not be read, so that "no such pod" is not claimed', () => {
    const node = nodeWith([
      denied('directory', '/other'),
      denied('content', `${directory}/etcd.yaml`),
      content(`${directory}/broken.yaml`, 'kind: Job'),
      content(`${directory}/.hidden.yaml`, 'kind: Pod'),
      content(`${directory}/good.yaml`, 'kind: Pod'),
    ])
    const found = readManifests(node.view, ['/other', directory])

    expect(found.pods.map(({ pod }) => pod.path)).toEqual([`${directory}/good.yaml`])
    expect(found.missing).toMatchObject([
      { reason: 'permission-denied', detail: '/other could not be listed' },
      { reason: 'unparsable' },
      { reason: 'permission-denied', detail: `${directory}/etcd.yaml could not be read` },
    ])
    expect(noManifest(node.view, found)).toMatchObject({ kind: 'unavailable', reason: 'permission-denied' })
  })

  it('miss a file that was listed and never brought back, and pass over directories', () => {
    const below = `${directory}/below`
    const node = nodeWith([
      listed(directory, 'lost.yaml', 'below'),
      {
        kind: 'file',
        id: `file:${below}`,
        path: below,
        state: 'observed',
        stat: { type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 },
      },
    ])

    expect(readManifests(node.view, [directory]).missing).toMatchObject([
      { reason: 'not-collected', detail: `${directory}/lost.yaml could not be read` },
    ])
  })
})
