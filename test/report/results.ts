import { createHash } from 'node:crypto'
import { decideGate } from '../../src/gate/decide.ts'
import type { Role } from '../../src/model/check.ts'
import type { Baseline } from '../../src/model/diff.ts'
import type { Finding, Result, Summary, Target } from '../../src/model/finding.ts'
import type { Severity, Verdict } from '../../src/model/verdict.ts'
import { verdicts } from '../../src/model/verdict.ts'

/** Results as a run would leave them, for the reports to render. */

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

const sections: Record<string, string> = {
  '1.1': 'Control plane configuration files',
  '1.2': 'API server',
  '1.3': 'Controller manager',
  '2': 'etcd',
  '3.2': 'Logging',
  '4.1': 'Worker node configuration files',
  '4.2': 'Kubelet',
}

export function finding(part: Partial<Finding> & Pick<Finding, 'control' | 'target' | 'verdict'>): Finding {
  const section = part.control
    .split('.')
    .slice(0, part.control.startsWith('2.') ? 1 : 2)
    .join('.')
  return {
    benchmark: 'cis-kubernetes',
    benchmarkVersion: '1.12',
    title: `Control ${part.control} holds`,
    section,
    level: 1,
    assessment: 'automated',
    severity: 'medium',
    reason: 'The setting has the value asked for.',
    provenance: [],
    evidence: part.verdict === 'notChecked' ? [] : [digest(`${part.target} ${part.control}`)],
    ...part,
  }
}

export function target(id: string, part: Partial<Target> = {}): Target {
  const roles: readonly Role[] = id.startsWith('cp') ? ['control-plane', 'etcd'] : ['worker']
  return {
    id,
    kind: 'node',
    address: `ssh://audit@${id}`,
    roles,
    distribution: 'kubeadm',
    signals: [{ says: 'kubeadm', strength: 'strong', at: '/var/lib/kubelet/kubeadm-flags.env' }],
    version: 'v1.34.2',
    os: { id: 'ubuntu', version: '24.04', kernel: '6.8.0-45-generic', name: 'Ubuntu 24.04.1 LTS' },
    reached: true,
    profile: 'kubeadm-cis-l1',
    chosenBecause: 'kubeadm left its flags file on the node',
    ...part,
  }
}

export function unreached(id: string, problem: string): Target {
  const blank = {
    roles: [],
    distribution: 'unknown',
    signals: [],
    os: {},
    profile: '',
    chosenBecause: '',
  } as const
  const { version: _, ...rest } = target(id)
  return { ...rest, ...blank, reached: false, problem }
}

function countsOf(findings: readonly Finding[]): Record<Verdict, number> {
  const zero = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>
  for (const { verdict } of findings) zero[verdict] += 1
  return zero
}

function summaryOf(findings: readonly Finding[]): Summary {
  const counts = countsOf(findings)
  const should = counts.pass + counts.fixed + counts.fail + counts.error + counts.unknown
  const judged = counts.pass + counts.fixed + counts.fail
  const keys = [...new Set(findings.map(({ benchmark, section }) => `${benchmark}\n${section}`))]
  return {
    verdicts: counts,
    waived: findings.filter(({ verdict, waiver }) => verdict === 'fail' && waiver?.expired === false).length,
    score: should === 0 ? null : (counts.pass + counts.fixed) / should,
    coverage: should + counts.notChecked === 0 ? null : judged / (should + counts.notChecked),
    bySection: keys.map((key) => {
      const [benchmark = '', section = ''] = key.split('\n')
      const own = findings.filter((each) => each.benchmark === benchmark && each.section === section)
      return { benchmark, section, title: sections[section] ?? section, verdicts: countsOf(own) }
    }),
  }
}

export interface Parts {
  readonly baseline?: Baseline
  readonly targets: readonly Target[]
  readonly findings: readonly Finding[]
  readonly threshold?: Severity | 'none'
  readonly maxErrors?: number | 'any'
  readonly waiversUnused?: Result['waiversUnused']
}

export async function resultOf({
  targets,
  findings,
  threshold = 'high',
  maxErrors = 0,
  waiversUnused = [],
  baseline,
}: Parts): Promise<Result> {
  const profile = { id: 'kubeadm-cis-l1', version: '1.0.0', digest: digest('kubeadm-cis-l1') }
  return {
    schema: 'khard.result/v1',
    tool: { name: 'khard', version: '0.1.0' },
    startedAt: '2026-03-02T10:00:00.000Z',
    finishedAt: '2026-03-02T10:00:04.210Z',
    evaluatedAt: '2026-03-02T10:00:04.000Z',
    profile,
    profiles: [{ ...profile, title: 'CIS level 1 for kubeadm clusters' }],
    benchmarks: [{ id: 'cis-kubernetes', version: '1.12', title: 'CIS Kubernetes Benchmark' }],
    targets,
    findings,
    leftOut: [],
    tailorings: [],
    waiversUnused,
    summary: summaryOf(findings),
    gate: await decideGate({ findings, targets, threshold, maxErrors, ...(baseline && { baseline }) }),
  }
}

/** What a site's tailoring left of it: the same control for two profiles, and a value of its own. */
export const tailoredOut: Pick<Result, 'leftOut' | 'tailorings'> = {
  leftOut: ['kubeadm-cis-l1', 'kubeadm-cis-l2'].map((profile) => ({
    benchmark: 'cis-kubernetes',
    version: '1.12',
    control: '1.2.15',
    because: 'Profiles are taken <weekly>.',
    profile,
  })),
  tailorings: [
    { id: 'payments', version: '1', digest: digest('payments'), says: ['file-mode is 0644: so be it'] },
  ],
}

const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml'

const row = {
  manifestMode: (on: string): Finding =>
    finding({
      control: '1.1.1',
      check: 'kube-apiserver.manifest-mode-tight',
      target: on,
      verdict: 'pass',
      severity: 'high',
      title: 'Only root may change the API server manifest',
      reason: 'Every file has mode 0600 or tighter.',
      observed: [{ path: manifest, mode: '0600' }],
      expected: '0600',
      provenance: [{ kind: 'file', at: manifest }],
    }),
  anonymous: (on: string): Finding =>
    finding({
      control: '1.2.1',
      check: 'kube-apiserver.anonymous-auth-off',
      target: on,
      verdict: 'fail',
      severity: 'high',
      assessment: 'manual',
      title: 'The API server turns away anonymous requests',
      reason: 'kube-apiserver answers anonymous requests (anonymous-auth is true).',
      observed: true,
      expected: false,
      provenance: [{ kind: 'default', at: 'kube-apiserver 1.34' }],
      next: 'Set --anonymous-auth=false. If a health probe depends on it, move the probe first or file a waiver.',
      remediation: 'kube-apiserver.set-flag',
    }),
  profiling: (on: string): Finding =>
    finding({
      control: '1.2.15',
      check: 'kube-apiserver.profiling-off',
      target: on,
      verdict: 'fail',
      severity: 'low',
      title: 'The API server serves no profiling data',
      reason: 'kube-apiserver serves profiling data (profiling is true).',
      observed: true,
      expected: false,
      provenance: [{ kind: 'default', at: 'kube-apiserver 1.34' }],
      next: 'Set --profiling=false.',
      remediation: 'kube-apiserver.set-flag',
    }),
  audit: (on: string): Finding =>
    finding({
      control: '1.2.16',
      check: 'kube-apiserver.audit-log-written',
      target: on,
      verdict: 'fail',
      severity: 'medium',
      title: 'The API server writes an audit log',
      reason: 'kube-apiserver writes no audit log (audit-log-path is not set).',
      observed: null,
      expected: 'a path',
      provenance: [{ kind: 'file', at: manifest, line: 14 }],
      next: 'Set --audit-log-path and mount its directory into the pod.',
    }),
  readOnlyPort: (on: string): Finding =>
    finding({
      control: '4.2.4',
      check: 'kubelet.read-only-port-closed',
      target: on,
      verdict: 'pass',
      severity: 'high',
      title: 'The kubelet opens no port without authentication',
      reason: 'The setting has the value asked for.',
      observed: 0,
      expected: 0,
      provenance: [{ kind: 'default', at: 'kubelet 1.34' }],
    }),
  kernelDefaults: (on: string, observed = false): Finding =>
    finding({
      control: '4.2.6',
      check: 'kubelet.kernel-defaults-protected',
      target: on,
      verdict: observed ? 'pass' : 'fail',
      severity: 'critical',
      title: 'The kubelet does not change kernel settings on its own',
      reason: `protectKernelDefaults is ${observed}.`,
      observed,
      expected: true,
      provenance: [{ kind: 'file', at: '/var/lib/kubelet/config.yaml', line: 31 }],
      ...(observed
        ? {}
        : {
            next: 'Set protectKernelDefaults: true in /var/lib/kubelet/config.yaml and restart the kubelet.',
          }),
    }),
  question: (on: string): Finding =>
    finding({
      control: '3.2.2',
      target: on,
      verdict: 'notChecked',
      assessment: 'manual',
      title: 'The audit policy covers the key security concerns',
      reason:
        'A person must answer: does the audit policy record every access to Secrets, and who reads the log?',
    }),
  etcd: (on: string, verdict: 'pass' | 'notApplicable'): Finding =>
    finding({
      control: '2.1',
      check: 'etcd.serves-tls',
      target: on,
      verdict,
      severity: 'critical',
      title: 'etcd serves TLS with a certificate of its own',
      reason: verdict === 'pass' ? 'The setting is there.' : 'etcd does not run on this node.',
    }),
  denied: (on: string, control: string, path: string): Finding =>
    finding({
      control,
      check: `kubelet.control-${control.replaceAll('.', '-')}`,
      target: on,
      verdict: 'error',
      severity: 'high',
      title: `Only root may change ${path}`,
      reason: `could not read ${path}: permission denied for "audit".`,
      next: 'Run again with --sudo, or grant the account the read-only rule.',
      evidence: [],
    }),
}

export { row as rows }

const waiver = { id: 'W-014', expires: '2026-06-30', expired: false } as const

/** Named results that the golden reports are rendered from. */
export const samples = {
  /** Nothing to hold against it: one waived failure, one question. */
  'kubeadm-hardened': () =>
    resultOf({
      targets: [target('cp-1')],
      findings: [
        row.manifestMode('cp-1'),
        { ...row.anonymous('cp-1'), waiver },
        {
          ...row.profiling('cp-1'),
          verdict: 'fixed',
          observed: false,
          reason: 'profiling was true and is false now.',
        },
        row.etcd('cp-1', 'pass'),
        row.question('cp-1'),
        row.readOnlyPort('cp-1'),
        row.kernelDefaults('cp-1', true),
        finding({
          control: '4.2.14',
          check: 'kubelet.seccomp-default',
          target: 'cp-1',
          verdict: 'informational',
          title: 'Containers get the default seccomp profile',
          reason: 'seccompDefault is true.',
          observed: true,
        }),
        finding({
          control: '4.1.3',
          check: 'kube-proxy.kubeconfig-mode-tight',
          target: 'cp-1',
          verdict: 'notApplicable',
          title: 'Only root may change the kubeconfig of kube-proxy',
          reason: 'kube-proxy runs as a pod and has no kubeconfig on the node.',
        }),
      ],
    }),
  /** A cluster as kubeadm leaves it: the same failures on several nodes. */
  'kubeadm-default': () =>
    resultOf({
      targets: [target('cp-1'), target('cp-2'), target('w-1')],
      findings: [
        ...['cp-1', 'cp-2'].flatMap((on) => [
          row.manifestMode(on),
          row.anonymous(on),
          row.profiling(on),
          row.audit(on),
          row.etcd(on, 'pass'),
          row.question(on),
          row.readOnlyPort(on),
          row.kernelDefaults(on),
        ]),
        row.etcd('w-1', 'notApplicable'),
        row.readOnlyPort('w-1'),
        row.kernelDefaults('w-1'),
      ],
      waiversUnused: [{ id: 'W-020', at: 'waivers.yaml:12' }],
    }),
  /** Set up by hand: file and process disagree, files are open, a file may not be read. */
  hardway: () =>
    resultOf({
      targets: [
        target('controller-0', {
          distribution: 'hardway',
          roles: ['control-plane', 'etcd', 'worker'],
          profile: 'hardway-cis-l1',
          chosenBecause: 'components run as units and nothing of a distribution was found',
          version: 'v1.33.4',
          os: { id: 'debian', version: '12' },
          problem: 'the account may not become root; 3 files could not be read',
        }),
      ],
      findings: [
        {
          ...row.anonymous('controller-0'),
          provenance: [{ kind: 'process-argument', at: 'kube-apiserver (pid 812)' }],
          drift:
            'the running process has true; /etc/systemd/system/kube-apiserver.service:11 says false since 2026-03-01: not restarted yet',
        },
        finding({
          control: '1.1.20',
          check: 'pki.certificate-mode-tight',
          target: 'controller-0',
          verdict: 'fail',
          severity: 'medium',
          title: 'Nobody but root may change certificates',
          reason: '8 of 9 files are open to more than 0600 allows.',
          observed: [
            'kubernetes.pem',
            'ca.pem',
            'service-account.pem',
            'admin.pem',
            'kube-proxy.pem',
            'node-0.pem',
            'node-1.pem',
            'kube-scheduler.pem',
          ].map((name) => ({ path: `/var/lib/kubernetes/${name}`, mode: '0644' })),
          expected: '0600',
          provenance: [{ kind: 'file', at: '/var/lib/kubernetes' }],
          next: 'chmod 600 /var/lib/kubernetes/*.pem',
        }),
        finding({
          control: '1.2.29',
          check: 'kube-apiserver.strong-ciphers',
          target: 'controller-0',
          verdict: 'unknown',
          severity: 'medium',
          title: 'The API server accepts strong ciphers only',
          reason: 'tls-cipher-suites holds a name that is not a cipher suite: TLS_FOO.',
          next: 'Correct the name; the list of names is in the Go crypto/tls package.',
        }),
        row.etcd('controller-0', 'pass'),
        row.denied('controller-0', '4.1.5', '/etc/kubernetes/kubelet.conf'),
        row.denied('controller-0', '4.1.9', '/var/lib/kubelet/config.yaml'),
        row.denied('controller-0', '4.1.10', '/var/lib/kubelet/config.yaml'),
      ],
      maxErrors: 0,
    }),
  /** One node answers, one does not. */
  unreachable: () =>
    resultOf({
      targets: [
        target('cp-1'),
        unreached('w-2', 'connection refused by 10.0.0.7 port 22 (asked as ssh://audit@w-2)'),
      ],
      findings: [row.manifestMode('cp-1'), row.readOnlyPort('cp-1'), row.kernelDefaults('cp-1', true)],
    }),
  /** A waiver that has run out excuses nothing. */
  'expired-waiver': () =>
    resultOf({
      targets: [target('cp-1')],
      findings: [
        row.manifestMode('cp-1'),
        { ...row.anonymous('cp-1'), waiver: { id: 'W-007', expires: '2026-01-31', expired: true } },
        { ...row.profiling('cp-1'), waiver },
      ],
    }),
  /** Held against an earlier result: one failure and one missing answer are known, nothing is new. */
  baseline: () => {
    const findings = [
      row.manifestMode('cp-1'),
      row.anonymous('cp-1'),
      row.denied('cp-1', '4.1.5', '/etc/kubernetes/kubelet.conf'),
    ] as const
    const earlier = {
      file: 'last-week.json',
      digest: digest('last week'),
      evaluatedAt: '2026-02-23T10:00:04.000Z',
    }
    const known = new Set(findings.slice(1))
    return resultOf({
      targets: [target('cp-1')],
      findings,
      baseline: { ...earlier, known, changed: [row.anonymous('cp-1')], doubts: [] },
    })
  },
  /** Names and values chosen to break a terminal, a pipeline or a page. */
  hostile: () =>
    resultOf({
      targets: [
        target('cp\u001b[2J-evil', {
          os: { name: 'Linux </testcase><script>alert(1)</script> \u202egnp.exe' },
          chosenBecause: 'a file says ]]> and \u0007\u0000 and [click](http://evil.example)',
        }),
      ],
      findings: [
        finding({
          control: '4.2.4',
          check: 'kubelet.read-only-port-closed',
          target: 'cp\u001b[2J-evil',
          verdict: 'fail',
          severity: 'high',
          title: 'The kubelet opens no port without authentication',
          reason:
            'readOnlyPort is "]]><script>alert(1)</script>\u001b[31m \u202e\u2066evil\u2069 \ufffe\ud800 [click](http://evil.example)".',
          observed: {
            'a&b"\'<c>': [
              '\u001b]0;owned\u0007',
              '\u009b31m',
              '</testsuite>\r\nok 1 - fine',
              'x'.repeat(130),
            ],
          },
          expected: 0,
          provenance: [{ kind: 'file', at: '/var/lib/kubelet/con\nfig \u001b[0m#?%.yaml', line: 3 }],
          next: 'Set readOnlyPort: 0.\u2028::error::forged annotation',
        }),
        finding({
          control: '4.2.5',
          check: 'kubelet.streams-time-out',
          target: 'cp\u001b[2J-evil',
          verdict: 'error',
          reason: 'could not read /etc/\u001b[8mhidden: permission denied.',
        }),
      ],
    }),
  /** Every check said that it does not apply: no claim. */
  nothing: () =>
    resultOf({
      targets: [target('w-1')],
      findings: [row.etcd('w-1', 'notApplicable'), row.question('w-1')],
    }),
} as const satisfies Record<string, () => Promise<Result>>

/** A run over `many` nodes of which some fail, some may not be read and some are down. */
export async function fleet(many: number): Promise<Result> {
  const names = Array.from({ length: many }, (_, index) => `w-${String(index + 1).padStart(4, '0')}`)
  const isDown = (index: number): boolean => index % 50 === 49
  return resultOf({
    targets: names.map((name, index) =>
      isDown(index) ? unreached(name, 'no answer within 10 s') : target(name),
    ),
    findings: names.flatMap((name, index) =>
      isDown(index)
        ? []
        : [
            row.readOnlyPort(name),
            row.kernelDefaults(name, index % 3 === 0),
            ...(index % 10 === 0 ? [row.denied(name, '4.1.5', '/etc/kubernetes/kubelet.conf')] : []),
          ],
    ),
  })
}
