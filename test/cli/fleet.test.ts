import { describe, expect, it } from 'vitest'
import { assess } from '../../src/cli/assess.ts'
import { seenOn } from '../../src/cli/explain-evidence.ts'
import { describeCondition, describeGroup } from '../../src/cli/explain-text.ts'
import { planFor } from '../../src/cli/gather.ts'
import { selectControls } from '../../src/evaluate/select.ts'
import { decideGate } from '../../src/gate/decide.ts'
import type { Waiver } from '../../src/model/benchmark.ts'
import type { Result } from '../../src/model/finding.ts'
import { benchmarkId, checkId, profileId } from '../../src/model/ids.ts'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import { renderJson } from '../../src/report/json.ts'
import { parseResult } from '../../src/report/parse-result.ts'
import { renderText } from '../../src/report/text.ts'
import { aNode, evidenceOf, file, kernel, pod, unit } from '../traps/a-node.ts'
import { askedBy, content } from '../traps/verdict-of.ts'

const profile = {
  id: profileId('together'),
  version: '1',
  title: 'Together',
  description: 'Only what is asked of nodes together.',
  distributions: ['any'],
  benchmarks: [{ id: benchmarkId('fleet'), version: '1.0', maxLevel: 1 as const }],
  parameters: {},
  gate: { failOn: 'high' as const, maxErrors: 'any' as const },
  digest: `sha256:${'0'.repeat(64)}`,
}

/** Only these checks, which need little of a node. */
const only = [
  'fleet.machine-ids-unique',
  'fleet.hostnames-unique',
  'fleet.kubelet-settings-same',
  'fleet.control-planes-enough',
]

async function run(nodes: readonly NodeEvidence[], waivers: readonly Waiver[] = []): Promise<Result> {
  const selection = selectControls(content, profile, { only })
  const choice = {
    selections: [selection],
    tailorings: [],
    forNode: () => ({ selection, because: 'It was asked for.' }),
  }
  async function* all() {
    yield* nodes
  }
  return assess(all(), {
    content,
    choice,
    waivers,
    atMs: Date.UTC(2027, 4, 21),
    toolVersion: '0.0.0',
    startedAtMs: 0,
    now: () => 0,
  } as Parameters<typeof assess>[1])
}

const asked: readonly RawItem[] = only.flatMap(askedBy)

interface Described {
  readonly parts?: readonly (readonly RawItem[])[]
  /** The kubelet's read-only port. */
  readonly port?: number
  /** Where the kubelet reaches its API server. */
  readonly server?: string
}

function kubeconfig(server: string): readonly RawItem[] {
  const text = `kind: Config\nclusters: [{name: c, cluster: {server: "${server}"}}]\nusers: []\n`
  return file('/etc/kubernetes/kubelet.conf', { text })
}

function node(
  name: string,
  machineId: string,
  { parts = [], port = 0, server }: Described = {},
): NodeEvidence {
  const described = aNode(
    unit('kubelet', [`--read-only-port=${port}`, '--kubeconfig=/etc/kubernetes/kubelet.conf']),
    ...(server === undefined ? [] : [kubeconfig(server)]),
    file('/etc/machine-id', { text: `${machineId}\n` }),
    kernel('/proc/sys/kernel/hostname', `${name}\n`),
    kernel('/proc/sys/kernel/osrelease', '6.1.0\n'),
    ...parts,
  )
  return { ...evidenceOf(described, asked), name, target: `ssh://${name}` }
}

const ids = [
  '32c176d875db41a791ac95d4702a5d8d',
  'd9b2d63d7e2c4a3f8b1e5c6a7f809112',
  '0f5c2e8d9a7b4c6e8f1a2b3c4d5e6f70',
]
const [one = '', two = '', three = ''] = ids
const controlPlane = pod('kube-apiserver', ['--profiling=false'])

function findingsOf({ findings }: Result, check: string) {
  return findings.filter((finding) => finding.check === check)
}

describe('a run over several nodes', () => {
  const nodes = () => [
    node('cp-1', one, { parts: [controlPlane] }),
    node('w-1', two),
    node('w-2', one, { port: 10255 }),
  ]

  it('puts them side by side, and says of the group what is found', async () => {
    const result = await run(nodes())
    const [finding] = findingsOf(result, 'fleet.machine-ids-unique')
    expect(finding).toMatchObject({
      target: 'all nodes',
      verdict: 'fail',
      benchmark: 'fleet',
      control: '5.1',
    })
    expect(finding?.reason).toContain('on cp-1 and w-2')
    expect(finding?.provenance).toContainEqual({ kind: 'file', at: '/etc/machine-id', target: 'w-2' })
    expect(finding?.evidence.every((digest) => /^sha256:[0-9a-f]{64}$/.test(digest))).toBe(true)
    expect(findingsOf(result, 'fleet.hostnames-unique')).toMatchObject([{ verdict: 'pass' }])
  })

  it('compares within a role', async () => {
    const settings = findingsOf(await run(nodes()), 'fleet.kubelet-settings-same')
    expect(settings.map(({ target, verdict }) => `${target}: ${verdict}`)).toEqual([
      'control-plane nodes: notApplicable',
      'worker nodes: fail',
    ])
    expect(settings[1]?.reason).toContain('settings.read-only-port is 0 on w-1; 10255 on w-2')
  })

  it('lists the groups among the targets, sorted with the nodes', async () => {
    const { targets } = await run(nodes())
    expect(targets.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'group all nodes',
      'group control-plane nodes',
      'node cp-1',
      'node w-1',
      'node w-2',
      'group worker nodes',
    ])
    const assumes = 'that these nodes are of one cluster: no authority of it was seen on them'
    expect(targets[0]).toEqual({ id: 'all nodes', kind: 'group', members: ['cp-1', 'w-1', 'w-2'], assumes })
  })

  it('finds the same in whatever order they come', async () => {
    const seen = nodes()
    const [forth, back] = [await run(seen), await run(seen.toReversed())]
    expect(back.findings).toEqual(forth.findings)
    expect(back.targets).toEqual(forth.targets)
  })

  it('takes no node for a group because of its name', async () => {
    const { targets } = await run([node('all nodes', one), node('w-1', two)])
    expect(targets.map(({ id }) => id)).toContain('all nodes (ssh://all nodes)')
  })

  it('waives a group by its name', async () => {
    const waiver: Waiver = {
      id: 'W-1',
      check: 'fleet.machine-ids-unique',
      targets: ['all nodes'],
      reason: 'They are rebuilt.',
      owner: 'platform',
      approvedBy: 'J. Doe',
      approvedOn: '2027-01-01',
      expires: '2027-12-31',
      at: 'waivers.yaml:1',
    }
    const result = await run(nodes(), [waiver])
    expect(findingsOf(result, 'fleet.machine-ids-unique')).toMatchObject([{ waiver: { id: 'W-1' } }])
    expect(result.waiversUnused).toEqual([])
  })

  it('counts nodes, not groups, as targets, and what is said of a group for each of its nodes', async () => {
    const { gate } = await run([node('cp-1', one), node('w-1', two), node('w-2', three)])
    expect(gate).toMatchObject({ met: true, exitCode: 0 })
    expect(gate.because.join(' ')).toContain('3 targets')
    expect(gate.because.join(' ')).not.toContain('Nothing was evaluated on')
  })

  it('is written and read back', async () => {
    const result = await run(nodes())
    const text = renderJson(result, { color: false, width: 100, show: 'all' })
    const back = await parseResult(text, 'result.json')
    expect(back.findings).toEqual(result.findings)
    expect(back.targets).toEqual(result.targets)
    const astray = text.replace('"cp-1",\n        "w-1"', '"cp-9",\n        "w-1"')
    await expect(parseResult(astray, 'result.json')).rejects.toThrow(/groups "cp-9", which is no node/)
  })

  it('reads well on a screen', async () => {
    const text = renderText(await run(nodes()), { color: false, width: 120, show: 'failures' })
    expect(text).toContain('all nodes  3 nodes together · ✗ 1')
    expect(text).toContain(
      '\n    assuming that these nodes are of one cluster: no authority of it was seen on them\n',
    )
    expect(text).toMatch(/No two nodes have the same machine-id\n\s+32c1\S+ on cp-1 and w-2\.\n/)
    expect(text).toContain('/etc/machine-id on cp-1')
    expect(text).not.toContain('nodes: [cp-1')
  })
})

describe('a run over two clusters', () => {
  const [green, blue] = ['https://10.0.0.1:6443', 'https://10.0.0.2:6443']
  const nodes = () => [
    node('green-1', one, { server: green }),
    node('green-2', two, { server: green, port: 10255 }),
    node('blue-1', one, { server: blue, port: 10255 }),
    node('blue-2', three, { server: blue, port: 10255 }),
  ]
  const told = (result: Result, check: string) =>
    findingsOf(result, check).map(({ target, verdict }) => `${target}: ${verdict}`)

  it('compares within each, and over both what no two machines may share', async () => {
    const result = await run(nodes())
    expect(told(result, 'fleet.kubelet-settings-same')).toEqual([
      'worker nodes (unknown, 10.0.0.1:6443): fail',
      'worker nodes (unknown, 10.0.0.2:6443): pass',
    ])
    expect(told(result, 'fleet.machine-ids-unique')).toEqual(['all nodes: fail'])
    // Each cluster may have a cp-1 of its own.
    expect(told(result, 'fleet.hostnames-unique')).toEqual([
      'all nodes (unknown, 10.0.0.1:6443): pass',
      'all nodes (unknown, 10.0.0.2:6443): pass',
    ])
  })

  it('is explained as it is audited', async () => {
    async function* all() {
      yield* nodes()
    }
    const checks = ['fleet.kubelet-settings-same', 'fleet.machine-ids-unique'].flatMap(
      (id) => content.checks.get(checkId(id)) ?? [],
    )
    const seen = await seenOn(all(), { checks, atMs: 0 }, { content, io: {} as never })
    expect(seen.match(/^ {2}\S.*$/gm)).toEqual([
      '  all nodes: Fail',
      '  worker nodes (unknown, 10.0.0.1:6443): Fail',
      '  worker nodes (unknown, 10.0.0.2:6443): Pass',
    ])
  })
})

describe('what is collected', () => {
  const selected = (check: string) => selectControls(content, profile, { only: [check] })

  it('tells clusters whenever nodes are compared', () => {
    const { node } = planFor([selected('fleet.clocks-agree')], content)
    expect(node.processes.map(({ name }) => name)).toContain('rke2')
  })
})

describe('a run over one node', () => {
  it('has no group, and says that nothing was compared', async () => {
    const result = await run([node('w-1', one)])
    expect(result.targets.map(({ id }) => id)).toEqual(['w-1'])
    expect(new Set(result.findings.map(({ verdict }) => verdict))).toEqual(new Set(['notApplicable']))
    expect(result.findings.map(({ control }) => control)).toEqual(['1.1', '4.1', '5.1', '5.4'])
    expect(result.gate.exitCode).toBe(3)
  })
})

describe('a group of which nothing was found', () => {
  it('is not listed on a screen', async () => {
    const result = await run([node('w-1', one), node('w-2', two)])
    const quiet = { ...result, findings: [] }
    expect(renderText(quiet, { color: false, width: 100, show: 'failures' })).not.toContain('nodes together')
    const gate = await decideGate({ findings: [], targets: quiet.targets, threshold: 'high', maxErrors: 0 })
    expect(gate.exitCode).toBe(3)
  })
})

describe('explaining a check over nodes', () => {
  const text = (id: string): string => {
    const check = content.checks.get(checkId(id))
    if (check === undefined) throw new Error(`there is no ${id}`)
    return describeGroup(check) + describeCondition(check.condition, check.parameters)
  }

  it('says which nodes, and what must hold of them', () => {
    expect(text('fleet.kubelet-unit-same')).toMatch(
      /^ {2}the nodes of each role together\n {2}every node has the same unit\.restart\n/,
    )
    expect(text('fleet.machine-ids-unique')).toContain('no two nodes have the same node.machine-id')
    expect(text('fleet.control-planes-enough')).toMatch(
      /number of different nodes is at least control-planes-at-least/,
    )
    expect(text('fleet.clocks-agree')).toContain('to the largest it is at most')
    expect(text('fleet.api-servers-within-one-minor')).toContain('the minor versions are at most 1')
    expect(text('fleet.kubelet-version-supported')).toContain(
      'each kubelet.version is behind every server.version are, of versions below 1.25, at most 2',
    )
    expect(text('fleet.etcd-quorum-held')).toContain(
      'more than half of the etcd.members are among the etcd.running-name',
    )
  })

  it('tells what was seen of the group', async () => {
    async function* both() {
      yield node('cp-1', one, { parts: [controlPlane] })
      yield node('w-1', one)
    }
    const check = content.checks.get(checkId('fleet.machine-ids-unique'))
    const seen = await seenOn(both(), { checks: check ? [check] : [], atMs: 0 }, { content, io: {} as never })
    expect(seen).toMatch(
      /^\nSeen\n {2}all nodes: Fail\n {4}fleet\.machine-ids-unique: Fail\. 32c1\S+ on cp-1 and w-1\./,
    )
    expect(seen).not.toContain('not asked')
  })

  it('tells of one node that nothing was compared', async () => {
    async function* alone() {
      yield node('w-1', one)
    }
    const check = content.checks.get(checkId('fleet.machine-ids-unique'))
    const seen = await seenOn(
      alone(),
      { checks: check ? [check] : [], atMs: 0 },
      { content, io: {} as never },
    )
    expect(seen).toContain('  w-1: Not applicable\n')
  })
})
