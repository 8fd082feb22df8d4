import { describe, expect, it } from 'vitest'
import { renderJunit } from '../../src/report/junit.ts'
import { samples, tailoredOut } from './results.ts'

const options = { color: false, width: 100, show: 'failures' } as const

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
}

/** Reads the XML that a strict parser would: one root, nested tags, nothing raw that needs escaping. */
function parse(xml: string): Element {
  expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')).toBe(true)
  const root: { name: string; attributes: Record<string, string>; children: Element[] } = {
    name: '',
    attributes: {},
    children: [],
  }
  const open = [root]
  const body = xml.slice(xml.indexOf('?>') + 2)
  const token = /<(\/?)([a-z]+)((?: [a-z-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy
  let end = 0
  for (let match = token.exec(body); match !== null; match = token.exec(body)) {
    end = token.lastIndex
    const [, closing, name = '', pairs = '', empty, text] = match
    if (text !== undefined) {
      expect(text.replace(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&')
      continue
    }
    if (closing === '/') {
      expect(open.pop()?.name).toBe(name)
      continue
    }
    const attributes = Object.fromEntries(
      [...pairs.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    )
    const element = { name, attributes, children: [] }
    open.at(-1)?.children.push(element)
    if (empty !== '/') open.push(element)
  }
  expect(end).toBe(body.length)
  expect(open).toHaveLength(1)
  return root.children[0] as Element
}

const within = (element: Element, name: string): readonly Element[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...within(child, name)])

const names = Object.keys(samples) as (keyof typeof samples)[]

describe('the JUnit report', () => {
  it.each(names)('is well-formed for %s and counts what it holds', async (name) => {
    const root = parse(renderJunit(await samples[name](), options))

    for (const element of [root, ...within(root, 'testsuite')]) {
      const { tests, failures, errors, skipped } = element.attributes
      expect(Number(tests)).toBe(within(element, 'testcase').length)
      expect(Number(failures)).toBe(within(element, 'failure').length)
      expect(Number(errors)).toBe(within(element, 'error').length)
      expect(Number(skipped)).toBe(within(element, 'skipped').length)
    }
  })

  it.each(names)('holds a test case for every finding of %s', async (name) => {
    const result = await samples[name]()
    const cases = within(parse(renderJunit(result, options)), 'testcase').map(
      ({ attributes }) => attributes.name,
    )

    for (const { control, check, title } of result.findings)
      expect(cases).toContain(`${control} ${check ?? title}`)
  })

  it('has one suite per target, benchmark and section, with the digest of the profile', async () => {
    const suites = within(parse(renderJunit(await samples['kubeadm-default'](), options)), 'testsuite')

    expect(suites.map(({ attributes }) => attributes.name)).toContain('cp-2 cis-kubernetes 1.2')
    const properties = within(suites[0] as Element, 'property').map(({ attributes }) => attributes)
    expect(properties).toContainEqual({
      name: 'profile-digest',
      value: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    })
  })

  it('skips a waived failure, saying so, and fails an expired one', async () => {
    const xml = renderJunit(await samples['expired-waiver'](), options)
    const root = parse(xml)

    expect(within(root, 'skipped').map(({ attributes }) => attributes.message)).toEqual([
      expect.stringMatching(/^waived W-014 until 2026-06-30: /),
    ])
    expect(within(root, 'failure').map(({ attributes }) => attributes.message)).toEqual([
      expect.stringMatching(/^waiver W-007 expired 2026-01-31: /),
    ])
  })

  it('says what a site leaves out and changes, each with its reason', async () => {
    const result = await samples['kubeadm-default']()
    const [first] = within(parse(renderJunit({ ...result, ...tailoredOut }, options)), 'testsuite')
    expect(first?.attributes).toMatchObject({ name: 'khard left out', tests: '0' })
    const properties = within(first as Element, 'property').map(({ attributes }) => attributes)
    expect(properties.map(({ name }) => name)).toEqual(['tailoring', 'tailoring-change', 'left-out'])
    expect(properties.map(({ value }) => value)).toEqual([
      expect.stringMatching(/^payments 1 sha256:[0-9a-f]{64}$/),
      'payments 1: file-mode is 0644: so be it',
      'cis-kubernetes 1.12 1.2.15: Profiles are taken &lt;weekly&gt;.',
    ])
    expect(renderJunit(result, options)).not.toContain('left out')
  })

  it.each(['unreachable', 'nothing'] as const)(
    'is not green when the run could not complete: %s',
    async (name) => {
      expect(within(parse(renderJunit(await samples[name](), options)), 'error')).toHaveLength(1)
    },
  )
})
