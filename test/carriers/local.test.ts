import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limits, local, text } from './carrier-under-test.ts'

describe('the local shell', () => {
  it('that is not there is said', async () => {
    const outcome = await local(null, { PATH: '/nonexistent' }).run('true', limits)

    expect(outcome).toMatchObject({ end: 'tool-missing', exitCode: null })
  })

  it('never sees the sudo password in its environment', async () => {
    const env = { ...process.env, KHARD_SUDO_PASSWORD: 'hunter2', KHARD_OTHER: 'kept' }

    const outcome = await local(null, env).run('env; tr "\\0" "\\n" </proc/$$/environ', limits)

    expect(text(outcome.stdout)).toContain('KHARD_OTHER=kept')
    expect(text(outcome.stdout)).not.toContain('hunter2')
  })

  it('stops what the script started when it gives up', async () => {
    const seconds = 40_000 + process.pid
    // Enough for a shell to start on a busy machine.
    const stopped = await local().run(`sleep ${seconds} & echo started; wait`, { ...limits, timeoutMs: 3000 })

    const left = await local().run(
      `left() { for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -qx 'sleep ${seconds} ' && return; done; false; }
      i=0; while [ $i -lt 20 ] && left; do sleep 0.2; i=$((i+1)); done; left && echo left; true`,
      limits,
    )

    expect(text(stopped.stdout)).toBe('started\n')
    expect(text(left.stdout)).toBe('')
  })
})

// Stands in for sudo where none is installed: asks as sudo does, and knows one password.
const fakeSudo = `#!/bin/sh
case $1 in
  -n) [ -z "$FAKE_PASSWORD" ] || { echo 'sudo: a password is required' >&2; exit 1; }; shift ;;
  -S) prompt=$3; shift 3
    while [ -n "$FAKE_PASSWORD" ]; do
      printf %s "$prompt" >&2
      IFS= read -r given || exit 1
      [ "$given" = "$FAKE_PASSWORD" ] && break
      echo 'Sorry, try again.' >&2
    done ;;
esac
exec "$@"
`

describe('the local shell with sudo', () => {
  let bin: string
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'khard-bin-'))
    for (const tool of ['sh', 'env']) symlinkSync(tool === 'sh' ? '/bin/sh' : '/usr/bin/env', join(bin, tool))
  })
  afterEach(() => rmSync(bin, { recursive: true, force: true }))
  const install = (): void => writeFileSync(join(bin, 'sudo'), fakeSudo, { mode: 0o755 })
  const run = (password: string | null, needed: string) =>
    local({ password }, { PATH: bin, FAKE_PASSWORD: needed }).run('echo ran; echo aside >&2', limits)

  it('says that sudo is not installed', async () => {
    expect(await run(null, '')).toMatchObject({
      end: 'sudo-missing',
      detail: expect.stringContaining('sudo is not there'),
    })
    expect(await run('secret', '')).toMatchObject({ end: 'sudo-missing' })
  })

  it.each([
    ['no password, none needed', null, ''],
    ['the right password', 'secret', 'secret'],
    ['a password that was not needed', 'exit 9', ''],
  ])('runs the script: %s', async (_what, password, needed) => {
    install()

    const outcome = await run(password, needed)

    expect(outcome).toMatchObject({ end: 'complete', exitCode: 0, stderr: 'aside\n' })
    expect(text(outcome.stdout)).toBe('ran\n')
  })

  it.each([
    ['no password, one needed', null, 'a password is required'],
    ['a wrong password', 'guess', 'sudo refused the password'],
  ])('does not run it: %s', async (_what, password, detail) => {
    install()

    const outcome = await run(password, 'secret')

    expect(outcome).toMatchObject({ end: 'sudo-missing', detail: expect.stringContaining(detail) })
    expect(outcome.stdout.length).toBe(0)
  })
})
