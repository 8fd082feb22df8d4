import type { CollectFailure } from '../../model/evidence.ts'
import type { FileStat } from '../../model/node-evidence.ts'
import type { Pour } from './segments.ts'

export type PathState = 'there' | 'absent' | 'denied'
export type PemKind = 'certificate' | 'private-key' | 'public-key'

export interface Derived {
  readonly payload: Uint8Array
  readonly status: string
}

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
  readonly environments: ReadonlyMap<number, string | null>
  readonly units: { readonly status: string; readonly text: string | null } | null
  readonly keys: ReadonlyMap<string, Derived | CollectFailure>
  readonly versions: ReadonlyMap<number, string>
  readonly commands: ReadonlyMap<number, Derived | CollectFailure>
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
    environments: new Map(),
    units: null,
    keys: new Map(),
    versions: new Map(),
    commands: new Map(),
    pathLimit: false,
  }
}
