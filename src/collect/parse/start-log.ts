import type { CollectFailure } from '../../model/evidence.ts'
import type { RawStartLog } from '../../model/node-evidence.ts'
import { decodeLines } from '../stream.ts'
import type { Parse } from './context.ts'
import { missing } from './context.ts'
import { isTimeout, notRun } from './tools.ts'

/** Why the log was not read at all. */
const problems: ReadonlyMap<string, readonly [CollectFailure, string]> = new Map([
  ['no-tool', ['tool-missing', 'what reads its log is not on the node']],
  ['absent', ['not-collected', 'its log file is not there']],
  ['denied', ['permission-denied', 'its log file may not be read']],
])

/** Seconds since boot, process and message of a line as the journal prints it. */
const journalLine = /^\[\s*(\d{1,12}\.\d{1,9})\] \S+ [^\s[]*\[(\d{1,10})\]: (.*)$/

/** Seconds by which the clock of the journal may be behind the one processes start by. */
const slack = 1

/** Lines of one process since it started; an earlier one of the same number may have left some. */
function ownLines(lines: readonly string[], pid: number, startedAfter: number): readonly string[] {
  return lines.flatMap((line) => {
    const [, seconds, from, message] = journalLine.exec(line) ?? []
    const isOwn = Number(from) === pid && Number(seconds) >= startedAfter - slack
    return isOwn && message !== undefined ? [message] : []
  })
}

interface Answer {
  readonly from: string
  readonly payload: Uint8Array
  readonly status: number
}

function answer(parse: Parse): Answer | undefined {
  for (const [name, outcome] of parse.account.programs) {
    if (typeof outcome === 'string' || !name.startsWith('log ')) continue
    return { from: name.replace(/^log (file )?/, ''), payload: outcome.payload, status: outcome.status }
  }
  return undefined
}

/** What a process said when it started. `startedAfter`: its start in seconds since boot. */
export function startLogOf(parse: Parse, pid: number, startedAfter: number): RawStartLog {
  const { logProblem, start } = parse.account
  const problem = problems.get(logProblem)
  if (problem !== undefined) return missing(...problem)
  const told = answer(parse)
  if (told === undefined) return notRun(parse, 'what reads its log')
  if (isTimeout(told.status)) return missing('timed-out', 'its log was not read to the end')
  const { lines } = decodeLines(told.payload)
  const isJournal = told.from === 'journal'
  const status = lines.find((line) => /^khard:log \d+$/.test(line))
  const plain = lines.filter((line) => !line.startsWith('khard:log '))
  const own = isJournal ? ownLines(plain, pid, startedAfter) : plain
  if (own.length === 0 && isJournal && start.get('uid') !== '0')
    return missing('permission-denied', 'only root sees all of the journal')
  if (own.length === 0 && status !== undefined && status !== 'khard:log 0')
    return missing('tool-failed', `what reads its log ended with ${status.slice('khard:log '.length)}`)
  const isCut = lines.includes('khard:log cut')
  return { state: 'observed', from: told.from, lines: own, ...(isCut ? { cut: true } : {}) }
}
