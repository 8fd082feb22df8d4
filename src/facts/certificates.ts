import type { FactRequest } from '../model/check.ts'
import type { Fact } from '../model/evidence.ts'
import { isFactRecord, joinSources } from '../model/evidence.ts'
import { usualAdminPaths } from './certificates/admin-paths.ts'
import { purposes } from './certificates/certificate.ts'
import { certificatesInUse } from './certificates/in-use.ts'
import { storeProbes } from './certificates/kubelet-store.ts'
import { programKeyProbes } from './certificates/program-certificates.ts'
import { layoutProbes } from './certificates/rancher-layout.ts'
import { certificateFields } from './certificates/record.ts'
import { certificateRecords } from './certificates/records.ts'
import { type Renewable, renewalOf, renewals } from './certificates/renewal.ts'
import type { CertificateInUse } from './certificates/used-certificate.ts'
import type { FactKind } from './fact-kind.ts'
import { listOf } from './files/file-record.ts'
import { clusterComponents, probesFor } from './files/probes-for.ts'
import { hostnameProbes } from './node-name.ts'
import { programProbes, rancherPrograms } from './rancher/program.ts'

/** Purposes a request names; all when it names none, unknown words as they are. */
function askedPurposes(request: FactRequest): readonly unknown[] {
  const asked = request['purposes']
  if (asked === undefined) return purposes
  return [asked].flat()
}

/** Ways of renewal a request names; all when it names none. */
function askedRenewals(renewed: FactRequest[string] | undefined): readonly unknown[] {
  if (renewed === undefined) return renewals
  return [renewed].flat()
}

/** True for a record of a way of renewal that was asked for, and for everything that could not be read. */
function isRenewed(record: Fact, renewed: FactRequest[string] | undefined): boolean {
  if (record.kind !== 'observed' || !isFactRecord(record.fact)) return true
  const way = record.fact['renewal']
  return way?.kind === 'observed' && askedRenewals(renewed).includes(way.fact)
}

/** True unless no private key of the node belongs to it: nothing to compare is no match. */
function isKeyed(record: Fact): boolean {
  if (record.kind !== 'observed' || !isFactRecord(record.fact)) return true
  return record.fact['key-matches']?.kind !== 'absent'
}

function isAsked(request: FactRequest, one: CertificateInUse): boolean {
  const { of, stored } = request
  const isMeant =
    (of === undefined || of === one.component) && (stored === undefined || stored === one.stored)
  return isMeant && askedPurposes(request).includes(one.use.purpose)
}

/** Certificates in use on the node: what they are, how long they last, and whether they fit their key, CA and use. */
export const certificates: FactKind = {
  kind: 'certificates',
  title: 'Certificates the components use: validity, key, chain and fitness for their use',
  parameters: {
    purposes: { means: `only certificates used as one of ${purposes.join(', ')}`, optional: true },
    of: { means: 'only certificates this component uses', optional: true },
    renewed: { means: `only those renewed in one of these ways: ${renewals.join(', ')}`, optional: true },
    stored: { means: 'only those kept in a file, or embedded in a kubeconfig', optional: true },
    keyed: { means: '`true`: only those that a private key of this node belongs to', optional: true },
  },
  fields: () => certificateFields,
  faults: (request, { components }) => {
    const unknown = askedPurposes(request).filter((one) => !purposes.some((purpose) => purpose === one))
    const { of, stored, renewed, keyed } = request
    const odd = askedRenewals(renewed).filter((one) => !renewals.some((renewal) => renewal === one))
    const isUnknown = of !== undefined && !(typeof of === 'string' && components.has(of))
    return [
      ...unknown.map((one) => `"purposes" holds ${String(one)}, which is none of ${purposes.join(', ')}`),
      ...odd.map((one) => `"renewed" holds ${String(one)}, which is none of ${renewals.join(', ')}`),
      ...(stored === undefined || stored === 'file' || stored === 'embedded'
        ? []
        : ['"stored" is file or embedded']),
      ...(keyed === undefined || keyed === true ? [] : ['"keyed" is true, or left out']),
      ...(isUnknown ? [`"of" names no component: ${String(of)}`] : []),
    ]
  },
  probes: (_, knowledge) => [
    ...probesFor(knowledge, clusterComponents),
    ...programProbes(rancherPrograms.rke2),
    ...programProbes(rancherPrograms.k3s),
    ...layoutProbes,
    ...programKeyProbes,
    ...storeProbes,
    ...hostnameProbes,
    { kind: 'glob', pattern: '/var/lib/kubelet/pki/*', holds: 'certificate' },
    ...usualAdminPaths.map((path) => ({ kind: 'path', path, holds: 'kubeconfig' }) as const),
  ],
  derive: (request, node) => {
    const { certificates: all, gaps } = certificatesInUse(node)
    const asked = all.filter((one) => isAsked(request, one))
    const { of, renewed, keyed } = request
    const moment = {
      atMs: node.atMs,
      renewalOf: (one: Renewable) => renewalOf(node, one),
    }
    const records = certificateRecords(asked, moment).filter(
      (one) => isRenewed(one, renewed) && (keyed !== true || isKeyed(one)),
    )
    const missing = new Map(
      gaps
        .filter((one) => of === undefined || one.component === of)
        .filter((one) => one.purposes.some((purpose) => askedPurposes(request).includes(purpose)))
        .map(({ gap }) => [JSON.stringify([gap.reason, gap.detail, gap.source.items]), gap] as const),
    )
    const source = joinSources(...all.map(({ text }) => text.source))
    return listOf([...records, ...missing.values()], source, 'no component uses one')
  },
}
