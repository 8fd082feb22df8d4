import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RunMeta } from '../../src/collect/parse/context.ts'
import { parseStream } from '../../src/collect/parse/parse-stream.ts'
import type { CollectionPlan } from '../../src/collect/plan.ts'
import { renderScript, type ScriptOptions } from '../../src/collect/script/render.ts'
import { createNodeView } from '../../src/facts/node-view.ts'
import type { NodeView, RawItem } from '../../src/model/node-evidence.ts'

export const nonce = '0123456789abcdef0123456789abcdef'

/** Shells a node may have as `sh`. A shell that is not installed is left out. */
export const shells: readonly (readonly string[])[] = [['dash'], ['bash'], ['busybox', 'ash']].filter(
  ([shell]) => spawnSync(shell ?? '', ['-c', 'true']).error === undefined || shell === 'busybox',
)

export function meta(more: Partial<RunMeta> = {}): RunMeta {
  return {
    target: 'local',
    carrier: 'local',
    offline: false,
    collectedAt: '2026-01-01T00:00:00Z',
    scriptDigest: 'sha256:0',
    nonce,
    end: 'complete',
    ...more,
  }
}

export interface Run {
  readonly root?: string
  readonly shell?: readonly string[]
  readonly toolDirectories?: readonly string[]
  readonly systemd?: ScriptOptions['systemd']
  readonly env?: NodeJS.ProcessEnv
  /** Account to run as; needs root. */
  readonly uid?: number
}

/** Runs the script here, as the local carrier would. */
export function runScript(
  plan: CollectionPlan,
  { root, shell = ['sh'], toolDirectories, systemd, env, uid }: Run = {},
): Buffer {
  const script = renderScript(plan, {
    nonce,
    ...(root === undefined ? {} : { root }),
    ...(toolDirectories === undefined ? {} : { toolDirectories }),
    ...(systemd === undefined ? {} : { systemd }),
  })
  const [program = 'sh', ...words] = shell
  return spawnSync(program, [...words, '-s'], {
    input: script,
    maxBuffer: 1 << 28,
    ...(env === undefined ? {} : { env }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  }).stdout
}

export function collect(plan: CollectionPlan, run: Run = {}): NodeView {
  return createNodeView(parseStream(runScript(plan, run), plan, meta({ offline: run.root !== undefined })))
}

export interface Fixture {
  readonly root: string
  put(path: string, text: string | Buffer): string
  remove(): void
}

/** A directory of files that goes away again. */
export function fixture(): Fixture {
  const root = mkdtempSync(join(tmpdir(), 'khard-collect-'))
  return {
    root,
    put(path, text) {
      const file = join(root, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** Something that waits until it is killed. */
export interface Started {
  /** Name of its program. */
  readonly name: string
  readonly argv?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Program and arguments it is started through. */
  readonly through?: readonly string[]
}

/** Starts a process called `name`, with any arguments and environment, and waits until it is up. */
export async function startProcess(
  { here, running }: { readonly here: Fixture; readonly running: ChildProcess[] },
  { name, argv = [], env = {}, through = [] }: Started,
): Promise<number> {
  const program = `${here.root}/${name}`
  if (!existsSync(program)) copyFileSync('/bin/bash', program)
  chmodSync(program, 0o755)
  const [first = program, ...words] = [...through, program, '-c', 'echo up; read -r _', ...argv]
  const child = spawn(first, words, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], ...env },
  })
  running.push(child)
  await new Promise((up) => child.stdout?.once('data', up))
  return child.pid ?? 0
}

export function textOf(item: RawItem): string {
  if (item.state !== 'observed')
    return `${item.state}${item.state === 'unavailable' ? `: ${item.reason}` : ''}`
  return item.kind === 'content' ? item.text : JSON.stringify(item)
}
