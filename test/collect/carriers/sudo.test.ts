import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startRun } from '../../../src/collect/carriers/run.ts'
import { createFeed, shellCommand } from '../../../src/collect/carriers/sudo.ts'

const limits = { timeoutMs: 60_000, connectTimeoutMs: 5000, maxBytes: 1000 }
const connected = 'khard-00-connected\n'
const prompt = 'khard-00-password:'
const ready = 'khard-00-ready\n'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A shell under sudo that says these pieces, and what it was given in answer. */
function converse(password: string | null | undefined) {
  const given: string[] = []
  const run = startRun(limits)
  const sudo = password === undefined ? null : { password }
  const feed = createFeed({
    run,
    command: shellCommand(sudo, '00'),
    sudo,
    script: 'SCRIPT',
    sudoTimeoutMs: 5000,
    write: (text) => given.push(text),
    end: (text) => given.push(`${text}$`),
  })
  feed.start()
  return { run, feed, given, says: (text: string) => feed.takeErr(Buffer.from(text)) }
}

describe('feeding a shell', () => {
  it.each([undefined, null])('that needs no password gives the script at once', (password) => {
    const { given, says, run, feed } = converse(password)
    says('aside\n')
    feed.flush()

    expect(given).toEqual(['SCRIPT$'])
    expect(run.stderr()).toBe('aside\n')
  })

  it('gives the password only when asked for, the script only when the shell runs, in pieces of any size', () => {
    const { given, says, run } = converse('secret')
    expect(given).toEqual([])

    for (const character of `banner\n${connected}lecture\n${prompt}`) says(character)
    expect(given).toEqual(['secret\n'])

    for (const character of `${ready}after\n`) says(character)
    expect(given).toEqual(['secret\n', 'SCRIPT$'])
    expect(run.stderr()).toBe('banner\nlecture\nafter\n')
    vi.advanceTimersByTime(10_000)
    expect(run.isFinished()).toBe(false)
  })

  it('never gives the password to a shell that asked for none', () => {
    const { given, says } = converse('secret')
    says(connected + ready)

    expect(given).toEqual(['SCRIPT$'])
  })

  it('does not try a password twice, even where both prompts come at once', async () => {
    const { given, says, run } = converse('secret')
    says(`${connected}${prompt}Sorry, try again.\n${prompt}`)

    expect(given).toEqual(['secret\n'])
    expect(await run.outcome).toMatchObject({ end: 'sudo-missing', detail: 'sudo refused the password' })
  })

  it('waits for sudo only so long', async () => {
    const { says, run, given } = converse('secret')
    says(connected)
    vi.advanceTimersByTime(5000)

    expect(await run.outcome).toMatchObject({
      end: 'sudo-missing',
      detail: 'sudo neither asked for the password nor started a shell',
    })
    expect(given).toEqual([])
  })

  it('gives back what was held, where the shell ends before it spoke', () => {
    const { says, run, feed } = converse('secret')
    says('sudo: no such thing')
    expect(run.stderr()).toBe('')
    feed.flush()

    expect(run.stderr()).toBe('sudo: no such thing')
  })
})
