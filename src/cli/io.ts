/** Everything a command may touch outside its arguments; tests hand in their own. */
export interface Io {
  readonly env: { readonly [name: string]: string | undefined }
  readonly cwd: string
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly stdout: Stream
  readonly stderr: Stream
  /** Asks for a secret on the terminal without echo; null when there is no terminal. */
  readonly askSecret: (question: string) => Promise<string | null>
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

export interface Stream {
  readonly isTerminal: boolean
  readonly columns: number
  write(text: string): Promise<void>
}

function outputStream(stream: NodeJS.WriteStream): Stream {
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 100,
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (fault) => {
          // A reader that has seen enough (`| head`) is not our failure.
          if (fault && 'code' in fault && fault.code === 'EPIPE') resolve()
          else if (fault) reject(fault)
          else resolve()
        })
      }),
  }
}

/** Reads one line without echo from the terminal. */
async function askSecret(question: string): Promise<string | null> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null
  const { createInterface } = await import('node:readline')
  const { Writable } = await import('node:stream')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  process.stderr.write(question)
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await new Promise<string | null>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(null))
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

/** The real process: environment, streams, and a signal that the first Ctrl-C aborts and the second obeys. */
export function processIo(): Io {
  const abort = new AbortController()
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(130)
    abort.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.stdout.on('error', () => undefined)
  return {
    env: process.env,
    cwd: process.cwd(),
    home: process.env.HOME ?? '/',
    now: () => Date.now(),
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    askSecret,
    signal: abort.signal,
  }
}
