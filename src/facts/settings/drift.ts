import type { Provenance } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { type Argument, type CommandLine, parseCommandLine, usesOf } from './command-line.ts'
import type { ComponentState } from './component-state.ts'
import { podArguments, unitArguments } from './configured.ts'

/** A setting for which the file that starts a component and the running process say different things. */
export interface Disagreement {
  readonly sentence: string
  /** Where the file says it. */
  readonly at: Provenance
}

/** Seconds by which a boot-time clock may be off when process start and file times are compared. */
const clockSlack = 2

function wordsOnDisk(
  state: ComponentState,
): { readonly words: readonly Argument[]; readonly file: string } | undefined {
  if (state.pod !== undefined) return { words: podArguments(state.pod), file: state.pod.pod.path }
  const { unit } = state
  if (unit?.execStart === undefined || unit.unreadEnvironmentFiles.length > 0) return undefined
  return { words: unitArguments(unit), file: unit.execStart.entry.file }
}

/** Settings whose flags differ between the manifest or unit on disk and the running process. */
export function diskDrift(view: NodeView, state: ComponentState): ReadonlyMap<string, Disagreement> {
  const start = state.process === undefined ? undefined : wordsOnDisk(state)
  const found = new Map<string, Disagreement>()
  if (start === undefined || state.commandLine.kind !== 'observed') return found
  const { words, file } = start
  if (words.some((word) => /\$\([A-Za-z_]/.test(word.text) || /%[A-Za-z]/.test(word.text))) return found
  const disk = parseCommandLine(words, state.spec)
  if (disk.kind === 'unparsable') return found
  for (const setting of state.spec.settings) {
    const said = valuesOf(disk.value, setting.name)
    const runs = valuesOf(state.commandLine.fact, setting.name)
    if (said.join('\n') === runs.join('\n')) continue
    const use = usesOf(disk.value, setting).at(-1)
    const at: Provenance = use?.at ?? { kind: 'file', at: file }
    const line = at.line === undefined ? '' : `:${at.line}`
    const sentence = `${at.at}${line} has ${describe(said, setting.name)}; the running process (pid ${state.process?.pid}) has ${describe(runs, setting.name)}${reloadHint(view, state)}`
    found.set(setting.name, { sentence, at })
  }
  return found
}

function valuesOf(line: CommandLine, name: string): readonly string[] {
  return line.uses.filter((use) => use.setting?.name === name).map((use) => `--${use.flag}=${use.value}`)
}

function describe(values: readonly string[], name: string): string {
  return values.length === 0 ? `no --${name}` : values.join(' ')
}

function reloadHint(view: NodeView, state: ComponentState): string {
  const unit = state.unit === undefined ? undefined : view.unit(state.unit.name)
  return unit?.state === 'observed' && unit.properties['NeedDaemonReload'] === 'yes'
    ? ' (systemd has not reloaded the unit)'
    : ''
}

/** Said of values from a configuration file that was changed after the process that read it had started. */
export function fileDrift(
  view: NodeView,
  state: ComponentState,
  files: readonly string[],
): string | undefined {
  const startedAt = state.process?.startedAt
  if (startedAt === undefined || startedAt === null) return undefined
  const changed = files.find((path) => {
    const file = view.file(path)
    return file.state === 'observed' && file.stat.mtime > startedAt + clockSlack
  })
  if (changed === undefined) return undefined
  return `${changed} was changed after ${state.spec.id} (pid ${state.process?.pid}) had started; the value in force may be another`
}
