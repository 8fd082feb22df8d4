import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { Probe } from '../../src/model/probe.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, shells, textOf } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

let here: Fixture
beforeEach(() => {
  here = fixture()
})
afterEach(() => here.remove())

const plan = (...probes: readonly Probe[]) => planCollection(probes, sampleComponents)

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'reading files with $name',
  ({ shell }) => {
    it('brings text back byte for byte, with and without a last newline', () => {
      const texts = ['', '\n', 'a', 'a\n', '\n\na\n\n', 'K=', 'PATH=/usr/bin\nK=', 'ünïcode ☃\n', '  \t\n']
      const paths = texts.map((text, index) => here.put(`t${index}`, text))

      const view = collect(plan(...paths.map((path): Probe => ({ kind: 'path', path, holds: 'text' }))), {
        shell,
      })

      expect(paths.map((path) => textOf(view.content(path)))).toEqual(texts)
    })

    it('is not misled by content that speaks the protocol with another mark', () => {
      const mark = 'khard:ffffffffffffffffffffffffffffffff'
      const text = `\n${mark} ~\nx\n${mark} end\n${mark} complete\n${mark} path absent text /etc/passwd\n`
      const path = here.put('liar', text)
      const after = here.put('z-after', 'kept\n')

      const view = collect(
        plan({ kind: 'path', path, holds: 'text' }, { kind: 'path', path: after, holds: 'text' }),
        { shell },
      )

      expect(textOf(view.content(path))).toBe(text)
      expect(textOf(view.content(after))).toBe('kept\n')
      expect(view.file('/etc/passwd').state).toBe('observed')
    })

    it('says not-text for NUL and for bytes that are not UTF-8, and keeps its neighbours', () => {
      const nul = here.put('a', Buffer.from([97, 0, 98, 10]))
      const latin = here.put('b', Buffer.from([0xe9, 10]))
      const fine = here.put('c', 'fine')

      const view = collect(
        plan(...[nul, latin, fine].map((path): Probe => ({ kind: 'path', path, holds: 'text' }))),
        { shell },
      )

      expect(view.content(nul)).toMatchObject({ state: 'unavailable', reason: 'not-text' })
      expect(view.content(latin)).toMatchObject({ state: 'unavailable', reason: 'not-text' })
      expect(textOf(view.content(fine))).toBe('fine')
    })

    it('says truncated for a file over the limit and reads the others', () => {
      const large = here.put('large', 'x'.repeat(524289))
      const whole = here.put('whole', 'y'.repeat(524288))

      const view = collect(
        plan({ kind: 'path', path: large, holds: 'text' }, { kind: 'path', path: whole, holds: 'text' }),
        { shell },
      )

      expect(view.content(large)).toMatchObject({ state: 'unavailable', reason: 'truncated' })
      expect(textOf(view.content(whole))).toHaveLength(524288)
    })

    it('keeps names with spaces, quotes and patterns, and marks a directory that holds a control character', () => {
      const odd = ["it's", 'two words', '$(id)', '*', '-n', 'a\\b', 'q"q', '`id`', 'é'].map((name) =>
        here.put(`tree/${name}`, 'x'),
      )
      here.put('tree/new\nline', 'x')

      const view = collect(plan({ kind: 'tree', path: `${here.root}/tree`, depth: 2 }), { shell })

      expect(odd.map((path) => view.file(path).state)).toEqual(odd.map(() => 'observed'))
      expect(view.file(`${here.root}/tree/<odd name>`)).toMatchObject({
        state: 'unavailable',
        reason: 'odd-name',
      })
      expect(view.directory(`${here.root}/tree`)).toMatchObject({ state: 'observed', recursive: true })
      expect(view.file(`${here.root}/tree/none`).state).toBe('absent')
    })

    it('marks a directory that holds a name which is not UTF-8, and loses none of its neighbours', () => {
      here.put('dir/plain.pem', '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n')
      writeFileSync(Buffer.concat([Buffer.from(`${here.root}/dir/`), Buffer.from([0x61, 0xff, 0x62])]), 'x')
      const elsewhere = here.put('elsewhere', 'x')

      const view = collect(
        planCollection(
          [
            { kind: 'tree', path: `${here.root}/dir`, depth: 2 },
            { kind: 'glob', pattern: `${here.root}/dir/*`, holds: 'text' },
            { kind: 'path', path: elsewhere, holds: 'text' },
          ],
          sampleComponents,
        ),
        { shell },
      )

      expect(view.directory(`${here.root}/dir`)).toMatchObject({
        entries: [`${here.root}/dir/<odd name>`, `${here.root}/dir/plain.pem`],
      })
      expect(view.file(`${here.root}/dir/<odd name>`)).toMatchObject({ reason: 'odd-name' })
      expect(view.file(`${here.root}/dir/plain.pem`)).toMatchObject({ holds: ['certificate'] })
      expect(view.content(elsewhere)).toMatchObject({ text: 'x' })
    })

    it('says type, mode and final target of a link', () => {
      const file = here.put('real/file', 'x')
      chmodSync(file, 0o4751)
      symlinkSync('real/file', `${here.root}/link`)
      mkdirSync(`${here.root}/folder`)

      const view = collect(
        plan(
          { kind: 'path', path: `${here.root}/link`, holds: 'file' },
          { kind: 'path', path: `${here.root}/folder`, holds: 'file' },
        ),
        { shell },
      )

      expect(view.file(`${here.root}/link`)).toMatchObject({
        stat: { type: 'file', mode: 0o4751, size: 1, target: file },
      })
      expect(view.file(`${here.root}/folder`)).toMatchObject({ stat: { type: 'directory' } })
    })

    it('follows references from one configuration file to the next and derives public halves of keys', () => {
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-subj',
          '/CN=t',
          '-keyout',
          `${here.root}/client.key`,
          '-out',
          `${here.root}/client.crt`,
        ],
        { stdio: 'ignore' },
      )
      const kubeconfig = here.put(
        'k.conf',
        `users: [{user: {client-certificate: ${here.root}/client.crt, "client-key": "${here.root}/client.key"}}]\n`,
      )
      const config = here.put('config.yaml', `clientConnection:\n  kubeconfig: ${kubeconfig}\n`)

      const view = collect(plan({ kind: 'path', path: config, holds: 'configuration' }), { shell })

      expect(textOf(view.content(`${here.root}/client.crt`))).toContain('BEGIN CERTIFICATE')
      expect(view.file(`${here.root}/client.crt`)).toMatchObject({ holds: ['certificate'] })
      expect(view.file(`${here.root}/client.key`)).toMatchObject({ holds: ['private-key'] })
      expect(textOf(view.key(`${here.root}/client.key`))).toContain('BEGIN PUBLIC KEY')
      expect(view.content(`${here.root}/client.key`).state).not.toBe('observed')
    })
  },
)

describe('paths that are not there', () => {
  it('says absent for what is not there and not-collected for what was never asked', () => {
    const view = collect(plan({ kind: 'path', path: '/no/such/file', holds: 'text' }))

    expect(view.file('/no/such/file').state).toBe('absent')
    expect(view.content('/no/such/file').state).toBe('absent')
    expect(view.file('/never/asked')).toMatchObject({ state: 'unavailable', reason: 'not-collected' })
  })

  it('does not follow a name it does not know', () => {
    const secret = here.put('secret', 'x')
    const config = here.put('c.yaml', `surprise: ${secret}\n`)

    const view = collect(plan({ kind: 'path', path: config, holds: 'configuration' }))

    expect(view.content(secret)).toMatchObject({ state: 'unavailable', reason: 'not-collected' })
  })

  it('never opens the password database, whoever refers to it', () => {
    const config = here.put('c.yaml', 'clientConnection:\n  kubeconfig: /etc/shadow\n')

    const view = collect(plan({ kind: 'path', path: config, holds: 'configuration' }))

    expect(view.content('/etc/shadow')).toMatchObject({ state: 'unavailable', reason: 'permission-denied' })
  })
})

describe('an image', () => {
  it('is asked for patterns right below its root, and for patterns that are plain paths', () => {
    here.put('one.conf', 'one\n')
    here.put('etc/two.conf', 'two\n')

    const view = collect(
      plan(
        { kind: 'glob', pattern: '/*.conf', holds: 'configuration' },
        { kind: 'glob', pattern: '/etc/two.conf', holds: 'configuration' },
      ),
      { root: here.root },
    )

    expect(textOf(view.content('/one.conf'))).toBe('one\n')
    expect(textOf(view.content('/etc/two.conf'))).toBe('two\n')
    expect(view.directory('/')).toMatchObject({ entries: ['/etc', '/one.conf'] })
  })

  it('is looked at below its directory, and links cannot lead out of it', () => {
    here.put('etc/passwd', 'inside\n')
    here.put('opt/conf/a.yaml', 'a\n')
    mkdirSync(`${here.root}/etc/kubernetes`)
    symlinkSync('/opt/conf', `${here.root}/etc/kubernetes/manifests`)
    symlinkSync('../../../../../../../../etc/hostname', `${here.root}/etc/kubernetes/escape`)
    symlinkSync('loop', `${here.root}/loop`)

    const view = collect(
      plan(
        { kind: 'glob', pattern: '/etc/kubernetes/manifests/*.yaml', holds: 'configuration' },
        { kind: 'path', path: '/etc/kubernetes/escape', holds: 'text' },
        { kind: 'path', path: '/loop', holds: 'text' },
        { kind: 'unit', name: 'kubelet.service' },
        { kind: 'kernel', pattern: '/proc/swaps' },
        { kind: 'process', name: 'kubelet', binaries: ['kubelet'], env: [] },
      ),
      { root: here.root },
    )

    expect(textOf(view.content('/etc/passwd'))).toBe('inside\n')
    expect(textOf(view.content('/etc/kubernetes/manifests/a.yaml'))).toBe('a\n')
    expect(view.content('/etc/kubernetes/escape').state).toBe('absent')
    expect(view.content('/loop').state).toBe('absent')
    expect(view.unit('kubelet.service')).toMatchObject({ reason: 'offline' })
    expect(view.processes()).toMatchObject({ reason: 'offline' })
    expect(view.content('/proc/swaps')).toMatchObject({ reason: 'offline' })
    expect(JSON.stringify(view.evidence.items)).not.toContain(here.root)
  })
})
