import type { Fact, FactRecord, Source } from '../model/evidence.ts'
import { absent, observed } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { splitWords } from './systemd/words.ts'

/** Variables of an os-release text: shell-like `NAME="value"` (os-release(5)); the last one counts. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? []
    if (name !== undefined) found.set(name, splitWords(value)[0] ?? '')
  }
  return found
}

/** Asks for the two places of os-release, the second being the vendor's. */
export const osReleaseProbes: readonly Probe[] = [
  { kind: 'path', path: '/etc/os-release', holds: 'text' },
  { kind: 'path', path: '/usr/lib/os-release', holds: 'text' },
]

/** What the node says it runs; the vendor's file counts where /etc has none. */
export function osRelease(view: NodeView): ReturnType<typeof textOf> {
  const own = textOf(view.content('/etc/os-release'))
  return own.kind === 'absent' ? textOf(view.content('/usr/lib/os-release')) : own
}

function record(variables: ReadonlyMap<string, string>, source: Source): FactRecord {
  const field = (name: string): Fact => {
    const value = variables.get(name)
    return value === undefined || value === '' ? absent(source) : observed(value, source)
  }
  const family = [variables.get('ID') ?? '', ...splitWords(variables.get('ID_LIKE') ?? '')].filter(
    (id) => id !== '',
  )
  return {
    id: field('ID'),
    'version-id': field('VERSION_ID'),
    name: field('PRETTY_NAME'),
    variant: field('VARIANT_ID'),
    family:
      family.length === 0
        ? absent(source)
        : observed(
            family.map((id) => observed(id, source)),
            source,
          ),
  }
}

/** The operating system as os-release names it. */
export const osReleaseKind: FactKind = {
  kind: 'os-release',
  title: 'The operating system as os-release names it',
  parameters: {},
  fields: () => ['id', 'version-id', 'name', 'variant', 'family'],
  probes: () => osReleaseProbes,
  derive: (_request, node) => {
    const text = osRelease(node.view)
    return text.kind === 'observed'
      ? observed(record(parseOsRelease(text.fact), text.source), text.source)
      : text
  },
}
