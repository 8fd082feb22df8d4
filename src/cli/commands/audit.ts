import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ClusterPlan } from '../../collect/cluster/plan.ts'
import { keepMemorySmall } from '../../collect/keep-memory-small.ts'
import { baselineDoubts } from '../../compare/baseline.ts'
import { KhardError } from '../../model/errors.ts'
import type { NodeEvidence } from '../../model/node-evidence.ts'
import { assess } from '../assess.ts'
import { chooseSelections } from '../choose.ts'
import { commandOptions, wantsColor } from '../command-options.ts'
import { gather, planFor, targetsOf } from '../gather.ts'
import type { Io } from '../io.ts'
import { noteJudgedEarlier } from '../judged-earlier.ts'
import { openLibrary } from '../library.ts'
import type { GateOptions, ReportingOptions, SelectionOptions, TargetOptions } from '../options.ts'
import { claimReplaceable, parseOutputs, writeOutputs } from '../outputs.ts'
import type { AssessedNode } from '../prepare-node.ts'
import { readSavedResult } from '../saved-result.ts'
import { createSay, type Say } from '../say.ts'
import { toolVersion } from '../tool-version.ts'
import { claimCrossesNothing, notYetApproved, readWaivers } from '../waivers.ts'

type AuditOptions = TargetOptions &
  SelectionOptions &
  ReportingOptions &
  GateOptions & {
    readonly at?: number
    readonly saveEvidence?: string
    readonly distribution?: string
    readonly showRbac?: boolean
  }

/** `khard audit`: evidence, findings, reports, and the exit code of the gate. */
export async function runAudit(given: readonly string[], command: Command, io: Io): Promise<number> {
  const startedAtMs = io.now()
  const options = await commandOptions<AuditOptions>(command, io)
  if (options.cluster === true) keepMemorySmall()
  const color = wantsColor(options, io)
  const say = createSay(io, { quiet: options.quiet === true, verbose: options.verbose === true, color })
  const outputs = await parseOutputs(options, io)
  if (options.saveEvidence !== undefined)
    await claimReplaceable(resolve(io.cwd, options.saveEvidence), '--save-evidence')
  const baseline = options.baseline === undefined ? undefined : await readSavedResult(options.baseline, io)
  const content = await openLibrary(options, io)
  const choice = await chooseSelections(options, content, io)
  const plan = planFor(choice.selections, content)
  if (options.showRbac === true) return showRights(plan.cluster, options, io)
  const atMs = options.at ?? startedAtMs
  const waivers = await readWaivers(options.waivers ?? [], { content, selections: choice.selections }, io)
  for (const note of notYetApproved(waivers, atMs)) await say.note(`note: ${note}`)
  const targets = await targetsOf(given, options, io)
  const evidence = noteJudgedEarlier(gather({ targets, plan, options, io, say }), options.at, say)
  const result = await assess(
    await keeping(evidence, options.saveEvidence, { io, startedAtMs }),
    {
      content,
      choice,
      waivers,
      atMs,
      ...(options.distribution === undefined ? {} : { distribution: options.distribution }),
      ...(options.failOn === undefined ? {} : { failOn: options.failOn }),
      ...(options.maxErrors === undefined ? {} : { maxErrors: options.maxErrors }),
      ...(baseline === undefined ? {} : { baseline }),
      toolVersion: toolVersion(),
      startedAtMs,
      now: io.now,
    },
    (node) => announce(node, say),
  )
  claimCrossesNothing(waivers, result.findings)
  const doubts = baseline === undefined ? [] : baselineDoubts(baseline, result)
  for (const doubt of doubts) await say.note(`note: ${doubt}`)
  await writeOutputs(result, outputs, { io, color, show: options.show })
  return io.signal.aborted ? 130 : result.gate.exitCode
}

/** Prints the rights that the selection needs; nothing is asked of a server. */
async function showRights(plan: ClusterPlan, { cluster }: AuditOptions, io: Io): Promise<number> {
  if (cluster !== true)
    throw new KhardError({
      code: 'usage',
      message: '--show-rbac is about the rights that --cluster needs, and no cluster is asked for',
      next: 'Add --cluster.',
    })
  const { clusterRoleFor } = await import('../cluster-role.ts')
  await io.stdout.write(clusterRoleFor(plan))
  return 0
}

async function announce({ target }: AssessedNode, say: Say): Promise<void> {
  await say.detail(`${target.id}: ${target.distribution}, profile ${target.profile}`)
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
