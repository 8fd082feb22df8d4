import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding, Result } from '../../src/model/finding.ts'
import { type ApiList, openRecording } from '../support/api/recordings.ts'
import { type Answer, type RunningServer, type Seen, serve } from '../support/api/server.ts'
import { issueCertificates, writeKubeconfig } from '../support/api/users.ts'
import { khard } from '../support/khard.ts'
import { labAvailable, withLab } from '../support/lab.ts'

const available = labAvailable()
const recording = openRecording('hardened')

/** The recorded list of nodes with the lab's node in it, and one that only the API knows. */
function nodesAnswer(machineId: string): Answer {
  const list = recording.objects('nodes') as ApiList
  const [pattern] = list.items
  const node = (name: string, machineID: string, more: object) => ({
    ...pattern,
    metadata: {
      name,
      labels: { 'node-role.kubernetes.io/control-plane': '' },
      annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock' },
    },
    status: { nodeInfo: { machineID, kubeletVersion: 'v1.34.2', ...more } },
  })
  return {
    status: 200,
    body: { ...list, items: [node('cp-a', machineId, {}), node('cp-b', 'f'.repeat(32), {})] },
  }
}

describe.skipIf(!available.ok)(
  `nodes seen on themselves and through the API${available.ok ? '' : ` (skipped: ${available.reason})`}`,
  () => {
    const lab = withLab(['kubeadm-hardened'])
    const directory = mkdtempSync(join(tmpdir(), 'khard-api-'))
    let server: RunningServer
    let result: Result
    let replayed: Result

    beforeAll(async () => {
      const certificates = issueCertificates()
      const node = lab.node(1)
      const machineId = (await lab.on(node, 'cat', '/etc/machine-id')).trim()
      const answer = ({ path }: Seen): Answer | undefined => {
        if (path === '/api/v1/nodes') return nodesAnswer(machineId)
        if (path === '/api/v1/nodes/cp-a/proxy/configz')
          return {
            status: 200,
            body: {
              kubeletconfig: { authentication: { anonymous: { enabled: true } }, readOnlyPort: 10255 },
            },
          }
        return undefined
      }
      server = await serve(recording, certificates, answer)
      const kubeconfig = writeKubeconfig(directory, server.url, certificates)
      const cluster = ['--cluster', '--kubeconfig', kubeconfig, '--context', 'admin']
      const bundle = join(directory, 'both.khard')
      const ran = await khard([
        'audit',
        'ssh://khnode-1',
        '--ssh-config',
        lab.sshConfig,
        ...cluster,
        '-o',
        'json',
        '--save-evidence',
        bundle,
      ])
      result = JSON.parse(ran.stdout)
      const again = await khard(['audit', `bundle:${bundle}`, '--at', result.evaluatedAt, '-o', 'json'])
      replayed = JSON.parse(again.stdout)
    }, 120_000)

    afterAll(async () => {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    })

    const findingOf = (target: string, control: string, benchmark = 'cis-kubernetes'): Finding | undefined =>
      result.findings.find(
        (one) => one.target === target && one.control === control && one.benchmark === benchmark,
      )

    it('are one target each in one result', () => {
      const singles = result.targets.filter(({ kind }) => kind !== 'group')
      expect(singles.map(({ id, kind }) => [id, kind])).toEqual([
        ['admin', 'cluster'],
        ['cp-b', 'node'],
        ['khnode-1', 'node'],
      ])
    })

    it('are judged by what was seen on them where it was', () => {
      expect(findingOf('khnode-1', '4.1.1')?.verdict).toBe('pass')
      expect(findingOf('khnode-1', '4.2.1')).toMatchObject({
        verdict: 'pass',
        provenance: [{ kind: 'file' }],
      })
      expect(findingOf('cp-b', '4.1.1')?.verdict).toBe('notChecked')
    })

    it('fail where the kubelet says otherwise than its files', () => {
      expect(findingOf('khnode-1', '6.1', 'cluster-baseline')).toMatchObject({
        verdict: 'fail',
        reason: expect.stringContaining('anonymous-auth: false on the node, true in the kubelet'),
      })
      expect(findingOf('cp-b', '6.1', 'cluster-baseline')?.verdict).toBe('notApplicable')
    })

    it('give the same findings again from the evidence that was saved', () => {
      expect(JSON.stringify(replayed.findings)).toBe(JSON.stringify(result.findings))
    })
  },
)
