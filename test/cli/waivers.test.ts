import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseSelections } from '../../src/cli/choose.ts'
import { claimCrossesNothing, notYetApproved, readWaivers } from '../../src/cli/waivers.ts'
import type { Waiver } from '../../src/model/benchmark.ts'
import { benchmark, goodTree, load, profile, section } from '../content/content-tree.ts'
import { findingOf, waiverOf } from '../evaluate/support.ts'
import { fakeIo } from './fake-io.ts'

const directory = mkdtempSync(join(tmpdir(), 'khard-waivers-'))
afterAll(() => rmSync(directory, { recursive: true }))

const second = { id: 'own', version: '1.0' }
const twoBenchmarks = {
  ...goodTree,
  'benchmarks/own/1.0/benchmark.yaml': benchmark.replace('id: cis', 'id: own'),
  'benchmarks/own/1.0/1.2-api-server.yaml': section,
  'profiles/base.yaml': `${profile}  - { id: ${second.id}, version: "${second.version}" }\n`,
}
const twoEditions = {
  ...goodTree,
  'benchmarks/cis/1.1/benchmark.yaml': benchmark.replace('version: "1.0"', 'version: "1.1"'),
  'benchmarks/cis/1.1/1.2-api-server.yaml': section,
  'profiles/base.yaml': profile.replace('version: "1.0", max-level', 'version: by-kubernetes, max-level'),
}

const about = (words: string): string =>
  `- { waiver: W-1, ${words}, targets: ["*"], reason: r, owner: o, approved-by: a, approved-on: "2026-01-01", expires: "2026-12-31" }\n`

async function read(tree: typeof goodTree, text: string): Promise<readonly Waiver[]> {
  const content = load(tree)
  const io = fakeIo({}, directory)
  const { selections } = await chooseSelections({ profile: ['base'] }, content, io)
  writeFileSync(join(directory, 'w.yaml'), text)
  return readWaivers(['w.yaml'], { content, selections }, io)
}

describe('a waiver by control number', () => {
  it('is refused when two benchmarks of the run have that number', async () => {
    await expect(read(twoBenchmarks, about('control: "1.2.1"'))).rejects.toMatchObject({
      code: 'waiver-invalid',
      message:
        'w.yaml:1: waiver "W-1" names control 1.2.1 without a benchmark, and cis and own each have one',
      next: 'Write control: "cis:1.2.1", or add benchmark: cis.',
    })
  })

  it.each(['benchmark: own, control: "1.2.1"', 'control: "own:1.2.1"'])(
    'says which one with %s',
    async (words) => {
      expect(await read(twoBenchmarks, about(words))).toMatchObject([{ benchmark: 'own', control: '1.2.1' }])
    },
  )

  it.each([
    ['control: "9.9"', twoBenchmarks],
    ['check: kube-apiserver.profiling-off', twoBenchmarks],
    ['control: "1.2.1", check: kube-apiserver.another', twoBenchmarks],
    ['control: "1.2.1"', goodTree],
    ['control: "1.2.1"', twoEditions],
  ])('needs no benchmark where it can mean one thing only: %s', async (words, tree) => {
    expect(await read(tree, about(words))).toHaveLength(1)
  })

  it('for a benchmark there is not is refused with the nearest', async () => {
    await expect(read(goodTree, about('control: "cisx:1.2.1"'))).rejects.toMatchObject({
      message: 'w.yaml:1: waiver "W-1" is for the benchmark cisx, which there is not',
      next: 'Did you mean "cis"?',
    })
  })
})

describe('a waiver that nodes of different profiles bring together', () => {
  const waived = (id: string) =>
    findingOf({ benchmark: id, waiver: { id: 'W-1', expires: '', expired: false } })

  it('is refused when it covers findings of two benchmarks', () => {
    expect(() => claimCrossesNothing([waiverOf()], [waived('cis'), findingOf(), waived('own')])).toThrow(
      /control 1\.2\.1 without a benchmark, and cis and own each have one/,
    )
  })

  it('may cover any number of findings of one, and a check wherever it is asked', () => {
    const { control: _, ...byCheck } = waiverOf({ check: 'kube-apiserver.profiling-off' })

    expect(() => claimCrossesNothing([waiverOf()], [waived('cis'), waived('cis')])).not.toThrow()
    expect(() => claimCrossesNothing([byCheck], [waived('cis'), waived('own')])).not.toThrow()
  })
})

describe('waivers of several files', () => {
  it('need ids of their own', async () => {
    const content = load(goodTree)
    writeFileSync(join(directory, 'a.yaml'), about('control: "1.2.1"'))
    writeFileSync(join(directory, 'b.yaml'), about('control: "1.2.1"'))

    await expect(
      readWaivers(['a.yaml', 'b.yaml'], { content, selections: [] }, fakeIo({}, directory)),
    ).rejects.toThrow('waiver W-1 is given twice (b.yaml:1)')
  })
})

describe('a waiver approved after the moment a run judges by', () => {
  const later = waiverOf({ id: 'W-2', approvedOn: '2026-03-02' })

  it('is told with both dates', () => {
    expect(notYetApproved([waiverOf(), later], Date.parse('2026-03-01T00:00:00Z'))).toEqual([
      'waivers.yaml:1: waiver W-2 was approved on 2026-03-02, after the moment this run judges by (2026-03-01T00:00:00.000Z); it covers nothing',
    ])
    expect(notYetApproved([waiverOf(), later], Date.parse('2026-03-02T00:00:00Z'))).toEqual([])
  })
})
