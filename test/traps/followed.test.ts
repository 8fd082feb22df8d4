import type { ChildProcess } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { Probe } from '../../src/model/probe.ts'
import { collect, type Fixture, fixture, shells, startProcess, textOf } from '../collect/node-script.ts'
import { sampleComponents } from '../collect/sample-plan.ts'
import { recorded } from '../support/recorded.ts'

const certificate = recorded('kubeadm-1.36/pki/ca.crt')

let here: Fixture
const running: ChildProcess[] = []
beforeEach(() => {
  here = fixture()
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  here.remove()
})

const plan = (...probes: readonly Probe[]) => planCollection(probes, sampleComponents)

const kubeconfig = (paths: { readonly [name: string]: string }): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { 'certificate-authority': paths['ca'] } }],
    users: [{ name: 'a', user: { 'client-certificate': paths['crt'], 'client-key': paths['key'] } }],
  })

describe.each(shells)('paths in a kubeconfig, with %s', (...shell) => {
  it('count from the directory of the kubeconfig that names them', () => {
    const first = here.put(
      'one/a.conf',
      kubeconfig({ ca: 'ca.crt', crt: './pki/../a.crt', key: 'pki/a.key' }),
    )
    const second = here.put(
      'two/b.conf',
      'kind: Config\nclusters:\n- cluster:\n    certificate-authority: "../one/other.crt"\n    server: https://x\n- name: b\nusers:\n- user:\n    client-certificate: a.crt',
    )
    for (const path of ['one/ca.crt', 'one/a.crt', 'one/other.crt', 'two/a.crt']) {
      here.put(path, certificate)
    }
    here.put('one/pki/a.key', 'key')

    const view = collect(
      plan(
        { kind: 'path', path: first, holds: 'kubeconfig' },
        { kind: 'path', path: second, holds: 'kubeconfig' },
      ),
      { shell },
    )

    for (const path of ['one/ca.crt', 'one/a.crt', 'one/other.crt', 'two/a.crt']) {
      expect(textOf(view.content(`${here.root}/${path}`))).toContain('BEGIN CERTIFICATE')
    }
    expect(view.file(`${here.root}/one/pki/a.key`).state).toBe('observed')
  })

  it('count from it in an image as well', () => {
    here.put('etc/kubernetes/admin.conf', kubeconfig({ ca: 'pki/ca.crt', crt: 'a.crt', key: 'a.key' }))
    here.put('etc/kubernetes/pki/ca.crt', certificate)

    const view = collect(plan({ kind: 'path', path: '/etc/kubernetes/admin.conf', holds: 'kubeconfig' }), {
      root: here.root,
      shell,
    })

    expect(textOf(view.content('/etc/kubernetes/pki/ca.crt'))).toContain('BEGIN CERTIFICATE')
    expect(view.file('/etc/kubernetes/a.key').state).toBe('absent')
  })

  it('that are absolute are asked as they stand, also on a last line without an end', () => {
    const ca = here.put('ca.crt', certificate)
    const config = here.put('c.conf', `kind: Config\nclusters:\n- cluster:\n    certificate-authority: ${ca}`)
    const other = here.put('d.conf', kubeconfig({ ca: 'x', crt: 'y', key: 'z' }))

    const view = collect(
      plan(
        { kind: 'path', path: config, holds: 'kubeconfig' },
        { kind: 'path', path: other, holds: 'kubeconfig' },
      ),
      { shell },
    )

    expect(textOf(view.content(ca))).toContain('BEGIN CERTIFICATE')
  })
})

describe('a static pod path', () => {
  it('that names one file has that manifest read', () => {
    const manifest = here.put('pod.yaml', 'kind: Pod\n')
    const config = here.put('kubelet.yaml', `staticPodPath: ${manifest}\n`)

    const view = collect(plan({ kind: 'path', path: config, holds: 'configuration' }))

    expect(textOf(view.content(manifest))).toBe('kind: Pod\n')
  })
})

describe('a unit of an image that is a link to /dev/null', () => {
  it('is there, and is no file', () => {
    mkdirSync(`${here.root}/etc/systemd/system`, { recursive: true })
    symlinkSync('/dev/null', `${here.root}/etc/systemd/system/kubelet.service`)

    const path = '/etc/systemd/system/kubelet.service'
    const view = collect(plan({ kind: 'path', path, holds: 'unit' }), { root: here.root })

    expect(view.file(path)).toMatchObject({ state: 'observed', stat: { type: 'character' } })
    expect(JSON.stringify(view.evidence.items)).not.toContain(here.root)
  })
})

// Namespaces need root.
describe.runIf(process.getuid?.() === 0)('a file behind a link in a container', () => {
  const start = (volume: string, inside: string, argument: string): Promise<number> =>
    startProcess(
      { here, running },
      {
        name: 'khtest',
        through: ['unshare', '--mount', 'sh', '-c', `mount --bind ${volume} ${inside} && exec "$@"`, 'x'],
        argv: [argument],
      },
    )
  const kubelet: Probe = { kind: 'process', name: 'kubelet', binaries: ['khtest'], env: [] }

  it('is not known, and is not the file of the host that has the name', async () => {
    mkdirSync(`${here.root}/inside`)
    here.put('volume/real.yaml', 'of: the container\n')
    symlinkSync('real.yaml', `${here.root}/volume/c.yaml`)
    const path = `${here.root}/inside/c.yaml`
    const pid = await start(`${here.root}/volume`, `${here.root}/inside`, `--config=${path}`)

    const view = collect(plan(kubelet))

    expect(view.file(`/proc/${pid}/root${path}`)).toMatchObject({ reason: 'permission-denied' })
    expect(view.content(`/proc/${pid}/root${path}`)).toMatchObject({ state: 'unavailable' })
  })

  it('is left alone where the kubelet projects it: then it is no file of the node', async () => {
    mkdirSync(`${here.root}/inside`)
    here.put('volume/..2026_01/c.yaml', 'of: a ConfigMap\n')
    symlinkSync('..2026_01', `${here.root}/volume/..data`)
    symlinkSync('..data/c.yaml', `${here.root}/volume/c.yaml`)
    const path = `${here.root}/inside/c.yaml`
    const pid = await start(`${here.root}/volume`, `${here.root}/inside`, `--config=${path}`)

    const view = collect(plan(kubelet))

    expect(view.file(`/proc/${pid}/root${path}`)).toMatchObject({ reason: 'not-collected' })
  })

  it('is named from the directory its kubeconfig has there', async () => {
    mkdirSync(`${here.root}/inside`)
    here.put(
      'volume/k.conf',
      kubeconfig({ ca: 'pki/ca.crt', crt: '../../../../../../../../out.crt', key: 'a' }),
    )
    here.put('volume/pki/ca.crt', certificate)
    const path = `${here.root}/inside/k.conf`
    const pid = await start(`${here.root}/volume`, `${here.root}/inside`, `--kubeconfig=${path}`)

    const view = collect(plan(kubelet))

    expect(textOf(view.content(`/proc/${pid}/root${here.root}/inside/pki/ca.crt`))).toContain('CERTIFICATE')
    expect(view.file(`/proc/${pid}/root/out.crt`).state).toBe('absent')
  })
})
