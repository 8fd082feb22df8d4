import type { NodeEvidence } from '../model/node-evidence.ts'
import type { Carrier, CarrierOutcome, RunOptions } from './carrier.ts'
import { oneLine } from './carriers/one-line.ts'
import { parseStream } from './parse/parse-stream.ts'
import type { CollectionPlan } from './plan.ts'
import { renderScript, scriptDigest } from './script/render.ts'

export interface CollectOptions extends RunOptions {
  /** 32 hexadecimal digits, made anew for every run. */
  readonly nonce: string
  /** UTC, ISO 8601: the collecting machine's clock. */
  readonly collectedAt: string
  /** Directory of an image, for the carrier of kind `root`. */
  readonly root?: string
}

/** What happened, the last thing the node said unless that is part of it, and what to do. */
function endDetail({ detail = '', next = '', stderr }: CarrierOutcome): string {
  const lastLine = oneLine(stderr.slice(stderr.trimEnd().lastIndexOf('\n') + 1))
  return [detail, detail.includes(lastLine) ? '' : lastLine, next].filter((part) => part !== '').join('; ')
}

/** Asks one node everything in the plan, once, and says what came back. Never throws for a node's troubles. */
export async function collectNode(
  carrier: Carrier,
  plan: CollectionPlan,
  options: CollectOptions,
): Promise<NodeEvidence> {
  const root = options.root
  const script = renderScript(plan, { nonce: options.nonce, ...(root === undefined ? {} : { root }) })
  const outcome = await carrier.run(script, options)
  const detail = outcome.end === 'complete' ? '' : endDetail(outcome)
  const { connect, run, begun = run } = outcome.timingsMs
  return parseStream(outcome.stdout, plan, {
    target: carrier.target,
    carrier: carrier.kind,
    offline: carrier.offline,
    collectedAt: options.collectedAt,
    scriptDigest: scriptDigest(plan, root),
    nonce: options.nonce,
    end: outcome.end,
    // The script reads the clock first of all, after it has started and before its first word comes.
    clockRead: { fromMs: connect, toMs: connect + begun },
    ...(detail === '' ? {} : { endDetail: detail }),
  })
}
