import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Content } from '../../content/content.ts'
import { type Explanation, explain } from '../../content/describe.ts'
import { factKinds } from '../../facts/index.ts'
import type { Profile } from '../../model/benchmark.ts'
import type { Check } from '../../model/check.ts'
import { KhardError } from '../../model/errors.ts'
import { nearest } from '../../model/nearest.ts'
import { commandOptions, wantsColor } from '../command-options.ts'
import { seenOn } from '../explain-evidence.ts'
import { explainFact } from '../explain-fact.ts'
import { explanationText } from '../explanation.ts'
import type { Io } from '../io.ts'
import { noteJudgedEarlier } from '../judged-earlier.ts'
import { openLibrary } from '../library.ts'
import { claimBundle } from '../read-file.ts'
import { createSay } from '../say.ts'

interface ExplainOptions {
  readonly profile?: string
  readonly evidence?: string
  readonly at?: number
}

/** `khard explain ID`: what, why, how it is assessed, where, how to fix; with `--evidence` also what was seen. */
export async function runExplain(id: string, command: Command, io: Io): Promise<number> {
  const options = await commandOptions<ExplainOptions>(command, io)
  const content = await openLibrary(options, io)
  const fact = explainFact(id, content)
  if (fact !== null) {
    await io.stdout.write(fact)
    return 0
  }
  if (options.evidence !== undefined) await claimBundle(options.evidence, io)
  const profile = options.profile === undefined ? undefined : knownProfile(options.profile, content)
  const found = explain(content, Object.values(factKinds), id)
  if (found.kind === 'nothing') nothing(id, found.nearest)
  else await io.stdout.write(explanationText(found, { id, content, ...(profile && { profile }) }))
  if (options.evidence === undefined || found.kind === 'notAsked') return 0
  const { readBundle } = await import('../../collect/bundle.ts')
  const { evidence: file, at } = options
  const say = createSay(io, { quiet: options.quiet === true, verbose: false, color: wantsColor(options, io) })
  const nodes = noteJudgedEarlier(readBundle(resolve(io.cwd, file)), at, say)
  const named = profile === undefined ? {} : { profile: profile.id }
  const question = { checks: checksOf(found), ...named, atMs: at ?? io.now() }
  await io.stdout.write(await seenOn(nodes, question, { content, io }))
  return 0
}

function nothing(id: string, near: readonly string[]): never {
  throw new KhardError({
    code: 'unknown-check',
    message: `there is no check, control or fact "${id}"`,
    next:
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'See khard list checks and khard list facts.',
  })
}

function checksOf(found: Explanation): readonly Check[] {
  if (found.kind === 'check') return [found.check]
  return found.kind === 'control' ? found.places.flatMap((place) => place.checks) : []
}

function knownProfile(id: string, { profiles }: Content): Profile {
  const found = profiles.find((profile) => profile.id === id)
  if (found !== undefined) return found
  const ids = profiles.map((profile) => profile.id)
  const [near] = nearest(id, ids)
  throw new KhardError({
    code: 'unknown-profile',
    message: `there is no profile "${id}"`,
    next: `${near === undefined ? '' : `Did you mean ${near}? `}Profiles: ${ids.join(', ')}.`,
  })
}
