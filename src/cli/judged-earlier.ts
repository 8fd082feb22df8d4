import type { NodeEvidence } from '../model/node-evidence.ts'
import type { Say } from './say.ts'

/** The evidence as it passes; says once when it was collected after the moment a person wants it judged by. */
export async function* noteJudgedEarlier(
  evidence: AsyncIterable<NodeEvidence>,
  at: number | undefined,
  say: Say,
): AsyncGenerator<NodeEvidence> {
  let said = at === undefined
  for await (const one of evidence) {
    if (!said && at !== undefined && Date.parse(one.collectedAt) > at) {
      said = true
      await say.note(
        `note: --at ${new Date(at).toISOString()} is before ${one.name} was looked at (${one.collectedAt}); what was made in between, such as a certificate, reads as not yet valid`,
      )
    }
    yield one
  }
}
