import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
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

  it('that lost its last newline is whole', async () => {
    await writeBundle(path, each(nodes), options)
    edit((text) => text.trimEnd())

    expect(await read()).toEqual(nodes)
  })

  it('is not there before it is closed', async () => {
    const bundle = await openBundle(path, options)

    expect(readdirSync(here.root)).not.toContain('run.khard')
    await bundle.close(true)
    expect(await read()).toEqual([])
  })

  it.each([
    ['there is no directory for it', () => `${here.root}/none/run.khard`, 'ENOENT'],
    ['a directory has its name', () => here.root, 'EISDIR'],
    [
      'the disk is full',
      () => {
        symlinkSync('/dev/full', `${path}.khard.tmp`)
        return path
      },
      'ENOSPC',
    ],
  ])('that cannot be written since %s says where and why', async (_name, place, why) => {
    const target = place()

    await expect(writeBundle(target, each(nodes), options)).rejects.toMatchObject({
      code: 'output-unwritable',
      message: expect.stringMatching(new RegExp(`${target}: .*${why}`)),
    })
    expect(existsSync(`${target}.khard.tmp`)).toBe(false)
  })

  it('whose last bytes do not fit on the disk is not there', async () => {
    symlinkSync('/dev/full', `${path}.khard.tmp`)
    const bundle = await openBundle(path, options)

    await expect(bundle.close(true)).rejects.toMatchObject({
      code: 'output-unwritable',
      message: expect.stringContaining('ENOSPC'),
    })
    expect(readdirSync(here.root)).toEqual([])
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

    await fails(/ends before its last line: .* was cut short; \d targets? before it (is|are) intact/)
  })

  it('cut at a line says it has no last line', async () => {
    edit((text) => `${text.split('\n').slice(0, 3).join('\n')}\n`)

    await fails(/ends before its last line: .*; 2 targets before it are intact/)
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

  it('with an item taken out says in which target', async () => {
    edit((text) => text.replace(/"sha256:[0-9a-f]{64}",/, ''))

    await fails('cp-1: items were added or taken away; 0 targets')
  })

  it.each([
    ['is not evidence', (text: string) => text.replace('"state":"observed"', '"state":"maybe"'), 'evidence'],
    ['is cut', (text: string) => text.slice(0, text.indexOf('\n') + 900), 'JSON'],
  ])('with a line that %s says which', async (_name, change, what) => {
    edit(change)

    await fails(`line 2 is not ${what}; 0 targets`)
  })

  it('with a line that is not text says which', async () => {
    const text = gunzipSync(readFileSync(path))
    text[text.indexOf('khnode-2', text.indexOf('"digests"', text.indexOf('\n')) + 1)] = 0xff
    const line = text.subarray(0, text.indexOf(0xff)).toString().split('\n').length
    writeFileSync(path, gzipSync(text))

    await fails(`line ${line} is not evidence; ${line - 2} target`)
  })

  it('with a line longer than any honest one does not fill the memory', { timeout: 60_000 }, async () => {
    const endless = gzipSync(Buffer.alloc(257 * 1024 * 1024, 'x'), { level: 1 })
    writeFileSync(path, Buffer.concat([readFileSync(path), endless]))

    await fails('line 6 is too long; 3 targets')

    writeFileSync(path, endless)
    await fails('not an evidence bundle')
  })

  it('that goes on after its last line says so', async () => {
    writeFileSync(path, Buffer.concat([readFileSync(path), gzipSync('{}\n')]))

    await fails('something follows its last line; 3 targets')
  })

  it('whose own check sum is wrong is damaged, though every line can be read', async () => {
    const bytes = Buffer.from(readFileSync(path))
    bytes.writeUInt32LE((bytes.readUInt32LE(bytes.length - 8) ^ 1) >>> 0, bytes.length - 8)
    writeFileSync(path, bytes)

    await fails(/its bytes are damaged; \d targets? before it/)
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

  it.each([
    ['text', 'hello\n'],
    ['bytes', Buffer.from([255, 10])],
    ['other JSON', '{"a":1}\n'],
    ['a value', 'null\n'],
    ['no version', '{"schema":"khard.evidence/v0"}\n'],
    ['a bent header', '{"schema":"khard.evidence/v1"}\n'],
    ['a schema that is no text', '{"schema":{"toString":1}}\n'],
    ['a schema without an end', `{"schema":${'['.repeat(50_000)}${']'.repeat(50_000)}}\n`],
  ])('that is some other gzip file (%s) is called no bundle', async (_name, text) => {
    writeFileSync(path, gzipSync(text))

    await fails('not an evidence bundle')
  })

  it.each(['v2', 'v10'])('of a newer khard (%s) says so', async (version) => {
    edit((text) => text.replace('khard.evidence/v1', `khard.evidence/${version}`))

    await fails('newer khard')
  })

  it.each([
    ['does not exist', () => `${here.root}/none`, 'ENOENT'],
    ['is a directory', () => here.root, 'EISDIR'],
    ['is looked for below a file', () => `${path}/x`, 'ENOTDIR'],
  ])('that %s cannot be read, which is not damage', async (_name, place, code) => {
    path = place()

    await fails(new RegExp(`cannot be read \\(${code}\\)$`))
  })
})
