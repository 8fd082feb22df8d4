import type { X509Certificate } from 'node:crypto'
import type { FactRequest } from '../model/check.ts'
import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, observed } from '../model/evidence.ts'
import { sharedSubjects } from './certificates/overlap.ts'
import { trustedBySetting } from './certificates/trust.ts'
import type { SettingRef } from './certificates/uses.ts'
import type { FactKind, Knowledge } from './fact-kind.ts'
import { probesFor } from './files/probes-for.ts'

const sides = ['first', 'second'] as const

/** `component.setting`, e.g. `etcd.trusted-ca-file`. */
function refOf(request: FactRequest, side: (typeof sides)[number]): SettingRef {
  const [component = '', ...setting] = String(request[side]).split('.')
  return { component, setting: setting.join('.') }
}

function sideFaults(request: FactRequest, { components }: Knowledge): readonly string[] {
  return sides.flatMap((side) => {
    const { component, setting } = refOf(request, side)
    const isKnown = components.get(component)?.settings.some(({ name }) => name === setting)
    return isKnown === true
      ? []
      : [`"${side}" names no setting: ${String(request[side])} (write component.setting)`]
  })
}

function overlap(
  first: Evidence<readonly X509Certificate[]>,
  second: Evidence<readonly X509Certificate[]>,
): Fact {
  if (first.kind === 'unavailable') return first
  if (second.kind === 'unavailable') return second
  const source = joinSources(first.source, second.source)
  if (first.kind === 'absent' || second.kind === 'absent')
    return absent(source, 'one side trusts no bundle of its own')
  const shared = sharedSubjects(first.fact, second.fact)
  const subjects = shared.map((subject) => observed(subject, source))
  return observed(
    {
      overlaps: observed(shared.length > 0, source),
      count: observed(shared.length, source),
      shared: observed(subjects, source),
    },
    source,
  )
}

/** Certificate authorities that two trust bundles have in common, compared by public key. */
export const trustOverlap: FactKind = {
  kind: 'trust-overlap',
  title: 'Certificate authorities that two trust bundles have in common, compared by public key',
  parameters: {
    first: { means: 'component.setting of one bundle, e.g. etcd.trusted-ca-file' },
    second: { means: 'component.setting of the other, e.g. kube-apiserver.client-ca-file' },
  },
  fields: () => ['overlaps', 'count', 'shared'],
  faults: sideFaults,
  probes: (request, knowledge) =>
    probesFor(knowledge, ['kubelet', ...sides.map((side) => refOf(request, side).component)]),
  derive: (request, node) => {
    const [first, second] = [refOf(request, 'first'), refOf(request, 'second')]
    return overlap(trustedBySetting(node, first), trustedBySetting(node, second))
  },
}
