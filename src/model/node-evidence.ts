import type { CollectFailure } from './evidence.ts'
import type { Json } from './finding.ts'

/** What a raw item shows when it could not be looked at, or was looked for and is not there. */
export type RawState<T> =
  | ({ readonly state: 'observed' } & T)
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: CollectFailure; readonly detail?: string }

export type FileType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'socket'
  | 'fifo'
  | 'block'
  | 'character'
  | 'unknown'

/** `stat` of one path, following symbolic links; ids are numbers, names come from the node's passwd. */
export interface FileStat {
  readonly type: FileType
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** Modification time, seconds since 1970. */
  readonly mtime: number
  /** SELinux label, when the node's kernel has SELinux. */
  readonly selinux?: string
  /** Final target, when the path itself is a symbolic link. */
  readonly target?: string
}

/** One path on the node: `file:/etc/kubernetes/admin.conf`. */
export type RawFile = { readonly kind: 'file'; readonly id: string; readonly path: string } & RawState<{
  readonly stat: FileStat
  /** PEM block kinds the collector saw in it (keys are seen, never read). */
  readonly holds?: readonly ('certificate' | 'private-key')[]
}>

/**
 * The bytes of one path, as UTF-8 text: `content:/var/lib/kubelet/config.yaml`. Secrets were replaced by
 * `<redacted>` on the node. Kernel files (/proc, /sys) have a content item and no file item.
 */
export type RawContent = { readonly kind: 'content'; readonly id: string; readonly path: string } & RawState<{
  readonly text: string
  /** True when the node replaced a secret in it. */
  readonly redacted?: boolean
}>

/** The names in a directory, sorted: `directory:/etc/kubernetes/manifests`. */
export type RawDirectory = {
  readonly kind: 'directory'
  readonly id: string
  readonly path: string
} & RawState<{
  /** Full paths. With `recursive`, everything below. */
  readonly entries: readonly string[]
  readonly recursive?: boolean
}>

/** The process table as a whole: `processes`. Observed means: every process of the names asked for is an item. */
export type RawProcesses = { readonly kind: 'processes'; readonly id: 'processes' } & RawState<{
  readonly pids: readonly number[]
}>

/** Lines a process logged when it started. Whole lines, oldest first; only those that name what it runs. */
export type RawStartLog =
  | {
      readonly state: 'observed'
      /** `journal`, or the path of the log file. */
      readonly from: string
      readonly lines: readonly string[]
      /** True when not all of its log was looked at. */
      readonly cut?: true
    }
  | { readonly state: 'unavailable'; readonly reason: CollectFailure; readonly detail?: string }

/** One process of interest: `process:1234`. */
export type RawProcess = {
  readonly kind: 'process'
  readonly id: string
  readonly pid: number
  /** What it is, where that much is known of one that is unavailable. */
  readonly name?: string
} & RawState<{
  /** Kernel name (`comm`), at most 15 characters. */
  readonly comm: string
  /** What the name matched: the component or service asked for. */
  readonly name: string
  readonly argv: readonly string[]
  /** Selected variables only, secrets redacted; unavailable when the environment may not be read. */
  readonly env: { readonly [name: string]: string } | null
  readonly uid: number
  /** Seconds since 1970. */
  readonly startedAt: number | null
  /** Line of /proc/PID/cgroup that names a container, else line `0::`, else the first (cgroup v1). */
  readonly cgroup: string
  /** True when the process sees another file system than the collector: a container. */
  readonly contained: boolean
  /** True when it belongs to another node that lives in a container of this one (kind, nspawn, lxc). */
  readonly nested?: boolean
  /** What `--version` of its binary printed, where the collector may safely run it. */
  readonly version?: string
  /** What it said when it started, where that was asked. */
  readonly startLog?: RawStartLog
}>

/** Properties of one systemd unit as `systemctl show` prints them: `unit:kubelet.service`. Not loaded = absent. */
export type RawUnit = { readonly kind: 'unit'; readonly id: string; readonly name: string } & RawState<{
  readonly properties: { readonly [name: string]: string }
}>

/** Public half of a private key, derived on the node: `key:/etc/kubernetes/pki/apiserver.key`. */
export type RawKey = { readonly kind: 'key'; readonly id: string; readonly path: string } & RawState<{
  /** PEM `PUBLIC KEY`. */
  readonly publicKey: string
}>

/** Output of one read-only command: `command:iptables --version`. */
export type RawCommand = {
  readonly kind: 'command'
  readonly id: string
  readonly argv: readonly string[]
} & RawState<{
  readonly text: string
  readonly exitCode: number
}>

/**
 * Every object of one resource, each cut down to what checks look at: `list:apps/v1/deployments`. Observed means
 * all of them: a list that broke off is unavailable. Absent: the server does not serve the resource.
 */
export type RawList = { readonly kind: 'list'; readonly id: string; readonly resource: string } & RawState<{
  readonly objects: readonly Json[]
  /** How many objects the server sent; several may be one entry of `objects`. */
  readonly count: number
}>

/** What the API server answered to one question: `answer:GET /version`, `answer:anonymous GET /api`. */
export type RawAnswer = {
  readonly kind: 'answer'
  readonly id: string
  readonly question: string
} & RawState<{
  /** HTTP status. */
  readonly status: number
  /** Cut down to what checks look at; null where the status says it all. */
  readonly body: Json
}>

export type RawItem =
  | RawFile
  | RawContent
  | RawDirectory
  | RawProcesses
  | RawProcess
  | RawUnit
  | RawKey
  | RawCommand
  | RawList
  | RawAnswer

/** How a target was reached; part of the evidence. */
export type CarrierKind = 'local' | 'root' | 'ssh2' | 'openssh' | 'api'

/** Everything one collection brought back from one target. Plain data; the bundle stores exactly this. */
export interface NodeEvidence {
  /** What the person called the target: `local`, `ssh://cp-1`, `root:/mnt`. */
  readonly target: string
  /** Short name for reports: the node's host name, or the target when it is not known. */
  readonly name: string
  readonly carrier: CarrierKind
  /** `cluster`: the objects of a cluster, asked of its API server. A node when absent. */
  readonly about?: 'cluster'
  /** True when nothing runs there: an image or a rootfs. */
  readonly offline: boolean
  /** UTC, ISO 8601, by the collecting machine's clock. */
  readonly collectedAt: string
  /** The node's own clock at the start, seconds since 1970; null when it was not sent. */
  readonly nodeClock: number | null
  /** When `nodeClock` was read: between these two, milliseconds after `collectedAt`. */
  readonly clockRead?: { readonly fromMs: number; readonly toMs: number }
  /** Effective user id of the collector on the node; null when it was not sent. */
  readonly uid: number | null
  /** SHA-256 of the script that ran, without the nonce. */
  readonly scriptDigest: string
  /** Whether the script reached its end; anything it did not send is unavailable for this reason. */
  readonly end: 'complete' | CollectFailure
  readonly endDetail?: string
  /** Sorted by id. */
  readonly items: readonly RawItem[]
}

/** Index of a node's raw items. Asking for what was never collected answers `not-collected`, never absent. */
export interface NodeView {
  readonly evidence: NodeEvidence
  file(path: string): RawFile
  content(path: string): RawContent
  directory(path: string): RawDirectory
  processes(): RawProcesses
  /** This node's own processes of one name, in pid order. Only meaningful when `processes()` is observed. */
  processesNamed(name: string): readonly Extract<RawProcess, { state: 'observed' }>[]
  unit(name: string): RawUnit
  key(path: string): RawKey
  command(argv: readonly string[]): RawCommand
  /** Objects of a resource: `apps/v1/deployments`. */
  list(resource: string): RawList
  /** What the API server answered: `GET /version`. */
  answer(question: string): RawAnswer
  /** Every item of a kind, in id order. */
  all<K extends RawItem['kind']>(kind: K): readonly Extract<RawItem, { kind: K }>[]
}
