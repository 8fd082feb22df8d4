import { type Evidence, observed, type Provenance, type Source, unavailable } from '../../model/evidence.ts'
import type { Argument } from '../settings/command-line.ts'
import type { ObservedProcess } from '../settings/process-place.ts'

/** What k3s said it runs inside itself, when it started (k3s pkg/daemons: `Running kube-apiserver --…`). */
export interface StartLog {
  /** Component → its words, the first one its name. */
  readonly components: ReadonlyMap<string, readonly Argument[]>
  /** Version of its first line; undefined when that line is gone. */
  readonly version: string | undefined
  /** True when there may be more than was looked at. */
  readonly isCut: boolean
  readonly at: Provenance
}

const line = /^time="([^"]*)" level=info msg="(.*)"$/
const running = /^Running (kube-apiserver|kube-controller-manager|kube-scheduler|kube-proxy|kubelet) (--.*)$/
const starting = /^Starting k3s (?:agent )?v(\d+\.\d+\.\d+)/

/** Seconds by which the clock of a log may be behind the start of its process. */
const slack = 2

interface Message {
  readonly text: string
  readonly seconds: number
}

/** The text of a log line; logrus quotes it as Go does. */
function messageIn(text: string): Message | undefined {
  const [, time, message] = line.exec(text) ?? []
  if (time === undefined || message === undefined) return undefined
  return { text: message.replace(/\\(["\\])/g, '$1'), seconds: Date.parse(time) / 1000 }
}

/** Arguments are joined with blanks and not quoted, but each begins with its dashes. */
function wordsOf(component: string, joined: string, at: Provenance): readonly Argument[] {
  return [component, ...joined.split(/ (?=--[A-Za-z])/)].map((text) => ({ text, at }))
}

function placeOfLog(from: string, unit: string | undefined): Provenance {
  if (from !== 'journal') return { kind: 'file', at: from }
  return { kind: 'command', at: `journalctl -u ${(unit ?? 'k3s').replace(/\.service$/, '')}` }
}

/** Reads the log of one k3s process: the last line of each component counts. */
export function startLogOf(process: ObservedProcess, unit: string | undefined): Evidence<StartLog> {
  const source: Source = { items: [process.id], at: [] }
  const log = process.startLog
  if (log === undefined) return unavailable('not-collected', source, 'the log of k3s was not asked for')
  if (log.state === 'unavailable') return unavailable(log.reason, source, log.detail)
  const { startedAt } = process
  const at = placeOfLog(log.from, unit)
  // A log file holds earlier starts as well; the journal was asked for this process only.
  const isOwn = ({ seconds }: Message): boolean =>
    log.from === 'journal' || (startedAt !== null && seconds >= startedAt - slack)
  const messages = log.lines.flatMap((one) => messageIn(one) ?? []).filter(isOwn)
  const components = new Map<string, readonly Argument[]>()
  let version: string | undefined
  for (const { text } of messages) {
    const [, component, joined] = running.exec(text) ?? []
    if (component !== undefined && joined !== undefined)
      components.set(component, wordsOf(component, joined, at))
    version = starting.exec(text)?.[1] ?? version
  }
  return observed({ components, version, isCut: log.cut === true, at }, source)
}

/** The words of one component; what is not in the log is never "not set". */
export function loggedWords(log: Evidence<StartLog>, component: string): Evidence<readonly Argument[]> {
  if (log.kind !== 'observed') return log
  const { components, version, isCut, at } = log.fact
  const words = components.get(component)
  const source: Source = { items: log.source.items, at: [at] }
  if (words !== undefined) return observed(words, source)
  if (isCut)
    return unavailable(
      'truncated',
      source,
      `k3s logged much; the start of ${component} is not in what was read`,
    )
  if (version === undefined)
    return unavailable('log-rotated', source, `k3s said it when it started ${component}`)
  return unavailable('not-collected', source, `k3s has not said that it started ${component}`)
}
