import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** The repository's root. */
export const root = join(import.meta.dirname, '..', '..')
const binary = join(root, 'bin', 'khard.js')

/** How a run of the built command ended. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunSettings {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** After this much time the run is killed and the test fails. */
  readonly timeoutMs?: number
}

/** A run under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
  stderr(): string
}

let home: string | undefined

/** A home directory with nothing in it: no SSH configuration, no khard.yaml above it. */
function emptyHome(): string {
  home ??= mkdtempSync(join(tmpdir(), 'khard-home-'))
  return home
}

/** What a run sees of the environment: a path, a home of its own, and nothing that configures khard or colours. */
function cleanEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin' } = process.env
  return { PATH, HOME: emptyHome(), LANG: 'C.UTF-8' }
}

/** Starts the built command. `khard` is what most tests want. */
export function startKhard(args: readonly string[], settings: RunSettings = {}): Running {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: settings.cwd ?? emptyHome(),
    env: { ...cleanEnvironment(), ...settings.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  }
  const limit = settings.timeoutMs ?? 60_000
  const ended = new Promise<Ran>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`khard ${args.join(' ')} did not end within ${limit} ms\n${written.stderr}`))
    }, limit)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ ...written, code, signal })
    })
  })
  return { child, ended, stderr: () => written.stderr }
}

/** Runs the built command to its end. */
export function khard(args: readonly string[], settings: RunSettings = {}): Promise<Ran> {
  return startKhard(args, settings).ended
}

/** A directory for the files of one test file; it goes with the tests. */
export function workspace(): string {
  const directory = mkdtempSync(join(tmpdir(), 'khard-e2e-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
