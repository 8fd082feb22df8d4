import { resolve } from 'node:path'
import type { Command } from 'commander'
import { keepMemorySmall } from '../../collect/keep-memory-small.ts'
import { renderScript } from '../../collect/script/render.ts'
import { KhardError } from '../../model/errors.ts'
import type { NodeEvidence } from '../../model/node-evidence.ts'
import { chooseSelections } from '../choose.ts'
import { commandOptions, wantsColor } from '../command-options.ts'
import { gather, planFor, targetsOf } from '../gather.ts'
import type { Io } from '../io.ts'
import { openLibrary } from '../library.ts'
import type { SelectionOptions, TargetOptions } from '../options.ts'
import { claimReplaceable } from '../outputs.ts'
import { createSay } from '../say.ts'
import { toolVersion } from '../tool-version.ts'

type CollectOptions = TargetOptions &
  SelectionOptions & { readonly output?: string; readonly printScript?: boolean }

/** `khard collect`: evidence of all targets into one bundle; or, with `--print-script`, what would run on a node. */
export async function runCollect(given: readonly string[], command: Command, io: Io): Promise<number> {
  const startedAtMs = io.now()
  const options = await commandOptions<CollectOptions>(command, io)
  if (options.cluster === true) keepMemorySmall()
  const say = createSay(io, {
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    color: wantsColor(options, io),
  })
  const content = await openLibrary(options, io)
  const choice = await chooseSelections(options, content, io)
  const plan = planFor(choice.selections, content)
  if (options.printScript === true) {
    if (options.cluster === true)
      throw new KhardError({
        code: 'usage',
        message: 'a cluster is asked through its API: no script runs there',
        next: 'Leave --cluster out for the script that runs on nodes.',
      })
    await io.stdout.write(renderScript(plan.node, { nonce: '<random for each run>' }))
    return 0
  }
  if (options.output === undefined)
    throw new KhardError({
      code: 'usage',
      message: 'no file is named for the evidence',
      next: 'Add -o FILE, for example -o evidence.khard.',
    })
  const file = resolve(io.cwd, options.output)
  await claimReplaceable(file, options.output)
  const targets = await targetsOf(given, options, io)
  const { openBundle } = await import('../../collect/bundle.ts')
  const bundle = await openBundle(file, {
    tool: toolVersion(),
    startedAt: new Date(startedAtMs).toISOString(),
  })
  const troubled: NodeEvidence[] = []
  let nodes = 0
  let finished = false
  try {
    for await (const one of gather({ targets, plan, options, io, say })) {
      await bundle.add(one)
      nodes += 1
      if (one.end !== 'complete') troubled.push(one)
    }
    finished = !io.signal.aborted
  } finally {
    await bundle.close(finished)
  }
  for (const one of troubled) await say.error(`${one.target}: ${one.endDetail ?? one.end}`)
  await say.note(
    `${options.output}: evidence of ${nodes} ${nodes === 1 ? 'target' : 'targets'}${finished ? '' : ', cut short'}`,
  )
  if (io.signal.aborted) return 130
  return troubled.length === 0 ? 0 : 3
}
