import type { CollectFailure } from '../../model/evidence.ts'
import type { FileStat } from '../../model/node-evidence.ts'
import type { Pour } from './segments.ts'

export type PathState = 'there' | 'absent' | 'denied'
export type PemKind = 'certificate' | 'private-key' | 'public-key'

export interface Derived {
  readonly payload: Uint8Array
  /** Exit status. */
  readonly status: number
}

/** What came of one thing the node was to run or derive. */
export type Outcome = Derived | CollectFailure

/** What the node said, by subject, before any judgement about what is missing. */
export interface Account {
  readonly start: ReadonlyMap<string, string>
  readonly host: string
  readonly missingTool: string
  /** Path as asked → state, and the classes it was asked as. */
  readonly paths: ReadonlyMap<string, { readonly state: PathState; readonly classes: ReadonlySet<string> }>
  /** Path as asked → where it was found, where the two differ. */
  readonly real: ReadonlyMap<string, string>
  readonly links: ReadonlyMap<string, string>
  readonly directories: ReadonlyMap<string, readonly string[] | CollectFailure>
  readonly oddDirectories: ReadonlySet<string>
  readonly trees: ReadonlySet<string>
  readonly stats: ReadonlyMap<string, FileStat>
  readonly statDone: 'no' | 'yes' | 'no-tool'
  readonly pem: ReadonlyMap<string, ReadonlySet<PemKind>>
  readonly pemDone: 'no' | 'yes' | 'no-tool' | 'failed'
  readonly scanned: ReadonlySet<string>
  readonly unreadable: ReadonlySet<string>
  readonly large: ReadonlySet<string>
  /** Kernel file or pattern → what was found. */
  readonly kernel: ReadonlyMap<string, PathState>
  readonly texts: Pour
  readonly processParts: Pour
  readonly processes: string
  readonly pids: readonly number[]
  readonly processesCut: boolean
  /** pid → what the node could tell of its file system: own, another, or not known. */
  readonly contained: ReadonlyMap<number, string>
  /** pid → first process of its PID namespace; `-` where that is the node's own. */
  readonly inits: ReadonlyMap<number, string>
  readonly environments: ReadonlyMap<number, string | null>
  /** Why systemctl was not asked: `no-tool`, `no-systemd`; empty where it was. */
  readonly unitsNotAsked: string
  /** Units systemctl was not asked for, since systemd has no file of theirs. */
  readonly unknownUnits: ReadonlySet<string>
  /** Why no log was read; empty where one was, or none was wanted. */
  readonly logProblem: string
  readonly keys: ReadonlyMap<string, Outcome>
  /** `path:line` of a kubeconfig → the keys on that line, in order. */
  readonly embedded: ReadonlyMap<string, readonly Outcome[]>
  /** `units`, `version 12`, `command 0` → what it printed. */
  readonly programs: ReadonlyMap<string, Outcome>
  /** How the programs ended together: their exit status, or why there is none; null when the node did not get there. */
  readonly programsEnd: number | CollectFailure | null
  readonly pathLimit: boolean
}

type Draft<T> =
  T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T extends ReadonlySet<infer V> ? Set<V> : T

/** An account while it is being read. */
export type AccountDraft = { -readonly [K in keyof Account]: Draft<Account[K]> }

/** Nothing was said yet. */
export function emptyAccount(): AccountDraft {
  const nothing: Pour = { segments: new Map(), finished: false }
  return {
    start: new Map(),
    host: '',
    missingTool: '',
    paths: new Map(),
    real: new Map(),
    links: new Map(),
    directories: new Map(),
    oddDirectories: new Set(),
    trees: new Set(),
    stats: new Map(),
    statDone: 'no',
    pem: new Map(),
    pemDone: 'no',
    scanned: new Set(),
    unreadable: new Set(),
    large: new Set(),
    kernel: new Map(),
    texts: nothing,
    processParts: nothing,
    processes: '',
    pids: [],
    processesCut: false,
    contained: new Map(),
    inits: new Map(),
    environments: new Map(),
    unitsNotAsked: '',
    unknownUnits: new Set(),
    logProblem: '',
    keys: new Map(),
    embedded: new Map(),
    programs: new Map(),
    programsEnd: null,
    pathLimit: false,
  }
}
