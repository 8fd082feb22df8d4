import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { ApiServer } from '../collect/cluster/api.ts'
import { type ClusterPlan, planCluster } from '../collect/cluster/plan.ts'
import { collectNode } from '../collect/collect.ts'
import { type CollectionPlan, planCollection } from '../collect/plan.ts'
import type { Content } from '../content/content.ts'
import { componentRequest } from '../evaluate/applicability.ts'
import { clusterRequest } from '../evaluate/fleet/marks.ts'
import type { Selection } from '../evaluate/select.ts'
import { clusterDetectionProbes } from '../facts/cluster/detect-cluster.ts'
import { detectionProbes } from '../facts/detect.ts'
import { factKinds } from '../facts/index.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { FactRequest } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import type { Io } from './io.ts'
import { askedOfNodes } from './nodes-of-cluster.ts'
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
} from './targets.ts'

/** What is asked of nodes and of a cluster. */
export interface Plans {
  readonly node: CollectionPlan
  readonly cluster: ClusterPlan
}

/** What the selected checks ask, merged into one plan for nodes and one for a cluster. */
export function planFor(selections: readonly Selection[], content: Content): Plans {
  const requests = new Map<string, FactRequest>()
  const ask = (request: FactRequest): void => void requests.set(canonicalJson(request), request)
  for (const { check } of selections.flatMap(({ checks }) => checks)) {
    for (const request of Object.values(check.evidence)) ask(request)
    if (check.applies.component !== undefined) ask(componentRequest(check.applies.component))
    // Nodes are only compared within their cluster.
    if (check.over !== undefined) ask(clusterRequest)
  }
  const knowledge = { components: content.components }
  const asksNodes = selections.some(({ checks }) => checks.some(({ check }) => check.about === undefined))
  for (const request of askedOfNodes(selections).values()) ask(request)
  const probes = [...requests.values()].flatMap(
    (request) => factKinds[request.fact]?.probes(request, knowledge) ?? [],
  )
  return {
    node: planCollection([...detectionProbes, ...probes], content.components),
    cluster: { ...planCluster([...clusterDetectionProbes, ...probes]), asksNodes },
  }
}

/** The targets of the command line and the inventory; this machine when there are none. */
export async function targetsOf(
  given: readonly string[],
  options: TargetOptions,
  io: Io,
): Promise<readonly TargetSpec[]> {
  refuseStray(options)
  // ssh would refuse it too; without its HostName and known_hosts lines a name may mean another machine.
  if (options.sshConfig !== undefined) await readNamedFile(options.sshConfig, io)
  const cluster: readonly TargetSpec[] =
    options.cluster === true ? [{ name: 'cluster', address: { kind: 'cluster' } }] : []
  const others = await inventoryTargets(options.inventory, io)
  const targets = gatherTargets({ first: cluster, given, more: others })
  // Before anything is collected: a slip in a name must not cost the answers of the other targets.
  for (const { address } of targets) if (address.kind === 'bundle') await claimBundle(address.file, io)
  return targets
}

async function inventoryTargets(file: string | undefined, io: Io): Promise<readonly TargetSpec[]> {
  if (file === undefined) return []
  const { parseInventory } = await import('./inventory/inventory.ts')
  return parseInventory(await readNamedFile(file, io), file)
}

function refuseStray({ cluster, kubeconfig, context }: TargetOptions): void {
  const asked = { '--kubeconfig': kubeconfig, '--context': context }
  const [named] = Object.entries(asked).find(([, value]) => value !== undefined) ?? []
  if (named === undefined || cluster === true) return
  throw new KhardError({
    code: 'usage',
    message: `${named} says how to reach a cluster, and none is asked for`,
    next: 'Add --cluster.',
  })
}

export interface Gathering {
  readonly targets: readonly TargetSpec[]
  readonly plan: Plans
  readonly options: TargetOptions
  readonly io: Io
  readonly say: Say
}

const mostBytesPerNode = 32 * 1024 * 1024

type Step =
  | { readonly kind: 'collect'; readonly target: ReachableTarget }
  | { readonly kind: 'replay'; readonly file: string }
  | { readonly kind: 'cluster'; readonly name: string }

function stepOf(target: TargetSpec): Step {
  const { address } = target
  if (address.kind === 'bundle') return { kind: 'replay', file: address.file }
  return address.kind === 'cluster'
    ? { kind: 'cluster', name: target.name }
    : { kind: 'collect', target: { ...target, address } }
}

/** Evidence of every target, in the order given, as it comes in. Bundles are replayed where they stand. */
export async function* gather(gathering: Gathering): AsyncGenerator<NodeEvidence> {
  const { targets, options, io } = gathering
  const steps = targets.map(stepOf)
  const collecting = steps.filter((step) => step.kind !== 'replay').length
  const nodes = steps.some((step) => step.kind === 'collect')
  const carriers = nodes ? await carrierOptions(gathering) : null
  const cluster = steps.some((step) => step.kind === 'cluster') ? await openCluster(gathering) : null
  let done = 0
  const collect = async (step: Step): Promise<readonly NodeEvidence[] | { readonly bundle: string }> => {
    if (step.kind === 'replay') return { bundle: step.file }
    const evidence =
      step.kind === 'cluster'
        ? await collectTheCluster(claimed(cluster), step.name, gathering)
        : [await collectOne(step.target, claimed(carriers), gathering)]
    done += 1
    await gathering.say.progress(`${done} of ${collecting} targets collected`)
    return evidence
  }
  for await (const one of forEachLimited(steps, options.concurrency, collect)) {
    if ('bundle' in one) yield* replay(resolve(io.cwd, one.bundle))
    else yield* one
  }
}

/** What a kind of step needs is opened before the first of them. */
function claimed<T>(opened: T | null): T {
  if (opened !== null) return opened
  throw new KhardError({ code: 'internal', message: 'a target was not prepared for', next: 'Report this.' })
}

async function openCluster({ options, io, say }: Gathering): Promise<ApiServer> {
  const { openKubeconfig } = await import('../collect/cluster/kubeconfig.ts')
  const { createApiServer } = await import('../collect/cluster/api-server.ts')
  const { kubeconfig, context } = options
  const limits = { timeoutMs: options.timeout * 1000, signal: io.signal }
  const { env, home, cwd } = io
  const credentials = openKubeconfig(
    {
      ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
      ...(context === undefined ? {} : { context }),
      env,
      home,
      cwd,
    },
    limits,
  )
  for (const note of credentials.notes) await say.note(`note: ${note}`)
  return createApiServer(credentials, {
    ...limits,
    connectTimeoutMs: options.connectTimeout * 1000,
    random: Math.random,
  })
}

async function collectTheCluster(
  server: ApiServer,
  target: string,
  { plan, io, say }: Gathering,
): Promise<readonly NodeEvidence[]> {
  const { collectCluster } = await import('../collect/cluster/collect-cluster.ts')
  const { collectNodes } = await import('../collect/cluster/collect-nodes.ts')
  const options = {
    target,
    collectedAt: new Date(io.now()).toISOString(),
    signal: io.signal,
    progress: (what: string) => void say.progress(what),
  }
  try {
    const cluster = await collectCluster(server, plan.cluster, options)
    const nodes = plan.cluster.asksNodes ? await collectNodes(server, cluster, options) : []
    return [cluster, ...nodes]
  } finally {
    server.close()
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
  const evidence = await collectNode(makeCarrier(target, carriers), plan.node, {
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
