import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { khard, root } from '../support/khard.ts'
import { audit, expectMistake, filesOf, recorded } from './mistake.ts'
import { readResult } from './verdicts.ts'

const file = filesOf()

describe('an output', () => {
  it.each([
    ['a directory that is not there', '/no/such/directory/result.json'],
    ['a directory', '/tmp/'],
    ['a directory without its slash', '/tmp'],
    ['nothing', ''],
  ])('that goes to %s is refused before anything is asked', async (_what, path) => {
    expectMistake(await audit(['-o', `json=${path}`]), /cannot write/, /next: /)
  })

  it('given twice for one place is a mistake', async () => {
    expectMistake(await audit(['-o', 'text', '-o', 'json']), /standard output/, /next: /)
  })

  it('that cannot be written costs neither the others nor leaves a half file', async () => {
    const full = '/dev/full'
    const ran = await audit(['--only', '1.2.1', '-o', `json=${file('kept.json')}`, '-o', `junit=${full}`])
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toMatch(/error: .*\/dev\/full/)
    expect(readResult(file('kept.json')).findings.length).toBe(3)
    expect(readdirSync(file('.')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('to a device is written to it, and never put in its place', async () => {
    const device = file('device')
    execFileSync('mkfifo', [device])
    const reader = spawn('cat', [device], { stdio: ['ignore', 'pipe', 'inherit'] })
    const read = text(reader.stdout)
    await audit(['--only', '1.2.1', '-o', `json=${device}`])
    expect(JSON.parse(await read).schema).toBe('khard.result/v1')
    expect(statSync(device).isFIFO()).toBe(true)
    expectMistake(await audit(['--save-evidence', device]), /not a regular file/, /next: /)
    expect(statSync(device).isFIFO()).toBe(true)
  })

  it('to several formats at once gives each its file and nothing on standard output', async () => {
    const ran = await audit([
      '-o',
      `json=${file('a.json')}`,
      '-o',
      `junit=${file('a.xml')}`,
      '-o',
      `sarif=${file('a.sarif')}`,
    ])
    expect(ran).toMatchObject({ stdout: '', stderr: '', code: 1 })
    expect(readFileSync(file('a.xml'), 'utf8')).toContain('<testsuites')
    expect(JSON.parse(readFileSync(file('a.sarif'), 'utf8')).version).toBe('2.1.0')
  })

  it('can be made again from the saved result, byte for byte', async () => {
    await audit(['-o', `json=${file('first.json')}`, '-o', `junit=${file('first.xml')}`])
    const ran = await khard([
      'report',
      file('first.json'),
      '-o',
      `json=${file('second.json')}`,
      '-o',
      `junit=${file('second.xml')}`,
    ])
    expect(ran).toMatchObject({ stdout: '', stderr: '', code: 0 })
    for (const kind of ['json', 'xml'])
      expect(readFileSync(file(`second.${kind}`), 'utf8')).toBe(readFileSync(file(`first.${kind}`), 'utf8'))
  })

  it('into a closed pipe ends the run quietly', () => {
    const line = `'${process.execPath}' '${join(root, 'bin/khard.js')}' audit bundle:'${recorded}' --at 2026-11-22 --show all; echo "exit $?" >&2`
    const ran = spawnSync('bash', ['-c', `{ ${line} ; } | head -1`], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: file('.') },
    })
    expect(ran.stdout.split('\n')[0]).toMatch(/^khard /)
    expect(ran.stderr).toBe('exit 1\n')
  })
})
