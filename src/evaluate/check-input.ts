import type { FactRequest } from '../model/check.ts'
import type { Fact } from '../model/evidence.ts'
import type { Surroundings } from './applicability.ts'
import type { DriftOf } from './check-outcome.ts'

/** What evaluating a check may ask of one node. */
export interface CheckInput extends Omit<Surroundings, 'component'> {
  /** The fact a request stands for; `key` is the request's canonical JSON, the same for equal requests. */
  readonly fact: (request: FactRequest, key: string) => Fact
  /** What differs between the file on disk and the running process for one setting. */
  readonly drift?: DriftOf
}
