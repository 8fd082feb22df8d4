import type { Evidence } from '../../model/evidence.ts'
import { absent, observed, unavailable } from '../../model/evidence.ts'
import type { RawCommand, RawItem, RawUnit } from '../../model/node-evidence.ts'
import { sourceOf } from '../files/raw-source.ts'

export type RawProperties = { readonly [name: string]: string }

/** Absent or unavailable, for an item that is not observed. */
export function notObserved(item: Exclude<RawItem, { state: 'observed' }>): Evidence<never> {
  return item.state === 'absent'
    ? absent(sourceOf(item))
    : unavailable(item.reason, sourceOf(item), item.detail)
}

/** Properties of a loaded unit; a unit that systemd does not know, or that is masked, is absent. */
export function propertiesOf(item: RawUnit): Evidence<RawProperties> {
  if (item.state !== 'observed') return notObserved(item)
  const state = item.properties.LoadState
  return state === 'not-found' || state === 'masked'
    ? absent(sourceOf(item), `${item.name} is ${state}`)
    : observed(item.properties, sourceOf(item))
}

/** Output of a command that succeeded; a non-zero exit is `tool-failed`. */
export function outputOf(item: RawCommand): Evidence<string> {
  const source = sourceOf(item)
  if (item.state === 'absent') return absent(source, `${item.argv[0]} is not on the node`)
  if (item.state === 'unavailable') return notObserved(item)
  return item.exitCode === 0
    ? observed(item.text, source)
    : unavailable('tool-failed', source, `${item.argv.join(' ')} ended with exit code ${item.exitCode}`)
}
