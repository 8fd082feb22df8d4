import type { Role } from '../../model/check.ts'
import type { Evidence } from '../../model/evidence.ts'
import type { Signal, Target } from '../../model/finding.ts'

/** The roles of a node, and how sure that is. */
export interface HeldRoles {
  /** The roles it is known to have. */
  readonly roles: readonly Role[]
  /** The same; unavailable where a role that was not seen could not be looked for. */
  readonly held: Evidence<readonly Role[]>
}

/** Which distribution a node runs, in which roles, and why that is believed. */
export interface Detection extends HeldRoles {
  /** `kubeadm`, `hardway`, …; `none` without Kubernetes; `unknown` when the signals do not decide. */
  readonly distribution: string
  readonly signals: readonly Signal[]
  /** True when a person named the distribution. */
  readonly isGiven: boolean
  /** Kubernetes version, `v1.34.2`. */
  readonly version?: string
  readonly os: Target['os']
}
