import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import { renderScript, scriptDigest } from '../../src/collect/script/render.ts'
import { quote } from '../../src/collect/script/sh.ts'
import { nonce, shells } from './node-script.ts'
import { sampleComponents, samplePlan, sampleProbes } from './sample-plan.ts'

describe('a collection plan', () => {
  it('is the same whatever the order and number of the probes', () => {
    const shuffled = [...sampleProbes, ...sampleProbes].reverse()

    expect(planCollection(shuffled, sampleComponents)).toEqual(samplePlan)
    expect(scriptDigest(planCollection(shuffled, sampleComponents))).toBe(scriptDigest(samplePlan))
  })

  it('always asks who the owners of files are', () => {
    expect(planCollection([], new Map()).paths).toEqual([
      { path: '/etc/group', holds: 'text' },
      { path: '/etc/passwd', holds: 'text' },
    ])
  })

  it('reads least where two settings of the same name disagree', () => {
    const names = new Map(samplePlan.follow.map(({ name, holds }) => [name, holds]))

    expect(names.get('--key-file')).toBe('private-key')
    expect(names.get('env:ETCD_KEY_FILE')).toBe('private-key')
    expect(names.get('clientCAFile')).toBe('certificate')
  })
})

describe('the node script', () => {
  it.each(shells.map((shell) => [shell.join(' '), shell] as const))(
    'is shell that %s reads',
    (_name, [program = '', ...words]) => {
      const checked = spawnSync(program, [...words, '-n'], {
        input: renderScript(samplePlan, { nonce }),
        encoding: 'utf8',
      })

      expect(checked).toMatchObject({ status: 0, stderr: '' })
    },
  )

  it('holds printable ASCII only and no line too long to review', () => {
    const script = renderScript(samplePlan, { nonce })

    expect(script).toMatch(/^[\t\n\x20-\x7e]*$/)
    expect(script.split('\n').filter((line) => line.length > 320)).toEqual([])
  })

  it('differs between runs by the made-up word alone', () => {
    const other = 'f'.repeat(32)

    expect(renderScript(samplePlan, { nonce: other }).replaceAll(other, nonce)).toBe(
      renderScript(samplePlan, { nonce }),
    )
  })

  it('does nothing when it arrives cut short', () => {
    const script = renderScript(samplePlan, { nonce })
    const cuts = [0.3, 0.6, 0.9, 0.99].map((part) => script.slice(0, script.length * part))

    expect(cuts.map((cut) => spawnSync('sh', ['-s'], { input: cut, encoding: 'utf8' }).stdout)).toEqual([
      '',
      '',
      '',
      '',
    ])
  })

  it('quotes any value as one word', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        (text) => {
          const printed = spawnSync('sh', ['-s'], {
            input: `printf %s ${quote(text)}`,
            encoding: 'utf8',
          }).stdout
          expect(printed).toBe(Buffer.from(text).toString('utf8'))
        },
      ),
      { numRuns: 60 },
    )
  })
})
