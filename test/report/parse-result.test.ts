import { describe, expect, it } from 'vitest'
import type { KhardError } from '../../src/model/errors.ts'
import { renderJson } from '../../src/report/json.ts'
import { parseResult } from '../../src/report/parse-result.ts'
import { samples } from './results.ts'

const options = { color: false, width: 100, show: 'failures' } as const

/** A result under the hands of someone who does not know its schema. */
interface Loose {
  readonly findings: Record<string, unknown>[]
  readonly targets: unknown[]
  readonly gate: Record<string, unknown>
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`nothing at ${index}`)
  return found
}

async function damaged(change: (result: Loose) => void): Promise<string> {
  const result = JSON.parse(renderJson(await samples['kubeadm-default'](), options))
  change(result)
  return JSON.stringify(result)
}

describe('reading a saved result', () => {
  it.each(Object.entries(samples))('gives back %s, byte for byte when written again', async (_, sample) => {
    const text = renderJson(await sample(), options)

    const result = await parseResult(text, 'result.json')

    expect(renderJson(result, options)).toBe(text)
  })

  it.each([
    ['what is not JSON', '{"schema": ', 'it is not JSON'],
    ['an empty file', '', 'it is not JSON'],
    ['another document', '{"kind": "List"}', "must have required property 'schema'"],
    ['null', 'null', 'must be object'],
  ])('refuses %s, naming the file and what to do', async (_, text, says) => {
    await expect(parseResult(text, 'old/result.json')).rejects.toMatchObject({
      code: 'result-invalid',
      message: expect.stringContaining(`old/result.json is not a khard result`),
      next: expect.stringContaining('-o json=FILE'),
    })
    await expect(parseResult(text, 'old/result.json')).rejects.toThrow(says)
  })

  it.each([
    ['khard.result/v2', 'Read it with the khard that wrote it'],
    ['khard.diff/v1', 'Give a file that `khard audit'],
    ['sarif\u001b[2J', 'Give a file that'],
  ])('says what another schema is, not key by key: %j', async (schema, next) => {
    const fault = await parseResult(JSON.stringify({ schema }), 'r.json').catch((error: KhardError) => error)

    expect(fault).toMatchObject({ code: 'result-invalid', next: expect.stringContaining(next) })
    expect((fault as KhardError).message).toBe(
      `r.json is of the schema ${schema.replace('\u001b', '\\x1b')}; this khard reads khard.result/v1`,
    )
  })

  it.each([
    { failing: 2, unassessed: 1 },
    { failing: 1, unassessed: 2 },
  ])('refuses a baseline that counts more than there is: %o', async (known) => {
    const result = JSON.parse(renderJson(await samples.baseline(), options))
    result.gate.baseline.known = known

    await expect(parseResult(JSON.stringify(result), 'r.json')).rejects.toThrow(
      '/gate/baseline/known counts more than there is',
    )
  })

  it('names the offending place and key', async () => {
    const text = await damaged((result) => {
      at(result.findings, 0).verdict = 'PASS'
      result.gate.surprise = true
    })

    await expect(parseResult(text, 'r.json')).rejects.toThrow(
      '/findings/0/verdict must be equal to one of the allowed values',
    )
    await expect(parseResult(text, 'r.json')).rejects.toThrow(
      '/gate must NOT have additional properties (surprise)',
    )
  })

  it.each([
    [
      'a failure turned into a pass by hand',
      (r: Loose) => Object.assign(at(r.findings, 1), { verdict: 'pass' }),
      '/summary/verdicts/fail is not the number',
    ],
    [
      'a finding on a target that is not there',
      (r: Loose) => Object.assign(at(r.findings, 0), { target: 'ghost' }),
      '"ghost", which is not among /targets',
    ],
    ['a target named twice', (r: Loose) => r.targets.push(r.targets[0]), '/targets names a target twice'],
    [
      'a gate said to be met that exits 1',
      (r: Loose) => Object.assign(r.gate, { met: true }),
      '/gate contradicts itself',
    ],
    [
      'a gate that exits 0 without a claim',
      (r: Loose) => Object.assign(r.gate, { exitCode: 0, met: true, complete: false }),
      '/gate contradicts itself',
    ],
  ])('refuses %s', async (_, change, says) => {
    await expect(parseResult(await damaged(change), 'r.json')).rejects.toThrow(says)
  })

  it('shows five faults and counts the rest, with nothing that steers a terminal', async () => {
    const text = await damaged((result) => {
      for (const each of result.findings) each['\u001b[2J'] = 1
    })

    const fault = await parseResult(text, 'r\u001b[2J.json').catch((error: Error) => error)

    expect(fault).toBeInstanceOf(Error)
    expect((fault as Error).message).toMatch(/\(and \d+ more\)$/)
    expect((fault as Error).message).not.toContain('\u001b')
  })
})
