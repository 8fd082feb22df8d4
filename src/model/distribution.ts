/** Where one component gets its settings from on a distribution, and how they are changed there. */
export interface ComponentPlace {
  /** What is read, best first. */
  readonly reads: string
  /** How a setting is changed; absent where it cannot be. `{flag}` and `{key}` stand for its names. */
  readonly changes?: string
}

/** How one distribution lays out a node (benchmarks/distributions/<id>.yaml), for people. */
export interface Distribution {
  readonly id: string
  readonly title: string
  /** By component id. A component that is not listed does not run as a part of it. */
  readonly components: { readonly [component: string]: ComponentPlace }
}
