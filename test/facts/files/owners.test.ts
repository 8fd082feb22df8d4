import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownerText, parseAccounts } from '../../../src/facts/files/owners.ts'
import { environmentFiles, splitShown, unitFiles } from '../../../src/facts/files/unit-files.ts'
import { noSource } from '../../../src/model/evidence.ts'

const owner = (passwd: string, group: string, ...[uid, gid]: readonly [number, number]): string =>
  ownerText({ users: parseAccounts(passwd), groups: parseAccounts(group), source: noSource }, { uid, gid })

describe('owner names', () => {
  it('come from the files of the node', () => {
    expect(
      owner(
        'root:x:0:0::/root:/bin/sh\netcd:x:52034:52034::/:/sbin/nologin\n',
        'etcd:x:52034:\n',
        52034,
        52034,
      ),
    ).toBe('etcd:etcd')
  })

  it('are numbers where the node has no name', () => {
    expect(owner('', '', 1001, 1002)).toBe('1001:1002')
  })

  it('call id 0 root, whatever name the file gives it', () => {
    expect(owner('toor:x:0:0::/:/bin/sh\n', 'wheel:x:0:\n', 0, 0)).toBe('root:root')
  })

  it('call nobody root but id 0', () => {
    expect(owner('root:x:1000:1000::/:/bin/sh\n', 'root:x:1000:\n', 1000, 1000)).toBe('1000:1000')
  })

  it('take the first line of an id, as the system does', () => {
    expect(owner('one:x:7:7\ntwo:x:7:7\n', '', 7, 7)).toBe('one:7')
  })

  it('do not take a number for a name', () => {
    expect(owner('0:x:1000:1000\n', '', 1000, 1000)).toBe('1000:1000')
  })

  it('do not show control characters', () => {
    expect(owner('a\u001b[31m:x:9:9\n', '', 9, 9)).toBe('9:9')
  })

  it('are root:root for 0:0 and for nothing else, whatever the files hold', () => {
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.nat(3), fc.nat(3), ([passwd, group], uid, gid) => {
        const lines = `root:x:${uid}:0\n${passwd}`
        expect(owner(lines, `root:x:${gid}:\n${group}`, uid, gid) === 'root:root').toBe(
          uid === 0 && gid === 0,
        )
      }),
    )
  })
})

describe('files of a unit', () => {
  it('are the fragment and every drop-in', () => {
    const properties = {
      FragmentPath: '/usr/lib/systemd/system/kubelet.service',
      DropInPaths:
        '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf /etc/systemd/system/kubelet.service.d/20-extra.conf',
    }

    expect(unitFiles(properties)).toEqual([
      '/usr/lib/systemd/system/kubelet.service',
      '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
      '/etc/systemd/system/kubelet.service.d/20-extra.conf',
    ])
  })

  it('keep a name with blanks whole', () => {
    expect(splitShown(`/a/b "/c d/e.conf" $'/f g'`)).toEqual(['/a/b', '/c d/e.conf', '/f g'])
  })

  it('are none for a masked or generated unit', () => {
    expect(unitFiles({ FragmentPath: '/dev/null', DropInPaths: '' })).toEqual([])
    expect(unitFiles({})).toEqual([])
  })

  it('name environment files and which of them may be missing', () => {
    expect(
      environmentFiles({
        EnvironmentFiles: '/a b/c (ignore_errors=no) /etc/default/kubelet (ignore_errors=yes)',
      }),
    ).toEqual([
      { path: '/a b/c', optional: false },
      { path: '/etc/default/kubelet', optional: true },
    ])
  })
})
