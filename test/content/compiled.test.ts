import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadCompiledContent, parseCompiledContent, serializeContent } from '../../src/content/compiled.ts'
import { goodTree, load } from './content-tree.ts'

describe('compiled content', () => {
  it('is what was loaded from YAML', () => {
    const content = load(goodTree)

    expect(parseCompiledContent(serializeContent(content))).toStrictEqual(content)
  })

  it.each([
    [
      'a changed expectation',
      (text: string) => text.replace('"value":false', '"value":true'),
      /changed after the build/,
    ],
    [
      'another form',
      (text: string) => text.replace('khard.content/v1', 'khard.content/v2'),
      /not in the form/,
    ],
    ['half a file', (text: string) => text.slice(0, 200), /changed after the build/],
    ['no map at all', () => 'null', /not in the form/],
  ])('is refused with %s', (_, change, message) => {
    const text = change(serializeContent(load(goodTree)))

    expect(() => parseCompiledContent(text)).toThrow(message)
    expect(() => parseCompiledContent(text)).toThrow(expect.objectContaining({ code: 'content-unreadable' }))
  })

  it('is refused when a part of it was never there', () => {
    const digest = `sha256:${createHash('sha256').update('{"checks":[]}').digest('hex')}`

    expect(() =>
      parseCompiledContent(`{"schema":"khard.content/v1","digest":"${digest}","content":{"checks":[]}}\n`),
    ).toThrow(/lacks a part/)
  })

  it('is JSON to every reader', () => {
    expect(JSON.parse(serializeContent(load(goodTree)))).toMatchObject({ schema: 'khard.content/v1' })
  })

  it('says how to get it when it is missing', () => {
    expect(() => loadCompiledContent(new URL('file:///nowhere/content.json'))).toThrow(/missing/)
  })
})
