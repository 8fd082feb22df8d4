import type { ComponentSpec, SettingSpec } from '../../model/component.ts'
import type { Provenance } from '../../model/evidence.ts'
import { type Parsed, parsed, unparsable } from '../text/document.ts'

/** One word of a command line and where it is written; undefined place: the process itself. */
export interface Argument {
  readonly text: string
  readonly at?: Provenance
}

/** One use of a flag. */
export interface FlagUse {
  /** Without dashes, as the component normalises it. */
  readonly flag: string
  readonly value: string
  readonly setting: SettingSpec | undefined
  readonly at: Provenance | undefined
}

/** The arguments of a component, in order. */
export interface CommandLine {
  readonly program: string
  readonly uses: readonly FlagUse[]
  readonly positional: readonly string[]
}

const shells = ['sh', 'bash', 'dash', 'ash', 'busybox']

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/**
 * Where the component's own command line begins. `go-runner --log-file=x /usr/local/bin/kube-apiserver --a` begins
 * at the component, `hyperkube kubelet` at the subcommand; a shell's `-c` text is not taken apart. A path that only
 * ends in the name (`tail /var/log/kube-apiserver`) is no start. -1: these words do not run the component.
 */
function startOf(words: readonly Argument[], spec: ComponentSpec): number {
  const first = baseName(words[0]?.text ?? '')
  if (spec.binaries.includes(first)) return 0
  if (first === 'hyperkube' && spec.binaries.includes(words[1]?.text ?? '')) return 1
  return words.findIndex(
    ({ text }, index) =>
      index > 0 &&
      /\/s?bin\/[^/]+$/.test(text) &&
      text.startsWith('/') &&
      spec.binaries.includes(baseName(text)),
  )
}

/** The component's own arguments, without what wraps it. */
export function ownWords(words: readonly Argument[], spec: ComponentSpec): readonly Argument[] {
  return words.slice(Math.max(0, startOf(words, spec)) + 1)
}

function isShell(words: readonly Argument[]): boolean {
  return shells.includes(baseName(words[0]?.text ?? '')) && words.some((word) => /^-[a-z]*c$/.test(word.text))
}

/** True when these words start the component, whatever file they stand in. */
export function runsComponent(words: readonly Argument[], spec: ComponentSpec): boolean {
  if (!isShell(words)) return startOf(words, spec) >= 0
  return words.some((word) =>
    word.text.split(/[\s;&|]+/).some((part) => spec.binaries.includes(baseName(part))),
  )
}

/** True when these words start a program that starts the component in turn. */
export function launches(words: readonly Argument[], spec: ComponentSpec): boolean {
  const programs = spec.staticPod?.launchers ?? []
  return words.some(({ text }) =>
    text.split(/[\s;&|]+/).some((part) => programs.includes(baseName(part)) && !part.startsWith('-')),
  )
}

/**
 * Go's own flag package (etcd, containerd) takes one dash or two and ends at the first plain word;
 * the Kubernetes components use pflag: two dashes, plain words anywhere, `_` reads as `-`.
 */
function usesGoFlags(spec: ComponentSpec): boolean {
  return spec.configuration?.format === 'toml' || spec.configuration?.precedence === 'file-only'
}

/** Reads a command line with the component's own knowledge of which flags take a value. */
export function parseCommandLine(words: readonly Argument[], spec: ComponentSpec): Parsed<CommandLine> {
  if (isShell(words))
    return unparsable('a shell script starts it; its arguments cannot be told from the outside')
  const start = startOf(words, spec)
  const program = words[start]
  if (program === undefined) return unparsable(`this command line does not run ${spec.id}`)
  const byFlag = new Map(spec.settings.flatMap((setting) => setting.flags.map((flag) => [flag, setting])))
  const isGo = usesGoFlags(spec)
  const uses: FlagUse[] = []
  const positional: string[] = []
  const isFlag = isGo
    ? /^--?[^=-]/
    : new RegExp(`^(?:--[^=]|-(?:${['v', ...shorthands(spec)].join('|')})(?:=|$))`)
  const left = words
    .slice(start + 1)
    .map((word) => (isGo ? word : { ...word, text: withEquals(word.text, byFlag) }))
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word.text === '--') {
      positional.push(...left.map((rest) => rest.text))
      break
    }
    if (!isFlag.test(word.text)) {
      positional.push(word.text)
      if (isGo && !word.text.startsWith('-')) break
      continue
    }
    const { name, given } = splitFlag(word.text)
    const flag = isGo ? name : name.replaceAll('_', '-')
    const setting = byFlag.get(flag)
    const [next] = left
    const takesNext = given === undefined && next !== undefined && takesNextWord(setting, next.text)
    if (takesNext) left.shift()
    uses.push({ flag, setting, value: given ?? (takesNext ? next.text : 'true'), at: word.at })
  }
  return parsed({ program: program.text, uses, positional })
}

/** Flags of one letter, which pflag takes with one dash (`dockerd -H fd://`). */
function shorthands(spec: ComponentSpec): readonly string[] {
  return spec.settings.flatMap((setting) => setting.flags.filter((flag) => /^[A-Za-z]$/.test(flag)))
}

/** A letter and its value may stand in one word (`-Htcp://…`); written with the sign that pflag takes as well. */
function withEquals(word: string, byFlag: ReadonlyMap<string, SettingSpec>): string {
  const [, letter = '', value] = /^-([A-Za-z])([^=][\s\S]*)$/.exec(word) ?? []
  const setting = byFlag.get(letter)
  return setting === undefined || setting.type === 'boolean' ? word : `-${letter}=${value}`
}

/** `--name=value` or `-name`, without its dashes. */
function splitFlag(word: string): { readonly name: string; readonly given: string | undefined } {
  const body = word.replace(/^--?/, '')
  const equals = body.indexOf('=')
  if (equals < 0) return { name: body, given: undefined }
  return { name: body.slice(0, equals), given: body.slice(equals + 1) }
}

/** A boolean never takes the next word; a known other flag always does; an unknown one when the word is no flag. */
function takesNextWord(setting: SettingSpec | undefined, next: string): boolean {
  if (setting === undefined) return !next.startsWith('-')
  return setting.type !== 'boolean'
}

/** Uses of a setting's flags, in order. */
export function usesOf(line: CommandLine, setting: SettingSpec): readonly FlagUse[] {
  return line.uses.filter((use) => use.setting?.name === setting.name)
}
