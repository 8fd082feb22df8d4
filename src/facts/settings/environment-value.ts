import type { Evidence, Provenance } from '../../model/evidence.ts'

/** A variable a component was started with. */
export interface EnvironmentValue {
  readonly value: string
  readonly at: Provenance
}

/** Variables of a component by name. */
export type Environment = Evidence<ReadonlyMap<string, EnvironmentValue>>
