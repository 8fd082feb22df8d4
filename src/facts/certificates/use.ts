import type { X509Certificate } from 'node:crypto'
import type { Evidence } from '../../model/evidence.ts'
import type { Purpose } from './certificate.ts'

/** One way a certificate is used on the node, with what decides whether it is right. */
export interface Use {
  /** `kube-apiserver tls-cert-file`. */
  readonly usedBy: string
  readonly purpose: Purpose
  /** Fingerprint of the public half of the key that goes with it; absent key: none belongs to the use. */
  readonly key?: Evidence<string>
  /** CA certificates of the side that checks; they prove and disprove. */
  readonly trustedBy: readonly Evidence<readonly X509Certificate[]>[]
  /** CA certificates that are usually the same; they only prove. */
  readonly likely: readonly Evidence<readonly X509Certificate[]>[]
  /** True when clients outside the cluster check it, by authorities that are on none of its nodes. */
  readonly isPublic?: true
  /** Whether the server also shows it where it is a client. */
  readonly alsoClient?: Evidence<boolean>
  /** Hosts and addresses it has to stand for; absent ones ask for nothing. */
  readonly covers?: readonly Evidence<string>[]
  /** Of what a kubelet that may rotate was given to start with: how it is kept, which decides when that happens. */
  readonly startsKubelet?: 'file' | 'embedded'
  /** Names of the other certificates the same server chooses from. */
  readonly besides?: readonly Evidence<readonly string[]>[]
}
