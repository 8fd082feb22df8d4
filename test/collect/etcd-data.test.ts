import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import { content } from '../traps/verdict-of.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, shells } from './node-script.ts'

let here: Fixture
beforeEach(() => {
  here = fixture()
})
afterEach(() => here.remove())

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))('with $name', ({ shell }) => {
  /** What is seen of a node whose manifest holds this. */
  const seen = (manifest: string) => {
    const path = here.put('etcd.yaml', manifest)
    return collect(planCollection([{ kind: 'path', path, holds: 'configuration' }], content.components), {
      shell,
    })
  }

  it('the data of etcd is walked down wherever it lies', () => {
    here.put('e/member/snap/db', 'x')
    here.put('e/member/wal/0.wal', 'x')
    here.put('e/other/secret', 'x')

    const view = seen(`- --data-dir=${here.root}/e\n`)

    for (const path of ['member', 'member/snap', 'member/snap/db', 'member/wal', 'member/wal/0.wal'])
      expect(view.file(`${here.root}/e/${path}`).state).toBe('observed')
    expect(view.directory(`${here.root}/e/member/wal`).state).toBe('observed')
    // What etcd did not make is its own business.
    expect(view.directory(`${here.root}/e/other`).state).not.toBe('observed')
    expect(view.content(`${here.root}/e/member/snap/db`).state).not.toBe('observed')
  })

  it('also where a volume of the manifest brings it from another place', () => {
    here.put('host/data/member/snap/db', 'x')

    const view = seen(
      `- --data-dir=/shown/data\nvolumeMounts:\n- mountPath: /shown\nvolumes:\n- hostPath:\n    path: ${here.root}/host\n`,
    )

    expect(view.file(`${here.root}/host/data/member/snap/db`).state).toBe('observed')
  })

  it('asks for nothing where no directory is named', () => {
    expect(seen('- --data-dir=\n').file('/member').state).not.toBe('absent')
  })
})
