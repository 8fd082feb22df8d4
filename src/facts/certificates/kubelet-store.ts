import type { Evidence } from '../../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { NodeContext } from '../fact-kind.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import type { SettingFile } from '../files/setting-files.ts'
import { componentState, settingText } from '../settings/of-node.ts'
import type { Material } from './kubeconfig.ts'
import type { KubeconfigInUse } from './kubeconfigs-in-use.ts'
import { keyOf, trustedBySetting, usedText } from './trust.ts'
import type { Use } from './use.ts'
import { type CertificatesInUse, gapsOf, writtenAt } from './used-certificate.ts'
import { kubeconfigTrust } from './uses.ts'

const pair = 'kubelet-client-current.pem'
const usualPair = `/var/lib/kubelet/pki/${pair}`

/** The key of the pair: only a kubeconfig that the kubelet wrote itself names it. */
export const storeProbes: readonly Probe[] = [{ kind: 'path', path: usualPair, holds: 'private-key' }]

/** True unless it is known that the kubelet does not rotate its client certificate. */
export function mayRotate(node: NodeContext): boolean {
  const rotates = settingText(node, 'kubelet', 'rotate-certificates')
  return rotates.kind === 'unavailable' || (rotates.kind === 'observed' && rotates.fact === 'true')
}

/**
 * The pair a kubelet that rotates keeps in its store; absent where it does not rotate, or has none yet. The store comes
 * before the kubeconfig (client-go util/certificate FileStore.Current), whose certificate is for the beginning only.
 */
export function storedPair(node: NodeContext): Evidence<SettingFile> {
  return node.memo('certificates:kubelet-store', () => {
    const rotates = settingText(node, 'kubelet', 'rotate-certificates')
    if (rotates.kind !== 'observed') return rotates
    if (rotates.fact !== 'true') return absent(rotates.source, 'the kubelet does not rotate')
    return mapEvidence(settingText(node, 'kubelet', 'cert-dir'), (directory, from) => {
      const path = `${directory}/${pair}`
      const file = node.view.file(path)
      const source = joinSources(sourceOf(file), from, rotates.source)
      if (file.state === 'unavailable') return gapOf(file, path)
      return file.state === 'absent' ? absent(source) : observed({ path, source }, source)
    })
  })
}

/**
 * Whether the kubelet has a pair in its store instead of what its kubeconfig holds. With a bootstrap kubeconfig it looks
 * at the kubeconfig at every start all the same, and does not start when that has expired (LoadClientConfig).
 */
export function isSuperseded(node: NodeContext, certificate: Material): boolean {
  const stored = storedPair(node)
  if (stored.kind !== 'observed' || settingText(node, 'kubelet', 'bootstrap-kubeconfig').kind !== 'absent')
    return false
  return certificate.kind === 'embedded' || certificate.path !== stored.fact.path
}

/**
 * Unavailable where what is there cannot be: a kubelet that rotates takes a certificate inside its kubeconfig over into
 * its store when it starts (client-go util/certificate getCurrentCertificateOrBootstrap).
 */
export function takenOver(node: NodeContext): Evidence<SettingFile> {
  const stored = storedPair(node)
  const running = mapEvidence(componentState(node, 'kubelet'), (kubelet) => kubelet.running)
  if (stored.kind !== 'absent' || running.kind !== 'observed' || !running.fact) return stored
  const why = `the kubelet is to rotate, and took no certificate over from its kubeconfig: there is no ${pair}`
  return unavailable('ambiguous', stored.source, why)
}

/** The pair of the store, where no kubeconfig names it. */
export function kubeletStore(node: NodeContext, kubeconfigs: readonly KubeconfigInUse[]): CertificatesInUse {
  const stored = storedPair(node)
  const path = stored.kind === 'observed' ? stored.fact.path : usualPair
  const users = kubeconfigs.flatMap(({ by, kubeconfig }) =>
    by.component === 'kubelet' && kubeconfig.kind === 'observed' ? kubeconfig.fact.users : [],
  )
  const isNamed = users.some(({ certificate }) => certificate.kind === 'path' && certificate.path === path)
  // Where rotation is not known, a pair that lies there may be in use.
  if (isNamed || node.view.file(path).state === 'absent') return { certificates: [], gaps: [] }
  if (stored.kind !== 'observed') return { certificates: [], gaps: gapsOf('kubelet', stored, ['client']) }
  const use: Use = {
    usedBy: 'kubelet rotate-certificates',
    purpose: 'client',
    key: keyOf(node, stored),
    trustedBy: kubeconfigTrust.trustedBy.map((ref) => trustedBySetting(node, ref)),
    likely: kubeconfigTrust.likely.map((ref) => trustedBySetting(node, ref)),
  }
  const text = usedText(node, stored.fact)
  const certificate = {
    component: 'kubelet',
    path,
    stored: 'file' as const,
    text,
    use,
    ...writtenAt(node, path),
  }
  return { certificates: [certificate], gaps: [] }
}
