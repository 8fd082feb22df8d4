import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { diffFormats, diffRendererFor } from '../../src/report/diff-formats.ts'
import { renderDiffJson } from '../../src/report/diff-json.ts'
import { diffSchema } from '../../src/report/diff-schema.ts'
import { renderDiffText } from '../../src/report/diff-text.ts'
import { diffs } from './diffs.ts'

const plain = { color: false, width: 100, show: 'failures' } as const
const names = Object.keys(diffs) as (keyof typeof diffs)[]
const isDiff = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(diffSchema)

describe('the text of a comparison', () => {
  it.each(names)('%s is unchanged', async (name) => {
    const diff = await diffs[name]()
    const exit = diff.gate?.exitCode ?? 0

    await expect(renderDiffText(diff, plain)).toMatchFileSnapshot(`../golden/${name}.${exit}.text`)
  })

  it('in full is unchanged', async () => {
    const text = renderDiffText(await diffs['diff-eventful'](), { ...plain, width: 60, show: 'all' })

    await expect(text).toMatchFileSnapshot('../golden/diff-eventful-all.1.text')
  })

  it('keeps within the page and holds nothing that steers a terminal', async () => {
    for (const name of names) {
      const text = renderDiffText(await diffs[name](), { ...plain, show: 'all', width: 72 })
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72)
    }
  })

  it('in colour says the same', async () => {
    const diff = await diffs['diff-eventful']()
    const bare = renderDiffText(diff, { ...plain, color: true }).replaceAll(/\u001b\[\d+m/g, '')

    expect(bare).toBe(renderDiffText(diff, plain))
  })
})

describe('the published schema of a comparison', () => {
  it('is the one in the sources', async () => {
    await expect(`${JSON.stringify(diffSchema, null, 2)}\n`).toMatchFileSnapshot(
      '../../reports/schemas/diff-v1.json',
    )
  })

  it.each(names)('accepts what is written for %s', async (name) => {
    const diff = await diffs[name]()
    const written = JSON.parse(renderDiffJson(diff, plain))

    expect(written).toEqual(diff)
    isDiff(written)
    expect(isDiff.errors ?? []).toEqual([])
  })

  it('refuses a key it does not know, at every level', async () => {
    const diff = JSON.parse(renderDiffJson(await diffs['diff-eventful'](), plain))
    const places = [
      diff,
      diff.before,
      diff.after.profile,
      diff.targets[0],
      diff.changes[0],
      diff.changes[0].before,
    ]
    for (const place of [...places, diff.renumbered[0], diff.appeared[0], diff.summary, diff.gate]) {
      place.surprise = 1
      expect(isDiff(diff)).toBe(false)
      delete place.surprise
    }
    expect(isDiff(diff)).toBe(true)
  })
})

describe('the JSON of a comparison', () => {
  it('has its keys in the published order, whatever order they came in', async () => {
    const diff = await diffs['diff-eventful']()
    const turned = JSON.parse(JSON.stringify(diff), (_key, value) => {
      const isRecord = value !== null && typeof value === 'object' && !Array.isArray(value)
      // What was observed and accepted stays as it was.
      return isRecord && !('path' in value || 'expires' in value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value
    })

    expect(renderDiffJson(turned, plain)).toBe(renderDiffJson(diff, plain))
  })
})

describe('the formats of a comparison', () => {
  it('are text and json; another is refused with these', () => {
    expect(diffFormats).toEqual(['text', 'json'])
    expect(diffRendererFor('text')).toBe(renderDiffText)
    expect(diffRendererFor('json')).toBe(renderDiffJson)
    for (const name of ['junit', 'constructor'])
      expect(() => diffRendererFor(name)).toThrow(`a comparison is not written as "${name}"`)
  })
})
