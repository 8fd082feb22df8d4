import type { CheckInput } from '../../src/evaluate/check.ts'
import { factFromPlain } from '../../src/evaluate/fact-from-plain.ts'
import type { Benchmark, Control, Profile, Waiver } from '../../src/model/benchmark.ts'
import type { Check, Condition } from '../../src/model/check.ts'
import type { Fact, Provenance, Source } from '../../src/model/evidence.ts'
import { noSource, observed } from '../../src/model/evidence.ts'
import type { Finding } from '../../src/model/finding.ts'
import { benchmarkId, checkId, profileId } from '../../src/model/ids.ts'

/** A fact from a plain value, as examples write it. */
export function fact(plain: unknown): Fact {
  return factFromPlain(plain, 'test')
}

/** A source of one item at one place. */
export function from(item: string, at: string, kind: Provenance['kind'] = 'file'): Source {
  return { items: [item], at: [{ kind, at }] }
}

/** A check over `settings`, `files` and whatever else is handed in. */
export function checkOf(parts: Partial<Check> & { readonly condition: Condition }): Check {
  return {
    id: checkId('kube-apiserver.profiling-off'),
    title: 'Profiling is off',
    severity: 'medium',
    why: 'Profiles tell an attacker how the server works.',
    applies: {},
    evidence: {
      settings: { fact: 'component-settings', of: 'kube-apiserver' },
      files: { fact: 'component-files', of: 'kube-apiserver', which: 'kubeconfig' },
    },
    parameters: {},
    judges: true,
    say: {
      fail: 'profiling is {observed}, not {expected}.',
      next: 'Set it to {expected}.',
    },
    sources: ['a document'],
    examples: [],
    file: 'benchmarks/checks/kube-apiserver/profiling-off.yaml',
    ...parts,
  }
}

/** A control-plane node that has the given facts, by fact kind. */
export function inputOf(
  facts: { readonly [kind: string]: Fact },
  more: Partial<CheckInput> = {},
): CheckInput {
  return {
    roles: observed(['control-plane'], noSource),
    distribution: observed('kubeadm', noSource),
    version: observed('v1.34.2', noSource),
    fact: (request) => facts[request.fact] ?? fact({ unavailable: 'not-collected' }),
    ...more,
  }
}

export function controlOf(id: string, parts: Partial<Control> = {}): Control {
  const section = id.split('.').slice(0, -1).join('.')
  return { id, title: `Control ${id}`, section, level: 1, assessment: 'automated', checks: [], ...parts }
}

export function benchmarkOf(
  controls: readonly Control[],
  id = 'cis-kubernetes',
  version = '1.12',
): Benchmark {
  const sections = [...new Set(controls.map(({ section }) => section))]
  return {
    id: benchmarkId(id),
    version,
    title: `Benchmark ${id}`,
    sections: sections.map((section) => ({ id: section, title: `Section ${section}` })),
    controls,
  }
}

export function profileOf(parts: Partial<Profile> = {}): Profile {
  return {
    id: profileId('test-profile'),
    version: '1',
    title: 'Test',
    description: 'For tests.',
    distributions: ['any'],
    benchmarks: [{ id: benchmarkId('cis-kubernetes'), version: '1.12', maxLevel: 2 }],
    parameters: {},
    gate: { failOn: 'high', maxErrors: 0 },
    digest: 'sha256:0',
    ...parts,
  }
}

export function findingOf(parts: Partial<Finding> = {}): Finding {
  return {
    benchmark: 'cis-kubernetes',
    benchmarkVersion: '1.12',
    control: '1.2.1',
    check: 'kube-apiserver.profiling-off',
    target: 'cp-1',
    title: 'Profiling is off',
    section: '1.2',
    level: 1,
    assessment: 'automated',
    severity: 'high',
    verdict: 'fail',
    reason: 'It is on.',
    provenance: [],
    evidence: [],
    ...parts,
  }
}

export function waiverOf(parts: Partial<Waiver> = {}): Waiver {
  return {
    id: 'W-1',
    control: '1.2.1',
    targets: ['cp-1'],
    reason: 'It stays.',
    owner: 'platform',
    approvedBy: 'J. Doe',
    approvedOn: '2026-01-01',
    expires: '2026-06-30',
    at: 'waivers.yaml:1',
    ...parts,
  }
}
