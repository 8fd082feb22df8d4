import { observed } from '../../model/evidence.ts'
import type { NodeView, RawContent } from '../../model/node-evidence.ts'
import { sourceOf } from '../files/raw-source.ts'
import { readBundle } from './bundle.ts'
import { describeCertificate } from './certificate.ts'
import type { Material } from './kubeconfig.ts'
import { readKubeconfig } from './kubeconfig.ts'

/** Where installers put the administrator's kubeconfig: kubeadm, RKE2, K3s, kOps; and where kubectl of root looks. */
export const usualAdminPaths = [
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/super-admin.conf',
  '/etc/rancher/rke2/rke2.yaml',
  '/var/lib/rancher/rke2/server/cred/admin.kubeconfig',
  '/etc/rancher/k3s/k3s.yaml',
  '/var/lib/rancher/k3s/server/cred/admin.kubeconfig',
  '/var/lib/kubectl/kubeconfig',
  '/root/.kube/config',
] as const

/** Groups whose members may do anything: built in, and kubeadm's since 1.29. */
const adminGroups = ['system:masters', 'kubeadm:cluster-admins']

function certificateText(view: NodeView, material: Material): string {
  if (material.kind === 'embedded') return material.text
  const content = view.content(material.path)
  return content.state === 'observed' ? content.text : ''
}

/** True when a collected kubeconfig holds a certificate of an administrators' group. */
function isAdmins(view: NodeView, content: RawContent): boolean {
  if (content.state !== 'observed' || !/\bclient-certificate/.test(content.text)) return false
  const kubeconfig = readKubeconfig(observed(content.text, sourceOf(content)), content.path)
  if (kubeconfig.kind !== 'observed') return false
  return kubeconfig.fact.users.some((user) => {
    const [leaf] = readBundle(certificateText(view, user.certificate)).certificates
    const organizations = leaf === undefined ? [] : (describeCertificate(leaf)?.organizations ?? [])
    return organizations.some((organization) => adminGroups.includes(organization))
  })
}

/** Kubeconfigs of administrators: where installers put them, and any that was collected and is one. */
export function adminPaths(view: NodeView): readonly string[] {
  const others = view
    .all('content')
    .filter((content) => !content.path.startsWith('/proc/') && isAdmins(view, content))
  return [...new Set([...usualAdminPaths, ...others.map((content) => content.path)])]
}
