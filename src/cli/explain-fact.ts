import type { Content } from '../content/content.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { factKinds } from '../facts/index.ts'
import { KhardError } from '../model/errors.ts'
import { nearest } from '../model/nearest.ts'

/** A fact kind for authors of checks: `component-settings`, or `component-settings:kubelet` for its fields; null for other ids. */
export function explainFact(id: string, content: Content): string | null {
  const [name = '', of] = id.split(':')
  const kind = Object.hasOwn(factKinds, name) ? factKinds[name] : undefined
  if (kind === undefined) return null
  if (of !== undefined) claimKnown(kind, of, content)
  const parameters = Object.entries(kind.parameters).map(
    ([key, { means, optional }]) => `  ${key}${optional === true ? ' (optional)' : ''}: ${means}\n`,
  )
  const fields = kind.fields(
    { fact: kind.kind, ...(of === undefined ? {} : { of }) },
    { components: content.components },
  )
  const listed =
    fields === null || fields.length === 0
      ? `  they depend on its parameters: khard explain ${name}:kubelet`
      : fields.map((field) => `  ${field}`).join('\n')
  return `${kind.kind}\n  ${kind.title}\n\nParameters\n${parameters.join('') || '  none\n'}\nFields\n${listed}\n`
}

/** Refuses what the fact says it knows nothing of, with the nearest component. */
function claimKnown(kind: FactKind, of: string, { components }: Content): void {
  if (!Object.hasOwn(kind.parameters, 'of'))
    throw unknown(`the fact ${kind.kind} is not about a component`, `khard explain ${kind.kind}`)
  // Other parameters are not asked for here, and their absence is no fault.
  const faults = kind.faults?.({ fact: kind.kind, of }, { components }) ?? []
  if (components.has(of) || !faults.some((fault) => fault.startsWith('"of"'))) return
  const near = nearest(of, components.keys(), 3)
  const known = [...components.keys()].toSorted().join(', ')
  throw unknown(
    `there is no component "${of}"`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Components: ${known}.`,
  )
}

function unknown(message: string, next: string): KhardError {
  return new KhardError({ code: 'unknown-check', message, next })
}
