import { compareResults } from '../../src/compare/compare.ts'
import { newTrouble } from '../../src/compare/known.ts'
import { decideNew } from '../../src/gate/decide-new.ts'
import type { ResultDiff } from '../../src/model/diff.ts'
import type { Result } from '../../src/model/finding.ts'
import { finding, resultOf, rows, samples, target, unreached } from './results.ts'

const named = (file: string, result: Result, mark: string) => ({
  file,
  digest: `sha256:${mark.repeat(64)}`,
  result,
})

async function diffOf(before: Result, after: Result, threshold?: 'high'): Promise<ResultDiff> {
  const [older, newer] = [named('old.json', before, 'a'), named('new.json', after, 'b')]
  const diff = compareResults(older, newer, '0.1.0')
  if (threshold === undefined) return diff
  const { targets, summary } = diff
  const gate = await decideNew({
    trouble: newTrouble(before.findings, after.findings),
    unreached: targets.filter(({ reached, change }) => !reached && change !== 'vanished').map(({ id }) => id),
    compared: summary.compared,
    judged: after.findings.length,
    vanished: summary.vanished,
    threshold,
  })
  return { ...diff, gate }
}

const waiver = { id: 'W-014', expires: '2026-06-30', expired: false } as const
const files = (...names: readonly string[]) =>
  names.map((name) => ({ path: `/etc/ssl/${name}`, mode: '0644' }))
const certificates = (on: string, ...names: readonly string[]) =>
  finding({
    control: '1.1.20',
    check: 'pki.certificate-mode-tight',
    target: on,
    verdict: 'fail',
    title: 'Nobody but root may change certificates',
    reason: `${names.length} files are open to more than 0600 allows.`,
    observed: files(...names),
    expected: '0600',
    next: 'chmod 600 the files named.',
  })

/** A week in which everything happened at once. */
async function eventful(): Promise<ResultDiff> {
  const before = await resultOf({
    targets: ['cp-1', 'cp-2', 'w-1', 'w-2', 'w-3'].map((id) => target(id)),
    findings: [
      ...['cp-1', 'cp-2'].flatMap((on) => [
        { ...rows.anonymous(on), verdict: 'pass' as const, observed: false },
        { ...rows.profiling(on), waiver },
        rows.audit(on),
        certificates(on, 'ca.pem', 'old.pem'),
        rows.etcd(on, 'pass'),
        rows.question(on),
        rows.kernelDefaults(on),
        { ...rows.denied(on, '4.1.5', '/etc/kubernetes/kubelet.conf'), verdict: 'pass' as const },
      ]),
      rows.readOnlyPort('w-1'),
      rows.readOnlyPort('w-2'),
      rows.readOnlyPort('w-3'),
    ],
  })
  const after = await resultOf({
    targets: [
      ...['cp-1', 'cp-2', 'w-1'].map((id) => target(id)),
      unreached('w-2', 'no route'),
      target('w-4'),
    ],
    findings: [
      ...['cp-1', 'cp-2'].flatMap((on) => [
        rows.anonymous(on),
        { ...rows.profiling(on), waiver: { ...waiver, expired: true } },
        { ...rows.audit(on), verdict: 'pass' as const },
        certificates(on, 'ca.pem', 'new.pem'),
        rows.etcd(on, 'notApplicable'),
        rows.denied(on, '4.1.5', '/etc/kubernetes/kubelet.conf'),
        finding({ control: '3.2.3', check: 'kube-apiserver.audit-log-kept', target: on, verdict: 'pass' }),
        { ...rows.question(on), control: '3.2.4' },
        finding({
          control: '4.2.7',
          check: 'kubelet.kernel-defaults-protected',
          target: on,
          verdict: 'fail',
          waiver,
        }),
      ]),
      rows.readOnlyPort('w-1'),
      { ...rows.readOnlyPort('w-2'), verdict: 'error' },
      { ...rows.readOnlyPort('w-4'), verdict: 'fail' },
    ],
  })
  const later = {
    ...after,
    evaluatedAt: '2026-07-09T10:00:04.000Z',
    benchmarks: after.benchmarks.map((one) => ({ ...one, version: '2.0' })),
  }
  return diffOf(before, later, 'high')
}

/** What the eventful week leaves out: a target that is back, one that never answered, offenders one way only. */
async function mixed(): Promise<ResultDiff> {
  const { observed: _observed, ...unseen } = rows.audit('cp-1')
  const before = await resultOf({
    targets: [target('cp-1'), target('cp-2'), unreached('w-1', 'no route')],
    findings: [
      certificates('cp-1', 'ca.pem'),
      certificates('cp-2', 'ca.pem', 'old.pem'),
      { ...unseen, verdict: 'pass' },
    ],
  })
  const after = await resultOf({
    targets: [target('cp-1'), target('cp-2'), target('w-1'), unreached('w-5', 'refused')],
    findings: [
      certificates('cp-1', 'ca.pem', 'new.pem'),
      certificates('cp-2', 'ca.pem'),
      { ...unseen, reason: unseen.title },
      rows.readOnlyPort('w-1'),
    ],
  })
  return diffOf(before, after, 'high')
}

/** Named comparisons that the golden texts are written from. */
export const diffs = {
  'diff-eventful': eventful,
  'diff-mixed': mixed,
  'diff-same': async () => diffOf(await samples.hardway(), await samples.hardway()),
  'diff-better': async () =>
    diffOf(await samples['kubeadm-default'](), await samples['kubeadm-hardened'](), 'high'),
  'diff-hostile': async () =>
    diffOf(
      { ...(await samples.hostile()), findings: [], profile: { id: 'x', version: '', digest: '' } },
      await samples.hostile(),
    ),
  'diff-nothing-shared': async () => diffOf(await samples.nothing(), await samples.hardway(), 'high'),
} as const satisfies Record<string, () => Promise<ResultDiff>>
