import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonPieces, plainJson, renderJson } from '../../src/report/json.ts'
import { fleet, samples } from './results.ts'

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

  it.each([1, 2, 60])('of %i nodes is the text that it would be in one piece', async (many) => {
    const result = await fleet(many)
    const pieces = [...jsonPieces(result)]

    // Keys of what was read back stand in the order they were written in.
    expect(pieces.join('')).toBe(plainJson(JSON.parse(pieces.join(''))))
    expect(JSON.parse(pieces.join(''))).toEqual(result)
  })

  it('in pieces is never one large text', async () => {
    const result = await fleet(60)
    const findings = Array.from({ length: 20 }, () => result.findings).flat()
    const pieces = [...jsonPieces({ ...result, findings })]

    expect(JSON.parse(pieces.join('')).findings).toEqual(findings)
    expect(pieces.length).toBeGreaterThan(20)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(500_000)
  })

  it('of no findings has an empty list', async () => {
    const result = { ...(await samples.nothing()), findings: [] }

    expect(renderJson(result, options)).toContain('\n  "findings": [],\n')
    expect(JSON.parse(renderJson(result, options))).toEqual(result)
  })

  it('is not misled by a text that looks like its list', async () => {
    const result = await fleet(2)
    const titled = result.profiles.map((each) => ({ ...each, title: '\n  "findings": []' }))

    expect(JSON.parse(renderJson({ ...result, profiles: titled }, options)).profiles).toEqual(titled)
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
