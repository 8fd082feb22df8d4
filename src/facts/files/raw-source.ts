import type { Evidence, Provenance, Source } from '../../model/evidence.ts'
import { absent, observed, unavailable } from '../../model/evidence.ts'
import type { RawContent, RawFile, RawItem } from '../../model/node-evidence.ts'

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

/** Stat of a file item as evidence. */
export function statOf(item: RawFile): Evidence<Extract<RawFile, { state: 'observed' }>> {
  const source = sourceOf(item)
  if (item.state === 'observed') return observed(item, source)
  return item.state === 'absent' ? absent(source) : unavailable(item.reason, source, item.detail)
}
