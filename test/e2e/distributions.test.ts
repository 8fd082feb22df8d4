import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Result, Target } from '../../src/model/finding.ts'
import { khard, type Ran, root, workspace } from '../support/khard.ts'
import { labAvailable, withLab } from '../support/lab.ts'
import { beyondHardening, findable } from './distribution-mistakes.ts'
import { hostDecides, isAboutGroup, nodesOf, readResult, verdictTable } from './verdicts.ts'

const available = labAvailable()
const asProfiles = (ids: readonly string[]): readonly string[] => ids.flatMap((id) => ['--profile', id])
const distributions = ['rke2', 'k3s', 'kubeadm', 'hardway', 'kubespray', 'kops'] as const
type Distribution = (typeof distributions)[number]
const variants = ['-hardened', '', '-broken'] as const
const besides: { readonly [distribution in Distribution]?: readonly string[] } = {
  rke2: ['rke2-cis-only', 'rke2-agent'],
  k3s: ['k3s-agent'],
  kubeadm: ['kubeadm-worker'],
}
/** The lab's profiles of a distribution. */
const profilesOf = (distribution: Distribution): readonly string[] => [
  ...variants.map((variant) => `${distribution}${variant}`),
  ...(besides[distribution] ?? []),
]
const profiles = distributions.flatMap(profilesOf)
const stigOf = (distribution: Distribution): string | undefined => {
  if (distribution === 'rke2') return 'rke2-stig'
  return distribution === 'k3s' ? undefined : 'kubernetes-stig'
}
const everyProfile = readdirSync(join(root, 'profiles')).map((file) => file.replace('.yaml', ''))
const others = ['k3s-rotated'] as const

describe.skipIf(!available.ok)(
  `a hardened, a default and a broken node of six distributions${available.ok ? '' : ` (skipped: ${available.reason})`}`,
  () => {
    const lab = withLab([...profiles, ...others])
    const files = workspace()
    let ran: Ran
    let result: Result
    /** What the STIGs say of the evidence that every profile was collected for. */
    const stig: { [profile: string]: Result } = {}

    const target = (profile: string): string => lab.node(profile).name
    const findings = (profile: string, from = result): Result['findings'] =>
      from.findings.filter((finding) => finding.target === target(profile))
    const targetOf = (profile: string): Target | undefined =>
      nodesOf(result).find(({ id }) => id === target(profile))
    /** What a check answers on a node. A check may stand at several controls and has one answer. */
    const answer = (profile: string, check: string): readonly string[] => [
      ...new Set(findings(profile).flatMap((one) => (one.check === check ? [one.verdict] : []))),
    ]

    beforeAll(async () => {
      const json = join(files, 'distributions.json')
      const targets = [...lab.nodes.map(({ name }) => `ssh://${name}`), '--ssh-config', lab.sshConfig]
      const whole = ['--level', '2', '--save-evidence', join(files, 'distributions.khard')]
      ran = await khard(['audit', ...targets, '-o', `json=${json}`, ...whole])
      result = readResult(json)
      const bundle = join(files, 'every-profile.khard')
      await khard(['collect', ...targets, '-o', bundle, ...asProfiles(everyProfile)])
      for (const profile of ['kubernetes-stig', 'rke2-stig']) {
        const file = join(files, `${profile}.json`)
        await khard(['audit', `bundle:${bundle}`, '--profile', profile, '-o', `json=${file}`])
        stig[profile] = readResult(file)
      }
    }, 240_000)

    it('are all reached in one run, whose gate is not met', () => {
      expect(ran).toMatchObject({ code: 1, stderr: '' })
      expect([...profiles, ...others].filter((profile) => targetOf(profile)?.reached !== true)).toEqual([])
    })

    it.each(profiles)('%s is recognised with its version, and its profile chosen', (profile) => {
      const distribution = profile.replace(/-.*/, '')
      expect(targetOf(profile)).toMatchObject({ distribution, version: 'v1.34.2' })
      expect(targetOf(profile)?.profile).toMatch(new RegExp(`^${distribution}-cis`))
    })

    it.each([
      ['rke2', ['control-plane', 'etcd', 'worker']],
      ['k3s', ['control-plane', 'worker']],
      ['k3s-hardened', ['control-plane', 'etcd', 'worker']],
      ['k3s-broken', ['control-plane', 'worker']],
      ['kubeadm', ['control-plane', 'etcd', 'worker']],
      ['kubespray', ['control-plane', 'etcd', 'worker']],
      ['kops', ['control-plane', 'etcd', 'worker']],
      ['rke2-agent', ['worker']],
      ['k3s-agent', ['worker']],
      ['kubeadm-worker', ['worker']],
    ])('%s has the roles %j', (profile, roles) => {
      expect(targetOf(profile)?.roles).toEqual(roles)
    })

    it.each(distributions)('%s, hardened, fails nothing but what cannot be met there', (distribution) => {
      const profile = `${distribution}-hardened`
      const cannot = new Set(Object.keys(beyondHardening[distribution]))
      const open = findings(profile).filter(
        ({ verdict, check }) =>
          ['fail', 'error', 'unknown'].includes(verdict) &&
          !hostDecides.has(check ?? '') &&
          !cannot.has(check ?? ''),
      )
      expect(
        open.map(({ control, check, verdict, reason }) => `${control} ${check}: ${verdict}: ${reason}`),
      ).toEqual([])
    })

    it.each(distributions)('%s, hardened, lists nothing as impossible that is met', (distribution) => {
      const met = Object.keys(beyondHardening[distribution]).filter(
        (check) => !answer(`${distribution}-hardened`, check).includes('fail'),
      )
      expect(met).toEqual([])
    })

    const mistakes = distributions.flatMap((distribution) =>
      findable[distribution].map(
        ([mistake, check, verdict]) =>
          [
            `${distribution}-broken: ${mistake}: ${check} says ${verdict}`,
            { distribution, check, verdict },
          ] as const,
      ),
    )
    it.each(mistakes)('%s', (_sentence, { distribution, check, verdict }) => {
      expect(answer(`${distribution}-broken`, check)).toEqual([verdict])
    })

    it('never passes on arguments that were in a journal which is gone', () => {
      const fromJournal = findings('k3s-rotated').filter(({ check }) =>
        /^kube-(apiserver|controller-manager|scheduler)\./.test(check ?? ''),
      )
      const answered = fromJournal.filter(({ check }) => answer('k3s', check ?? '').includes('pass'))
      expect(answered.length).toBeGreaterThan(20)
      // Files lie where K3s keeps them, and its own configuration says whether they were moved.
      const files = /(kubeconfig-(mode|owner)|service-account-keys-fit)$/
      expect(
        answered
          .filter(({ check, verdict }) => verdict === 'pass' && !files.test(check ?? ''))
          .map(({ check }) => check),
      ).toEqual([])
      expect(fromJournal.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check)).toEqual([])
    })

    // Update with UPDATE_GOLDEN=1; every changed cell needs a reason found on the node.
    it.each(distributions)('%s gets the verdicts pinned in test/golden/distributions', (distribution) => {
      const golden = join(root, 'test', 'golden', 'distributions', `${distribution}.txt`)
      const of = stig[stigOf(distribution) ?? '']
      const results = of === undefined ? [result] : [result, of]
      const table = results.map((one) => verdictTable(only(distribution, one))).join('')
      if (process.env['UPDATE_GOLDEN'] === '1') {
        mkdirSync(join(golden, '..'), { recursive: true })
        writeFileSync(golden, table)
      }
      expect(table).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : 'nothing is pinned yet')
    })

    it('give the same findings again from the evidence that was saved', async () => {
      const json = join(files, 'replayed.json')
      const bundle = `bundle:${join(files, 'distributions.khard')}`
      await khard(['audit', bundle, '--level', '2', '--at', result.evaluatedAt, '-o', `json=${json}`])
      expect(JSON.stringify(readResult(json).findings)).toBe(JSON.stringify(result.findings))
    })

    /** The part of a result about one distribution's nodes, named after the lab's profiles. */
    function only(distribution: Distribution, whole: Result): Result {
      const names = new Map(profilesOf(distribution).map((profile) => [target(profile), profile]))
      return {
        ...whole,
        targets: [...names].flatMap(([id, name]) =>
          whole.targets.filter((one) => one.id === id).map((one) => ({ ...one, id: name })),
        ),
        findings: whole.findings.flatMap((one) => {
          const name = names.get(one.target)
          return name === undefined || isAboutGroup(one) ? [] : [{ ...one, target: name }]
        }),
      }
    }
  },
)
