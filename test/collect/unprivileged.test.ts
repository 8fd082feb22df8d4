import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { Probe } from '../../src/model/probe.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, shells } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

const nobody = 65534
let here: Fixture
beforeEach(() => {
  here = fixture()
  chmodSync(here.root, 0o755)
})
afterEach(() => here.remove())

const plan = (...probes: readonly Probe[]) => planCollection(probes, sampleComponents)

// Becoming another account needs root; elsewhere the lab covers it.
describe.runIf(process.getuid?.() === 0).each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'an account without rights, with $name',
  ({ shell }) => {
    it('is denied what lies behind a closed directory, and never told it is absent', () => {
      here.put('closed/there', 'x')
      here.put('outside', 'x')
      symlinkSync(`${here.root}/closed/none`, `${here.root}/link`)
      symlinkSync(`${here.root}/closed`, `${here.root}/way`)
      chmodSync(`${here.root}/closed`, 0o700)
      const behind = ['closed/there', 'closed/none', 'closed/deep/none', 'link', 'way/none'].map(
        (name) => `${here.root}/${name}`,
      )
      const open = ['none', 'outside/none'].map((name) => `${here.root}/${name}`)

      const view = collect(
        plan(...[...behind, ...open].map((path): Probe => ({ kind: 'path', path, holds: 'text' }))),
        { shell, uid: nobody },
      )

      expect(view.evidence.uid).toBe(nobody)
      for (const path of behind) {
        expect(view.file(path), path).toMatchObject({ state: 'unavailable', reason: 'permission-denied' })
        expect(view.content(path), path).toMatchObject({ state: 'unavailable', reason: 'permission-denied' })
      }
      for (const path of open) expect(view.file(path).state, path).toBe('absent')
    })

    it('sees the modes of files it may not read, and not their content', () => {
      const secret = here.put('secret.conf', 'x')
      const key = here.put('secret.key', 'x')
      const certificate = here.put('secret.crt', 'x')
      for (const path of [secret, key, certificate]) chmodSync(path, 0o600)

      const view = collect(
        plan(
          { kind: 'path', path: secret, holds: 'configuration' },
          { kind: 'path', path: key, holds: 'private-key' },
          { kind: 'path', path: certificate, holds: 'certificate' },
        ),
        { shell, uid: nobody },
      )

      expect(view.file(secret)).toMatchObject({ state: 'observed', stat: { mode: 0o600, uid: 0 } })
      expect(view.content(secret)).toMatchObject({ reason: 'permission-denied' })
      expect(view.key(key)).toMatchObject({ reason: 'permission-denied' })
      expect(view.content(certificate)).toMatchObject({ reason: 'permission-denied' })
    })

    it('is denied the names in a directory it may not list', () => {
      mkdirSync(`${here.root}/tree/inner`, { recursive: true })
      here.put('tree/inner/file', 'x')
      mkdirSync(`${here.root}/manifests`)
      chmodSync(`${here.root}/tree/inner`, 0o700)
      chmodSync(`${here.root}/manifests`, 0o700)

      const view = collect(
        plan(
          { kind: 'tree', path: `${here.root}/tree`, depth: 3 },
          { kind: 'glob', pattern: `${here.root}/manifests/*.yaml`, holds: 'configuration' },
        ),
        { shell, uid: nobody },
      )

      expect(view.directory(`${here.root}/tree`)).toMatchObject({ reason: 'permission-denied' })
      expect(view.directory(`${here.root}/manifests`)).toMatchObject({ reason: 'permission-denied' })
      expect(view.file(`${here.root}/manifests/none.yaml`).state).toBe('unavailable')
    })

    it('sees processes of others without their environment', () => {
      const view = collect(
        plan({ kind: 'process', name: 'node', binaries: ['node', 'node (vitest)'], env: ['PATH'] }),
        { shell, uid: nobody },
      )

      expect(view.processes().state).toBe('observed')
      for (const item of view.processesNamed('node')) expect(item.env).toBeNull()
    })
  },
)
