import type { Content } from '../../src/content/content.ts'
import { type LoadOptions, loadContent } from '../../src/content/load-content.ts'
import type { ReadTree } from '../../src/content/read-tree.ts'
import { operators } from '../../src/evaluate/operators/index.ts'
import type { FactKind } from '../../src/facts/fact-kind.ts'
import { KhardError } from '../../src/model/errors.ts'
import { absent, noSource } from '../../src/model/evidence.ts'

/** Files of a content root by path. */
export type Tree = { readonly [path: string]: string | Uint8Array }

/** Fact kinds small enough to read here: content must not depend on which facts exist. */
export const factKinds: readonly FactKind[] = [
  {
    kind: 'component-settings',
    title: 'Settings of a component',
    parameters: { of: { means: 'component id' } },
    fields: (request, { components }) =>
      components.get(String(request.of))?.settings.map(({ name }) => name) ?? [],
    faults: (request, { components }) =>
      components.has(String(request.of)) ? [] : [`unknown component "${String(request.of)}"`],
    probes: () => [],
    derive: () => absent(noSource),
  },
  {
    kind: 'component-files',
    title: 'Files of a component',
    parameters: { of: { means: 'component id' }, which: { means: 'which files', optional: true } },
    fields: () => ['path', 'mode', 'owner'],
    probes: () => [],
    derive: () => absent(noSource),
  },
]

export const component = `id: kube-apiserver
title: API server
binaries: [kube-apiserver]
units: []
reads-environment: false
modes: []
settings:
  - { name: profiling, flags: [profiling], type: boolean, defaults: [{ value: true, source: "kubernetes 1.34" }] }
  - { name: audit-log-maxage, flags: [audit-log-maxage], type: integer }
  - { name: tls-cipher-suites, flags: [tls-cipher-suites], type: list }
  - { name: a.b, key: a.b, type: string }
`

export const profilingOff = `id: kube-apiserver.profiling-off
title: The API server serves no profiling data
severity: low
why: Profiling endpoints show internals.
applies: { component: kube-apiserver }
evidence:
  settings: { fact: component-settings, of: kube-apiserver }
expect:
  - { value: settings.profiling, equals: false }
say:
  fail: kube-apiserver serves profiling data (profiling is {observed}).
  next: Set --profiling=false.
examples:
  - { name: switched off, given: { settings: { profiling: false } }, verdict: pass }
  - { name: switched on, given: { settings: { profiling: true } }, verdict: fail }
  - { name: unset, given: { settings: {} }, look-alike: true, verdict: fail }
  - { name: unreadable, given: { settings: unavailable }, verdict: error }
`

export const benchmark = `id: cis
version: "1.0"
title: A benchmark
sections: [{ id: "1.2", title: API server }]
`

export const section = `section: "1.2"
controls:
  - { control: "1.2.1", title: No profiling, level: 1, assessment: automated, checks: [kube-apiserver.profiling-off] }
`

export const profile = `id: base
version: "1.0"
title: Base
description: What everyone is measured by.
distributions: [kubeadm]
benchmarks:
  - { id: cis, version: "1.0", max-level: 1 }
`

export const paths = {
  component: 'benchmarks/components/kube-apiserver.yaml',
  check: 'benchmarks/checks/kube-apiserver/profiling-off.yaml',
  benchmark: 'benchmarks/cis/1.0/benchmark.yaml',
  section: 'benchmarks/cis/1.0/1.2-api-server.yaml',
  profile: 'profiles/base.yaml',
}

/** One of everything, without a fault. */
export const goodTree: Tree = {
  [paths.component]: component,
  [paths.check]: profilingOff,
  [paths.benchmark]: benchmark,
  [paths.section]: section,
  [paths.profile]: profile,
}

/** Reads roots from memory. */
export function readTreeOf(roots: { readonly [root: string]: Tree }): ReadTree {
  return (root) =>
    Object.entries(roots[root] ?? {}).map(([path, text]) => ({
      path,
      bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text,
    }))
}

/** Loads one root named `.` over what `more` says. */
export function load(tree: Tree, more: Partial<LoadOptions> = {}): Content {
  return loadContent({
    roots: ['.'],
    factKinds,
    operators: Object.values(operators),
    readTree: readTreeOf({ '.': tree }),
    ...more,
  })
}

/** The faults a tree is refused with, one a line; the lines around them left out. */
export function faultsOf(action: () => unknown): readonly string[] {
  try {
    action()
  } catch (fault) {
    if (fault instanceof KhardError) return fault.message.split('\n').slice(1)
    throw fault
  }
  return []
}
