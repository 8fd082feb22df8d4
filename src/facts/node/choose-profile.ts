import type { Profile } from '../../model/benchmark.ts'
import { distributionName } from '../../model/distribution-name.ts'
import type { Target } from '../../model/finding.ts'

/** The profile a node gets when nobody named one, and why. */
export interface ChosenProfile {
  readonly profileId: string
  readonly because: string
}

const byDistribution: { readonly [distribution: string]: string } = {
  kubeadm: 'kubeadm-cis-l1',
  hardway: 'hardway-cis',
  k3s: 'k3s-cis',
  kops: 'kops-cis',
  kubespray: 'kubespray-cis',
  rke2: 'rke2-cis',
}

const readiness = 'node-readiness'
const anyCluster = 'cluster-cis'

function reason(distribution: string): string {
  switch (distribution) {
    case 'none':
      return 'No Kubernetes component runs here or is set up: the machine is audited as a node about to get one.'
    case 'unknown':
      return 'What is seen does not decide which distribution this is; only what every node must meet is audited. Name a profile with --profile.'
    default:
      return `No profile is written for ${distributionName(distribution)} yet; only what every node must meet is audited.`
  }
}

function clusterReason(distribution: string): string {
  return distribution === 'unknown'
    ? 'What is seen does not decide which distribution this is: what every cluster must meet is audited. Name a profile with --profile.'
    : `No profile is written for ${distribution} yet: what every cluster must meet is audited.`
}

/** Chooses a profile from what was detected. A distribution without a profile of its own is never taken for another. */
export function chooseProfile(
  detection: Pick<Target, 'distribution'> & {
    readonly isGiven?: boolean
    readonly about?: 'cluster'
    /** A node that was seen through the API only. */
    readonly isThroughApi?: boolean
  },
  profiles: readonly Pick<Profile, 'id' | 'distributions'>[],
): ChosenProfile {
  const { distribution, isGiven = false, about = 'node' } = detection
  const fitting = profiles.filter(({ distributions }) => distributions.includes(distribution))
  const preferred = Object.hasOwn(byDistribution, distribution) ? byDistribution[distribution] : undefined
  const chosen = fitting.find(({ id }) => id === preferred) ?? fitting[0]
  if (chosen !== undefined)
    return {
      profileId: chosen.id,
      because: isGiven
        ? `--distribution names ${distribution}.`
        : `The ${about} runs ${distributionName(distribution)}.`,
    }
  if (about === 'cluster' || detection.isThroughApi === true)
    return { profileId: anyCluster, because: clusterReason(distribution) }
  return { profileId: readiness, because: reason(distribution) }
}
