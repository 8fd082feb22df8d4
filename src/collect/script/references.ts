/**
 * sed program that lists `name /path` for every name with a path in YAML, JSON or TOML, and `+ /path` for
 * further entries of a list. A path may count from the directory of its file: `name ./path`. Input has one
 * item a line: braces and commas were made newlines. The lines that part the files stay.
 */
export const referencesProgram: string = [
  '/^khard:[0-9a-f]* ~$/{p;d;}',
  's/K=$//',
  String.raw`s/^[[:space:]"'[]*- *\(["'[]\{0,1\}\)/\1/`,
  // Forgets that the first one matched: what follows only asks about itself.
  't own',
  ':own',
  String.raw`s/^[[:space:]"'[]*\([A-Za-z-][A-Za-z0-9_.-]*\)["']*[[:space:]]*[:=][[:space:]]*[["' ]*\(unix:\/\/\)\{0,1\}\(\/[^"',[:space:]]*\).*$/\1 \3/p`,
  't',
  String.raw`s/^[[:space:]"'[]*\(\/[^"',[:space:]]*\).*$/+ \1/p`,
  't',
  // certificate-authority, client-certificate, client-key; not what ends in -data.
  String.raw`s/^[[:space:]"'[]*\(c[el][a-z]*-[ack][a-z]*\)["']*[[:space:]]*[:=][[:space:]]*["' ]*\([^]/"'#|>&*![,[:space:]][^"',[:space:]]*\).*$/\1 .\/\2/p`,
  't',
  // Plugins of an AdmissionConfiguration keep theirs in a file that may be named the same way.
  String.raw`s/^[[:space:]"'[]*path["']*[[:space:]]*[:=][[:space:]]*["' ]*\([A-Za-z0-9_.][^"',[:space:]]*\).*$/path .\/\1/p`,
  't',
  // A name without a value on its line: entries below it belong to it.
  String.raw`s/^[[:space:]"'[]*\([A-Za-z-][A-Za-z0-9_.-]*\)["']*[[:space:]]*[:=][["' ]*$/\1 -/p`,
].join('\n')

/** What tells that systemd runs the machine (sd_booted), and where its units are. */
export interface Systemd {
  /** A directory that is there only then. */
  readonly mark: string
  /** Where it finds units (systemd.unit(5)), and the control groups of those that run. */
  readonly unitPlaces: readonly string[]
}

export const standardSystemd: Systemd = {
  mark: '/run/systemd/system',
  unitPlaces: [
    '/etc/systemd/system.control',
    '/run/systemd/system.control',
    '/run/systemd/transient',
    '/run/systemd/generator.early',
    '/etc/systemd/system',
    '/etc/systemd/system.attached',
    '/run/systemd/system',
    '/run/systemd/system.attached',
    '/run/systemd/generator',
    '/usr/local/lib/systemd/system',
    '/usr/lib/systemd/system',
    '/lib/systemd/system',
    '/run/systemd/generator.late',
    '/sys/fs/cgroup/system.slice',
    '/sys/fs/cgroup/systemd/system.slice',
    '/sys/fs/cgroup/unified/system.slice',
  ],
}

/** Properties asked of every unit; never `Environment`, which may hold secrets. */
export const unitProperties: readonly string[] = [
  'Id',
  'Names',
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'DropInPaths',
  'SourcePath',
  'NeedDaemonReload',
  'Type',
  'KillMode',
  'Delegate',
  'DelegateControllers',
  'LimitNOFILE',
  'LimitNOFILESoft',
  'LimitNPROC',
  'LimitCORE',
  'TasksMax',
  'Restart',
  'RestartUSec',
  'TimeoutStartUSec',
  'OOMPolicy',
  'OOMScoreAdjust',
  'User',
  'Group',
  'MainPID',
  'ExecMainStartTimestamp',
  'StateChangeTimestamp',
  'ControlGroup',
  'IPAddressAllow',
  'IPAddressDeny',
  'Slice',
  'EnvironmentFiles',
  'ExecStart',
  'StartLimitIntervalUSec',
]
