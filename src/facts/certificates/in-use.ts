import type { Evidence } from '../../model/evidence.ts'
import { mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { textOf } from '../files/raw-source.ts'
import type { SettingFile } from '../files/setting-files.ts'
import { settingText } from '../settings/of-node.ts'
import { adminPaths } from './admin-paths.ts'
import type { KubeconfigUser } from './kubeconfig.ts'
import { readKubeconfig } from './kubeconfig.ts'
import { trustedByKubeconfig } from './kubeconfig-trust.ts'
import type { KubeconfigInUse } from './kubeconfigs-in-use.ts'
import { kubeconfigsInUse, materialFile } from './kubeconfigs-in-use.ts'
import { isSuperseded, kubeletStore, mayRotate } from './kubelet-store.ts'
import { programCertificates } from './program-certificates.ts'
import { requiredNames } from './required-names.ts'
import { sniCertificates, sniNames } from './sni.ts'
import { keyOf, trustedBySetting, usedText } from './trust.ts'
import type { Use } from './use.ts'
import { type CertificatesInUse, gapsOf, inKubeconfigs, writtenAt } from './used-certificate.ts'
import { usedFiles } from './used-files.ts'
import type { CertificateUse, SettingRef } from './uses.ts'
import { certificateUses, kubeconfigTrust } from './uses.ts'

type Trust = Pick<CertificateUse, 'trustedBy' | 'likely' | 'likelyIn'>

function trustOf(
  node: NodeContext,
  { trustedBy = [], likely = [], likelyIn }: Trust,
): Pick<Use, 'trustedBy' | 'likely'> {
  return {
    trustedBy: trustedBy.map((ref) => trustedBySetting(node, ref)),
    likely: [
      ...likely.map((ref) => trustedBySetting(node, ref)),
      ...(likelyIn === undefined ? [] : trustedByKubeconfig(node, likelyIn)),
    ],
  }
}

/** The kubelet's serving certificate when no setting names one (pkg/kubelet/certificate, cmd/kubelet/app). */
function kubeletServingFile(
  node: NodeContext,
  name: 'certificate' | 'key',
): readonly Evidence<SettingFile>[] {
  const directory = settingText(node, 'kubelet', 'cert-dir')
  const rotates = settingText(node, 'kubelet', 'rotate-server-certificates')
  if (directory.kind !== 'observed') return [directory]
  if (rotates.kind === 'unavailable') return [rotates]
  const own = name === 'certificate' ? 'kubelet.crt' : 'kubelet.key'
  const isRotated = rotates.kind === 'observed' && rotates.fact === 'true'
  const path = `${directory.fact}/${isRotated ? 'kubelet-server-current.pem' : own}`
  // Written at the first start only: before that there is none. A certificate without its key is another matter.
  const isThere = node.view.file(path).state !== 'absent'
  return isThere || name === 'key' ? [observed({ path, source: directory.source }, directory.source)] : []
}

/** Files of a certificate or key setting, or the ones the kubelet makes itself when it is unset. */
function filesFor(
  node: NodeContext,
  { component, setting }: SettingRef,
  name: 'certificate' | 'key',
): readonly Evidence<SettingFile>[] {
  const files = usedFiles(node, component, setting)
  const isUnset = files.every((file) => file.kind === 'absent')
  const hasDefault = component === 'kubelet' && /^tls-(cert|private-key)-file$/.test(setting)
  return isUnset && hasDefault ? kubeletServingFile(node, name) : files
}

/** What the side it is shown to asks of it, besides its authority. */
function demandsOf(node: NodeContext, about: CertificateUse): Pick<Use, 'alsoClient' | 'covers' | 'besides'> {
  const { component, setting, alsoClientIf } = about
  const hasOthers = component === 'kube-apiserver' && setting === 'tls-cert-file'
  return {
    covers: requiredNames(node, about),
    ...(hasOthers ? { besides: sniNames(node) } : {}),
    ...(alsoClientIf === undefined ? {} : { alsoClient: isOn(settingText(node, component, alsoClientIf)) }),
  }
}

function isOn(text: Evidence<string>): Evidence<boolean> {
  return mapEvidence(text, (value, source) => observed(value === 'true', source))
}

/** Tokens may be verified with the private key itself, which is no certificate. */
function isBareKey({ view }: NodeContext, path: string): boolean {
  const file = view.file(path)
  const holds = file.state === 'observed' ? file.holds : undefined
  return holds?.includes('private-key') === true && !holds.includes('certificate')
}

function bySetting(node: NodeContext, about: CertificateUse): CertificatesInUse {
  const { component, setting, key } = about
  const spec = node.components.get(component)
  if (spec === undefined || !spec.settings.some((one) => one.name === setting))
    return { certificates: [], gaps: [] }
  const files = filesFor(node, about, 'certificate')
  const [keyFile] = key === undefined ? [] : filesFor(node, { component, setting: key }, 'key')
  return {
    certificates: files.flatMap((file) => {
      if (file.kind !== 'observed') return []
      const use: Use = {
        usedBy: `${component} ${setting}`,
        purpose: about.purpose,
        ...(keyFile === undefined ? {} : { key: keyOf(node, keyFile) }),
        ...trustOf(node, about),
        ...demandsOf(node, about),
      }
      if (about.purpose === 'service-account' && isBareKey(node, file.fact.path)) return []
      const { path } = file.fact
      const written = writtenAt(node, path)
      return [{ component, path, stored: 'file', text: usedText(node, file.fact), use, ...written }]
    }),
    gaps: files.flatMap((file) => gapsOf(component, file, [about.purpose])),
  }
}

const administrators = 'administrators'

/** The key that goes with a user's certificate. An embedded one is redacted on the node, which derives its public half. */
function kubeconfigKey(
  node: NodeContext,
  used: KubeconfigInUse,
  { name, key }: KubeconfigUser,
): Evidence<string> | undefined {
  if (key === undefined) return undefined
  if (key.kind === 'path') return keyOf(node, materialFile(node, used, key))
  const path = `${used.file.path}#${name}`
  const { source } = used.kubeconfig
  // Its kubeconfig was listed under its own name only: a key that was not derived is not one that is not there.
  if (node.view.key(path).state === 'absent')
    return unavailable('not-collected', source, `the public half of ${path} was not derived`)
  return keyOf(node, observed({ path, source }, source))
}

function byKubeconfig(node: NodeContext, used: KubeconfigInUse): CertificatesInUse {
  const { by, file, kubeconfig } = used
  const { component } = by
  if (kubeconfig.kind !== 'observed')
    return { certificates: [], gaps: gapsOf(component, kubeconfig, inKubeconfigs) }
  const usedBy = `${component} ${by.setting}`.trim()
  const isKubelets = component === 'kubelet' && mayRotate(node)
  const material = [
    ...kubeconfig.fact.users.flatMap((user) => {
      const { name, certificate } = user
      if (isKubelets && isSuperseded(node, certificate)) return []
      const own = kubeconfigKey(node, used, user)
      const use: Use = {
        usedBy,
        purpose: 'client',
        ...(isKubelets ? { startsKubelet: certificate.kind === 'path' ? 'file' : 'embedded' } : {}),
        ...(own === undefined ? {} : { key: own }),
        ...trustOf(node, kubeconfigTrust),
      }
      return [{ certificate, use, place: `${file.path} (user ${name})` }]
    }),
    ...kubeconfig.fact.authorities.map((certificate) => {
      const use: Use = { usedBy, purpose: 'ca', trustedBy: [], likely: [] }
      return { certificate, use, place: `${file.path} (certificate-authority-data)` }
    }),
  ]
  const found = material.map(({ certificate, use, place }): CertificatesInUse => {
    if (certificate.kind === 'embedded') {
      const text = observed(certificate.text, kubeconfig.source)
      const written = writtenAt(node, file.path)
      return {
        certificates: [{ component, path: place, stored: 'embedded', text, use, ...written }],
        gaps: [],
      }
    }
    const named = materialFile(node, used, certificate)
    if (named.kind !== 'observed') return { certificates: [], gaps: gapsOf(component, named, [use.purpose]) }
    const text = usedText(node, named.fact)
    const { path } = named.fact
    const written = writtenAt(node, path)
    return { certificates: [{ component, path, stored: 'file', text, use, ...written }], gaps: [] }
  })
  return joined(found)
}

/** Administrators' kubeconfigs that are on the node: used by people, not by a component. */
function adminKubeconfigsOf(node: NodeContext): readonly KubeconfigInUse[] {
  return adminPaths(node.view).flatMap((path) => {
    const text = textOf(node.view.content(path))
    const { source } = text
    // One that lies there and was not brought back is a gap; one that nobody asked for is none of ours.
    const isThere = node.view.file(path).state === 'observed'
    const isAsked =
      text.kind === 'observed' ||
      (text.kind === 'unavailable' && (isThere || text.reason !== 'not-collected'))
    const by = { component: administrators, setting: '' }
    return isAsked ? [{ by, file: { path, source }, kubeconfig: readKubeconfig(text, path) }] : []
  })
}

function joined(parts: readonly CertificatesInUse[]): CertificatesInUse {
  return {
    certificates: parts.flatMap((part) => part.certificates),
    gaps: parts.flatMap((part) => part.gaps),
  }
}

/** Every certificate the components of a node use: by their settings, and by the kubeconfigs they were given. */
export function certificatesInUse(node: NodeContext): CertificatesInUse {
  return node.memo('certificates:in-use', () => {
    const kubeconfigs = kubeconfigsInUse(node)
    return joined([
      ...certificateUses.map((use) => bySetting(node, use)),
      sniCertificates(node),
      programCertificates(node),
      kubeletStore(node, kubeconfigs.used),
      ...[...kubeconfigs.used, ...adminKubeconfigsOf(node)].map((used) => byKubeconfig(node, used)),
      {
        certificates: [],
        gaps: kubeconfigs.gaps.map((gap) => ({ ...gap, purposes: inKubeconfigs })),
      },
    ])
  })
}
