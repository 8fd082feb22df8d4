import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseSelections } from '../../src/cli/choose.ts'
import { processIo } from '../../src/cli/io.ts'
import { assessNode } from '../../src/cli/prepare-target.ts'
import { readBundle } from '../../src/collect/bundle.ts'
import type { Finding } from '../../src/model/finding.ts'
import { content } from './verdict-of.ts'

const root = join(import.meta.dirname, '..', '..')
const atMs = Date.UTC(2026, 10, 22)

async function findingsOf(bundle: string): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const found = new Map<string, readonly Finding[]>()
  const choice = await chooseSelections({ level: 2 }, content, processIo())
  for await (const evidence of readBundle(join(root, bundle))) {
    const { findings, target } = assessNode(evidence, evidence.name, { content, choice, atMs })
    found.set(String(target.distribution), [...(found.get(String(target.distribution)) ?? []), ...findings])
  }
  return found
}

const bundles = ['test/recorded/hardened.khard', 'examples/three-nodes.khard']

describe.each(bundles)('what was judged on the nodes of %s', async (bundle) => {
  const found = [...(await findingsOf(bundle)).values()].flat()
  const placesOf = (check: string) =>
    found.filter((one) => one.check === check && one.verdict === 'pass').map(({ provenance }) => provenance)

  it('names a place', () => {
    const nowhere = found.filter(
      ({ verdict, provenance }) => ['pass', 'fail'].includes(verdict) && provenance.length === 0,
    )
    expect(new Set(nowhere.map(({ control, check }) => `${control} ${check}`))).toEqual(new Set())
  })

  it.each([
    ['systemd.kubelet-unit-file-clean', 'file', /kubelet\.service$/],
    ['node.runtime-confines-calls', 'default', /^containerd/],
    ['node.registries-secure', 'default', /^containerd/],
  ])('%s names a %s that was looked at', (check, kind, at) => {
    const places = placesOf(check)
    expect(places.length).toBeGreaterThan(0)
    for (const each of places) {
      expect(each).toContainEqual(expect.objectContaining({ kind, at: expect.stringMatching(at) }))
      expect(JSON.stringify(each)).not.toContain('--container-runtime-endpoint')
    }
  })

  it('shows the files of the PKI that it saw, and not that nothing was wrong with each', () => {
    for (const { verdict, observed } of found.filter(({ check }) => check === 'pki.owner'))
      if (verdict === 'pass') expect(observed).toContainEqual(expect.stringMatching(/^\/.*\.crt$|more$/))
    expect(found.some(({ check, verdict }) => check === 'pki.owner' && verdict === 'pass')).toBe(true)
  })
})

describe('two etcds of one kOps node', async () => {
  const found = (await findingsOf('test/recorded/hardened.khard')).get('kops') ?? []

  it.each(['1.1.11', '2.1'])('both are shown, with their places, by control %s', (control) => {
    const [one] = found.filter(
      (finding) => finding.benchmark === 'cis-kubernetes' && finding.control === control,
    )

    expect(Object.keys(Object(one?.observed))).toEqual(['etcd-manager-events', 'etcd-manager-main'])
    const pids = (one?.provenance ?? []).flatMap(({ at }) => /\(pid \d+\)/.exec(at) ?? [])
    expect(new Set(pids).size).toBe(2)
  })
})
