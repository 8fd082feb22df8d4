import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainJson, renderJson } from '../../src/report/json.ts'
import { samples } from './results.ts'

const options = { color: false, width: 100, show: 'failures' } as const

describe('the JSON report', () => {
  it.each(Object.entries(samples))('holds everything of %s', async (_, sample) => {
    const result = await sample()

    expect(JSON.parse(renderJson(result, options))).toEqual(result)
  })

  it('writes keys in the published order however the result was put together', async () => {
    const result = await samples.hardway()
    const backwards = Object.fromEntries(Object.entries(result).reverse()) as unknown as typeof result
    const findings = result.findings.map(
      (each) => Object.fromEntries(Object.entries(each).reverse()) as unknown as typeof each,
    )

    expect(renderJson({ ...backwards, findings }, options)).toBe(renderJson(result, options))
  })

  it('is indented by two and ends with a line break', async () => {
    const text = renderJson(await samples.nothing(), options)

    expect(text.startsWith('{\n  "schema": "khard.result/v1",\n  "tool"')).toBe(true)
    expect(text.endsWith('\n}\n')).toBe(true)
  })

  it('holds no control or invisible character, and reads back the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = plainJson({ text })

        expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(JSON.parse(json)).toEqual({ text })
      }),
    )
  })
})
