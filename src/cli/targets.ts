import { statSync } from 'node:fs'
import type { Carrier } from '../collect/carrier.ts'
import { createLocalCarrier } from '../collect/carriers/local.ts'
import { createOpensshCarrier, type SshAddress } from '../collect/carriers/openssh.ts'
import { createSsh2Carrier } from '../collect/carriers/ssh2.ts'
import type { Sudo } from '../collect/carriers/sudo.ts'
import { parseHopAddress } from '../collect/ssh/hop.ts'
import { KhardError } from '../model/errors.ts'

/** Where a target is. */
export type TargetAddress =
  | { readonly kind: 'local' }
  | { readonly kind: 'root'; readonly directory: string }
  | ({ readonly kind: 'ssh' } & SshAddress)
  | { readonly kind: 'bundle'; readonly file: string }
  | { readonly kind: 'cluster' }

/** One thing to examine, as the person named it on the command line or in an inventory. */
export interface TargetSpec {
  readonly name: string
  readonly address: TargetAddress
  /** Set by an inventory; `--sudo` counts where it is not. */
  readonly sudo?: boolean
}

/** A target that a carrier can reach: a node that is not recorded. */
export interface ReachableTarget extends TargetSpec {
  readonly address: Exclude<TargetAddress, { kind: 'bundle' } | { kind: 'cluster' }>
}

/** One sentence for messages. */
export const targetForms = 'Targets are local, root:DIR, ssh://[user@]host[:port] and bundle:FILE.'

/** Parses one target of the command line. */
export function parseTarget(text: string): TargetSpec {
  if (text === 'local') return { name: text, address: { kind: 'local' } }
  const [, scheme, rest = ''] = /^([a-z0-9+-]+):(.+)$/s.exec(text) ?? []
  if (scheme === 'root') return { name: text, address: { kind: 'root', directory: rest } }
  if (scheme === 'bundle') return { name: text, address: { kind: 'bundle', file: rest } }
  if (scheme === 'ssh') {
    const address = rest.startsWith('//') ? parseHopAddress(text) : null
    if (address !== null) return { name: text, address: { kind: 'ssh', ...address } }
    throw unknownTarget(
      `"${text}" is not an SSH target`,
      'Write ssh://[user@]host[:port], an IPv6 address in brackets.',
    )
  }
  throw unknownTarget(
    `"${text}" is not a target`,
    scheme === undefined ? `For a node, write ssh://${text}. ${targetForms}` : targetForms,
  )
}

/** Everything a run looks at, in order; this machine when nothing is named. Naming a target twice is refused. */
export function gatherTargets({
  first: before = [],
  given,
  more = [],
}: {
  readonly first?: readonly TargetSpec[]
  readonly given: readonly string[]
  readonly more?: readonly TargetSpec[]
}): readonly [TargetSpec, ...TargetSpec[]] {
  const targets = [...before, ...given.map(parseTarget), ...more]
  const seen = new Map<string, string>()
  for (const target of targets) {
    for (const key of new Set([`name ${target.name}`, addressKey(target.address)])) {
      const earlier = seen.get(key)
      if (earlier !== undefined) {
        const same =
          earlier === target.name
            ? `"${target.name}" is given twice`
            : `"${earlier}" and "${target.name}" are the same target`
        throw unknownTarget(same, 'Name every target once.')
      }
      seen.set(key, target.name)
    }
  }
  const [first = parseTarget('local'), ...rest] = targets
  return [first, ...rest]
}

function addressKey(address: TargetAddress): string {
  switch (address.kind) {
    case 'local':
      return 'local'
    case 'root':
      return `root ${address.directory.replace(/\/+$/, '')}`
    case 'ssh':
      return `ssh ${address.user ?? ''} ${address.host.toLowerCase()} ${address.port ?? ''}`
    case 'bundle':
      return `bundle ${address.file}`
    case 'cluster':
      return 'cluster'
    default:
      return address satisfies never
  }
}

/** How targets are to be reached. */
export interface CarrierOptions {
  readonly sshClient: 'ssh2' | 'openssh'
  readonly sshConfig?: string
  readonly sudo: boolean
  /** From KHARD_SUDO_PASSWORD or a prompt; never from the command line. */
  readonly sudoPassword: string | null
  readonly env: { readonly [name: string]: string | undefined }
  readonly home: string
  readonly localUser: string
  warn(message: string): void
}

/** The carrier that reaches a target. Only misuse throws; what goes wrong on the way is the carrier's outcome. */
export function makeCarrier(target: ReachableTarget, options: CarrierOptions): Carrier {
  const sudo: Sudo | null = (target.sudo ?? options.sudo) ? { password: options.sudoPassword } : null
  const { address } = target
  if (address.kind === 'ssh') return sshCarrier(target.name, address, { ...options, becoming: sudo })
  const local = { kind: address.kind, target: target.name, sudo, env: { ...options.env } }
  if (address.kind === 'local') return createLocalCarrier(local)
  requireDirectory(address.directory)
  return createLocalCarrier({ ...local, root: address.directory })
}

function sshCarrier(
  name: string,
  address: SshAddress,
  options: CarrierOptions & { becoming: Sudo | null },
): Carrier {
  const { env, becoming: sudo, warn } = options
  const common = {
    target: name,
    address,
    sudo,
    ...(options.sshConfig === undefined ? {} : { configFile: options.sshConfig }),
  }
  return options.sshClient === 'openssh'
    ? createOpensshCarrier({ ...common, env: { ...env } })
    : createSsh2Carrier({
        ...common,
        around: { home: options.home, localUser: options.localUser, env },
        warn,
      })
}

// An image that is not there would look like a machine on which everything is absent.
function requireDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw unknownTarget(
      `root:${directory} is not a directory`,
      'Mount the image first and name its root directory.',
    )
  }
}

function unknownTarget(message: string, next: string): KhardError {
  return new KhardError({ code: 'unknown-target', message, next })
}

/**
 * Does `work` for every item, at most `concurrency` at a time, and yields the results in the order of the items.
 * A slow item holds back at most `concurrency` finished ones behind it, so memory stays bounded too.
 */
export async function* forEachLimited<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = []
  let running = 0
  let started = 0
  let yielded = 0
  const fill = (): void => {
    while (started < items.length && running < concurrency && started < yielded + 2 * concurrency) {
      const [item] = items.slice(started, started + 1)
      if (item === undefined) break
      const one = start(item, started)
      one.catch(() => undefined) // it is awaited later, in its turn; until then it is not unhandled
      pending.push(one)
      started++
    }
  }
  const start = async (item: T, index: number): Promise<R> => {
    running++
    try {
      return await work(item, index)
    } finally {
      running--
      fill()
    }
  }
  for (fill(); yielded < items.length; fill()) {
    const next = pending.shift()
    if (next === undefined) break
    const result = await next
    yielded++
    fill()
    yield result
  }
}
