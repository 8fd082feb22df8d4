import { detectCluster } from '../facts/cluster/detect-cluster.ts'
import { noSource, observed, unavailable } from '../model/evidence.ts'
import type { Target } from '../model/finding.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import { askedOf, digestsOf, nodeContext } from './ask-evidence.ts'
import type { NodeAssessment, PreparedNode } from './prepare-node.ts'

/** Detects what a cluster is, chooses what applies, and makes what its API server said ready to be asked. */
export function prepareCluster(evidence: NodeEvidence, id: string, assessment: NodeAssessment): PreparedNode {
  const own = nodeContext(evidence, assessment.content, assessment.atMs)
  const context = assessment.nodes === undefined ? own : { ...own, nodes: assessment.nodes }
  const { distribution, signals, version } = detectCluster(context.view, assessment.distribution)
  const { selection, because } = assessment.choice.forNode({
    distribution,
    about: 'cluster',
    isGiven: assessment.distribution !== undefined,
    ...(version === undefined ? {} : { version }),
  })
  const problem = evidence.end === 'complete' ? undefined : (evidence.endDetail ?? evidence.end)
  const target: Target = {
    id,
    kind: 'cluster',
    address: evidence.target,
    roles: [],
    distribution,
    signals,
    ...(version === undefined ? {} : { version }),
    os: {},
    reached: evidence.items.some(({ state }) => state === 'observed'),
    ...(problem === undefined ? {} : { problem }),
    profile: selection.profile.id,
    chosenBecause: because,
  }
  const unsure = unavailable(
    evidence.end === 'complete' ? 'ambiguous' : evidence.end,
    noSource,
    'what was seen does not decide it',
  )
  return {
    target,
    selection,
    input: {
      target: id,
      about: 'cluster',
      roles: unavailable('not-collected', noSource, 'a cluster has no role'),
      distribution: distribution === 'unknown' ? unsure : observed(distribution, noSource),
      version: version === undefined ? unavailable('version-unknown', noSource) : observed(version, noSource),
      itemDigests: digestsOf(evidence),
      ...askedOf(context),
    },
  }
}
