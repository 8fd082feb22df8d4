import type { UnitEntry } from '../systemd/unit-file.ts'
import { grammarOf, isController, isTruthValue } from './option-grammar.ts'
import { readWords } from './systemd-value.ts'
import { trailingComment } from './trailing-comment.ts'
import type { UnitProblem, UnitProblemKind } from './unit-problem.ts'

type Found = Pick<UnitProblem, 'problem' | 'effect'>

const sections = [
  'Unit',
  'Service',
  'Install',
  'Socket',
  'Timer',
  'Path',
  'Slice',
  'Scope',
  'Mount',
  'Automount',
  'Swap',
]
/** Free text: a comment behind it is harmless. */
const prose = ['Description', 'Documentation']
const names = [
  'User',
  'Group',
  'WorkingDirectory',
  'RootDirectory',
  'PIDFile',
  'EnvironmentFile',
  'Slice',
  'SyslogIdentifier',
]
const unitLists =
  /^(After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|Conflicts|WantedBy|RequiredBy|Also|Alias|OnFailure)$/

function found(problem: UnitProblemKind, effect: string): Found {
  return { problem, effect }
}

function inName(key: string): Found {
  const effect =
    key === 'EnvironmentFile'
      ? 'the comment is part of the file name, so the file is not read'
      : `the comment is part of the ${key} value`
  return found('comment-in-name', effect)
}

function delegateProblem(value: string, isLast: boolean): Found | null {
  if (value === '') {
    return isLast
      ? found('no-controllers', 'an empty Delegate= delegates the cgroup without any controller')
      : null
  }
  if (isTruthValue(value)) return null
  const words = readWords(value)
  const known = words.filter(isController)
  if (known.length === words.length) return null
  const given = known.length === 0 ? 'none' : known.join(' ')
  return found(
    'comment-as-controllers',
    `the words are read as names of controllers; this line delegates: ${given}`,
  )
}

function typedProblem(entry: UnitEntry, comment: string | null): Found | null {
  const fits = grammarOf(entry.key)
  if (fits === undefined || entry.value === '' || fits(entry.value)) return null
  const kept = `${entry.key} keeps what was set before, or its default`
  return comment === null
    ? found('unparsable-value', `the value is not understood and the line is ignored; ${kept}`)
    : found('comment-in-value', `there are no trailing comments: the line is ignored; ${kept}`)
}

function commentProblem(entry: UnitEntry, comment: string): Found | null {
  const { key } = entry
  if (prose.includes(key)) return null
  if (names.includes(key) || unitLists.test(key)) return inName(key)
  if (key === 'Environment') return found('comment-in-variable', 'the comment is read as more variables')
  return found('comment-in-value', `"${comment}" is part of the value`)
}

function execProblem(entry: UnitEntry): Found | null {
  const comment = trailingComment(entry.value, '#')
  return comment === null ? null : found('comment-in-command', `the program gets "${comment}" as arguments`)
}

function nameProblem(entry: UnitEntry): Found | null {
  if (!sections.includes(entry.section))
    return found('unknown-section', `section [${entry.section}] is ignored`)
  if (/^([A-Z]|X-)/.test(entry.key)) return null
  return found(
    'unknown-key',
    entry.key.startsWith('-')
      ? 'the line is not part of the command above it; the program never gets this flag'
      : `no option has this name (names are case-sensitive); the line is ignored`,
  )
}

function valueProblem(entry: UnitEntry, isLast: boolean): Found | null {
  if (entry.key === 'Delegate') return delegateProblem(entry.value, isLast)
  if (entry.key.startsWith('Exec')) return execProblem(entry)
  const comment = trailingComment(entry.value)
  if (grammarOf(entry.key) !== undefined) return typedProblem(entry, comment)
  return comment === null ? null : commentProblem(entry, comment)
}

function unexpanded(entry: UnitEntry): Found | null {
  if (entry.key !== 'Environment' && entry.key !== 'EnvironmentFile') return null
  const variable = /\$\{[A-Za-z_]\w*\}/.exec(entry.value)?.[0]
  return variable === undefined
    ? null
    : found('unexpanded-variable', `${variable} stays as it is: ${entry.key}= expands nothing`)
}

function doubleBackslash(entry: UnitEntry): Found | null {
  return entry.raw.some((line) => /(^|[^\\])(\\\\)+$/.test(line))
    ? found('double-backslash', 'two backslashes do not continue a line: what follows is cut off')
    : null
}

/** What is wrong with one assignment. `isLast`: no later assignment of this key follows. */
export function entryProblems(entry: UnitEntry, isLast: boolean): readonly UnitProblem[] {
  // Sections for others: systemd reads over them by design.
  if (entry.section.startsWith('X-')) return []
  const name = nameProblem(entry)
  const all =
    name === null ? [valueProblem(entry, isLast), unexpanded(entry), doubleBackslash(entry)] : [name]
  const place = { file: entry.file, line: entry.line, text: entry.raw.slice(0, 1).join('').trim() }
  return all.filter((problem) => problem !== null).map((problem) => ({ ...place, ...problem }))
}
