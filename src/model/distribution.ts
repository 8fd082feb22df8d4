import type { FactRequest } from './check.ts'

/** Where one component gets its settings from on a distribution, and how they are changed there. */
export interface ComponentPlace {
  /** What is read, best first. */
  readonly reads: string
  /** How a setting is changed; absent where it cannot be. `{flag}` and `{key}` stand for its names. */
  readonly changes?: string
}

/** Which files a fact about files looks at on a distribution. What is not given in the request matches any. */
export interface FilePlace {
  readonly request: FactRequest
  readonly at: string
}

/** How checks are fixed on a distribution where their own words would not be true. */
export interface Fix {
  readonly checks: readonly string[]
  /** `{settings}` stands for the settings a check decides on. */
  readonly do: string
}

/** How one distribution lays out a node (benchmarks/distributions/<id>.yaml), for people. */
export interface Distribution {
  readonly id: string
  readonly title: string
  /** By component id. A component that is not listed does not run as a part of it. */
  readonly components: { readonly [component: string]: ComponentPlace }
  readonly files?: readonly FilePlace[]
  readonly fixes?: readonly Fix[]
}
