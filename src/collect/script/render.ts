import { createHash } from 'node:crypto'
import type { CollectionPlan } from '../plan.ts'
import { redactProgram } from '../redact.ts'
import { follow } from './follow.ts'
import { paths } from './paths.ts'
import { closing, prelude } from './prelude.ts'
import { processes, systemInits } from './processes.ts'
import { programs } from './programs.ts'
import { referencesProgram, type Systemd, standardSystemd, unitProperties } from './references.ts'
import { quote, quoteLines } from './sh.ts'
import { fileFilter, journalFilter, startLog } from './start-log.ts'

export interface ScriptOptions {
  /** 32 hexadecimal digits made for this run; what the node prints under it is the script's own word. */
  readonly nonce: string
  /** Directory of an image; everything is looked up below it and nothing that runs is asked. */
  readonly root?: string
  /** Where tools are looked for. */
  readonly toolDirectories?: readonly string[]
  /** Where systemd shows itself and keeps its units. */
  readonly systemd?: Systemd
}

const standardDirectories = [
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/run/current-system/sw/bin',
]

function kernelNames(plan: CollectionPlan): readonly string[] {
  return [
    ...new Set(plan.processes.flatMap(({ binaries }) => binaries.map((binary) => binary.slice(0, 15)))),
  ].sort()
}

function logNames(plan: CollectionPlan): readonly string[] {
  return plan.processes.flatMap(({ binaries, startLog }) =>
    startLog === true ? binaries.map((binary) => binary.slice(0, 15)) : [],
  )
}

function constants(plan: CollectionPlan, options: ScriptOptions): string {
  const names = kernelNames(plan)
  const variables = [...new Set(plan.processes.flatMap((probe) => probe.env))].sort()
  const wanted = variables.flatMap((name) => [
    '-e',
    name.endsWith('*') ? `/^${name.slice(0, -1)}/p` : `/^${name}=/p`,
  ])
  return [
    '# Fixed for this run.',
    `NONCE=${quote(options.nonce)}`,
    `ROOT=${quote(options.root?.replace(/\/+$/, '') ?? '')}`,
    `TOOL_DIRS=${quoteLines(options.toolDirectories ?? standardDirectories)}`,
    '',
    '# Kernel names of the processes asked for, and the only environment variables that leave the node.',
    `COMM_NAMES=${quoteLines(names)}`,
    `COMMS=${quoteLines(names.flatMap((name) => ['-e', name]))}`,
    `ENV_SED=${quoteLines(wanted)}`,
    '# What a whole node inside a container starts with; a container of this node starts with its own program.',
    `SYSTEM_INITS=${quoteLines(systemInits)}`,
    '',
    '# Programs that only say in their log what they run, and the lines of it that say so.',
    `LOG_NAMES=${quoteLines(logNames(plan))}`,
    `JOURNAL_FILTER=${quoteLines(journalFilter.flatMap((line) => ['-e', line]))}`,
    `FILE_FILTER=${quoteLines(fileFilter.flatMap((line) => ['-e', line]))}`,
    '',
    '# systemd units, and what is asked of them where systemd runs the machine.',
    `SYSTEMD=${quote((options.systemd ?? standardSystemd).mark)}`,
    `UNITS=${quoteLines(plan.units)}`,
    `UNIT_PLACES=${quoteLines((options.systemd ?? standardSystemd).unitPlaces)}`,
    `UNIT_PROPERTIES=${quoteLines(unitProperties.flatMap((name) => ['-p', name]))}`,
    '',
    '# The filter everything passes: private keys, tokens and passwords become <redacted>.',
    `REDACT=${quote(redactProgram)}`,
    '',
    '# Finds "name /path" in configuration files.',
    `REFERENCES=${quote(referencesProgram)}`,
    '',
  ].join('\n')
}

/** `case` tables: which settings name paths, and how a program is asked for its version. */
function tables(plan: CollectionPlan): string {
  const byClass = new Map<string, string[]>()
  for (const { name, holds } of plan.follow) byClass.set(holds, [...(byClass.get(holds) ?? []), name])
  const classes = [...byClass].map(
    ([holds, names]) => `    ${names.map(quote).join(' | \\\n      ')})\n      class=${holds} ;;`,
  )
  const versions = plan.processes.flatMap(({ binaries, versionArgument }) =>
    versionArgument === undefined
      ? []
      : [
          `    ${binaries.map((binary) => quote(binary.slice(0, 15))).join(' | ')}) argument=${quote(versionArgument)} ;;`,
        ],
  )
  return [
    '# Settings that name a path, and what is there. Other names are not followed.',
    'class_of() {',
    '  class=',
    '  case $1 in',
    ...classes,
    '  esac',
    '}',
    '',
    'version_argument() {',
    '  argument=',
    ...(versions.length === 0 ? [] : ['  case $1 in', ...versions, '  esac']),
    '}',
    '',
    'choose_commands() {',
    '  :',
    ...plan.commands.map((argv, index) => `  choose_command ${index} ${argv.map(quote).join(' ')}`),
    '}',
    '',
  ].join('\n')
}

/** Splits a pattern into its fixed directory and the rest. */
function splitPattern(pattern: string): readonly [string, string] {
  const special = pattern.search(/[*?[]/)
  const cut = pattern.lastIndexOf('/', special === -1 ? pattern.length : special)
  return [pattern.slice(0, cut) || '/', pattern.slice(cut + 1)]
}

/** Programs that keep everything below one directory. */
const dataDirectories = [
  { program: 'k3s', usual: '/var/lib/rancher/k3s' },
  { program: 'rke2', usual: '/var/lib/rancher/rke2' },
] as const

/** The questions below such a directory, to be asked again below another. */
function elsewhere(plan: CollectionPlan): string {
  return dataDirectories
    .flatMap(({ program, usual }) => {
      const below = (path: string): string => `"$1"${quote(path.slice(usual.length))}`
      const isBelow = (path: string): boolean => path === usual || path.startsWith(`${usual}/`)
      const globs = plan.globs.filter(({ pattern }) => isBelow(pattern))
      return [
        `below_${program}() {`,
        '  :',
        ...plan.paths
          .filter(({ path }) => isBelow(path))
          .map(({ path, holds }) => `  ask ${holds} ${below(path)}`),
        ...globs.map(({ pattern, holds }) => {
          const [directory, rest] = splitPattern(pattern)
          return `  ask_pattern ${holds} ${below(directory)} ${quote(rest)}`
        }),
        ...plan.trees
          .filter(({ path }) => isBelow(path))
          .map(({ path, depth }) => `  trees="\${trees}${depth} "${below(path)}"$nl"`),
        '}',
        '',
      ]
    })
    .join('\n')
}

/** The questions themselves, in order. */
function questions(plan: CollectionPlan, offline: boolean): string {
  const globs = plan.globs.map(
    ({ pattern, holds }) => `  ask_pattern ${holds} ${splitPattern(pattern).map(quote).join(' ')}`,
  )
  const live = offline
    ? []
    : [
        ...(plan.processes.length === 0 ? [] : ['  find_processes']),
        '  ask_programs',
        ...plan.kernel.map((pattern) => `  ask_kernel ${quote(pattern)}`),
      ]
  return [
    '# Everything this machine is asked.',
    'look() {',
    '  asked=$nl stats=$nl texts=$nl pems=$nl certificates=$nl publics=$nl listed=$nl walked=$nl referred=$nl',
    '  kubeconfigs=$nl settled=$nl todo= links= keys= embedded= trees= kernels= pids= pid= programs= count=0',
    '  host_mounts=/proc/1/ns/mnt host_pids=/proc/1/ns/pid',
    '  [ -e "$host_mounts" ] || host_mounts=/proc/self/ns/mnt',
    '  [ -e "$host_pids" ] || host_pids=/proc/self/ns/pid',
    ...(offline ? [] : ['  say "host $host"']),
    ...live,
    ...plan.paths.map(({ path, holds }) => `  probe ${holds} ${quote(path)}`),
    ...globs,
    ...dataDirectories.map(({ program, usual }) => `  look_below ${program} ${usual} below_${program}`),
    '  follow_files',
    ...plan.trees.map(({ path, depth }) => `  walk ${depth} ${quote(path)}`),
    '  for tree in $trees; do walk "${tree%% *}" "${tree#* }"; done',
    '  resolve_links',
    '  read_files',
    '  derive_keys',
    "  say 'complete'",
    "  printf '\\n'",
    '}',
    '',
  ].join('\n')
}

/**
 * The node script for `sh -s`: the same for every carrier, readable, and read-only. With `root` it looks at
 * an image instead of the running machine.
 */
export function renderScript(plan: CollectionPlan, options: ScriptOptions): string {
  const offline = options.root !== undefined
  return [
    constants(plan, options),
    prelude,
    paths,
    processes,
    programs,
    startLog,
    follow,
    tables(plan),
    elsewhere(plan),
    questions(plan, offline),
    closing,
  ].join('\n')
}

/** SHA-256 of the script without the word made up for a run: the same question, the same digest. */
export function scriptDigest(plan: CollectionPlan, root?: string): string {
  const script = renderScript(plan, { nonce: '', ...(root === undefined ? {} : { root: '/' }) })
  return `sha256:${createHash('sha256').update(script).digest('hex')}`
}
