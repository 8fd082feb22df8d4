import { describe, expect, it } from 'vitest'
import type { Carrier, CarrierOutcome } from '../../src/collect/carrier.ts'
import { collectNode } from '../../src/collect/collect.ts'
import { renderScript, scriptDigest } from '../../src/collect/script/render.ts'
import { nonce } from './node-script.ts'
import { stream } from './node-words.ts'
import { samplePlan } from './sample-plan.ts'

const options = {
  nonce,
  collectedAt: '2026-01-01T00:00:00Z',
  timeoutMs: 1000,
  connectTimeoutMs: 1000,
  maxBytes: 1000,
}

/** A carrier that brings this back, and keeps the script it was given. */
function carrier(outcome: Partial<CarrierOutcome>, kind: Carrier['kind'] = 'ssh2') {
  const scripts: string[] = []
  const one: Carrier = {
    kind,
    target: 'ssh://cp-1',
    offline: kind === 'root',
    run: async (script) => {
      scripts.push(script)
      return {
        end: 'complete',
        stdout: stream(['host cp-1', 'complete']),
        stderr: '',
        exitCode: 0,
        timingsMs: { connect: 0, run: 0 },
        ...outcome,
      }
    },
  }
  return { one, scripts }
}

describe('collecting from one node', () => {
  it('runs the one script of the plan and says whose evidence it is', async () => {
    const { one, scripts } = carrier({})

    const evidence = await collectNode(one, samplePlan, options)

    expect(scripts).toEqual([renderScript(samplePlan, { nonce })])
    expect(evidence).toMatchObject({
      target: 'ssh://cp-1',
      name: 'cp-1',
      carrier: 'ssh2',
      offline: false,
      end: 'complete',
      scriptDigest: scriptDigest(samplePlan),
    })
    expect(evidence).not.toHaveProperty('endDetail')
  })

  it('looks into the directory of an image; the question is the same for every image', async () => {
    const { one, scripts } = carrier({}, 'root')

    const evidence = await collectNode(one, samplePlan, { ...options, root: '/mnt/' })

    expect(scripts).toEqual([renderScript(samplePlan, { nonce, root: '/mnt' })])
    expect(evidence).toMatchObject({ offline: true, scriptDigest: scriptDigest(samplePlan, '/elsewhere') })
    expect(evidence.scriptDigest).not.toBe(scriptDigest(samplePlan))
  })

  it.each<[string, Partial<CarrierOutcome>, string | undefined]>([
    ['what happened and what to do', { detail: 'gone', next: 'Run again.' }, 'gone; Run again.'],
    [
      'the last line of standard error as well',
      { detail: 'gone', stderr: 'hello\nKilled\n', next: 'Run again.' },
      'gone; Killed; Run again.',
    ],
    ['no line twice', { detail: 'ssh: Killed', stderr: 'hello\nKilled\n' }, 'ssh: Killed'],
    ['a line without an end', { stderr: 'Killed' }, 'Killed'],
    ['nothing where nothing is known', { stderr: '\n' }, undefined],
  ])('that stopped says %s', async (_name, outcome, endDetail) => {
    const { one } = carrier({ end: 'disconnected', stdout: new Uint8Array(), exitCode: null, ...outcome })

    const evidence = await collectNode(one, samplePlan, options)

    expect(evidence.end).toBe('disconnected')
    expect(evidence.endDetail).toBe(endDetail)
    expect(new Set(evidence.items.map((item) => item.state === 'unavailable' && item.reason))).toEqual(
      new Set(['disconnected']),
    )
  })

  it('that a carrier calls done, and is not, failed', async () => {
    const { one } = carrier({ stdout: stream(['host cp-1', 'end']), stderr: 'Killed\n' })

    expect(await collectNode(one, samplePlan, options)).toMatchObject({
      end: 'tool-failed',
      endDetail: 'the node script did not reach its end',
    })
  })
})
