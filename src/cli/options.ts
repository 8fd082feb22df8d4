import { type Command, InvalidArgumentError, Option } from 'commander'

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
}

export interface SelectionOptions {
  readonly profile?: readonly string[]
  readonly benchmark?: readonly string[]
  readonly level?: 1 | 2
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
}

export interface ReportingOptions {
  readonly output?: readonly string[]
  readonly show: 'failures' | 'all'
}

export interface GateOptions {
  readonly failOn?: 'none' | 'low' | 'medium' | 'high' | 'critical'
  readonly maxErrors?: number | 'any'
  readonly waivers?: readonly string[]
}

/** `--profile a --profile b`, and `KHARD_PROFILE=a,b`. */
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

/** An option that is also read from `KHARD_<NAME>`. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description)
  const name = made.attributeName().replace(/[A-Z]/g, (letter) => `_${letter}`)
  return made.env(`KHARD_${name.toUpperCase()}`)
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
  return command.addOption(
    option('--connect-timeout <time>', 'until a target lets us in').default(10, '10s').argParser(seconds),
  )
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
  return command.addOption(option('--skip <id>', 'not this control or check; repeatable').argParser(several))
}

export function addReportingOptions(command: Command): Command {
  command.addOption(
    option(
      '-o, --output <format[=file]>',
      'report format, to a file or standard output; repeatable',
    ).argParser(each),
  )
  return command.addOption(
    option('--show <what>', 'failures, or all findings (text)')
      .choices(['failures', 'all'])
      .default('failures'),
  )
}

export function addGateOptions(command: Command): Command {
  command.addOption(option('--waivers <file>', 'accepted findings; repeatable').argParser(each))
  command.addOption(
    option('--fail-on <severity>', 'lowest severity that fails the run (default: from the profile)').choices([
      'none',
      'low',
      'medium',
      'high',
      'critical',
    ]),
  )
  return command.addOption(
    option(
      '--max-errors <n|any>',
      'how many checks may be impossible to assess (default: from the profile, else 0)',
    ).argParser(maxErrors),
  )
}

/** `--at TIME`: ISO 8601, UTC when no zone is given. */
export function parseAt(value: string): number {
  const zoned = /(Z|[+-][0-9]{2}:?[0-9]{2})$/i.test(value) || !value.includes('T') ? value : `${value}Z`
  const moment = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$/.test(value) ? Date.parse(zoned) : Number.NaN
  if (Number.isNaN(moment))
    throw new InvalidArgumentError('It takes a time like 2026-03-01 or 2026-03-01T12:00:00Z.')
  return moment
}

export function addClockOption(command: Command): Command {
  return command.addOption(
    option('--at <time>', 'the moment expiry rules count from (default: now)').argParser(parseAt),
  )
}

export function addEvidenceOption(command: Command): Command {
  return command.addOption(option('--save-evidence <file>', 'keep the evidence as a bundle that replays'))
}
