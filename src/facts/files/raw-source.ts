import type { Evidence, Provenance, Source } from '../../model/evidence.ts'
import { absent, observed, unavailable } from '../../model/evidence.ts'
import type { RawContent, RawItem } from '../../model/node-evidence.ts'

/** Where a person opens what a raw item shows. */
function placeOf(item: RawItem): Provenance {
  switch (item.kind) {
    case 'file':
    case 'content':
    case 'directory':
    case 'key':
      return { kind: 'file', at: item.path }
    case 'processes':
      return { kind: 'command', at: 'process table' }
    case 'process':
      return { kind: 'process-argument', at: `process ${item.pid}` }
    case 'unit':
      return { kind: 'command', at: `systemctl show ${item.name}` }
    case 'command':
      return { kind: 'command', at: item.argv.join(' ') }
    case 'list':
      return { kind: 'api', at: item.resource.replace(/#.*$/, '') }
    case 'answer':
      return { kind: 'api', at: item.question }
    default:
      return item satisfies never
  }
}

/** The source that one raw item is. */
export function sourceOf(item: RawItem): Source {
  return { items: [item.id], at: [placeOf(item)] }
}

/** Text of a content item as evidence. */
export function textOf(item: RawContent): Evidence<string> {
  const source = sourceOf(item)
  if (item.state === 'observed') return observed(item.text, source)
  return item.state === 'absent' ? absent(source) : unavailable(item.reason, source, item.detail)
}

/** A raw item that could not be looked at, as a gap; `what` says what is missing when the node gave no detail. */
export function gapOf(
  item: Extract<RawItem, { state: 'unavailable' }>,
  what: string,
): Evidence<never> & { kind: 'unavailable' } {
  const { reason, detail = what } = item
  return { kind: 'unavailable', reason, source: sourceOf(item), detail }
}
