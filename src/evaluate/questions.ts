import { canonicalJson } from '../model/canonical-json.ts'
import type { Check, FactRequest } from '../model/check.ts'
import type { Fact } from '../model/evidence.ts'
import { type ApplicabilityPlan, componentRequest, type Surroundings } from './applicability.ts'
import type { CheckInput } from './check-input.ts'
import { compileCondition, type ParameterValues } from './condition.ts'
import type { Facts } from './leaf.ts'

/** What a check asks of a node, read once. */
export interface Questions {
  readonly plan: ApplicabilityPlan
  readonly facts: (input: CheckInput) => Facts
  readonly surroundings: (input: CheckInput) => Surroundings
}

type RequestValue = FactRequest[string]

function isParameter(value: RequestValue): value is { readonly parameter: string } {
  return typeof value === 'object' && 'parameter' in value
}

/** A request with the values of the parameters it names; itself where it names none. */
function filled(request: FactRequest, parameters: ParameterValues): FactRequest {
  if (!Object.values(request).some(isParameter)) return request
  const pairs = Object.entries(request).map(([key, value]) => {
    return [key, isParameter(value) ? (parameters[value.parameter] ?? value) : value] as const
  })
  return { ...Object.fromEntries(pairs), fact: request.fact }
}

/** True when `request` is what `asked` came to with some values of its parameters. */
export function isFilledFrom(asked: FactRequest, request: FactRequest): boolean {
  const rest = (one: FactRequest): string =>
    canonicalJson(
      Object.entries(one).filter(([key]) => {
        const value = asked[key]
        return value === undefined || !isParameter(value)
      }),
    )
  return asked === request || rest(asked) === rest(request)
}

function keyed(request: FactRequest): { readonly request: FactRequest; readonly key: string } {
  return { request, key: canonicalJson(request) }
}

function planOf({ applies }: Check, parameters: ParameterValues): ApplicabilityPlan {
  return applies.when === undefined
    ? { applies }
    : { applies, when: compileCondition(applies.when, parameters) }
}

/** Reads the evidence and the applicability of a check, which must be sound. */
export function readQuestions(check: Check, parameters: ParameterValues): Questions {
  const requests = Object.entries(check.evidence).map(([name, request]) => ({
    name,
    ...keyed(filled(request, parameters)),
  }))
  const about =
    check.applies.component === undefined ? undefined : keyed(componentRequest(check.applies.component))
  return {
    plan: planOf(check, parameters),
    facts: (input) => {
      const facts: { [name: string]: Fact } = {}
      for (const { name, request, key } of requests) facts[name] = input.fact(request, key)
      return facts
    },
    surroundings: (input) => {
      const { roles, distribution, version } = input
      return { roles, distribution, version, component: about && input.fact(about.request, about.key) }
    },
  }
}
