import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeFault } from '../../../src/facts/text/document.ts'
import { filePlace, mergePlaced, placeDocument, plainValue } from '../../../src/facts/text/placed.ts'
import { remember } from '../../../src/facts/text/remember.ts'
import { tomlLines } from '../../../src/facts/text/toml-lines.ts'
import { readToml } from '../../../src/facts/text/toml-text.ts'
import { readYaml, readYamlDocuments } from '../../../src/facts/text/yaml-text.ts'

function yaml(text: string) {
  const document = readYaml(text)
  if (document.kind !== 'parsed') throw new Error(document.detail)
  return document.value
}

function toml(text: string) {
  const document = readToml(text)
  if (document.kind !== 'parsed') throw new Error(document.detail)
  return document.value
}

describe('YAML as Kubernetes reads it', () => {
  it('is version 1.1 without base-60 numbers and dates', () => {
    expect(yaml('mode: 0600\non: yes\ntime: 1:30\nday: 2026-01-02\nport: "0"').value).toEqual({
      mode: 384,
      true: true,
      time: '1:30',
      day: '2026-01-02',
      port: '0',
    })
  })

  it('knows the line of keys, items and the nearest key above what is missing', () => {
    const document = yaml('a:\n  b: 1\n  c:\n  - x\n  - y\n')
    expect(
      [['a', 'b'], ['a', 'c', 1], ['a', 'c', 9], ['a', 'z'], []].map((path) => document.lineOf(path)),
    ).toEqual([2, 5, 3, 1, 1])
  })

  it('does not read duplicate keys or alias bombs', () => {
    expect(readYaml('a: 1\na: 2\n')).toMatchObject({ kind: 'unparsable', line: 2 })
    const bomb = [
      'a0: &a0 [x,x]',
      ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`),
    ].join('\n')
    expect(readYaml(bomb).kind).toBe('unparsable')
  })

  it('knows the nearest line of what stands behind an alias, below a scalar, or in no document', () => {
    const document = yaml('a: &x 1\nb:\n- *x\n')
    expect(
      [
        ['b', 0],
        ['a', 'below'],
        ['b', 'no number'],
      ].map((path) => document.lineOf(path)),
    ).toEqual([2, 1, 2])
    expect(yaml('- x\n- y\n').lineOf([1])).toBe(2)
    expect(yaml('# nothing\n').lineOf([])).toBeUndefined()
    expect(yaml('').value).toBeNull()
  })

  it('reads the first of several documents, and all when asked', () => {
    expect(yaml('a: 1\n---\na: 2\n').value).toEqual({ a: 1 })
    expect(readYamlDocuments('a: 1\n---\na: 2\n')).toMatchObject({
      kind: 'parsed',
      value: [{ value: { a: 1 } }, { value: { a: 2 } }],
    })
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        ['parsed', 'unparsable'].includes(readYaml(text).kind),
      ),
    )
  })
})

describe('TOML', () => {
  const text = [
    'version = 2',
    'list = [',
    '  "a = 1", # [x]',
    ']',
    's = """',
    'fake = 1',
    '"""',
    '[plugins."io.x".cri]',
    '  deep.key = { inner = true }',
    '[[many]]',
    'n = 1',
    '[[many]]',
    'n = 2',
  ].join('\n')

  it('knows the line of keys in tables, lists of tables and behind multi-line values', () => {
    const document = toml(text)
    const lines = [
      ['version'],
      ['s'],
      ['plugins', 'io.x', 'cri'],
      ['plugins', 'io.x', 'cri', 'deep', 'key', 'inner'],
      ['many', 0, 'n'],
      ['many', 1, 'n'],
      ['fake'],
    ].map((path) => document.lineOf(path))
    expect(lines).toEqual([1, 5, 8, 9, 11, 13, undefined])
  })

  it('does not read what is nested to exhaust its reader, with brackets or without', () => {
    for (const text of [`${'a.'.repeat(20_000)}a = 1`, `a = ${'{a='.repeat(1000)}1${'}'.repeat(1000)}`])
      expect(readToml(text).kind).toBe('unparsable')
    expect(readToml(`${'a.'.repeat(50)}a = 1`).kind).toBe('parsed')
  })

  it('follows lines of a text that does not parse without getting stuck', () => {
    expect([...tomlLines("= 1\na = \"open\nb = '''x\n''' # [\nc = 1")]).toEqual([
      ['["a"]', 2],
      ['["b"]', 3],
      ['["c"]', 5],
    ])
  })

  it('lets a fault of the reader rise instead of blaming the text', () => {
    expect(() => readToml(undefined as unknown as string)).toThrow(TypeError)
  })

  it('says where it does not parse', () => {
    expect(readToml('a = 1\nb = \n')).toMatchObject({ kind: 'unparsable', line: 2 })
    expect(readToml('a = 1\na = 2\n')).toMatchObject({ kind: 'unparsable' })
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) =>
        ['parsed', 'unparsable'].includes(readToml(any).kind),
      ),
    )
  })
})

describe('documents laid over each other', () => {
  const placed = (text: string, path: string) => placeDocument(yaml(text), path)
  const [base, over] = [
    placed('a: {v: 1, w: 2}\nl: [1]\nnum: 1\n', '/base'),
    placed('a: {w: null}\nl: [2]\nnum: [3]\n', '/over'),
  ]

  it('merge mappings, and a null takes its key away where the rules say so', () => {
    expect(plainValue(mergePlaced(base, over, { lists: 'replace', nullRemoves: true }))).toEqual({
      a: { v: 1 },
      l: [2],
      num: [3],
    })
    expect(plainValue(mergePlaced(base, over, { lists: 'replace', nullRemoves: false }))).toMatchObject({
      a: { v: 1, w: null },
    })
  })

  it('append lists to lists only', () => {
    expect(plainValue(mergePlaced(base, over, { lists: 'append', nullRemoves: false }))).toMatchObject({
      l: [1, 2],
      num: [3],
    })
    expect(plainValue(mergePlaced(over, base, { lists: 'append', nullRemoves: false }))).toMatchObject({
      num: 1,
    })
  })

  it('name a place with or without a line', () => {
    expect(filePlace('/x', 3)).toEqual({ kind: 'file', at: '/x', line: 3 })
    expect(filePlace('/x', undefined)).toEqual({ kind: 'file', at: '/x' })
    expect(describeFault('/x', { detail: 'odd', line: 3 })).toBe('/x:3: odd')
    expect(describeFault('/x', { detail: 'odd' })).toBe('/x: odd')
  })
})

describe('texts that were read before', () => {
  it('are remembered, the oldest forgotten first', () => {
    const read: string[] = []
    const length = remember((text) => {
      read.push(text)
      return text.length
    }, 5)

    expect(['aaa', 'bb', 'aaa', 'c', 'bb', 'aaa'].map(length)).toEqual([3, 2, 3, 1, 2, 3])
    expect(read).toEqual(['aaa', 'bb', 'c', 'aaa'])
  })
})
