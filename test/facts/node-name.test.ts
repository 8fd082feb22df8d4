import { describe, expect, it } from 'vitest'
import { nodeName } from '../../src/facts/node-name.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { shippedComponents } from '../support/components.ts'
import { content, nodeWith, noManifests, noUnits, plain, process } from '../support/settings-node.ts'
import { denied } from './files/kubeadm-node.ts'

const kernelName = '/proc/sys/kernel/hostname'

function name(flags: readonly string[], ...items: readonly RawItem[]): unknown {
  const kubelet = process({
    name: 'kubelet',
    argv: ['/usr/bin/kubelet', ...flags],
    cgroup: '0::/system.slice/kubelet.service',
  })
  return plain(
    nodeName.derive({ fact: 'node-name' }, nodeWith([...noUnits, ...noManifests, kubelet, ...items])),
  )
}

describe('the name of a node', () => {
  it('is the host name when nothing overrides it', () => {
    expect(name([], content(kernelName, 'Node-1\n'))).toEqual({
      override: undefined,
      hostname: 'Node-1\n',
      differs: false,
    })
  })

  it.each([
    ['node-1', false],
    ['NODE-1', false],
    ['other', true],
  ])('overridden as %s differs: %s', (override, differs) => {
    expect(name([`--hostname-override=${override}`], content(kernelName, 'node-1\n'))).toMatchObject({
      differs,
    })
  })

  it('is not compared with a host name nobody could read', () => {
    expect(name(['--hostname-override=a'], denied('content', kernelName))).toMatchObject({
      differs: { unavailable: 'permission-denied' },
    })
  })

  it('is not compared when it cannot be told what overrides it', () => {
    const shell = process({ name: 'kubelet', argv: ['/bin/sh', '-c', 'kubelet'] })
    const node = nodeWith([...noUnits, ...noManifests, shell, content(kernelName, 'a')])
    expect(plain(nodeName.derive({ fact: 'node-name' }, node))).toMatchObject({
      differs: { unavailable: 'unparsable' },
    })
  })

  it('is read from the file in an image', () => {
    const node = nodeWith(
      [
        ...noUnits.filter((item) => item.id !== 'unit:kubelet.service'),
        ...noManifests,
        content('/etc/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/bin/kubelet\n'),
        {
          ...denied('file', '/x'),
          id: 'file:/etc/systemd/system/multi-user.target.wants/kubelet.service',
          path: '/etc/systemd/system/multi-user.target.wants/kubelet.service',
          state: 'observed',
          stat: { type: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 1, mtime: 1 },
        } as RawItem,
        content('/etc/hostname', 'image\n'),
      ],
      { offline: true },
    )
    expect(plain(nodeName.derive({ fact: 'node-name' }, node))).toMatchObject({ hostname: 'image\n' })
  })

  it('is absent where there is no kubelet, or its description knows no override', () => {
    const none = nodeWith([...noUnits, ...noManifests])
    const components = new Map(shippedComponents())
    const kubelet = components.get('kubelet')
    if (kubelet === undefined) throw new Error('no kubelet')
    components.set('kubelet', { ...kubelet, settings: [] })
    const running = process({ name: 'kubelet', argv: ['/usr/bin/kubelet'] })
    const bare = { ...nodeWith([...noUnits, ...noManifests, running]), components }

    expect([none, bare].map((node) => nodeName.derive({ fact: 'node-name' }, node).kind)).toEqual([
      'absent',
      'absent',
    ])
  })
})
