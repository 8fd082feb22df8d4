import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'

const labDirectory = join(import.meta.dirname, '..', 'lab')
const slots = '/tmp/khard-lab-slots'
const run = promisify(execFile)

/** One running node of the lab. */
export interface LabNode {
  readonly id: number
  readonly name: string
  readonly profile: string
  /** On this machine's loopback, through a relay that can be told to misbehave. */
  readonly host: string
  readonly port: number
  /** Inside the lab's own network: reached from another node. */
  readonly fabricHost: string
  readonly key: string
  readonly knownHosts: string
}

/** The nodes of one test file. */
export interface Lab {
  readonly nodes: readonly LabNode[]
  node(profileOrId: string | number): LabNode
  /** `ssh -F` configuration that reaches every node as khnode-ID. */
  readonly sshConfig: string
  /** Runs a command on a node as root, without SSH. */
  on(node: LabNode, ...argv: readonly string[]): Promise<string>
  fault(node: LabNode, ...fault: readonly string[]): Promise<void>
  clear(node: LabNode): Promise<void>
}

const needs = [
  'systemd-nspawn',
  'debootstrap',
  'ip',
  'nft',
  'zstd',
  'gcc',
  'ssh',
  'ssh-keygen',
  'unshare',
  'nsenter',
] as const

/** Whether nodes can be started here, and if not, why: the reason a skipped test shows. */
export function labAvailable(): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  if (process.platform !== 'linux') return { ok: false, reason: 'the lab needs Linux' }
  if (process.getuid?.() !== 0) return { ok: false, reason: 'the lab needs root' }
  if (!existsSync('/etc/debian_version')) return { ok: false, reason: 'the lab needs a Debian host' }
  const path = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin')
  const missing = needs.filter((tool) => !path.some((directory) => existsSync(join(directory, tool))))
  if (missing.length > 0)
    return { ok: false, reason: `the lab needs ${missing.join(', ')} (.ci/install-lab)` }
  if (!readFileSync('/proc/filesystems', 'utf8').includes('overlay'))
    return { ok: false, reason: 'the lab needs overlayfs' }
  return { ok: true }
}

/** Starts one node per profile before the tests of this file and takes them down after. The result is filled by then. */
export function withLab(profiles: readonly string[]): Lab {
  const state: { nodes: readonly LabNode[]; slot: number | null } = { nodes: [], slot: null }
  const lab = async (...argv: readonly string[]): Promise<string> => {
    const { stdout } = await run(join(labDirectory, 'node-lab'), argv, {
      env: labEnvironment(state.slot),
      maxBuffer: 64e6,
    })
    return stdout
  }
  beforeAll(async () => {
    state.slot = takeSlot()
    await lab('down')
    await lab('up', String(profiles.length), '--profile', profiles.join(','))
    state.nodes = JSON.parse(await lab('inventory'))
  }, 300_000)
  afterAll(async () => {
    if (state.slot === null) return
    await lab('down')
    rmSync(join(slots, String(state.slot)), { recursive: true, force: true })
  }, 60_000)
  return {
    get nodes() {
      return state.nodes
    },
    get sshConfig() {
      return join(stateDirectory(state.slot), 'ssh_config')
    },
    node(wanted) {
      const found = state.nodes.find(({ id, profile }) => id === wanted || profile === wanted)
      if (found === undefined) throw new Error(`the lab has no node ${wanted}`)
      return found
    },
    on: (node, ...argv) => lab('run', String(node.id), ...argv),
    fault: async (node, ...fault) => {
      await lab('fault', String(node.id), ...fault)
    },
    clear: async (node) => {
      await lab('fault', String(node.id), 'clear')
    },
  }
}

function labEnvironment(slot: number | null): NodeJS.ProcessEnv {
  return { ...process.env, NODE_LAB_NAME: `kht${slot}`, NODE_LAB_PORT: String(25_000 + 250 * (slot ?? 0)) }
}

function stateDirectory(slot: number | null): string {
  return execFileSync(join(labDirectory, 'node-lab'), ['path'], {
    env: labEnvironment(slot),
    encoding: 'utf8',
  }).trim()
}

/** A number no other running test file has: name and ports of its lab follow from it. */
function takeSlot(): number {
  mkdirSync(slots, { recursive: true })
  for (let slot = 0; slot < 24; slot++) {
    if (claim(slot)) return slot
  }
  throw new Error(`no lab slot is free in ${slots}`)
}

function claim(slot: number): boolean {
  const directory = join(slots, String(slot))
  const owner = join(directory, 'pid')
  if (existsSync(owner) && !existsSync(`/proc/${readFileSync(owner, 'utf8')}`))
    rmSync(directory, { recursive: true, force: true })
  try {
    mkdirSync(directory)
  } catch {
    return false // taken
  }
  writeFileSync(owner, String(process.pid))
  return true
}
