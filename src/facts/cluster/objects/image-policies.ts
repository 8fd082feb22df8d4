import { isRecord, lookUp } from '../../text/document.ts'
import { compact, listAt, textAt, textsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

const isEnforce = (word: string | undefined): boolean => word?.toLowerCase() === 'enforce'

// What a rule may be narrowed by; kinds alone narrow nothing that pods are made of.
const narrowings = ['namespaces', 'namespaceSelector', 'selector', 'names', 'name', 'annotations']

function isNarrow(rule: unknown): boolean {
  const blocks = [lookUp(rule, ['match']), ...listAt(rule, 'match', 'any'), ...listAt(rule, 'match', 'all')]
  const isNarrowed = blocks.some(
    (block) =>
      narrowings.some((field) => lookUp(block, ['resources', field]) !== undefined) ||
      ['subjects', 'roles', 'clusterRoles'].some((field) => lookUp(block, [field]) !== undefined),
  )
  return isNarrowed || isRecord(lookUp(rule, ['exclude'])) || listAt(rule, 'preconditions').length > 0
}

/** Policies of Kyverno with rules that verify images. */
export const cutKyvernoPolicy: Cut = (policy) => {
  const rules = listAt(policy, 'spec', 'rules').filter((rule) => listAt(rule, 'verifyImages').length > 0)
  const whole = isEnforce(textAt(policy, 'spec', 'validationFailureAction'))
  const enforcing = rules.filter((rule) => {
    const own = listAt(rule, 'verifyImages').map((one) => textAt(one, 'failureAction'))
    return own.some((word) => word !== undefined) ? own.every(isEnforce) : whole
  })
  return {
    ...place(policy),
    ...compact({
      verifies: rules.length > 0,
      enforces: enforcing.length > 0 && textAt(policy, 'spec', 'failurePolicy') !== 'Ignore',
      isNarrow: enforcing.every(isNarrow),
    }),
  }
}

/** ImageValidatingPolicies of Kyverno. */
export const cutImageValidation: Cut = (policy) => ({
  ...place(policy),
  ...compact({
    verifies: true,
    enforces:
      textsAt(policy, 'spec', 'validationActions').includes('Deny') &&
      textAt(policy, 'spec', 'failurePolicy') !== 'Ignore',
    isNarrow:
      listAt(policy, 'spec', 'matchConditions').length > 0 ||
      Object.keys(Object(lookUp(policy, ['spec', 'matchConstraints', 'namespaceSelector']))).length > 0 ||
      Object.keys(Object(lookUp(policy, ['spec', 'matchConstraints', 'objectSelector']))).length > 0,
  }),
})

/** ClusterImagePolicies of sigstore's policy-controller. */
export const cutSigstorePolicy: Cut = (policy) => ({
  ...place(policy),
  ...compact({ verifies: true, enforces: textAt(policy, 'spec', 'mode') !== 'warn' }),
})

/** ValidatingAdmissionPolicies: whether what they check is images. Their expressions are not kept. */
export const cutAboutImages: Cut = (policy) => ({
  ...place(policy),
  ...compact({
    looksAtImages: [...listAt(policy, 'spec', 'validations'), ...listAt(policy, 'spec', 'variables')].some(
      (one) => /\.image\b/.test(textAt(one, 'expression') ?? ''),
    ),
  }),
})
