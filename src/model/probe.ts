import type { PathClass } from './component.ts'

/** One thing a node is asked. The planner merges probes of all selected checks into one script. */
export type Probe =
  /** One path: stat, and whatever its class allows. `unit` and `environment` files are read, never followed. */
  | {
      readonly kind: 'path'
      readonly path: string
      readonly holds: PathClass | 'unit' | 'environment' | 'text'
    }
  /** Every match of a shell pattern, asked as `path`. The directory's names become evidence too. */
  | {
      readonly kind: 'glob'
      readonly pattern: string
      readonly holds: PathClass | 'unit' | 'environment' | 'text'
    }
  /** A directory tree: names, stat of everything, PEM kinds of every file; certificates in it are read. */
  | { readonly kind: 'tree'; readonly path: string; readonly depth: number }
  /** Kernel files (/proc, /sys), read as text; no stat. May hold `*`. */
  | { readonly kind: 'kernel'; readonly pattern: string }
  /** Processes whose kernel name is one of `comms` and whose argv[0] base name is one of `binaries`. */
  | {
      readonly kind: 'process'
      readonly name: string
      readonly binaries: readonly string[]
      /** Environment variables to bring back, `*` at the end allowed. */
      readonly env: readonly string[]
      /** Run the binary with this argument to learn its version, when that is safe. */
      readonly versionArgument?: string
      /** Bring back what it logged when it started: it hides its arguments and runs others inside itself (k3s). */
      readonly startLog?: true
    }
  | { readonly kind: 'unit'; readonly name: string }
  /** A fixed read-only command. Nothing from the node may be in argv. */
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  /** Every object of a resource of the API: `apps/v1/deployments`. Asked of a cluster, not of a node. */
  | { readonly kind: 'list'; readonly resource: string }
  /** One question to the API server: `GET /version`, `anonymous GET /api`. Asked of a cluster, not of a node. */
  | { readonly kind: 'answer'; readonly question: string }
