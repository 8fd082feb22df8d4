import type { NodeEvidence, RawItem } from '../../model/node-evidence.ts'
import type { CollectionPlan } from '../plan.ts'
import { splitStream } from '../stream.ts'
import type { Account } from './account.ts'
import { contentItem, kernelItems } from './contents.ts'
import type { Parse, RunMeta } from './context.ts'
import { missing } from './context.ts'
import { directoryItems } from './directories.ts'
import { embeddedKeyItems } from './embedded-keys.ts'
import { fileItem, knownPaths, oddItem, pemKinds } from './files.ts'
import { processItems } from './processes.ts'
import { readAccount } from './read-account.ts'
import { commandItems, keyItems, unitItems } from './tools.ts'
import { wholeNumber } from './whole-number.ts'

/** How the run really ended: a carrier may see a clean exit of a script that never reached its end. */
function ending(account: Account, complete: boolean, meta: RunMeta): ReturnType<typeof missing> | null {
  if (account.missingTool !== '') return missing('tool-missing', `${account.missingTool} is not on the node`)
  if (complete) return null
  if (meta.end !== 'complete') return missing(meta.end, meta.endDetail)
  return missing('tool-failed', 'the node script did not reach its end')
}

function pathItems(parse: Parse): readonly RawItem[] {
  const asked = new Map<string, Set<string>>()
  for (const { path, holds } of parse.plan.paths) asked.set(path, (asked.get(path) ?? new Set()).add(holds))
  return [...knownPaths(parse)].flatMap((path) => {
    const classes = new Set([...(asked.get(path) ?? []), ...(parse.account.paths.get(path)?.classes ?? [])])
    const content = contentItem(parse, path, classes)
    const file = fileItem(parse, path, pemKinds(parse, path))
    return content === null ? [file] : [file, content]
  })
}

/**
 * What one run of the node script says, as evidence. Pure. Every probe of the plan is answered: what the
 * stream does not hold is unavailable, for the reason the run ended; it is never absent.
 */
export function parseStream(bytes: Uint8Array, plan: CollectionPlan, meta: RunMeta): NodeEvidence {
  const { frames, complete } = splitStream(bytes, meta.nonce)
  const account = readAccount(frames)
  const fault = ending(account, complete, meta)
  const parse: Parse = { plan, account, offline: meta.offline, end: fault ?? missing('not-collected') }
  const paths = pathItems(parse)
  const contents = paths.filter((item) => item.kind === 'content')
  const items = [
    ...paths,
    ...[...account.oddDirectories].map(oddItem),
    ...kernelItems(parse),
    ...directoryItems(parse),
    ...processItems(parse),
    ...unitItems(parse),
    ...keyItems(parse),
    ...embeddedKeyItems(parse, contents),
    ...commandItems(parse),
  ]
  const byId = new Map(items.map((item) => [item.id, item]))
  const nodeClock = wholeNumber(account.start.get('clock'))
  return {
    target: meta.target,
    name: account.host === '' ? meta.target : account.host,
    carrier: meta.carrier,
    offline: meta.offline,
    collectedAt: meta.collectedAt,
    nodeClock,
    ...(nodeClock === null || meta.clockRead === undefined ? {} : { clockRead: meta.clockRead }),
    uid: wholeNumber(account.start.get('uid')),
    scriptDigest: meta.scriptDigest,
    end: fault === null ? 'complete' : fault.reason,
    ...(fault?.detail === undefined ? {} : { endDetail: fault.detail }),
    items: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}
