import { type Command, InvalidArgumentError, Option } from 'commander'
import { distributionNames } from '../facts/node/signals.ts'

/** What every command takes. */
export interface GlobalOptions {
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly color: boolean
  readonly config?: string
  readonly content?: readonly string[]
}

export interface TargetOptions {
  readonly inventory?: string
  readonly sshClient: 'ssh2' | 'openssh'
  readonly sshConfig?: string
  readonly sudo?: boolean
  readonly concurrency: number
  readonly timeout: number
  readonly connectTimeout: number
  /** The cluster of a kubeconfig is a target as well. */
  readonly cluster?: boolean
  readonly kubeconfig?: string
  readonly context?: string
}

export interface SelectionOptions {
  readonly profile?: readonly string[]
  readonly benchmark?: readonly string[]
  readonly level?: 1 | 2
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly tailoring?: readonly string[]
}

export interface ReportingOptions {
  readonly output?: readonly string[]
  readonly show: 'failures' | 'all'
}

export interface GateOptions {
  readonly failOn?: 'none' | 'low' | 'medium' | 'high' | 'critical'
  readonly maxErrors?: number | 'any'
  readonly waivers?: readonly string[]
  readonly baseline?: string
}

export interface DiffOptions extends ReportingOptions {
  readonly failOnNew?: 'none' | 'low' | 'medium' | 'high' | 'critical'
}

/** `--profile a --profile b`, and `--profile a,b`. */
function several(value: string, earlier: readonly string[] | undefined): readonly string[] {
  const values = value.split(',').filter((part) => part !== '')
  return [...(earlier ?? []), ...values]
}

/** One per use: formats may hold commas in file names. */
function each(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value]
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!/^[0-9]+$/.test(value) || number < least || number > most)
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`)
    return number
  }
}

function seconds(value: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)?$/.exec(value)
  const unit = { ms: 0.001, s: 1, m: 60, h: 3600 }[match?.[2] ?? 's'] ?? 1
  const result = Number(match?.[1]) * unit
  if (!match || result <= 0 || result > 86_400)
    throw new InvalidArgumentError('It takes seconds, or a time like 90s or 5m.')
  return result
}

function maxErrors(value: string): number | 'any' {
  return value === 'any' ? 'any' : wholeNumber(0, 1_000_000)(value)
}

function level(value: string): 1 | 2 {
  if (value !== '1' && value !== '2') throw new InvalidArgumentError('It takes 1 or 2.')
  return value === '1' ? 1 : 2
}

/** An option that its environment variable and khard.yaml set as well. */
export class SettableOption extends Option {
  /** `KHARD_FAIL_ON` for `--fail-on`, `KHARD_COLOR` for `--no-color`. */
  readonly variable: string

  constructor(flags: string, description: string) {
    super(flags, description)
    const name = this.attributeName().replace(/[A-Z]/g, (letter) => `_${letter}`)
    this.variable = `KHARD_${name.toUpperCase()}`
  }

  /** True when it may be given several times. */
  isRepeatable(): boolean {
    return this.parseArg === several || this.parseArg === each
  }
}

function option(flags: string, description: string): SettableOption {
  return new SettableOption(flags, description)
}

export function addGlobalOptions(command: Command): Command {
  command.addOption(option('-q, --quiet', 'say nothing but results and errors'))
  command.addOption(option('-v, --verbose', 'say what is being done, and how long it took'))
  command.addOption(option('--no-color', 'plain text (NO_COLOR is honoured as well)'))
  command.addOption(option('--config <file>', 'options from this file (default: nearest khard.yaml)'))
  return command.addOption(
    option('--content <dir>', 'your own checks, benchmarks and profiles; repeatable').argParser(each),
  )
}

export function addTargetOptions(command: Command): Command {
  command.addOption(
    option('--inventory <file>', 'targets from a file: ours, or an Ansible inventory (YAML or INI)'),
  )
  command.addOption(
    option('--ssh-client <client>', 'ssh2 (built in) or openssh (the system’s ssh)')
      .choices(['ssh2', 'openssh'])
      .default('ssh2'),
  )
  command.addOption(option('--ssh-config <file>', 'SSH client configuration (default: ~/.ssh/config)'))
  command.addOption(
    option('--sudo', 'become root on the target; KHARD_SUDO_PASSWORD, a prompt, or no password'),
  )
  command.addOption(
    option('--concurrency <n>', 'targets at a time').default(20).argParser(wholeNumber(1, 500)),
  )
  command.addOption(
    option('--timeout <time>', 'for one target, all in all').default(60, '60s').argParser(seconds),
  )
  command.addOption(
    option('--connect-timeout <time>', 'until a target lets us in').default(10, '10s').argParser(seconds),
  )
  command.addOption(option('--cluster', 'the cluster as its API server shows it'))
  command.addOption(
    option('--kubeconfig <file>', 'how to reach it (default: KUBECONFIG, ~/.kube/config, the pod’s account)'),
  )
  return command.addOption(option('--context <name>', 'context of the kubeconfig (default: its current one)'))
}

export function addSelectionOptions(command: Command): Command {
  command.addOption(
    option(
      '--profile <id|file>',
      'profile; repeatable (default: chosen from what is found, and said)',
    ).argParser(several),
  )
  command.addOption(
    option('--benchmark <id>', 'only controls of this benchmark; repeatable').argParser(several),
  )
  command.addOption(option('--level <level>', 'highest level: 1 or 2').argParser(level))
  command.addOption(option('--only <id>', 'only this control or check; repeatable').argParser(several))
  command.addOption(option('--skip <id>', 'not this control or check; repeatable').argParser(several))
  return command.addOption(
    option('--tailoring <file>', 'what this site changes in the profile, with reasons; repeatable').argParser(
      each,
    ),
  )
}

export function addDistributionOption(command: Command): Command {
  return command.addOption(
    option('--distribution <id>', 'what every node is taken for, in place of what is found').choices(
      distributionNames,
    ),
  )
}

export function addReportingOptions(command: Command): Command {
  command.addOption(
    option(
      '-o, --output <format[=file]>',
      'report format, to a file or standard output; repeatable',
    ).argParser(each),
  )
  return addShowOption(command)
}

function addShowOption(command: Command): Command {
  return command.addOption(
    option('--show <what>', 'failures, or all findings (text)')
      .choices(['failures', 'all'])
      .default('failures'),
  )
}

const thresholds = ['none', 'low', 'medium', 'high', 'critical'] as const

/** `--fail-on-new OLD NEW` takes OLD for the severity: what was meant is said. */
function newThreshold(value: string): string {
  if (thresholds.some((one) => one === value)) return value
  throw new InvalidArgumentError(
    `It takes ${thresholds.join(', ')}; without a severity, write it after the files.`,
  )
}

export function addDiffOptions(command: Command): Command {
  // For the command line alone: the file that audits write their result to must not become the comparison.
  command.addOption(
    new Option(
      '-o, --output <format[=file]>',
      'text or json, to a file or standard output; repeatable',
    ).argParser(each),
  )
  command.addOption(
    option(
      '--fail-on-new [severity]',
      'exit 1 for what newly fails at this severity or above, or went missing',
    )
      .choices(thresholds)
      .argParser(newThreshold)
      .preset('high'),
  )
  return addShowOption(command)
}

export function addGateOptions(command: Command): Command {
  command.addOption(option('--waivers <file>', 'accepted findings; repeatable').argParser(each))
  command.addOption(
    option('--fail-on <severity>', 'lowest severity that fails the run (default: from the profile)').choices(
      thresholds,
    ),
  )
  command.addOption(
    option('--baseline <result.json>', 'an earlier result: what it has already does not fail the run'),
  )
  return command.addOption(
    option(
      '--max-errors <n|any>',
      'how many checks may be impossible to assess (default: from the profile, else 0)',
    ).argParser(maxErrors),
  )
}

const moment =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$/i

/** `--at TIME`: ISO 8601, UTC when no zone is given. Answers milliseconds since 1970. */
export function parseAt(value: string): number {
  const [, year = '', month = '', day = '', time, , , zone] = moment.exec(value) ?? []
  const parsed = Date.parse(time === undefined || zone !== undefined ? value : `${value}Z`)
  if (year === '' || Number.isNaN(parsed))
    throw new InvalidArgumentError('It takes a time like 2026-03-01 or 2026-03-01T12:00:00Z.')
  // Date reads 30 February as 2 March.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day))
    throw new InvalidArgumentError(`There is no day ${year}-${month}-${day} in the calendar.`)
  return parsed
}

export function addClockOption(command: Command): Command {
  return command.addOption(
    option('--at <time>', 'the moment expiry rules count from (default: now)').argParser(parseAt),
  )
}

export function addEvidenceOption(command: Command): Command {
  return command.addOption(option('--save-evidence <file>', 'keep the evidence as a bundle that replays'))
}
