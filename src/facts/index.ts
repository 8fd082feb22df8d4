import { adminKubeconfigs } from './admin-kubeconfigs.ts'
import { admissionPlugins } from './admission-plugins.ts'
import { anonymousAccess } from './anonymous-access.ts'
import { apparmor } from './apparmor.ts'
import { auditPolicy } from './audit-policy.ts'
import { authorizers } from './authorizers.ts'
import { capacity } from './capacity.ts'
import { certificates } from './certificates.ts'
import { cgroup } from './cgroup.ts'
import { clock } from './clock.ts'
import { clusterFactKinds } from './cluster/index.ts'
import { clusterIdentity } from './cluster-identity.ts'
import { cniFiles } from './cni-files.ts'
import { component } from './component.ts'
import { componentFiles } from './component-files.ts'
import { componentSettings } from './component-settings.ts'
import { containerRuntime } from './container-runtime.ts'
import { encryptionAtRest } from './encryption-at-rest.ts'
import { encryptionLayout } from './encryption-layout.ts'
import { etcdDataFiles } from './etcd-data-files.ts'
import { etcdMembership } from './etcd-membership.ts'
import type { FactKind } from './fact-kind.ts'
import { identity } from './identity.ts'
import { iptables } from './iptables.ts'
import { kernelCommandLine } from './kernel-command-line.ts'
import { kernelModule } from './kernel-module.ts'
import { kubeletAgreement } from './kubelet-agreement.ts'
import { memoryController } from './memory-controller.ts'
import { nodeName } from './node-name.ts'
import { osReleaseKind } from './os-release.ts'
import { pkiFiles } from './pki-files.ts'
import { podSecurityDefaults } from './pod-security-defaults.ts'
import { ports } from './ports.ts'
import { proxyEnvironment } from './proxy-environment.ts'
import { rke2Files } from './rke2-files.ts'
import { rootlessK3s } from './rootless-k3s.ts'
import { runtimeSocket } from './runtime-socket.ts'
import { selinux } from './selinux.ts'
import { selinuxPolicy } from './selinux-policy.ts'
import { serverConfigurationKind } from './server-configuration.ts'
import { serviceAccountKeys } from './service-account-keys.ts'
import { serviceUnit } from './service-unit.ts'
import { settingOrigins } from './setting-origins.ts'
import { sshService } from './ssh-service.ts'
import { staticPodFiles } from './static-pod-files.ts'
import { swap } from './swap.ts'
import { sysctl } from './sysctl.ts'
import { timeSync } from './time-sync.ts'
import { trustOverlap } from './trust-overlap.ts'
import { trustRoots } from './trust-roots.ts'
import { unitProblems } from './unit-problems.ts'
import { units } from './units.ts'
import { unusedCertificates } from './unused-certificates.ts'

/** Every kind of fact a check may name. */
export const factKinds: Readonly<Record<string, FactKind>> = {
  [component.kind]: component,
  [componentSettings.kind]: componentSettings,
  [apparmor.kind]: apparmor,
  [cgroup.kind]: cgroup,
  [identity.kind]: identity,
  [kernelCommandLine.kind]: kernelCommandLine,
  [kernelModule.kind]: kernelModule,
  [nodeName.kind]: nodeName,
  [osReleaseKind.kind]: osReleaseKind,
  [runtimeSocket.kind]: runtimeSocket,
  [selinux.kind]: selinux,
  [serviceUnit.kind]: serviceUnit,
  [swap.kind]: swap,
  [sysctl.kind]: sysctl,
  [timeSync.kind]: timeSync,
  [unitProblems.kind]: unitProblems,
  [adminKubeconfigs.kind]: adminKubeconfigs,
  [admissionPlugins.kind]: admissionPlugins,
  [anonymousAccess.kind]: anonymousAccess,
  [auditPolicy.kind]: auditPolicy,
  [authorizers.kind]: authorizers,
  [certificates.kind]: certificates,
  [cniFiles.kind]: cniFiles,
  [componentFiles.kind]: componentFiles,
  [containerRuntime.kind]: containerRuntime,
  [encryptionAtRest.kind]: encryptionAtRest,
  [pkiFiles.kind]: pkiFiles,
  [serviceAccountKeys.kind]: serviceAccountKeys,
  [trustOverlap.kind]: trustOverlap,
  [unusedCertificates.kind]: unusedCertificates,
  [clock.kind]: clock,
  [serverConfigurationKind.kind]: serverConfigurationKind,
  [encryptionLayout.kind]: encryptionLayout,
  [etcdMembership.kind]: etcdMembership,
  [trustRoots.kind]: trustRoots,
  [etcdDataFiles.kind]: etcdDataFiles,
  [podSecurityDefaults.kind]: podSecurityDefaults,
  [rke2Files.kind]: rke2Files,
  [settingOrigins.kind]: settingOrigins,
  [sshService.kind]: sshService,
  [staticPodFiles.kind]: staticPodFiles,
  [capacity.kind]: capacity,
  [iptables.kind]: iptables,
  [memoryController.kind]: memoryController,
  [ports.kind]: ports,
  [proxyEnvironment.kind]: proxyEnvironment,
  [rootlessK3s.kind]: rootlessK3s,
  [selinuxPolicy.kind]: selinuxPolicy,
  [units.kind]: units,
  [kubeletAgreement.kind]: kubeletAgreement,
  ...clusterFactKinds,
  [clusterIdentity.kind]: clusterIdentity,
}
