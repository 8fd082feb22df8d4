import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { khard, root } from '../support/khard.ts'
import { expectMistake, filesOf, recorded } from './mistake.ts'

const file = filesOf()

describe('a bundle', () => {
  const whole = (): Buffer => readFileSync(recorded)

  it('cut in half is refused, says how much was intact, and no result is made of it', async () => {
    const half = file('half.khard', whole().subarray(0, whole().length / 2))
    const output = file('half.json')
    expectMistake(
      await khard(['audit', `bundle:${half}`, '-o', `json=${output}`]),
      /half\.khard/,
      /ends before/,
      /intact/,
      /next: /,
    )
    expect(existsSync(output)).toBe(false)
  })

  it('in which one byte of evidence was changed is refused, and the item is named', async () => {
    const text = gunzipSync(whole())
      .toString('utf8')
      .replace('--anonymous-auth=false', '--anonymous-auth=true ')
    const edited = file('edited.khard', gzipSync(text))
    expectMistake(
      await khard(['audit', `bundle:${edited}`]),
      /edited\.khard/,
      /was changed after it was collected/,
      /next: /,
    )
  })

  it('from which a whole target was taken is refused', async () => {
    const lines = gunzipSync(whole()).toString('utf8').split('\n')
    const edited = file('fewer.khard', gzipSync(lines.filter((_, index) => index !== 2).join('\n')))
    expectMistake(await khard(['audit', `bundle:${edited}`]), /fewer\.khard/, /digest/)
  })

  it('that is something else is refused as such', async () => {
    expectMistake(
      await khard(['audit', `bundle:${join(root, 'package.json')}`]),
      /package\.json/,
      /not an evidence bundle/,
    )
  })

  it.each([
    ['of no bytes', () => Buffer.alloc(0), /the file is empty, not an evidence bundle/],
    ['of nothing, packed', () => gzipSync(''), /the file is empty, not an evidence bundle/],
    [
      'without its last line',
      () => gzipSync(gunzipSync(whole()).toString('utf8').split('\n').slice(0, 3).join('\n')),
      /ends before its last line: the run that wrote it, or the copy, was cut short; 2 targets/,
    ],
  ])('%s is refused with what it is', async (_what, bytes, words) => {
    const bad = file('bad.khard', bytes())
    expectMistake(await khard(['audit', `bundle:${bad}`]), words, /next: /)
    expectMistake(await khard(['validate', bad]), words, /next: /)
  })

  it('of no targets is intact, and says that nothing was collected', async () => {
    const [header = ''] = gunzipSync(whole()).toString('utf8').split('\n')
    const digest = createHash('sha256').update(`${header}\n`).digest('hex')
    const last = { complete: false, digest: `sha256:${digest}`, items: 0, targets: 0 }
    const none = file('none.khard', gzipSync(`${header}\n${JSON.stringify(last)}\n`))
    const ran = await khard(['validate', none])
    expect(ran.stdout).toMatch(/an intact bundle of 0 targets: nothing was collected/)
    expect(ran.code).toBe(0)
  })

  it('judged by a day before it was collected is told so once', async () => {
    const ran = await khard(['audit', `bundle:${recorded}`, '--at', '2026-01-01', '--only', '1.2.1'])
    expect(ran.stderr).toMatch(/^note: --at 2026-01-01T00:00:00\.000Z is before khnode-1 was looked at .*\n$/)
  })
})
