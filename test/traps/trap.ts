/** A way other tools get a control wrong, in our own words, and the tests that show what we do instead. */
export interface Trap {
  readonly id: string
  /** Controls of the CIS Kubernetes Benchmark 1.12 it stands under; none for traps of evaluation itself. */
  readonly controls: readonly string[]
  readonly trap: string
  /** Titles of tests in this directory. */
  readonly tests: readonly string[]
}

/** One row of the catalogue; controls are separated by blanks. */
export function trap(
  row: { readonly id: string; readonly controls?: string },
  text: string,
  ...tests: readonly string[]
): Trap {
  return { id: row.id, controls: row.controls?.split(' ') ?? [], trap: text, tests }
}
