import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Finding, Result } from '../../src/model/finding.ts'
import { openRecording } from '../support/api/recordings.ts'
import { serve } from '../support/api/server.ts'
import { issueCertificates, type User, writeKubeconfig } from '../support/api/users.ts'
import { khard } from '../support/khard.ts'

const certificates = issueCertificates()
const directory = mkdtempSync(join(tmpdir(), 'khard-pods-'))
const servers = {
  hardened: await serve(openRecording('hardened'), certificates),
  default: await serve(openRecording('default'), certificates),
}

afterAll(async () => {
  for (const server of Object.values(servers)) await server.close()
  rmSync(directory, { recursive: true, force: true })
})

async function findings(
  mode: keyof typeof servers,
  user: User = 'admin',
  more: readonly string[] = [],
): Promise<readonly Finding[]> {
  const kubeconfig = writeKubeconfig(directory, servers[mode].url, certificates)
  const access = ['--kubeconfig', kubeconfig, '--context', user]
  const ran = await khard(['audit', '--cluster', ...access, '--level', '2', '-o', 'json', ...more])
  const result: Result = JSON.parse(ran.stdout)
  return result.findings.filter(({ control }) => /^5\.(?:2\.|4\.1$|6\.[123]$)/.test(control))
}

const found = { hardened: await findings('hardened'), default: await findings('default') }

/** `control verdict`, then the names of what offends, in short. */
function table(of: readonly Finding[]): readonly (readonly string[])[] {
  return of.map(({ control, verdict, objects }) => [
    `${control} ${verdict}`,
    ...(objects?.offending ?? []).map(({ name }) => name),
  ])
}

const plainWeb = (of: readonly Finding[]) => remarksOn('5.6.2', 'Deployment team-a/web', of)

function remarksOn(
  control: string,
  name: string,
  of: readonly Finding[] = found.hardened,
): readonly string[] {
  const { objects = {} } = of.find((one) => one.control === control) ?? {}
  return Object.entries(objects).flatMap(([role, remarks]) =>
    remarks.filter((one) => one.name === name).map(({ because }) => `${role}: ${because}`),
  )
}

/** 5.6.2 asks what kubelets do, which is not the same everywhere. */
function withoutSeccomp(of: readonly Finding[]): readonly Finding[] {
  return of.filter(({ control }) => control !== '5.6.2')
}

// Labels are all the API shows of levels: these say that nothing is refused.
const open = ['ingress', 'legacy', 'monitoring'].map((name) => `Namespace ${name}`)

describe('pod security of a recorded cluster', () => {
  it('has one finding for each control of the newest edition', () => {
    expect(found.hardened.map(({ control, verdict }) => `${control} ${verdict}`)).toMatchSnapshot()
  })

  it('names every offender, whoever audits', async () => {
    expect(table(found.hardened)).toMatchSnapshot()
  })

  it('differs between the two clusters in one pod, which the hardened one lacks', () => {
    const byDefault = table(withoutSeccomp(found.default)).map((row) =>
      row.filter((name) => name !== 'Pod dev/bad-init-only'),
    )
    expect(byDefault).toEqual(table(withoutSeccomp(found.hardened)))
    expect(found.default.find(({ control }) => control === '5.2.2')?.objects?.offending).toContainEqual({
      name: 'Pod dev/bad-init-only',
      kind: 'Pod',
      namespace: 'dev',
      because: 'init container init runs privileged',
    })
  })

  it('is open where a namespace is labelled privileged; what holds where there is no label is not known', () => {
    const [first] = found.hardened.filter(({ control }) => control === '5.2.1')
    expect(first?.objects?.offending?.map(({ name }) => name)).toEqual(open)
  })

  it('follows the default level of the API server once somebody says what it is', async () => {
    // The hardened server enforces baseline where a namespace has no label, from a file the API does not show.
    const profile = join(directory, 'profile.yaml')
    const text = [
      'id: site',
      'version: "1"',
      'title: Site',
      'description: The profile for any cluster, with the default of this one.',
      'extends: cluster-cis',
      'parameters: { default-level: baseline }',
    ]
    writeFileSync(profile, text.join('\n'))
    const told = await findings('hardened', 'admin', ['--profile', profile])
    const row = (control: string) => table(told.filter((one) => one.control === control)).flat()

    expect(row('5.2.1')).toEqual([
      '5.2.1 fail',
      'Namespace ingress',
      'Namespace legacy',
      'Namespace monitoring',
    ])
    expect(row('5.2.3').slice(1)).toEqual([
      'DaemonSet monitoring/node-agent',
      'Namespace ingress',
      'Namespace legacy',
      'Namespace monitoring',
      'Pod legacy/host-everything',
      'Pod monitoring/host-pid-only',
    ])
    expect(row('5.2.6')).toContain('Namespace dev')
  })

  it('does not take baseline for enough where restricted is', () => {
    // team-a, team-b and mesh enforce baseline, which leaves NET_RAW, root and escalation alone.
    for (const control of ['5.2.6', '5.2.7', '5.2.8', '5.2.9'])
      expect(remarksOn(control, 'Namespace team-a').join()).toMatch(/^offending: .*it enforces baseline$/)
    for (const control of ['5.2.2', '5.2.3', '5.2.11', '5.2.12', '5.2.13'])
      expect(remarksOn(control, 'Namespace team-a')).toEqual([])
  })

  it('shows what a namespace refused to make without calling it admitted', () => {
    // The Deployment is there, and its pods never were: the namespace enforces restricted by the rules of 1.25.
    expect(remarksOn('5.2.2', 'Deployment sandbox/refused-by-psa')).toEqual([
      'noted: container c runs privileged; in a namespace that is set to refuse it (it enforces restricted by the rules of v1.25)',
    ])
  })

  it('sees a template that is scaled to nothing', () => {
    expect(remarksOn('5.2.3', 'Deployment dev/scaled-to-zero')).toHaveLength(1)
  })

  it('lets a container take back what its pod says', () => {
    expect(remarksOn('5.2.7', 'Pod team-a/container-overrides-pod')).toEqual([
      'offending: container root-again runs as root (runAsUser is 0)',
    ])
    expect(remarksOn('5.6.2', 'Pod team-a/container-overrides-pod')).toEqual([])
  })

  it('does not count NET_RAW that is added back as dropped', () => {
    expect(remarksOn('5.2.8', 'Pod legacy/caps-added')).toEqual([
      'offending: container sysadmin does not drop NET_RAW; container netraw adds NET_RAW; container all adds ALL',
    ])
  })

  it('finds nothing wrong with what was made for the restricted level', () => {
    for (const { control } of found.hardened)
      for (const name of [
        'Deployment payments/api',
        'Pod payments/good-digest',
        'Pod payments/good-restricted',
      ])
        expect(remarksOn(control, name)).toEqual([])
  })

  it('has no Windows node, so that nothing is asked of them, though a Windows pod waits', () => {
    expect(found.hardened.find(({ control }) => control === '5.2.10')).toMatchObject({
      verdict: 'notApplicable',
      reason: 'No node runs Windows.',
    })
  })

  it('asks a control of level 2 by its number where that level is asked for', async () => {
    const named = await findings('hardened', 'admin', ['--only', '5.4.1', '--only', '5.2.2'])
    expect(named.map(({ control }) => control)).toEqual(['5.2.2', '5.4.1'])
  })

  it('tells names of variables that hold secrets and none of their values', () => {
    expect(remarksOn('5.4.1', 'Pod team-a/secret-in-env')).toEqual([
      'offending: container c takes PASSWORD, OPTIONAL from Secrets; container c takes all of Secret basic into its environment',
      'noted: container c is given API_TOKEN as plain text',
    ])
    expect(JSON.stringify(found)).not.toContain('dummy-inline-value')
  })

  it('is seen the same by an auditor, who lacks two lists that cannot take an offender away', async () => {
    const seen = await findings('hardened', 'auditor')
    expect(table(withoutSeccomp(seen))).toEqual(table(withoutSeccomp(found.hardened)))
    // What the kubelet does with a container that has no profile is not for the auditor to see.
    expect(plainWeb(seen)).toEqual([
      'offending: container web has no seccomp profile, and seccompDefault was not seen on every node',
    ])
  })

  it('holds a container without a profile to what the kubelets do', () => {
    expect(plainWeb(found.hardened)).toEqual([
      'noted: container web rests on seccompDefault of the kubelets only',
    ])
    expect(plainWeb(found.default)).toEqual([
      'offending: container web has no seccomp profile, and the kubelet of vm runs without seccompDefault',
    ])
  })

  it('is not judged for somebody who may list nothing', async () => {
    const verdicts = new Set((await findings('hardened', 'nobody')).map(({ verdict }) => verdict))
    expect([...verdicts]).toEqual(['error'])
  })
})
