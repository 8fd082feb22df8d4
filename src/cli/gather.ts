import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { collectNode } from '../collect/collect.ts'
import { type CollectionPlan, planCollection } from '../collect/plan.ts'
import type { Content } from '../content/content.ts'
import { componentRequest } from '../evaluate/applicability.ts'
import { clusterRequest } from '../evaluate/fleet/marks.ts'
import type { Selection } from '../evaluate/select.ts'
import { detectionProbes } from '../facts/detect.ts'
import { factKinds } from '../facts/index.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { FactRequest } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import type { Io } from './io.ts'
import type { TargetOptions } from './options.ts'
import { claimBundle, readNamedFile } from './read-file.ts'
import type { Say } from './say.ts'
import {
  type CarrierOptions,
  forEachLimited,
  gatherTargets,
  makeCarrier,
  type ReachableTarget,
  type TargetSpec,
  targetForms,
} from './targets.ts'

/** What the selected checks ask of a node, merged into one plan. */
export function planFor(selections: readonly Selection[], content: Content): CollectionPlan {
  const requests = new Map<string, FactRequest>()
  const ask = (request: FactRequest): void => void requests.set(canonicalJson(request), request)
  for (const { check } of selections.flatMap(({ checks }) => checks)) {
    for (const request of Object.values(check.evidence)) ask(request)
    if (check.applies.component !== undefined) ask(componentRequest(check.applies.component))
    // Nodes are only compared within their cluster.
    if (check.over !== undefined) ask(clusterRequest)
  }
  const knowledge = { components: content.components }
  const probes = [...requests.values()].flatMap(
    (request) => factKinds[request.fact]?.probes(request, knowledge) ?? [],
  )
  return planCollection([...detectionProbes, ...probes], content.components)
}

/** The targets of the command line and the inventory; this machine when there are none. */
export async function targetsOf(
  given: readonly string[],
  options: TargetOptions,
  io: Io,
): Promise<readonly TargetSpec[]> {
  refuseCluster(options)
  // ssh would refuse it too; without its HostName and known_hosts lines a name may mean another machine.
  if (options.sshConfig !== undefined) await readNamedFile(options.sshConfig, io)
  const targets = gatherTargets(given, await inventoryTargets(options.inventory, io))
  // Before anything is collected: a slip in a name must not cost the answers of the other targets.
  for (const { address } of targets) if (address.kind === 'bundle') await claimBundle(address.file, io)
  return targets
}

async function inventoryTargets(file: string | undefined, io: Io): Promise<readonly TargetSpec[]> {
  if (file === undefined) return []
  const { parseInventory } = await import('./inventory/inventory.ts')
  return parseInventory(await readNamedFile(file, io), file)
}

function refuseCluster({ cluster, kubeconfig, context }: TargetOptions): void {
  const asked = { '--cluster': cluster, '--kubeconfig': kubeconfig, '--context': context }
  const [named] = Object.entries(asked).find(([, value]) => value !== undefined) ?? []
  if (named === undefined) return
  throw new KhardError({
    code: 'usage',
    message: `${named} is not built yet`,
    next: `Name the nodes themselves, or an --inventory of them. ${targetForms}`,
  })
}

export interface Gathering {
  readonly targets: readonly TargetSpec[]
  readonly plan: CollectionPlan
  readonly options: TargetOptions
  readonly io: Io
  readonly say: Say
}

const mostBytesPerNode = 32 * 1024 * 1024

type Step =
  | { readonly kind: 'collect'; readonly target: ReachableTarget }
  | { readonly kind: 'replay'; readonly file: string }

function stepOf(target: TargetSpec): Step {
  const { address } = target
  return address.kind === 'bundle'
    ? { kind: 'replay', file: address.file }
    : { kind: 'collect', target: { ...target, address } }
}

/** Evidence of every target, in the order given, as it comes in. Bundles are replayed where they stand. */
export async function* gather(gathering: Gathering): AsyncGenerator<NodeEvidence> {
  const { targets, options, io } = gathering
  const steps = targets.map(stepOf)
  const collecting = steps.filter((step) => step.kind === 'collect').length
  const carriers = collecting === 0 ? null : await carrierOptions(gathering)
  let done = 0
  const collect = async (step: Step): Promise<NodeEvidence | { readonly bundle: string }> => {
    if (step.kind === 'replay' || carriers === null)
      return { bundle: step.kind === 'replay' ? step.file : '' }
    const evidence = await collectOne(step.target, carriers, gathering)
    done += 1
    await gathering.say.progress(`${done} of ${collecting} targets collected`)
    return evidence
  }
  for await (const one of forEachLimited(steps, options.concurrency, collect)) {
    if ('bundle' in one) yield* replay(resolve(io.cwd, one.bundle))
    else yield one
  }
}

async function* replay(file: string): AsyncGenerator<NodeEvidence> {
  // Reading a bundle validates it; a run that collects needs no schemas.
  const { readBundle } = await import('../collect/bundle.ts')
  yield* readBundle(file)
}

async function collectOne(
  target: ReachableTarget,
  carriers: CarrierOptions,
  gathering: Gathering,
): Promise<NodeEvidence> {
  const { plan, options, io, say } = gathering
  const root = target.address.kind === 'root' ? resolve(io.cwd, target.address.directory) : undefined
  const began = io.now()
  const evidence = await collectNode(makeCarrier(target, carriers), plan, {
    nonce: randomBytes(16).toString('hex'),
    collectedAt: new Date(began).toISOString(),
    timeoutMs: options.timeout * 1000,
    connectTimeoutMs: options.connectTimeout * 1000,
    maxBytes: mostBytesPerNode,
    signal: io.signal,
    ...(root === undefined ? {} : { root }),
  })
  await say.detail(
    `${target.name}: ${evidence.items.length} items in ${((io.now() - began) / 1000).toFixed(2)} s (${evidence.end})`,
  )
  return evidence
}

async function carrierOptions({ options, io, say, targets }: Gathering): Promise<CarrierOptions> {
  const sudo = options.sudo === true
  const wantsPassword = sudo || targets.some((target) => target.sudo === true)
  const warnings = new Set<string>()
  return {
    sshClient: options.sshClient,
    ...(options.sshConfig === undefined ? {} : { sshConfig: resolve(io.cwd, options.sshConfig) }),
    sudo,
    sudoPassword: wantsPassword ? await sudoPassword(io) : null,
    env: io.env,
    home: io.home,
    localUser: userInfo().username,
    warn: (message) => {
      if (warnings.has(message)) return
      warnings.add(message)
      void say.note(`note: ${message}`)
    },
  }
}

/** Empty at the prompt means: no password, only a passwordless rule. */
async function sudoPassword(io: Io): Promise<string | null> {
  const given = io.env.KHARD_SUDO_PASSWORD
  if (given !== undefined && given !== '') return given
  const typed = await io.askSecret('sudo password (empty for a passwordless rule): ')
  return typed === null || typed === '' ? null : typed
}
