import { spawn } from 'node:child_process'
import { listAt, textAt, textsAt } from '../../facts/cluster/json.ts'

/** What a credential plugin printed, cut down to the credentials. */
export interface PluginCredentials {
  readonly token?: string
  /** PEM. */
  readonly certificate?: string
  readonly key?: string
  /** Milliseconds since 1970; none when they do not run out. */
  readonly untilMs?: number
}

export interface PluginOptions {
  readonly env: { readonly [name: string]: string | undefined }
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly server: string
}

const mostBytes = 1024 * 1024

/**
 * Runs the credential plugin of a kubeconfig: no shell, nothing to type, a time limit. What it prints holds
 * credentials, and what it complains of may: none of it gets into a message.
 */
export async function runPlugin(exec: unknown, options: PluginOptions): Promise<PluginCredentials> {
  const command = textAt(exec, 'command') ?? ''
  if (command === '') throw new Error('the plugin of the kubeconfig names no command')
  const printed = await outputOf(command, exec, options)
  let answer: unknown
  try {
    answer = JSON.parse(printed)
  } catch {
    answer = null
  }
  const token = textAt(answer, 'status', 'token')
  const certificate = textAt(answer, 'status', 'clientCertificateData')
  const key = textAt(answer, 'status', 'clientKeyData')
  if (textAt(answer, 'kind') !== 'ExecCredential' || (token === undefined && certificate === undefined))
    throw new Error(`the plugin "${command}" did not print an ExecCredential with credentials`)
  const until = Date.parse(textAt(answer, 'status', 'expirationTimestamp') ?? '')
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(Number.isNaN(until) ? {} : { untilMs: until }),
  }
}

function environmentOf(exec: unknown, { env, server }: PluginOptions): NodeJS.ProcessEnv {
  const own = listAt(exec, 'env').flatMap((one) => {
    const name = textAt(one, 'name')
    return name === undefined ? [] : [[name, textAt(one, 'value') ?? ''] as const]
  })
  const apiVersion = textAt(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1'
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false, cluster: { server } } }
  return { ...env, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: JSON.stringify(info) }
}

function outputOf(command: string, exec: unknown, options: PluginOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...textsAt(exec, 'args')], {
      env: environmentOf(exec, options),
      stdio: ['ignore', 'pipe', 'ignore'],
      // A group of its own: what it started ends with it.
      detached: true,
    })
    const chunks: Buffer[] = []
    let length = 0
    const fail = (message: string): void => {
      end()
      reject(new Error(message))
    }
    const stop = (message: string): void => {
      killGroup(child.pid)
      fail(message)
    }
    const late = setTimeout(
      () => stop(`the plugin "${command}" did not answer within ${options.timeoutMs / 1000} s`),
      options.timeoutMs,
    )
    const interrupted = (): void => stop('the run was stopped')
    const end = (): void => {
      clearTimeout(late)
      options.signal.removeEventListener('abort', interrupted)
      child.stdout.destroy()
    }
    options.signal.addEventListener('abort', interrupted)
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > mostBytes) stop(`the plugin "${command}" printed more than credentials`)
    })
    child.on('error', (fault) => {
      const isMissing = 'code' in fault && fault.code === 'ENOENT'
      fail(`the plugin "${command}" ${isMissing ? 'is not installed' : 'cannot be started'}`)
    })
    child.on('close', (code) => {
      if (code !== 0)
        return fail(`the plugin "${command}" failed (status ${code}); run it by hand to see why`)
      end()
      resolve(Buffer.concat(chunks).toString('utf8'))
    })
  })
}

/** Ends the plugin and what it started. One that has ended by itself is as good. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause
  }
}
