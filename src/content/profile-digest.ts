import { createHash } from 'node:crypto'
import { type Benchmark, byKubernetes, type Profile } from '../model/benchmark.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { Check } from '../model/check.ts'
import type { ComponentSpec } from '../model/component.ts'
import { selectControls } from './select-controls.ts'

/** What a digest is taken over: everything that a verdict under the profile depends on. */
export interface Digested {
  readonly benchmarks: readonly Benchmark[]
  readonly checks: ReadonlyMap<string, Check>
  readonly components: ReadonlyMap<string, ComponentSpec>
}

/** `sha256:…` over the canonical JSON of what a profile selects. Examples and file places are not part of it. */
export function profileDigest(profile: Omit<Profile, 'digest'>, content: Digested): string {
  const selected = profile.benchmarks.flatMap((selection) =>
    content.benchmarks
      .filter(({ id, version }) => id === selection.id && [version, byKubernetes].includes(selection.version))
      .map((benchmark) => ({
        id: selection.id,
        version: benchmark.version,
        skip: selection.skip,
        controls: selectControls(benchmark, selection),
      })),
  )
  const checkIds = new Set<string>(
    selected.flatMap(({ controls }) => controls.flatMap(({ checks }) => checks)),
  )
  const checks = [...checkIds].toSorted().flatMap((id) => {
    const check = content.checks.get(id)
    if (check === undefined) return []
    const { examples: _, file: __, ...decisive } = check
    return [decisive]
  })
  const componentIds = new Set(checks.flatMap(componentsOf))
  const components = [...componentIds].toSorted().map((id) => content.components.get(id) ?? id)
  const { id, version, parameters, gate } = profile
  return `sha256:${createHash('sha256').update(canonicalJson({ id, version, parameters, gate, selected, checks, components })).digest('hex')}`
}

function componentsOf(check: Pick<Check, 'applies' | 'evidence'>): readonly string[] {
  const asked = Object.values(check.evidence).flatMap(({ of }) => (typeof of === 'string' ? [of] : []))
  return check.applies.component === undefined ? asked : [check.applies.component, ...asked]
}
