import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOutput } from '../../../src/collect/carriers/output.ts'
import { startRun } from '../../../src/collect/carriers/run.ts'

const limits = { timeoutMs: 5000, connectTimeoutMs: 1000, maxBytes: 4 }
const bytes = (text: string): Uint8Array => Buffer.from(text)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('one run', () => {
  it('that never connects ends at the connect limit, and says which option raises it', async () => {
    const run = startRun(limits)
    vi.advanceTimersByTime(1000)

    expect(await run.outcome).toMatchObject({
      end: 'unreachable',
      detail: 'no connection within 1 s',
      next: expect.stringContaining('--connect-timeout'),
      exitCode: null,
    })
  })

  it('whose limit is shorter than the one for connecting was not reached either', async () => {
    const run = startRun({ ...limits, timeoutMs: 500 })
    vi.advanceTimersByTime(500)

    expect(await run.outcome).toMatchObject({ end: 'unreachable', detail: 'no connection within 0.5 s' })
  })

  it('that is connected has the whole time, and keeps what it wrote', async () => {
    const run = startRun(limits)
    run.connected()
    run.connected()
    run.takeOut(bytes('abc'))
    vi.advanceTimersByTime(4999)
    expect(run.isFinished()).toBe(false)
    vi.advanceTimersByTime(1)

    const outcome = await run.outcome

    expect(outcome).toMatchObject({ end: 'timed-out', next: expect.stringContaining('--timeout') })
    expect(Buffer.from(outcome.stdout).toString()).toBe('abc')
    expect(outcome.timingsMs.connect).toBeLessThanOrEqual(outcome.timingsMs.run)
  })

  it('ends once, for the first reason, and takes nothing afterwards', async () => {
    const run = startRun(limits)
    run.takeOut(bytes('ab'))
    run.finish({ end: 'complete', exitCode: 0 })
    run.finish({ end: 'disconnected', detail: 'later' })
    run.takeOut(bytes('cd'))
    run.takeErr(bytes('later'))
    vi.advanceTimersByTime(60_000)

    const outcome = await run.outcome

    expect(outcome).toMatchObject({ end: 'complete', exitCode: 0, stderr: '' })
    expect(outcome).not.toHaveProperty('detail')
    expect(Buffer.from(outcome.stdout).toString()).toBe('ab')
  })

  it('closes what is open when it ends, the last opened first, and at once what opens too late', () => {
    const closed: string[] = []
    const run = startRun(limits)
    run.release(() => closed.push('first'))
    run.release(() => closed.push('second'))
    run.finish({ end: 'complete' })
    run.release(() => closed.push('late'))

    expect(closed).toEqual(['second', 'first', 'late'])
  })

  it('that writes too much is cut at the limit, to the byte', async () => {
    const run = startRun(limits)
    run.takeOut(bytes('abcd'))
    expect(run.isFinished()).toBe(false)
    run.takeOut(bytes('e'))

    const outcome = await run.outcome

    expect(outcome).toMatchObject({ end: 'truncated', detail: 'more than 4 bytes of output' })
    expect(Buffer.from(outcome.stdout).toString()).toBe('abcd')
  })

  it.each(['before', 'after'])('that is interrupted %s it began says so', async (when) => {
    const controller = new AbortController()
    if (when === 'before') controller.abort()
    const run = startRun({ ...limits, signal: controller.signal })
    controller.abort()

    expect(await run.outcome).toMatchObject({ end: 'interrupted' })
  })
})

describe('what a node writes', () => {
  it('is kept to the byte where it is cut in the middle of a piece', () => {
    const output = createOutput(5)

    expect([output.takeOut(bytes('abc')), output.takeOut(bytes('def')), output.takeOut(bytes('g'))]).toEqual([
      true,
      false,
      false,
    ])
    expect(Buffer.from(output.stdout()).toString()).toBe('abcde')
  })

  it('to standard error is its last four kilobytes, without control characters', () => {
    const output = createOutput(1)
    output.takeErr(bytes(`${'x'.repeat(5000)}\u001b[2J\r\nüber\n`))

    expect(output.stderr()).toHaveLength(4096 + 5 - 2)
    expect(output.stderr()).toMatch(/x\\u001b\[2J\nüber\n$/)
  })
})
