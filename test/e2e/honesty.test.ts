import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { khard, startKhard } from '../support/khard.ts'
import { audit, filesOf, nodes, recorded } from './mistake.ts'

const file = filesOf()

describe('what other tools get wrong', () => {
  it('zero evaluated controls are not a pass: a selection that leaves nothing is no success', async () => {
    const ran = await audit(['--benchmark', 'cis-kubernetes', '--only', '3.1.1', '-o', 'json'])
    expect(JSON.parse(ran.stdout).summary.verdicts.pass).toBe(0)
    expect(ran.code).toBe(3)
  })

  it('an empty image is not conformant: nothing applies, and the run says that it claims nothing', async () => {
    const empty = file('empty-image')
    mkdirSync(join(empty, 'etc'), { recursive: true })
    const ran = await khard([
      'audit',
      `root:${empty}`,
      '--profile',
      'kubeadm-cis-l1',
      '--benchmark',
      'cis-kubernetes',
      '-o',
      'json',
    ])
    expect(JSON.parse(ran.stdout).summary.verdicts.pass).toBe(0)
    expect(ran.code).toBe(3)
  })

  it('a mount point on which nothing is mounted is no image: no verdict is given', async () => {
    const bare = file('mount-point')
    mkdirSync(bare, { recursive: true })
    const ran = await khard(['audit', `root:${bare}`, '--profile', 'kubeadm-cis-l1', '-o', 'json'])
    const { targets, summary } = JSON.parse(ran.stdout)
    expect(targets[0].reached).toBe(false)
    expect(summary.verdicts.fail).toBe(0)
    expect(ran.stdout).toContain('does not look like a root file system')
    expect(ran.code).toBe(3)
  })

  it('hundreds of failures do not wrap around to exit code 0', async () => {
    const many = file('many.khard')
    const lines = gunzipSync(readFileSync(recorded)).toString('utf8').split('\n')
    expect(lines.length).toBeGreaterThan(3)
    const args = Array.from({ length: 4 }, (_, index) => {
      const copy = `${many}.${index}`
      writeFileSync(copy, readFileSync(recorded))
      return `bundle:${copy}`
    })
    const ran = await khard([
      'audit',
      ...args,
      '--at',
      '2026-11-22',
      '--fail-on',
      'low',
      '--max-errors',
      'any',
      '-o',
      'json',
    ])
    expect(JSON.parse(ran.stdout).summary.verdicts.fail).toBeGreaterThan(256)
    expect(ran.code).toBe(1)
  })

  it('a fault of khard’s own exits 3, never 0', async () => {
    const ran = await khard(['audit', ...nodes], { env: { NODE_OPTIONS: `--import=${crash}` } })
    expect(ran.stderr).toMatch(/error: khard failed: /)
    expect(ran.code).toBe(3)
  })

  it('a file that may not be read is no empty file', async () => {
    const secret = file('unreadable.yaml', '[]\n')
    chmodSync(secret, 0o000)
    const mayReadAnyway = process.getuid?.() === 0
    const ran = await audit(['--only', '1.2.1', '--waivers', secret])
    expect(ran.code).toBe(mayReadAnyway ? 1 : 2)
  })
})

/** Makes a part of Node.js that evaluation uses throw, as a fault of khard would. */
const crash = file(
  'crash.mjs',
  "import crypto from 'node:crypto'\nimport { syncBuiltinESMExports } from 'node:module'\ncrypto.createHash = () => { throw new Error('a fault on purpose') }\nsyncBuiltinESMExports()\n",
)

describe('interrupting', () => {
  it('the first Ctrl-C of a run that hangs ends it with 130', async () => {
    const listener = startSilentServer()
    const port = await listener.port
    const running = startKhard(['audit', `ssh://127.0.0.1:${port}`, '--connect-timeout', '30s', '-o', 'json'])
    await listener.connected
    running.child.kill('SIGINT')
    const ran = await running.ended
    listener.close()
    expect(ran).toMatchObject({ code: 130, signal: null })
  })
})

function startSilentServer(): {
  readonly port: Promise<number>
  readonly connected: Promise<void>
  close(): void
} {
  const { promise: port, resolve: listening } = Promise.withResolvers<number>()
  const { promise: connected, resolve: heard } = Promise.withResolvers<void>()
  const open: Socket[] = []
  const server: Server = createServer((socket) => {
    open.push(socket)
    heard()
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') listening(address.port)
  })
  return {
    port,
    connected,
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
