import { canonicalJson } from '../../model/canonical-json.ts'
import type { FactRequest } from '../../model/check.ts'
import type { CheckInput } from '../check-input.ts'
import { isList } from '../values/list.ts'
import { readSubject } from './subject.ts'

/** What is asked of each node to tell its cluster. */
export const clusterRequest: FactRequest = { fact: 'cluster-identity' }

const key = canonicalJson(clusterRequest)

/** What nodes of one cluster have in common; both empty where it could not be told. */
export interface Marks {
  /** Fingerprints of the authorities a node trusts. */
  readonly authorities: readonly string[]
  /** `host:port` under which its API server is reached. */
  readonly endpoints: readonly string[]
}

/** Reads the marks of a node. */
export function marksOf(input: CheckInput): Marks {
  const facts = { cluster: input.fact(clusterRequest, key) }
  const textsOf = (field: string): readonly string[] => {
    const reading = readSubject({ fact: 'cluster', segments: [field], label: field }, facts)
    if (reading.kind === 'missing' || !isList(reading.value)) return []
    return reading.value.filter((one) => typeof one === 'string')
  }
  return { authorities: textsOf('authorities'), endpoints: textsOf('endpoints') }
}
