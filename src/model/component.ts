import type { Scalar } from './evidence.ts'

/** What a path-valued setting points at; decides what the collector may do with it. */
export type PathClass =
  | 'certificate' // PEM with public certificates: read
  | 'private-key' // stat, and the public half derived on the node; never read
  | 'public-key' // PEM public key: read
  | 'kubeconfig' // read with secrets redacted, references followed
  | 'configuration' // read with secrets redacted, references followed
  | 'directory' // stat and names
  | 'data-directory' // names, and stat of what etcd keeps below it
  | 'drop-in-directory' // names, and every file read as configuration
  | 'manifest-directory' // names, and every file read as configuration
  | 'file' // stat only

export type SettingType = 'string' | 'boolean' | 'integer' | 'duration' | 'list' | 'map' | 'path'

/** A default that holds for some versions and start modes of a component. */
export interface SettingDefault {
  /** Kubernetes (or the component's own) version range, semver-like `>=1.29 <1.34`; all when absent. */
  readonly versions?: string
  /** Only when the component was started in this mode (see ComponentSpec.modes). */
  readonly mode?: string
  /** `null`: unset means the feature is off or empty; the setting is absent. */
  readonly value: Scalar | readonly string[] | null
  /** Where this default was read: file and symbol upstream. */
  readonly source: string
}

/** One setting of a component: flag, configuration key and environment variable of the same thing. */
export interface SettingSpec {
  /** Name in checks: the flag without dashes where there is one (`anonymous-auth`). */
  readonly name: string
  /** Flag names without dashes, newest first. Empty when there is no flag. */
  readonly flags: readonly string[]
  /** Dotted key path in the configuration file; absent when there is none. */
  readonly key?: string
  /** Environment variable, for components that read them (etcd). */
  readonly env?: string
  readonly type: SettingType
  /** How repeated flags merge: scalars take the last, lists append, maps merge key by key. */
  readonly repeats: 'last' | 'append' | 'merge'
  /** For type `path`, or lists of paths. */
  readonly holds?: PathClass
  /** In a configuration file this value means "use the default" (the kubelet's `0s`). */
  readonly zeroMeansDefault?: boolean
  /** Version ranges outside which the setting does not exist. */
  readonly versions?: string
  readonly defaults: readonly SettingDefault[]
}

/** What khard knows of one component (benchmarks/components/<id>.yaml). */
export interface ComponentSpec {
  readonly id: string
  readonly title: string
  /** Base names of its binary: what argv[0] must be. */
  readonly binaries: readonly string[]
  /** systemd units that run it, when it is a unit. */
  readonly units: readonly string[]
  /** Static pod manifest names without suffix, and the container that is the component. */
  readonly staticPod?: {
    readonly manifest: string
    readonly container: string
    /** Programs that start it as their child in the same container (kOps: etcd-manager starts etcd). */
    readonly launchers?: readonly string[]
  }
  /** Setting that names the main configuration file, and the drop-in directory setting. */
  readonly configuration?: {
    readonly setting: string
    readonly dropInSetting?: string
    /** `apiVersion` group prefix and `kind` the file must have; absent for formats without (etcd, containerd). */
    readonly kind?: string
    readonly format: 'yaml' | 'toml'
    /** Which wins: flags over file (kubelet), file over flags (kube-proxy, kube-scheduler), or file alone (etcd). */
    readonly precedence: 'flags-over-file' | 'file-over-flags' | 'file-only'
    /** Flags that still count although the file wins. */
    readonly flagsKept?: readonly string[]
    /** Path used when the setting is not given (containerd). */
    readonly defaultPath?: string
    /** Drop-in directory used when its setting is not given; it need not be there (CRI-O). */
    readonly dropInDefaultPath?: string
    /** Which files of the drop-in directory count: the end of their names; `.conf` when not said, `*` all. */
    readonly dropInSuffix?: string
    /** Formats whose tables move from version to version, and that import further files. */
    readonly layout?: 'containerd'
  }
  /** True when environment variables named in settings count, below flags. */
  readonly readsEnvironment: boolean
  /** Start modes in which defaults differ, e.g. kubelet `config` and `flags`. */
  readonly modes: readonly string[]
  readonly settings: readonly SettingSpec[]
}

/** How a component is started on a node. */
export type StartedAs = 'static-pod' | 'unit' | 'container' | 'process' | 'embedded'
