import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'

const memory = '/proc/meminfo'
const processors = '/sys/devices/system/cpu/online'

/** MiB of memory a /proc/meminfo text tells of; null when it does not. */
export function memoryMib(text: string): number | null {
  const kib = /^MemTotal:\s+(\d{1,15}) kB$/m.exec(text)?.[1]
  return kib === undefined ? null : Math.floor(Number(kib) / 1024)
}

/** How many numbers a kernel list such as `0-3,8` holds; null when it is none. */
export function countList(text: string): number | null {
  const parts = text.trim().split(',')
  let count = 0
  for (const part of parts) {
    const [, first, last] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? []
    if (first === undefined) return null
    count += Number(last ?? first) - Number(first) + 1
  }
  return count
}

function numberIn(text: Evidence<string>, read: (text: string) => number | null): Fact {
  return mapEvidence(text, (value, source): Fact => {
    const number = read(value)
    return number === null ? unavailable('unparsable', source) : observed(number, source)
  })
}

/** What the machine has to run pods with. */
export const capacity: FactKind = {
  kind: 'capacity',
  title: 'Memory (MiB) and processors of the machine',
  parameters: {},
  fields: () => ['memory-mib', 'processors'],
  probes: () => [
    { kind: 'kernel', pattern: memory },
    { kind: 'kernel', pattern: processors },
  ],
  derive: (_request, { view }) => {
    const record = {
      'memory-mib': numberIn(textOf(view.content(memory)), memoryMib),
      processors: numberIn(textOf(view.content(processors)), countList),
    }
    return observed(record, joinSources(...Object.values(record).map(({ source }) => source)))
  },
}
