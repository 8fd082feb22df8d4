import type { Benchmark, Control, Profile } from '../model/benchmark.ts'

type Selection = Profile['benchmarks'][number]

/** The controls of a benchmark that a profile asks for, in document order. */
export function selectControls(benchmark: Benchmark, selection: Selection): readonly Control[] {
  const skipped = new Set((selection.skip ?? []).map((one) => one.control))
  const named = selection.only === undefined ? null : new Set(selection.only)
  return benchmark.controls.filter(
    (control) =>
      control.level <= selection.maxLevel &&
      !skipped.has(control.id) &&
      (named === null || named.has(control.id)),
  )
}
