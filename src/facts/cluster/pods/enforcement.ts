import type { FactRequest } from '../../../model/check.ts'
import type { CollectFailure } from '../../../model/evidence.ts'
import { wordsIn } from '../request.ts'
import type { Feature } from './features.ts'
import type { Guard } from './guards.ts'
import type { Namespace } from './namespaces.ts'

/** What a namespace does with a pod that asks for something. */
export type Enforcement =
  | { readonly kind: 'refused'; readonly says: string }
  | { readonly kind: 'admitted'; readonly says: string }
  /** `reason`: why it could not be looked at; the API does not show it where there is none. */
  | { readonly kind: 'unknown'; readonly says: string; readonly reason?: CollectFailure }

/** What a request about admission may say. */
export const enforcementParameters = {
  'enforced-by': {
    means:
      'policies that refuse it, as a person has found: ValidatingAdmissionPolicy NAME, ValidatingWebhookConfiguration NAME',
    optional: true,
  },
} as const

const rank = { privileged: 0, baseline: 1, restricted: 2 } as const

/** Policies a person vouches for that are asked about pods of this namespace. */
function vouchedFor(
  { labels }: Namespace,
  guards: readonly Guard[],
  request: FactRequest,
): Guard | undefined {
  const named = wordsIn(request, 'enforced-by')
  return guards.find((guard) => named.includes(guard.name) && guard.covers(labels))
}

/** Whether a namespace refuses a feature. */
export function enforcementOf(
  namespace: Namespace,
  feature: Feature,
  { guards, request }: { readonly guards: readonly Guard[]; readonly request: FactRequest },
): Enforcement {
  const guard = vouchedFor(namespace, guards, request)
  if (guard !== undefined) return { kind: 'refused', says: `${guard.name} refuses it` }
  const { level, pinned, says } = namespace
  if (level === 'unknown') return { kind: 'unknown', says }
  if (rank[level] < rank[feature.level]) return { kind: 'admitted', says }
  // Rules of old versions know fewer features.
  const isKnown = pinned === undefined || pinned >= feature.since
  return { kind: isKnown ? 'refused' : 'admitted', says }
}

/** Whether anything at all is asked before a pod is made in a namespace, and may refuse it. */
export function anyEnforcement(
  namespace: Namespace,
  { guards, request }: { readonly guards: readonly Guard[]; readonly request: FactRequest },
): Enforcement & { readonly by?: Guard } {
  const { level, says, labels } = namespace
  if (level === 'baseline' || level === 'restricted') return { kind: 'refused', says }
  const asked = (by: Guard['by']): Guard | undefined =>
    guards.find((one) => one.by === by && !one.isConditional && one.covers(labels))
  const by = vouchedFor(namespace, guards, request) ?? asked('policy')
  if (by !== undefined) return { kind: 'refused', says: `${by.name} is asked about its pods`, by }
  const engine = asked('engine')
  // An engine without a policy that refuses anything lets every pod through.
  if (engine !== undefined)
    return {
      kind: 'unknown',
      reason: 'unrecognised',
      says: `the policies of ${engine.name} are not read: name it in enforced-by where they refuse pods`,
    }
  return level === 'unknown' ? { kind: 'unknown', says } : { kind: 'admitted', says }
}
