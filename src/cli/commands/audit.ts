import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Waiver } from '../../model/benchmark.ts'
import { KhardError } from '../../model/errors.ts'
import type { NodeEvidence } from '../../model/node-evidence.ts'
import { type AssessedNode, assess } from '../assess.ts'
import { chooseSelections } from '../choose.ts'
import { commandOptions, wantsColor } from '../command-options.ts'
import { gather, planFor, targetsOf } from '../gather.ts'
import type { Io } from '../io.ts'
import { openLibrary } from '../library.ts'
import type { GateOptions, ReportingOptions, SelectionOptions, TargetOptions } from '../options.ts'
import { claimReplaceable, parseOutputs, writeOutputs } from '../outputs.ts'
import { readNamedFile } from '../read-file.ts'
import { createSay, type Say } from '../say.ts'
import { toolVersion } from '../tool-version.ts'

type AuditOptions = TargetOptions &
  SelectionOptions &
  ReportingOptions &
  GateOptions & { readonly at?: number; readonly saveEvidence?: string }

/** `khard audit`: evidence, findings, reports, and the exit code of the gate. */
export async function runAudit(given: readonly string[], command: Command, io: Io): Promise<number> {
  const startedAtMs = io.now()
  const options = await commandOptions<AuditOptions>(command, io)
  const color = wantsColor(options, io)
  const say = createSay(io, { quiet: options.quiet === true, verbose: options.verbose === true, color })
  const outputs = await parseOutputs(options, io)
  if (options.saveEvidence !== undefined)
    await claimReplaceable(resolve(io.cwd, options.saveEvidence), '--save-evidence')
  const content = await openLibrary(options, io)
  const choice = await chooseSelections(options, content, io)
  const waivers = await readWaivers(options.waivers ?? [], io)
  const targets = await targetsOf(given, options, io)
  const evidence = gather({ targets, plan: planFor(choice.selections, content), options, io, say })
  const result = await assess(
    await keeping(evidence, options.saveEvidence, { io, startedAtMs }),
    {
      content,
      choice,
      waivers,
      atMs: options.at ?? startedAtMs,
      ...(options.failOn === undefined ? {} : { failOn: options.failOn }),
      ...(options.maxErrors === undefined ? {} : { maxErrors: options.maxErrors }),
      toolVersion: toolVersion(),
      startedAtMs,
      now: io.now,
    },
    (node) => announce(node, say),
  )
  await writeOutputs(result, outputs, { io, color, show: options.show })
  return io.signal.aborted ? 130 : result.gate.exitCode
}

async function announce({ target }: AssessedNode, say: Say): Promise<void> {
  await say.detail(`${target.id}: ${target.distribution}, profile ${target.profile}`)
}

async function readWaivers(files: readonly string[], io: Io): Promise<readonly Waiver[]> {
  if (files.length === 0) return []
  const { loadWaivers } = await import('../../content/waivers.ts')
  const read = await Promise.all(
    files.map(async (file) => loadWaivers(await readNamedFile(file, io, 'waiver-invalid'), file)),
  )
  const waivers = read.flat()
  const twice = waivers.find((one, index) => waivers.findIndex(({ id }) => id === one.id) !== index)
  if (twice === undefined) return waivers
  throw new KhardError({
    code: 'waiver-invalid',
    message: `waiver ${twice.id} is given twice (${twice.at})`,
    next: 'Give each waiver an id of its own.',
  })
}

/** The evidence as it passes, written to a bundle on the way when one is wanted. */
async function keeping(
  evidence: AsyncGenerator<NodeEvidence>,
  file: string | undefined,
  { io, startedAtMs }: { readonly io: Io; readonly startedAtMs: number },
): Promise<AsyncIterable<NodeEvidence>> {
  if (file === undefined) return evidence
  const { openBundle } = await import('../../collect/bundle.ts')
  const bundle = await openBundle(resolve(io.cwd, file), {
    tool: toolVersion(),
    startedAt: new Date(startedAtMs).toISOString(),
  })
  return (async function* () {
    let complete = false
    try {
      for await (const one of evidence) {
        await bundle.add(one)
        yield one
      }
      complete = !io.signal.aborted
    } finally {
      await bundle.close(complete)
    }
  })()
}
