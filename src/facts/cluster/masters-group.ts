import { joinSources } from '../../model/evidence.ts'
import type { FactKind } from '../fact-kind.ts'
import { sourceOf } from '../files/raw-source.ts'
import { inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { flagAt, nameAt, textAt, textsAt } from './json.ts'
import { makerOf } from './rbac/bootstrap/policy.ts'
import { gapsIn, type Rbac, rbacLists, readRbac, soundIn } from './rbac/read-rbac.ts'
import { isMasters } from './rbac/subject.ts'

const requests = 'certificates.k8s.io/v1/certificatesigningrequests'
const signer = 'kubernetes.io/kube-apiserver-client'
const masters = 'system:masters'

function decisionOn(request: unknown): string {
  if (flagAt(request, 'isRefused') === true) return 'was refused'
  return flagAt(request, 'isApproved') === true ? 'was approved' : 'waits for a decision'
}

function remarkOn(request: unknown): Remark {
  return {
    on: { kind: 'CertificateSigningRequest', name: nameAt(request, 'name') },
    because: `asked for a client certificate of ${masters} and ${decisionOn(request)}`,
  }
}

/** Bindings to the group that are not the API server's own: they give nothing it does not have. */
function bindingsTo({ bindings }: Rbac): {
  readonly noted: readonly Remark[]
  readonly exempted: readonly Remark[]
} {
  const to = bindings.flatMap((binding) => {
    const subject = binding.subjects.find(isMasters)
    return subject === undefined ? [] : [{ binding, maker: makerOf(binding, subject) }]
  })
  const say = (because: string) => (one: (typeof to)[number]) => ({
    on: one.binding,
    because: `${because.replace('ROLE', `${one.binding.roleKind} ${one.binding.roleName}`)}`,
  })
  return {
    noted: to
      .filter(({ maker }) => maker === undefined)
      .map(say(`gives ROLE to ${masters}, which may do everything without it`)),
    exempted: to
      .filter(({ maker }) => maker !== undefined)
      .map(say(`gives ROLE to ${masters} in every cluster`)),
  }
}

/** Where the group that RBAC cannot limit is used: certificates asked for through the API, and bindings. */
export const mastersGroup: FactKind = {
  kind: 'masters-group',
  about: 'cluster',
  title: 'Requests for client certificates of system:masters, and bindings to it',
  parameters: {},
  fields: () => inspectionFields,
  probes: () => [...rbacLists, requests].map((resource) => ({ kind: 'list', resource }) as const),
  derive: (_request, node) => {
    const rbac = readRbac(node)
    const list = node.view.list(requests)
    const asked = soundIn(list).filter(
      (one) => textAt(one, 'signer') === signer && textsAt(one, 'organizations').includes(masters),
    )
    const isIssued = (one: unknown): boolean =>
      flagAt(one, 'isApproved') === true && flagAt(one, 'isRefused') !== true
    const { noted, exempted } = bindingsTo(rbac)
    return inspectionFact({
      lookedAt: soundIn(list).length + rbac.bindings.length,
      offending: asked.filter(isIssued).map(remarkOn),
      noted: [...asked.filter((one) => !isIssued(one)).map(remarkOn), ...noted],
      exempted,
      gaps: [...rbac.gaps, ...gapsIn(list, 'CertificateSigningRequest')],
      source: joinSources(rbac.source, sourceOf(list)),
    })
  },
}
