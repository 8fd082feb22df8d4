import type { Benchmark, Profile } from '../model/benchmark.ts'
import type { Check } from '../model/check.ts'
import type { ComponentSpec } from '../model/component.ts'
import type { Distribution } from '../model/distribution.ts'
import type { CheckId } from '../model/ids.ts'

/** Everything that was read and validated: khard's own content and, on top, the user's. */
export interface Content {
  readonly components: ReadonlyMap<string, ComponentSpec>
  /** By id, for people: where settings come from on each distribution. */
  readonly distributions: ReadonlyMap<string, Distribution>
  readonly checks: ReadonlyMap<CheckId, Check>
  /** In file order; one entry per id and version. */
  readonly benchmarks: readonly Benchmark[]
  readonly profiles: readonly Profile[]
}
