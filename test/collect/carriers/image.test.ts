import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalCarrier } from '../../../src/collect/carriers/local.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'khard-image-'))
})
afterEach(() => {
  chmodSync(directory, 0o700)
  rmSync(directory, { recursive: true, force: true })
})

const run = (script = 'echo ran') =>
  createLocalCarrier({ kind: 'root', target: 'image', root: directory, sudo: null, env: process.env }).run(
    script,
    { timeoutMs: 10_000, connectTimeoutMs: 10_000, maxBytes: 1000 },
  )

describe('an image', () => {
  it('is not asked where nothing is mounted', async () => {
    mkdirSync(join(directory, 'lost+found'))

    expect(await run()).toMatchObject({
      end: 'unreachable',
      detail: `${directory} does not look like a root file system: it has neither etc nor usr/lib/os-release`,
      stdout: new Uint8Array(),
    })
  })

  it.each([
    ['/etc', () => mkdirSync(join(directory, 'etc'))],
    [
      'an os-release of its vendor',
      () => {
        mkdirSync(join(directory, 'usr/lib'), { recursive: true })
        writeFileSync(join(directory, 'usr/lib/os-release'), 'ID=a\n')
      },
    ],
  ])('is asked where there is %s', async (_what, make) => {
    make()

    expect(await run()).toMatchObject({ end: 'complete', exitCode: 0 })
  })
})
