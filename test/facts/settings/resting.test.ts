import { describe, expect, it } from 'vitest'
import { component } from '../../../src/facts/component.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import {
  content,
  directory,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  unit,
} from '../../support/settings-node.ts'

const fragment = '/etc/systemd/system/kube-apiserver.service'

const apiServer = (key: string): readonly RawItem[] => [
  ...noUnits.filter(({ id }) => id !== 'unit:kube-apiserver.service'),
  ...noManifests,
  unit('kube-apiserver.service', {
    FragmentPath: fragment,
    UnitFileState: 'disabled',
    ActiveState: 'inactive',
  }),
  content(fragment, `[Service]\nExecStart=/usr/local/bin/kube-apiserver --tls-private-key-file=${key}\n`),
]

const there = (...items: readonly RawItem[]) =>
  plain(component.derive({ fact: 'component', of: 'kube-apiserver' }, nodeWith(items)))

describe('a unit that nothing starts', () => {
  it('is not called unused where nobody asked for what it would start with', () => {
    expect(there(...apiServer('/opt/pki/k.pem'))).toEqual({ unavailable: 'not-collected' })
  })

  it.each([
    ['a directory above it is missing', missing('directory', '/opt')],
    ['a directory above it was not found', missing('file', '/opt/pki')],
    ['the directory it would be in was listed', directory('/opt/pki', 'other.pem')],
  ])('is unused where %s', (_why, item) => {
    expect(there(...apiServer('/opt/pki/k.pem'), item)).toBeUndefined()
  })

  it('is not known where the directory names it and nobody looked at it', () => {
    expect(there(...apiServer('/opt/pki/k.pem'), directory('/opt/pki', 'k.pem'))).toEqual({
      unavailable: 'not-collected',
    })
  })

  it('is unused where it names nothing that is made for one node', () => {
    expect(there(...apiServer('k.pem'))).toBeUndefined()
  })

  it('is in use where what it would start with was read', () => {
    expect(there(...apiServer('/opt/pki/k.pem'), content('/opt/pki/k.pem', ''))).toMatchObject({
      'started-as': 'unit',
      running: false,
    })
  })

  it('is not known where its own file could not be read', () => {
    const closed = apiServer('/x').map((item) =>
      item.kind === 'content'
        ? ({
            kind: 'content',
            id: item.id,
            path: item.path,
            state: 'unavailable',
            reason: 'permission-denied',
          } as const)
        : item,
    )

    expect(there(...closed)).toEqual({ unavailable: 'permission-denied' })
  })
})
