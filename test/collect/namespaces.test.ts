import type { ChildProcess } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { NodeView, RawProcess } from '../../src/model/node-evidence.ts'
import { opensslPki } from '../facts/certificates/openssl.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, startProcess } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

let here: Fixture
const running: ChildProcess[] = []
beforeEach(() => {
  here = fixture()
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  here.remove()
})

/** A name of its own: others on the machine run these tests as well. */
const program = `khns${process.pid}`

const plan = () =>
  planCollection(
    [
      { kind: 'process', name: 'kubelet', binaries: [program], env: [], versionArgument: '--version' },
      { kind: 'glob', pattern: `${here.root}/manifests/*.yaml`, holds: 'configuration' },
    ],
    sampleComponents,
  )

/** Starts the program of interest; the one meant is found again by the mark among its arguments. */
const start = (through: readonly string[], argv: readonly string[] = []): Promise<number> =>
  startProcess({ here, running }, { name: program, through, argv: [...argv, here.root] })

function started(view: NodeView): Extract<RawProcess, { state: 'observed' }> | undefined {
  return view
    .all('process')
    .find(
      (item): item is Extract<RawProcess, { state: 'observed' }> =>
        item.state === 'observed' && item.argv.at(-1) === here.root,
    )
}

const pidNamespace = ['unshare', '--pid', '--mount', '--fork', '--kill-child', '--mount-proc']
const twoSteps = ['-c', '"$@"; :', 'x']

// Namespaces need root.
describe.runIf(process.getuid?.() === 0)('a process in namespaces of its own', () => {
  it('belongs to another node where the init of a system is the first process there', async () => {
    copyFileSync('/bin/bash', `${here.root}/systemd`)
    await start([...pidNamespace, `${here.root}/systemd`, ...twoSteps])

    const view = collect(plan())

    expect(started(view)).toMatchObject({ nested: true, contained: true })
    expect(view.processesNamed('kubelet').map(({ pid }) => pid)).not.toContain(started(view)?.pid)
  })

  it.each([
    ['is the first process there', pidNamespace],
    ['was started by a shell that stays', [...pidNamespace, 'bash', ...twoSteps]],
  ])('is of this node where it %s', async (_how, through) => {
    await start(through)

    const view = collect(plan())

    expect(started(view)).toMatchObject({ contained: true })
    expect(started(view)?.nested).toBeUndefined()
    expect(view.processesNamed('kubelet').map(({ pid }) => pid)).toContain(started(view)?.pid)
  })

  it('is not taken for this node’s by an account that may not see where it is', async () => {
    chmodSync(here.root, 0o755)
    copyFileSync('/bin/bash', `${here.root}/systemd`)
    const inside = await start([...pidNamespace, `${here.root}/systemd`, ...twoSteps])
    const outside = await start([])

    const view = collect(plan(), { uid: 65534 })

    const named = view.processesNamed('kubelet').map(({ pid }) => pid)
    expect(named).toContain(outside)
    expect(named).not.toContain(inside)
    expect(view.all('process').length).toBeGreaterThan(1)
    expect(view.all('process').every((item) => item.state !== 'observed' || item.pid === outside)).toBe(true)
  })

  it('has what its arguments name read where it sees it, and where a volume comes from', async () => {
    const inside = `${here.root}/etc-in-container`
    const volume = `${here.root}/volume`
    here.put('etc-in-container/conf.yaml', 'which: the host\n')
    here.put('volume/conf.yaml', 'which: the container\n')
    here.put(
      'manifests/pod.yaml',
      `spec:\n  containers:\n  - volumeMounts:\n    - mountPath: ${inside}\n      name: a\n` +
        `  volumes:\n  - hostPath:\n      path: ${volume}\n    name: a\n`,
    )
    const mounted = `mount --bind ${volume} ${inside} && exec "$@"`
    const pid = await start(
      ['unshare', '--mount', 'sh', '-c', mounted, 'x'],
      [`--config=${inside}/conf.yaml`],
    )

    const view = collect(plan())

    expect(view.content(`${inside}/conf.yaml`)).toMatchObject({ text: 'which: the host\n' })
    expect(view.content(`/proc/${pid}/root${inside}/conf.yaml`)).toMatchObject({
      text: 'which: the container\n',
    })
    expect(view.content(`${volume}/conf.yaml`)).toMatchObject({ text: 'which: the container\n' })
  })

  it('that sees the file of the host under its own name gives the same answer under both', async () => {
    const pki = opensslPki()
    pki.issue({ name: 'a', subject: '/CN=a' })
    const path = here.put('a.key', pki.privateKey('a'))
    const publicKey = pki.publicKey('a')
    pki.remove()
    const words = [`--tls-private-key-file=${path}`, `--cert-dir=${here.root}`]
    const pid = await start(['unshare', '--mount'], words)

    const view = collect(plan())

    expect(view.key(path)).toMatchObject({ publicKey })
    expect(view.key(`/proc/${pid}/root${path}`)).toMatchObject({ publicKey })
    expect(view.file(`/proc/${pid}/root${path}`)).toMatchObject({ state: 'observed', stat: { mode: 0o644 } })
    expect(view.directory(`/proc/${pid}/root${here.root}`)).toMatchObject({
      entries: [`/proc/${pid}/root${path}`, `/proc/${pid}/root${here.root}/${program}`],
    })
  })

  it('cannot have links followed, which could lead to files of the host', async () => {
    const inside = `${here.root}/inside`
    mkdirSync(inside)
    here.put('other/secret.yaml', 'of: the host\n')
    here.put('volume/.keep', '')
    symlinkSync(`${here.root}/other`, `${here.root}/volume/way`)
    const mounted = `mount --bind ${here.root}/volume ${inside} && exec "$@"`
    const argument = `--config=${inside}/way/secret.yaml`
    await start(['unshare', '--mount', 'sh', '-c', mounted, 'x'], [argument])

    const view = collect(plan())

    expect(
      view.all('content').filter(({ path }) => path.endsWith('secret.yaml') && path.startsWith('/proc/')),
    ).toEqual([])
  })

  it('hides from an account that /proc does not show it to: then nothing is known of processes', async () => {
    await start([])
    const hidden =
      'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups sh "$@"'

    const view = collect(plan(), { shell: ['unshare', '--mount', 'sh', '-c', hidden, 'x'] })

    expect(view.evidence).toMatchObject({ uid: 65534, end: 'complete' })
    expect(view.processes()).toMatchObject({ state: 'unavailable', reason: 'permission-denied' })
  })
})
