import { adminKubeconfigs } from './admin-kubeconfigs.ts'
import { admissionPlugins } from './admission-plugins.ts'
import { anonymousAccess } from './anonymous-access.ts'
import { apparmor } from './apparmor.ts'
import { auditPolicy } from './audit-policy.ts'
import { authorizers } from './authorizers.ts'
import { certificates } from './certificates.ts'
import { cgroup } from './cgroup.ts'
import { cniFiles } from './cni-files.ts'
import { component } from './component.ts'
import { componentFiles } from './component-files.ts'
import { componentSettings } from './component-settings.ts'
import { encryptionAtRest } from './encryption-at-rest.ts'
import type { FactKind } from './fact-kind.ts'
import { identity } from './identity.ts'
import { kernelCommandLine } from './kernel-command-line.ts'
import { kernelModule } from './kernel-module.ts'
import { nodeName } from './node-name.ts'
import { osReleaseKind } from './os-release.ts'
import { pkiFiles } from './pki-files.ts'
import { runtimeSocket } from './runtime-socket.ts'
import { selinux } from './selinux.ts'
import { serviceAccountKeys } from './service-account-keys.ts'
import { serviceUnit } from './service-unit.ts'
import { swap } from './swap.ts'
import { sysctl } from './sysctl.ts'
import { timeSync } from './time-sync.ts'
import { trustOverlap } from './trust-overlap.ts'
import { unitProblems } from './unit-problems.ts'

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
  [encryptionAtRest.kind]: encryptionAtRest,
  [pkiFiles.kind]: pkiFiles,
  [serviceAccountKeys.kind]: serviceAccountKeys,
  [trustOverlap.kind]: trustOverlap,
}
