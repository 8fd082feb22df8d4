import type { Command } from 'commander'
import type { Content } from '../../content/content.ts'
import { listBenchmarks, listChecks, listProfiles } from '../../content/describe.ts'
import { factKinds } from '../../facts/index.ts'
import { KhardError } from '../../model/errors.ts'
import { nearest } from '../../model/nearest.ts'
import { commandOptions } from '../command-options.ts'
import type { Io } from '../io.ts'
import { openLibrary } from '../library.ts'
import { table } from '../table.ts'

const lists: { readonly [what: string]: (content: Content) => string } = {
  benchmarks: (content) =>
    table([
      ['BENCHMARK', 'VERSION', 'KUBERNETES', 'CONTROLS', 'TITLE'],
      ...listBenchmarks(content).map((one) => [
        one.id,
        one.version,
        one.kubernetes ?? '-',
        `${one.checked} of ${one.controls} checked`,
        one.isProvisional ? `${one.title} (provisional)` : one.title,
      ]),
    ]),
  profiles: (content) =>
    table([
      ['PROFILE', 'FOR', 'CONTROLS', 'TITLE'],
      ...listProfiles(content).map((one) => [
        one.id,
        one.distributions.join(', '),
        String(one.controls),
        one.title,
      ]),
    ]),
  checks: (content) =>
    table([
      ['CHECK', 'SEVERITY', 'CONTROLS', 'TITLE'],
      ...listChecks(content).map((one) => [one.id, one.severity, one.controls.join(', '), one.title]),
    ]),
  facts: () =>
    table([['FACT', 'WHAT IT IS'], ...Object.values(factKinds).map((kind) => [kind.kind, kind.title])]),
}

/** `khard list benchmarks|profiles|checks|facts`. */
export async function runList(what: string, command: Command, io: Io): Promise<number> {
  const options = await commandOptions(command, io)
  if (what === 'remediations')
    throw new KhardError({
      code: 'usage',
      message: 'remediations are not built yet',
      next: `Lists: ${Object.keys(lists).join(', ')}. khard explain says how to fix what a check finds.`,
    })
  const show = Object.hasOwn(lists, what) ? lists[what] : undefined
  if (show === undefined) {
    const [near] = nearest(what, Object.keys(lists))
    const hint = near === undefined ? '' : `Did you mean ${near}? `
    throw new KhardError({
      code: 'usage',
      message: `there is no list of "${what}"`,
      next: `${hint}Lists: ${Object.keys(lists).join(', ')}.`,
    })
  }
  await io.stdout.write(show(await openLibrary(options, io)))
  return 0
}
