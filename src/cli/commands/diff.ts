import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { compareResults } from '../../compare/compare.ts'
import { newTrouble } from '../../compare/known.ts'
import { decideNew } from '../../gate/decide-new.ts'
import type { NamedResult, ResultDiff } from '../../model/diff.ts'
import { KhardError } from '../../model/errors.ts'
import type { Finding } from '../../model/finding.ts'
import { diffFormats, diffRendererFor } from '../../report/diff-formats.ts'
import { inOnePiece } from '../../report/reporter.ts'
import { commandOptions, wantsColor } from '../command-options.ts'
import type { Io } from '../io.ts'
import type { DiffOptions } from '../options.ts'
import { parseOutputsAs, writeOutputs } from '../outputs.ts'
import { readSavedResult } from '../saved-result.ts'
import { toolVersion } from '../tool-version.ts'

/** `khard diff`: what two results say differently. Exits 0, or as `--fail-on-new` decides. */
export async function runDiff(
  [older, newer]: readonly [string, string],
  command: Command,
  io: Io,
): Promise<number> {
  const options = await commandOptions<DiffOptions>(command, io)
  const outputs = await parseOutputsAs(
    {
      wanted: options.output,
      formats: diffFormats,
      rendererFor: (format) => inOnePiece(diffRendererFor(format)),
    },
    io,
  )
  const before = await readSavedResult(older, io)
  const after = await readSavedResult(newer, io)
  await claimTwoFiles([older, newer], io)
  const diff = compareResults(before, after, toolVersion())
  const gate = await gateOf(diff, [before, after], options.failOnNew)
  const decided = gate === undefined ? diff : { ...diff, gate }
  await writeOutputs(decided, outputs, { io, color: wantsColor(options, io), show: options.show })
  return gate?.exitCode ?? 0
}

async function gateOf(
  { targets, summary }: ResultDiff,
  [before, after]: readonly [NamedResult, NamedResult],
  threshold: DiffOptions['failOnNew'],
): Promise<ResultDiff['gate']> {
  if (threshold === undefined || threshold === 'none') return undefined
  return decideNew({
    trouble: newTrouble(before.result.findings, after.result.findings),
    unreached: targets.filter(({ reached, change }) => !reached && change !== 'vanished').map(({ id }) => id),
    compared: summary.compared,
    judged: after.result.findings.filter(isJudged).length,
    vanished: summary.vanished,
    threshold,
  })
}

const isJudged = ({ verdict }: Finding): boolean =>
  verdict === 'pass' || verdict === 'fixed' || verdict === 'fail'

/** One file compared with itself has no difference, and a pipeline that does so would never fail. */
async function claimTwoFiles([older, newer]: readonly [string, string], io: Io): Promise<void> {
  const [first, second] = await Promise.all([older, newer].map((file) => stat(resolve(io.cwd, file))))
  if (first?.dev !== second?.dev || first?.ino !== second?.ino) return
  throw new KhardError({
    code: 'usage',
    message: `${older} and ${newer} are the same file`,
    next: 'Name the older result first, then the newer one.',
  })
}
