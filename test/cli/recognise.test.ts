import { describe, expect, it } from 'vitest'
import { recognise } from '../../src/cli/recognise.ts'

const kindOf = (path: string, text = '') =>
  recognise(path, { head: async () => new TextEncoder().encode(text), text: async () => text })

describe('telling what a file is', () => {
  it.each([
    ['waivers.yaml', '- { waiver: W-1 }\n', 'waivers'],
    ['waivers.yaml', '[]\n', 'waivers'],
    ['waivers.yaml', '', 'waivers'],
    ['waivers.yaml', 'a: [\n', 'waivers'],
    ['site.yaml', 'tailoring: payments\nversion: "1"\n', 'tailoring'],
    ['nodes.yml', 'targets: [ssh://cp-1]\n', 'inventory'],
    ['nodes.json', '{"targets":["ssh://cp-1"]}', 'inventory'],
    ['hosts.yaml', 'all: { hosts: { cp-1: } }\n', 'inventory'],
    ['hosts.yaml', 'masters: { hosts: { cp-1: } }\n', 'inventory'],
    ['hosts.ini', '[masters]\ncp-1\n', 'inventory'],
    ['mine.yaml', 'id: mine\nextends: kubeadm-cis-l1\n', 'profile'],
    ['result.json', '{"schema":"khard.result/v1"', 'result'],
    ['other.json', '{}', 'result'],
    ['quiet.yaml', 'id: kubelet.quiet\nexpect: []\n', 'stray-check'],
    ['/x/benchmarks/checks/kubelet/quiet.yaml', 'id: kubelet.quiet\n', 'check'],
    ['/x/benchmarks/cis/1.0/benchmark.yaml', 'id: cis\n', 'content'],
    ['/x/profiles/mine.yaml', 'id: mine\n', 'content'],
    ['/x/khard.yaml', 'profle: x\n', 'configuration'],
    ['x.khard', '', 'bundle'],
    ['README.md', '# khard\n', null],
    ['values.yaml', 'replicas: 3\n', null],
    ['text.yaml', 'word\n', null],
    ['LICENSE', 'Apache\n', null],
  ])('%s: %j', async (path, text, kind) => {
    expect(await kindOf(path, text)).toBe(kind)
  })

  it('knows a bundle by its first bytes, whatever its name, and reads no more of it', async () => {
    const text = (): Promise<string> => Promise.reject(new Error('it is large'))

    expect(
      await recognise('evidence.yaml', { head: async () => new Uint8Array([0x1f, 0x8b, 8]), text }),
    ).toBe('bundle')
  })
})
