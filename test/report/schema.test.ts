import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { renderJson } from '../../src/report/json.ts'
import { resultSchema } from '../../src/report/result-schema.ts'
import { fleet, samples } from './results.ts'

const options = { color: false, width: 100, show: 'failures' } as const
const isResult = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(resultSchema)

describe('the published schema of a result', () => {
  it('is the one results are read back with', async () => {
    await expect(`${JSON.stringify(resultSchema, null, 2)}\n`).toMatchFileSnapshot(
      '../../reports/schemas/result-v1.json',
    )
  })

  it.each(Object.entries(samples))('accepts what is written for %s', async (_, sample) => {
    const accepted = isResult(JSON.parse(renderJson(await sample(), options)))

    expect(isResult.errors ?? []).toEqual([])
    expect(accepted).toBe(true)
  })

  it('accepts a fleet', async () => {
    expect(isResult(JSON.parse(renderJson(await fleet(60), options)))).toBe(true)
  })

  it('refuses a key it does not know, at every level', async () => {
    const result = JSON.parse(renderJson(await samples.hardway(), options))
    const places = [
      result,
      result.tool,
      result.profile,
      result.profiles[0],
      result.benchmarks[0],
      result.targets[0],
      result.targets[0].os,
      result.targets[0].signals[0],
      result.findings[0],
      result.findings[0].provenance[0],
      result.summary,
      result.summary.verdicts,
      result.summary.bySection[0],
      result.gate,
    ]
    for (const place of places) {
      place.surprise = 1
      expect(isResult(result)).toBe(false)
      delete place.surprise
    }
    expect(isResult(result)).toBe(true)
  })
})
