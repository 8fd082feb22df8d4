import { describe, expect, it } from 'vitest'
import { chooseSelections } from '../../src/cli/choose.ts'
import type { SelectionOptions } from '../../src/cli/options.ts'
import { goodTree, load, profilingOff } from '../content/content-tree.ts'
import { fakeIo } from './fake-io.ts'

const own = 'kube-apiserver.quiet'
const content = load({
  ...goodTree,
  'benchmarks/checks/kube-apiserver/quiet.yaml': profilingOff
    .replace('id: kube-apiserver.profiling-off', `id: ${own}`)
    .replace('examples:', 'spare: true\nexamples:'),
})

const asked = async (options: SelectionOptions) => {
  const { selections } = await chooseSelections(options, content, fakeIo())
  return selections.map(({ profile, controls, checks }) => ({
    digest: profile.digest,
    controls: controls.map(({ benchmark, control }) => `${benchmark.id} ${control.id}`),
    checks: checks.map(({ check }) => check.id),
  }))
}

describe('a check that no profile selects', () => {
  it.each([{}, { profile: ['base'] }])('is asked when it is named: %o', async (options) => {
    expect(await asked({ ...options, only: [own] })).toEqual([
      expect.objectContaining({ controls: [`named-checks ${own}`], checks: [own] }),
    ])
  })

  it('comes beside the controls that are named', async () => {
    expect(await asked({ only: ['1.2.1', own] })).toEqual([
      expect.objectContaining({ controls: ['cis 1.2.1', `named-checks ${own}`] }),
    ])
  })

  it('is not asked by itself, and the digest of a profile says whether it was', async () => {
    const [usual] = await asked({})
    const [more] = await asked({ only: ['1.2.1', own] })

    expect(usual?.checks).toEqual(['kube-apiserver.profiling-off'])
    expect(more?.digest).not.toBe(usual?.digest)
    expect(usual?.digest).toBe(content.profiles[0]?.digest)
  })

  it('is refused with the nearest id when it is misspelt', async () => {
    await expect(asked({ only: ['kube-apiserver.quite'] })).rejects.toMatchObject({ code: 'unknown-check' })
  })
})

describe('a check that another profile selects', () => {
  const two = load({
    ...goodTree,
    'benchmarks/other/1.0/benchmark.yaml':
      'id: other\nversion: "1.0"\ntitle: O\nsections: [{ id: "1", title: S }]\n',
    'benchmarks/other/1.0/1.yaml':
      'section: "1"\ncontrols:\n  - { control: "1.1", title: T, level: 1, assessment: manual, severity: low, ask: Is it? }\n',
    'profiles/other.yaml':
      'id: other\nversion: "1.0"\ntitle: O\ndescription: D.\ndistributions: [any]\nbenchmarks: [{ id: other, version: "1.0" }]\n',
  })

  it('is no part of the one that was asked for', async () => {
    const options = { profile: ['other'], only: ['kube-apiserver.profiling-off'] }

    await expect(chooseSelections(options, two, fakeIo())).rejects.toMatchObject({ code: 'unknown-check' })
  })
})

describe('a selection that leaves nothing', () => {
  it('says so without the name of all profiles as one', async () => {
    await expect(asked({ only: ['1.2.1'], skip: ['1.2.1'] })).rejects.toMatchObject({
      code: 'usage',
      message: 'no profile selects what is asked for',
    })
  })
})
