import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/model/verdict.ts'
import { verdicts } from '../../src/model/verdict.ts'
import type { Format } from '../../src/report/index.ts'
import { formats, reporterFor, reporters } from '../../src/report/index.ts'
import { plainValue } from '../../src/report/values.ts'
import { finding, resultOf, samples, target, unreached } from './results.ts'

const all = { color: false, width: 100, show: 'all' } as const

/** What stands for each verdict in each format. A new verdict or format does not compile without its sign. */
const signs: Record<Format, Record<Verdict, string>> = {
  text: {
    pass: '✓ 9.9.9',
    fail: '✗ 9.9.9',
    error: '1 check could not complete',
    unknown: '1 check gave an unclear answer',
    notApplicable: '– 9.9.9',
    notChecked: '○ 9.9.9',
    informational: 'i 9.9.9',
    fixed: '+ 9.9.9',
  },
  json: {
    pass: '"verdict": "pass"',
    fail: '"verdict": "fail"',
    error: '"verdict": "error"',
    unknown: '"verdict": "unknown"',
    notApplicable: '"verdict": "notApplicable"',
    notChecked: '"verdict": "notChecked"',
    informational: '"verdict": "informational"',
    fixed: '"verdict": "fixed"',
  },
  junit: {
    pass: 'time="0"/>',
    fail: '<failure message="Fail: ',
    error: '<error message="Could not complete: ',
    unknown: '<error message="Unclear answer: ',
    notApplicable: '<skipped message="Not applicable: ',
    notChecked: '<skipped message="Not checked: ',
    informational: '<skipped message="Information: ',
    fixed: 'time="0"/>',
  },
  sarif: {
    pass: '"kind": "pass"',
    fail: '"kind": "fail"',
    error: '"kind": "open"',
    unknown: '"kind": "open"',
    notApplicable: '"kind": "notApplicable"',
    notChecked: '"kind": "review"',
    informational: '"kind": "informational"',
    fixed: '"kind": "pass"',
  },
}

describe('every format but JSON', () => {
  it.each(['text', 'junit', 'sarif'] as const)(
    '%s says that no reason was given when none was',
    async (format) => {
      const { problem: _, ...silent } = unreached('w-2', 'no answer')
      const result = await resultOf({ targets: [silent], findings: [] })

      expect(reporters[format](result, all)).toContain('no reason was given')
    },
  )
})

describe('every format', () => {
  const pairs = formats.flatMap((format) => verdicts.map((verdict) => [format, verdict] as const))

  it.each(pairs)('%s renders %s', async (format, verdict) => {
    const one = finding({ control: '9.9.9', target: 'cp-1', verdict, reason: 'A reason of its own.' })
    const result = await resultOf({ targets: [target('cp-1')], findings: [one] })

    const text = reporters[format](result, all)

    expect(text).toContain(signs[format][verdict])
    expect(text).toContain('9.9.9')
  })

  it.each(formats)('%s gives the same text twice and does not change the result', async (format) => {
    const result = await samples.hostile()
    const before = structuredClone(result)

    const first = reporterFor(format)(result, all)

    expect(reporterFor(format)(result, all)).toBe(first)
    expect(result).toEqual(before)
  })

  it.each(formats)('%s lets no control or invisible character of a node through', async (format) => {
    const text = reporterFor(format)(await samples.hostile(), all)

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u)
  })
})

describe('a value', () => {
  it.each([
    [null, 'nothing'],
    ['', '"" (empty)'],
    [true, 'true'],
    [0, '0'],
    [[], 'an empty list'],
    [['a', null, ['b', 1]], 'a, nothing, [b, 1]'],
    [{ path: '/etc/x', mode: '0644', owner: 'root:root' }, 'path: /etc/x, mode: 0644, owner: root:root'],
    [[{ path: '/etc/x', mode: '0644' }], '/etc/x (mode: 0644)'],
    [[{ path: '/etc/x' }], '/etc/x'],
    [[{ item: '/etc/x', value: 'etcd:root' }], '/etc/x (etcd:root)'],
    [[{ item: 5, value: 1 }, { item: 'a' }], '{item: 5, value: 1}, {item: a}'],
    [[{ name: 'a', list: [1] }], '{name: a, list: [1]}'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '1, 2, 3, 4, 5, 6 and 2 more'],
    ['x'.repeat(300), `${'x'.repeat(199)}…`],
  ])('%j reads %s', (value, text) => {
    expect(plainValue(value)).toBe(text)
  })
})

describe('choosing a format', () => {
  it.each(['csv', 'html', 'pdf', 'oscal', 'hdf', 'policyreport'])(
    'says that %s is not built yet, and what is',
    (name) => {
      expect(() => reporterFor(name)).toThrow(
        expect.objectContaining({
          code: 'unknown-format',
          message: `the format "${name}" is not built yet`,
          next: 'Use one of: text, json, junit, sarif.',
        }),
      )
    },
  )

  it.each(['', 'TEXT', 'toString', '__proto__', 'xml'])('knows no format "%s"', (name) => {
    expect(() => reporterFor(name)).toThrow(expect.objectContaining({ code: 'unknown-format' }))
  })
})
