import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBundle, readBundle, writeBundle } from '../../src/collect/bundle.ts'
import { parseStream } from '../../src/collect/parse/parse-stream.ts'
import type { NodeEvidence } from '../../src/model/node-evidence.ts'
import type { Fixture } from './node-script.ts'
import { fixture, meta } from './node-script.ts'
import { samplePlan } from './sample-plan.ts'

let here: Fixture
let path: string
beforeEach(() => {
  here = fixture()
  path = `${here.root}/run.khard`
})
afterEach(() => here.remove())

const stream = readFileSync(new URL('recorded/kubeadm-node.stream', import.meta.url))
const nodes: readonly NodeEvidence[] = ['cp-1', 'cp-2', 'cp-3'].map((target) =>
  parseStream(stream, samplePlan, meta({ target })),
)
const options = { tool: '0.0.0', startedAt: '2026-01-01T00:00:00Z' }

async function* each<T>(values: readonly T[], fault?: Error): AsyncGenerator<T> {
  yield* values
  if (fault !== undefined) throw fault
}

async function read(file = path): Promise<readonly NodeEvidence[]> {
  const found: NodeEvidence[] = []
  for await (const one of readBundle(file)) found.push(one)
  return found
}

/** Writes the bundle again with its text changed. */
function edit(change: (text: string) => string): void {
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())))
}

describe('a bundle', () => {
  it('gives back exactly what was written, and the same evidence makes the same bytes', async () => {
    await writeBundle(path, each(nodes), options)
    await writeBundle(`${path}2`, each(nodes), options)

    expect(await read()).toEqual(nodes)
    expect(readFileSync(path).equals(readFileSync(`${path}2`))).toBe(true)
    expect([...readFileSync(path).subarray(4, 10)]).toEqual([0, 0, 0, 0, 0, 255])
    expect(readdirSync(here.root)).toHaveLength(2)
  })

  it('of a run that was stopped holds what came and says it is not complete', async () => {
    await expect(writeBundle(path, each(nodes.slice(0, 2), new Error('stopped')), options)).rejects.toThrow(
      'stopped',
    )

    expect((await read()).map(({ target }) => target)).toEqual(['cp-1', 'cp-2'])
    expect(gunzipSync(readFileSync(path)).toString().trimEnd().split('\n').at(-1)).toContain(
      '"complete":false',
    )
  })

  it('is not there before it is closed', async () => {
    const bundle = await openBundle(path, options)

    expect(readdirSync(here.root)).not.toContain('run.khard')
    await bundle.close(true)
    expect(await read()).toEqual([])
  })

  it('that cannot be written is an error that says where', async () => {
    await expect(writeBundle(`${here.root}/none/run.khard`, each(nodes), options)).rejects.toMatchObject({
      code: 'output-unwritable',
    })
  })
})

describe('a bundle that cannot be believed', () => {
  beforeEach(() => writeBundle(path, each(nodes), options))

  const fails = async (message: RegExp | string): Promise<void> => {
    const fault = await read().then(
      () => undefined,
      (cause: unknown) => cause,
    )
    expect(fault).toMatchObject({
      code: 'bundle-invalid',
      message: expect.stringMatching(message),
      next: expect.anything(),
    })
  }

  it('cut in half says how many targets were intact', async () => {
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, bytes.length - 200))

    await fails(/ends before its end; \d targets? before it (is|are) intact/)
  })

  it('cut at a line says it has no last line', async () => {
    edit((text) => `${text.split('\n').slice(0, 3).join('\n')}\n`)

    await fails('ends before its last line; 2 targets before it are intact')
  })

  it('with an edited item names the item', async () => {
    edit((text) => text.replace('"mode":384', '"mode":256'))

    await fails(/cp-1: file:\/etc\/.* was changed after it was collected; 0 targets/)
  })

  it('with an edited target fails by its digest', async () => {
    edit((text) => text.replace('"name":"khnode-2"', '"name":"khnode-9"'))

    await fails('its digest does not match its lines; 3 targets')
  })

  it('with a target taken out fails', async () => {
    edit((text) =>
      text
        .split('\n')
        .filter((line) => !line.includes('"target":"cp-2"'))
        .join('\n'),
    )

    await fails('its digest does not match')
  })

  it('with a line that is not evidence says which', async () => {
    edit((text) => text.replace('"state":"observed"', '"state":"maybe"'))

    await fails('line 2 is not evidence; 0 targets')
  })

  it('with damaged bytes says so', async () => {
    const bytes = Buffer.from(readFileSync(path))
    const middle = Math.floor(bytes.length / 2)
    bytes.fill(0x55, middle, middle + 40)
    writeFileSync(path, bytes)

    await fails(/damaged|not evidence|not JSON/)
  })

  it.each(['', 'not a bundle', '{}\n', 'PK\u0003\u0004'])(
    'that is no bundle (%j) is called that',
    async (text) => {
      writeFileSync(path, text)

      await fails(/not an evidence bundle|ends before/)
    },
  )

  it('that is some other gzip file is called no bundle', async () => {
    writeFileSync(path, gzipSync('hello\n'))

    await fails('not an evidence bundle')
  })

  it('of a newer khard says so', async () => {
    edit((text) => text.replace('khard.evidence/v1', 'khard.evidence/v2'))

    await fails('newer khard')
  })

  it('that does not exist says so', async () => {
    path = `${here.root}/none`

    await fails('ENOENT')
  })
})
