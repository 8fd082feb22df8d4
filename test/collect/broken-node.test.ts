import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseStream } from '../../src/collect/parse/parse-stream.ts'
import { planCollection } from '../../src/collect/plan.ts'
import { createNodeView } from '../../src/facts/node-view.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, meta } from './node-script.ts'
import { sampleComponents, samplePlan } from './sample-plan.ts'

let here: Fixture
beforeEach(() => {
  here = fixture()
})
afterEach(() => here.remove())

const tools = ['sed', 'tr', 'head', 'grep', 'stat', 'readlink', 'timeout', 'openssl', 'sh', 'systemctl']

/** Directories to look for tools in: links to the real ones, except those left out or replaced. */
function toolsExcept(
  left: readonly string[],
  replaced: { readonly [name: string]: string } = {},
): readonly string[] {
  for (const tool of tools) {
    if (left.includes(tool)) continue
    const text = replaced[tool]
    const real = [`/usr/bin/${tool}`, `/bin/${tool}`].find((path) => existsSync(path))
    if (text !== undefined) chmodSync(here.put(`tools/${tool}`, `#!/bin/sh\n${text}\n`), 0o755)
    else if (real !== undefined) {
      here.put('tools/.keep', '')
      symlinkSync(real, `${here.root}/tools/${tool}`)
    }
  }
  return [`${here.root}/tools`]
}

/** A machine that systemd runs, with a unit of the kubelet. */
const withSystemd = () => {
  here.put('units/kubelet.service', '')
  return { mark: here.root, unitPlaces: [`${here.root}/units`] }
}

const plan = () =>
  planCollection(
    [
      { kind: 'path', path: here.put('a.conf', 'a: 1\n'), holds: 'configuration' },
      {
        kind: 'path',
        path: here.put('a.crt', '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'),
        holds: 'certificate',
      },
      { kind: 'path', path: here.put('a.key', 'x'), holds: 'private-key' },
      { kind: 'unit', name: 'kubelet.service' },
      { kind: 'process', name: 'none', binaries: ['khnobody'], env: [] },
      { kind: 'command', argv: ['khard-no-such-tool', '--version'] },
    ],
    sampleComponents,
  )

describe('a node without its tools', () => {
  it.each(['sed', 'tr', 'head'])('answers nothing without %s, and says which tool it was', (tool) => {
    const view = collect(plan(), { toolDirectories: toolsExcept([tool]) })

    expect(view.evidence).toMatchObject({ end: 'tool-missing', endDetail: `${tool} is not on the node` })
    expect(view.evidence.items.map(({ state }) => state)).not.toContain('absent')
    expect(view.evidence.items.map(({ state }) => state)).not.toContain('observed')
  })

  it('without stat says so, and reads nothing whose size it does not know', () => {
    const view = collect(plan(), { toolDirectories: toolsExcept(['stat']) })

    expect(view.file(`${here.root}/a.conf`)).toMatchObject({ reason: 'tool-missing' })
    expect(view.content(`${here.root}/a.conf`).state).toBe('unavailable')
  })

  it('without grep knows no processes and no certificates', () => {
    const view = collect(plan(), { toolDirectories: toolsExcept(['grep']) })

    expect(view.processes()).toMatchObject({ reason: 'tool-missing' })
    expect(view.content(`${here.root}/a.crt`)).toMatchObject({ reason: 'tool-missing' })
    expect(view.content(`${here.root}/a.conf`)).toMatchObject({ state: 'observed' })
  })

  it('without openssl and systemctl says so for keys and units alone', () => {
    const view = collect(plan(), {
      toolDirectories: toolsExcept(['openssl', 'systemctl']),
      systemd: withSystemd(),
    })

    expect(view.key(`${here.root}/a.key`)).toMatchObject({ reason: 'tool-missing' })
    expect(view.unit('kubelet.service')).toMatchObject({ reason: 'tool-missing' })
    expect(view.command(['khard-no-such-tool', '--version'])).toMatchObject({ state: 'absent' })
    expect(view.content(`${here.root}/a.conf`)).toMatchObject({ state: 'observed' })
  })

  it('with a systemctl that prints rubbish, or a grep that does, concludes nothing from it', () => {
    const rubbish = 'echo "rubbish khard:1 end"; exit 1'
    const view = collect(plan(), {
      toolDirectories: toolsExcept([], { systemctl: rubbish, grep: rubbish }),
      systemd: withSystemd(),
    })

    expect(view.unit('kubelet.service')).toMatchObject({ reason: 'tool-failed' })
    expect(view.processes()).toMatchObject({ reason: 'tool-failed' })
    expect(view.content(`${here.root}/a.crt`).state).toBe('unavailable')
  })

  it('with a stat that prints rubbish has no modes', () => {
    const view = collect(plan(), { toolDirectories: toolsExcept([], { stat: 'echo rubbish' }) })

    expect(view.file(`${here.root}/a.conf`)).toMatchObject({ reason: 'tool-failed' })
  })

  it('with a sed that prints rubbish has nothing, and the run did not reach its end', () => {
    const view = collect(plan(), { toolDirectories: toolsExcept([], { sed: 'echo rubbish; exit 1' }) })

    expect(view.evidence.end).toBe('tool-failed')
    expect(view.evidence.items.map(({ state }) => state)).not.toContain('absent')
  })

  it('with the applets of busybox alone answers the same', () => {
    const applets = ['sed', 'tr', 'head', 'grep', 'stat', 'readlink', 'timeout', 'base64', 'sh']
    here.put('busybox/.keep', '')
    for (const applet of applets) symlinkSync('/usr/bin/busybox', `${here.root}/busybox/${applet}`)
    symlinkSync('/usr/bin/openssl', `${here.root}/busybox/openssl`)
    const everything = plan()

    const usual = collect(everything, { shell: ['busybox', 'ash'] })
    const view = collect(everything, {
      shell: ['busybox', 'ash'],
      toolDirectories: [`${here.root}/busybox`],
    })

    expect(view.evidence.items).toEqual(usual.evidence.items)
    expect(view.content(`${here.root}/a.crt`).state).toBe('observed')
  })

  it('that systemd does not run has no units, and no trouble with systemctl', () => {
    const systemd = { ...withSystemd(), mark: `${here.root}/none` }
    const view = collect(plan(), {
      toolDirectories: toolsExcept([], { systemctl: 'echo no bus >&2; exit 1' }),
      systemd,
    })

    expect(view.unit('kubelet.service').state).toBe('absent')
  })

  it('with a systemctl that hangs says timed-out after ten seconds', { timeout: 60_000 }, () => {
    const view = collect(plan(), {
      toolDirectories: toolsExcept([], { systemctl: 'exec sleep 60' }),
      systemd: withSystemd(),
    })

    expect(view.unit('kubelet.service')).toMatchObject({ reason: 'timed-out' })
    expect(view.content(`${here.root}/a.conf`)).toMatchObject({ state: 'observed' })
  })
})

describe('a stream that ends too soon', () => {
  const parse = (bytes: Buffer) => parseStream(bytes, samplePlan, meta({ end: 'disconnected' }))

  it('never says anything else than the whole stream does, cut at any byte', () => {
    const whole = readFileSync(new URL('recorded/kubeadm-node.stream', import.meta.url))
    const items = new Map(parseStream(whole, samplePlan, meta()).items.map((item) => [item.id, item]))
    const differs = (cut: number): readonly RawItem[] => {
      const evidence = parse(whole.subarray(0, cut))
      if (evidence.end === 'complete') return []
      return evidence.items.filter(
        (item) => item.state !== 'unavailable' && !agrees(item, items.get(item.id)),
      )
    }

    fc.assert(
      fc.property(fc.nat(whole.length), (cut) => {
        expect(differs(cut)).toEqual([])
      }),
      { numRuns: 300 },
    )
    expect(parse(whole).end).toBe('complete')
  }, 60_000)

  it('says which units systemd knows, as long as it says anything of them', () => {
    const whole = readFileSync(new URL('recorded/kubeadm-node.stream', import.meta.url))
    const cut = whole.indexOf('programs 0')
    const [node, shorter] = [whole, whole.subarray(0, cut)].map((bytes) => createNodeView(parse(bytes)))

    expect(node?.unit('kubelet.service')).toMatchObject({ properties: { ActiveState: 'active' } })
    expect(node?.unit('no-such.service').state).toBe('absent')
    expect(shorter?.unit('kubelet.service')).toMatchObject({ reason: 'disconnected' })
  })

  it('answers every probe with the reason the run ended', () => {
    const evidence = parse(Buffer.alloc(0))

    expect(
      new Set(evidence.items.map((item) => (item.state === 'unavailable' ? item.reason : item.state))),
    ).toEqual(new Set(['disconnected']))
    expect(createNodeView(evidence).file('/never/asked')).toMatchObject({ reason: 'disconnected' })
    expect(evidence.items.length).toBeGreaterThanOrEqual(samplePlan.paths.length + samplePlan.units.length)
  })

  it('reads any bytes without throwing', () => {
    const mark = Buffer.from(`\nkhard:${meta().nonce} `)
    const words = fc.constantFrom(
      ...[
        'path there text /a',
        'stat',
        '~',
        'poured',
        'pour text\n/a',
        'end',
        'dir /a',
        'complete',
        'units 0',
        'versions',
      ],
    )
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      words.map((word) => Buffer.concat([mark, Buffer.from(`${word}\n`)])),
    )

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const evidence = parse(Buffer.concat(pieces))
        expect(evidence.items.length).toBeGreaterThan(0)
      }),
    )
  })
})

/** What a cut stream leaves out may be missing; what it says must be what the whole stream says. */
function agrees(cut: RawItem, whole: RawItem | undefined): boolean {
  const strip = ({ version: _v, env: _e, holds: _h, recursive: _r, ...rest }: { [field: string]: unknown }) =>
    JSON.stringify(rest)
  return whole !== undefined && strip({ ...cut }) === strip({ ...whole })
}
