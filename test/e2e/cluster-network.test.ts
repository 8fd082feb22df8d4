import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRecording } from '../support/api/recordings.ts'
import { serve } from '../support/api/server.ts'
import { issueCertificates, type User, writeKubeconfig } from '../support/api/users.ts'
import { khard } from '../support/khard.ts'

const certificates = issueCertificates()
const directory = mkdtempSync(join(tmpdir(), 'khard-net-'))
const servers = {
  hardened: await serve(openRecording('hardened'), certificates),
  default: await serve(openRecording('default'), certificates),
}

afterAll(async () => {
  for (const server of Object.values(servers)) await server.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Seen {
  readonly benchmark: string
  readonly control: string
  readonly verdict: string
  readonly reason: string
  readonly objects?: Readonly<Record<string, readonly { readonly name: string; readonly because: string }[]>>
}

const sections = ['5.3', '5.4.2', '5.5.1', '5.6.4', 'cluster-baseline']

async function audit(mode: keyof typeof servers, user: User) {
  const kubeconfig = writeKubeconfig(directory, servers[mode].url, certificates)
  const file = join(directory, `${mode}-${user}.json`)
  const bundle = join(directory, `${mode}-${user}.khard`)
  const where = ['--cluster', '--kubeconfig', kubeconfig, '--context', user, '--level', '2']
  await khard(['audit', ...where, '-o', `json=${file}`])
  await khard(['collect', ...where, '-o', bundle])
  const result: { readonly findings: readonly Seen[] } = JSON.parse(readFileSync(file, 'utf8'))
  const findings = result.findings.filter(
    ({ benchmark, control }) =>
      benchmark === 'cluster-baseline' || sections.some((one) => control.startsWith(one)),
  )
  const of = (control: string): Seen => {
    const [found] = findings.filter((one) => one.control === control)
    if (found === undefined) throw new Error(`nothing was said about ${control}`)
    return found
  }
  const told = (control: string, role: string): readonly string[] =>
    (of(control).objects?.[role] ?? []).map(({ name, because }) => `${name}: ${because}`)
  return { findings, of, told }
}

const runs = {
  hardened: await audit('hardened', 'admin'),
  default: await audit('default', 'admin'),
  auditor: await audit('hardened', 'auditor'),
}

const verdicts = ({ findings }: { readonly findings: readonly Seen[] }) =>
  Object.fromEntries(findings.map(({ benchmark, control, verdict }) => [`${benchmark} ${control}`, verdict]))

describe('network, images, default namespace and baseline on a recorded API server', () => {
  it('come to the same on both servers, which hold the same objects', () => {
    const expected = {
      // The recorded server has no network plugin at all: the one DaemonSet is somebody's agent.
      'cis-kubernetes 5.3.1': 'error',
      'cis-kubernetes 5.3.2': 'fail',
      // What is in use is told, and the question stays with a person.
      'cis-kubernetes 5.4.2': 'notChecked',
      'cis-kubernetes 5.5.1': 'fail',
      'cis-kubernetes 5.6.4': 'fail',
      'cluster-baseline 1.1': 'pass',
      // Seen through the API only, its one node; the API server runs on it.
      'cluster-baseline 6.1': 'notApplicable',
      'cluster-baseline 6.2': 'pass',
      'cluster-baseline 2.1': 'fail',
      'cluster-baseline 2.2': 'fail',
      'cluster-baseline 3.1': 'pass',
      // One node, and neither DNS nor a metrics server.
      'cluster-baseline 3.2': 'notApplicable',
      'cluster-baseline 3.3': 'notApplicable',
      'cluster-baseline 3.4': 'pass',
      'cluster-baseline 3.5': 'pass',
      // Its webhook with failurePolicy Fail selects a label that kube-system does not have.
      'cluster-baseline 4.1': 'pass',
      'cluster-baseline 4.2': 'fail',
      'cluster-baseline 4.3': 'pass',
      // None of its webhooks has a caBundle.
      'cluster-baseline 4.4': 'pass',
      'cluster-baseline 4.5': 'fail',
      'cluster-baseline 5.1': 'pass',
      'cluster-baseline 5.2': 'pass',
    }
    expect(verdicts(runs.hardened)).toEqual(expected)
    expect(verdicts(runs.default)).toEqual(expected)
  })

  it('5.3.2 names namespaces without isolation, and tells those that are open in spite of a policy', () => {
    expect(runs.hardened.told('5.3.2', 'offending')).toEqual([
      // Its one policy is about egress.
      'Namespace batch: no policy limits traffic to its one pod',
      'Namespace default: no policy limits traffic to its one pod',
      'Namespace legacy: no policy limits traffic to its 5 pods',
      'Namespace monitoring: no policy limits traffic to its one pod',
      // So is this one's.
      'Namespace team-b: no policy limits traffic to its 2 pods',
    ])
    expect(runs.hardened.told('5.3.2', 'noted')).toEqual([
      'Namespace dev: traffic from everywhere is allowed for 2 pods of 2',
      // A default-deny, and an allow-all for app=web beside it.
      'Namespace team-a: traffic from everywhere is allowed for 4 pods of 6',
    ])
    // One pod more was let in where Pod Security admission was off.
    expect(runs.default.told('5.3.2', 'noted')).toEqual([
      'Namespace dev: traffic from everywhere is allowed for 3 pods of 3',
      'Namespace team-a: traffic from everywhere is allowed for 4 pods of 6',
    ])
    expect(runs.hardened.told('5.3.2', 'exempted').map((text) => text.split(':')[0])).toEqual([
      'Namespace empty-ns',
      'Namespace kube-node-lease',
      'Namespace kube-public',
      'Namespace kube-system',
      'Namespace sandbox',
      'Namespace staging',
    ])
  })

  it('5.5.1 tells a webhook and a policy that look at images and verify nothing', () => {
    expect(runs.hardened.told('5.5.1', 'offending')).toEqual(['Cluster admission: nothing verifies images'])
    expect(runs.hardened.told('5.5.1', 'noted')).toEqual([
      'ValidatingAdmissionPolicy no-latest: looks at the names of images and can verify no signature',
      'ValidatingWebhookConfiguration image-policy: its webhook images.example.test guards pods; whether it verifies images is not known',
    ])
  })

  it('5.6.4 names a Secret too, which kubectl get all leaves out', () => {
    expect(runs.hardened.told('5.6.4', 'offending')).toEqual([
      'Pod default/in-default: stands in the namespace default',
      'Secret default/in-default: stands in the namespace default',
    ])
    expect(runs.hardened.told('5.6.4', 'exempted').map((text) => text.split(':')[0])).toEqual([
      'ConfigMap default/kube-root-ca.crt',
      'ConfigMap default/openshift-service-ca.crt',
      'Endpoints default/kubernetes',
      'Service default/kubernetes',
      'ServiceAccount default/default',
    ])
  })

  it('the baseline names webhooks that fail open and those whose Service is gone', () => {
    expect(runs.hardened.told('4.2', 'offending')).toEqual([
      'ValidatingWebhookConfiguration fail-open: what its webhook open.example.test guards is let through while it does not answer',
    ])
    expect(runs.hardened.told('4.5', 'offending').map((text) => text.split(':')[0])).toEqual([
      'MutatingWebhookConfiguration mesh-injector',
      'ValidatingWebhookConfiguration fail-open',
    ])
  })

  it('a user without rights gets errors that name the right, not passes', () => {
    const missing = (control: string): string => runs.auditor.of(control).reason
    expect(verdicts(runs.auditor)).toMatchObject({
      'cis-kubernetes 5.5.1': 'error',
      // What the auditor sees offends already; the rest is said to be unseen.
      'cis-kubernetes 5.6.4': 'fail',
      'cluster-baseline 3.4': 'error',
      'cluster-baseline 3.5': 'error',
      'cluster-baseline 5.1': 'error',
      'cluster-baseline 5.2': 'error',
    })
    expect(missing('5.5.1')).toContain('get /metrics')
    expect(missing('5.6.4')).toContain('Pod default/in-default, and')
    expect(missing('5.6.4')).toContain('that could not be looked at')
    expect(missing('3.4')).toContain('list apiservices.apiregistration.k8s.io')
    expect(missing('5.2')).toContain('list customresourcedefinitions.apiextensions.k8s.io')
  })

  it('asks for pods once, however many look at them', () => {
    const asked = servers.default.seen.filter(({ path }) => path === '/api/v1/pods')
    // One audit and one collection.
    expect(asked).toHaveLength(2)
  })

  it('keeps nothing of Secrets but their names', () => {
    const lists = servers.default.seen.filter(({ path }) => path.includes('/secrets'))
    expect(lists.length).toBeGreaterThan(0)
    expect(lists.every(({ accept }) => accept.includes('as=PartialObjectMetadataList'))).toBe(true)
  })
})
