import { describe, expect, it } from 'vitest'
import type { Carrier, RunOptions } from '../../src/collect/carrier.ts'
import { labAvailable, withLab } from '../support/lab.ts'
import { limits, local, openssh, root, ssh2, text } from './carrier-under-test.ts'

// One suite, every carrier: what the collector relies on whichever way a node is reached.
describe('every carrier', () => {
  describe('local', () => behavesAsCarrier(() => local(), { kind: 'local', offline: false }))
  describe('root', () => behavesAsCarrier(() => root(), { kind: 'root', offline: true }))

  const available = labAvailable()
  if (!available.ok) {
    it.skip(`ssh2 and openssh: ${available.reason}`, () => undefined)
    return
  }
  describe('over ssh', () => {
    const lab = withLab(['plain'])
    const setting = () => ({ address: { host: 'khnode-1' }, configFile: lab.sshConfig })
    describe('ssh2', () => behavesAsCarrier(() => ssh2(setting()), { kind: 'ssh2', offline: false }))
    describe('openssh', () => behavesAsCarrier(() => openssh(setting()), { kind: 'openssh', offline: false }))
  })
})

function behavesAsCarrier(
  make: () => Carrier,
  expected: { readonly kind: string; readonly offline: boolean },
): void {
  const run = (script: string, options: Partial<RunOptions> = {}) =>
    make().run(script, { ...limits, ...options })

  it('says what it is', () => {
    const carrier = make()

    expect({ kind: carrier.kind, offline: carrier.offline }).toEqual(expected)
    expect(carrier.target).not.toBe('')
  })

  it('runs a script and brings back what it wrote', async () => {
    const outcome = await run('echo one; echo two')

    expect(outcome).toMatchObject({ end: 'complete', exitCode: 0, stderr: '' })
    expect(outcome).not.toHaveProperty('detail')
    expect(text(outcome.stdout)).toBe('one\ntwo\n')
    expect(outcome.timingsMs.connect).toBeGreaterThanOrEqual(0)
    expect(outcome.timingsMs.run).toBeGreaterThanOrEqual(0)
  })

  it('keeps every byte as it was', async () => {
    const outcome = await run(`printf '\\000\\377\\r\\n\\033[31m\\303\\050'`)

    expect([...outcome.stdout]).toEqual([0, 255, 13, 10, 27, 91, 51, 49, 109, 195, 40])
  })

  it('gives the script no terminal', async () => {
    const outcome = await run('if [ -t 1 ] || [ -t 2 ]; then echo terminal; else echo pipe; fi')

    expect(text(outcome.stdout)).toBe('pipe\n')
  })

  it('reports the exit code and the tail of standard error, escaped', async () => {
    const outcome = await run(
      `i=0; while [ $i -lt 200 ]; do echo "line $i ${'x'.repeat(40)}" >&2; i=$((i+1)); done; printf 'bad \\033[2J\\n' >&2; exit 3`,
    )

    expect(outcome).toMatchObject({ end: 'complete', exitCode: 3 })
    expect(outcome.stderr.length).toBeLessThanOrEqual(4096 + 5)
    expect(outcome.stderr).toContain('line 199')
    expect(outcome.stderr).not.toContain('line 1 ')
    expect(outcome.stderr.endsWith('bad \\u001b[2J\n')).toBe(true)
  })

  it('takes a script of two megabytes', async () => {
    const outcome = await run(`${`# ${'comment '.repeat(10)}\n`.repeat(24_000)}echo end\n`)

    expect(outcome.end).toBe('complete')
    expect(text(outcome.stdout)).toBe('end\n')
  })

  it('stops at the cap and keeps exactly what fits', async () => {
    const outcome = await run('while :; do echo 0123456789abcdef; done', { maxBytes: 100_000 })

    expect(outcome).toMatchObject({ end: 'truncated' })
    expect(outcome.stdout.length).toBe(100_000)
    expect(outcome.detail).toContain('100000')
  })

  it('does not call an output that just fits truncated', async () => {
    const outcome = await run('printf 12345', { maxBytes: 5 })

    expect(outcome.end).toBe('complete')
  })

  it('gives up when the script takes too long, with the output so far', async () => {
    const startedAt = performance.now()

    const outcome = await run('echo before; sleep 60; echo after', { timeoutMs: 5000 })

    expect(outcome).toMatchObject({ end: 'timed-out', exitCode: null })
    expect(text(outcome.stdout)).toBe('before\n')
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  })

  it('stops when interrupted, with the output so far', async () => {
    const abort = new AbortController()
    // Long enough to get in and write on a busy machine.
    setTimeout(() => abort.abort(), 4000)

    const outcome = await run('echo before; sleep 60; echo after', { signal: abort.signal })

    expect(outcome.end).toBe('interrupted')
    expect(text(outcome.stdout)).toBe('before\n')
  })

  it('does nothing when it was interrupted before it began', async () => {
    const outcome = await run('echo ran', { signal: AbortSignal.abort() })

    expect(outcome.end).toBe('interrupted')
    expect(outcome.stdout.length).toBe(0)
  })

  it('calls a shell that was killed disconnected, with the output so far', async () => {
    const outcome = await run('echo before; kill -9 $$')

    expect(outcome).toMatchObject({ end: 'disconnected', exitCode: null })
    expect(text(outcome.stdout)).toBe('before\n')
    expect(outcome.detail).not.toBe('')
    expect(outcome.next).not.toBe('')
  })

  it('survives a script that does not read its standard input to the end', async () => {
    const outcome = await run(`echo early; exit 0\n${'# never read\n'.repeat(100_000)}`)

    expect(outcome).toMatchObject({ end: 'complete', exitCode: 0 })
    expect(text(outcome.stdout)).toBe('early\n')
  })
}
