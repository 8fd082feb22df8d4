import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Content } from '../../content/content.ts'
import { type Explanation, explain } from '../../content/describe.ts'
import { factKinds } from '../../facts/index.ts'
import type { Check } from '../../model/check.ts'
import { KhardError } from '../../model/errors.ts'
import { escapeText } from '../../model/escape.ts'
import type { Finding } from '../../model/finding.ts'
import { rollUp } from '../../model/roll-up.ts'
import { verdictLabel } from '../../model/verdict.ts'
import { assessNode } from '../assess.ts'
import { chooseSelections } from '../choose.ts'
import { commandOptions } from '../command-options.ts'
import { describeApplies, describeCondition, describeFinding } from '../explain-text.ts'
import type { Io } from '../io.ts'
import { openLibrary } from '../library.ts'

/** `khard explain ID`: what, why, how it is assessed, where, how to fix; with `--evidence` also what was seen. */
export async function runExplain(id: string, command: Command, io: Io): Promise<number> {
  const options = await commandOptions<{ readonly evidence?: string }>(command, io)
  const content = await openLibrary(options, io)
  const fact = factText(id, content)
  if (fact !== null) {
    await io.stdout.write(fact)
    return 0
  }
  const found = explain(content, Object.values(factKinds), id)
  await io.stdout.write(found.kind === 'nothing' ? nothing(id, found.nearest) : textOf(found))
  if (options.evidence !== undefined)
    await io.stdout.write(await seenIn({ file: options.evidence, checks: checksOf(found) }, content, io))
  return 0
}

/** A fact kind for authors of checks: `component-settings`, or `component-settings:kubelet` for its fields. */
function factText(id: string, content: Content): string | null {
  const [name = '', of] = id.split(':')
  const kind = Object.hasOwn(factKinds, name) ? factKinds[name] : undefined
  if (kind === undefined) return null
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

function nothing(id: string, near: readonly string[]): never {
  throw new KhardError({
    code: 'unknown-check',
    message: `there is no check or control "${id}"`,
    next: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'khard list checks',
  })
}

function checksOf(found: Explanation): readonly Check[] {
  if (found.kind === 'check') return [found.check]
  return found.kind === 'control' ? found.places.flatMap((place) => place.checks) : []
}

function textOf(found: Exclude<Explanation, { kind: 'nothing' }>): string {
  if (found.kind === 'check') {
    const places = found.mappedBy.map(
      ({ benchmark, version, control }) =>
        `  ${benchmark} ${version}, ${control.id} (level ${control.level}, ${control.assessment})`,
    )
    const asked = found.asks.map((ask) => `  ${ask.name}: ${ask.title} ${JSON.stringify(ask.with)}`)
    return `${checkText(found.check)}\nEvidence\n${asked.join('\n')}\n\nAsked by\n${places.join('\n')}\n`
  }
  return found.places
    .map(({ benchmark, version, control, checks, profiles }) => {
      const head = `${benchmark} ${version}  ${control.id}  ${control.title}\n  level ${control.level}, ${control.assessment} in the document; profiles: ${profiles.join(', ') || 'none'}\n`
      const asked = control.ask === undefined ? '' : `\nQuestion for a person\n  ${control.ask}\n`
      return `${head}\n${checks.map(checkText).join('\n')}${asked}`
    })
    .join('\n')
}

function checkText(check: Check): string {
  const sources =
    check.sources.length === 0 ? '' : `\nSources\n${check.sources.map((one) => `  ${one}`).join('\n')}\n`
  return [
    `${check.id}  (${check.severity})\n  ${check.title}\n`,
    `Why\n  ${check.why}\n`,
    `Applies\n${describeApplies(check.applies)}`,
    `Passes when\n${describeCondition(check.condition, check.parameters)}`,
    `How to fix\n  ${check.say.next}\n${sources}`,
  ].join('\n')
}

/** Judges the recorded nodes by these checks alone. */
async function seenIn(
  { file, checks }: { readonly file: string; readonly checks: readonly Check[] },
  content: Content,
  io: Io,
): Promise<string> {
  if (checks.length === 0) return '\nSeen\n  Nothing: a person has to answer this control.\n'
  const { readBundle } = await import('../../collect/bundle.ts')
  const choice = await chooseSelections({}, content, io)
  const wanted = new Set<string>(checks.map(({ id }) => id))
  let text = '\nSeen\n'
  for await (const evidence of readBundle(resolve(io.cwd, file))) {
    const { target, findings } = assessNode(evidence, evidence.name, { content, choice, atMs: io.now() })
    const about = new Map<string, Finding>()
    for (const finding of findings)
      if (finding.check !== undefined && wanted.has(finding.check)) about.set(finding.check, finding)
    if (about.size > 0)
      text += `  ${escapeText(target.id)}: ${verdictLabel[rollUp([...about.values()].map(({ verdict }) => verdict))]}\n`
    text += [...about.values()].map((finding) => describeFinding(finding)).join('')
    if (about.size === 0) text += `  ${target.id}: not asked by its profile (${target.profile})\n`
  }
  return text
}
