/** One assignment in a unit file, as systemd reads it. */
export interface UnitEntry {
  readonly section: string
  readonly key: string
  /** Continuation lines joined by one space; surrounding blanks removed; quotes and specifiers untouched. */
  readonly value: string
  /** Path of the file. */
  readonly file: string
  /** 1-based first and last line. */
  readonly line: number
  readonly endLine: number
  /** The lines as they stand, without line ends. */
  readonly raw: readonly string[]
}

/** A line that is neither section, assignment, comment nor blank; systemd ignores it with a warning. */
export interface StrayLine {
  readonly file: string
  readonly line: number
  readonly text: string
}

export interface UnitFile {
  readonly path: string
  readonly entries: readonly UnitEntry[]
  readonly strays: readonly StrayLine[]
}

/** A statement after line joining. */
interface Statement {
  readonly text: string
  readonly line: number
  readonly raw: readonly string[]
}

function isComment(line: string): boolean {
  const start = line.trimStart()[0]
  return start === '#' || start === ';'
}

/**
 * Joins lines that end in one backslash. Comment lines inside a continuation are left out and do not end it.
 * Two backslashes are an escaped backslash and end the statement (systemd.syntax(7), conf-parser.c).
 */
function statements(text: string): readonly Statement[] {
  const found: Statement[] = []
  let open: { text: string; line: number; raw: string[] } | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (isComment(line)) {
      open?.raw.push(line)
      continue
    }
    const joined = open ?? { text: '', line: index + 1, raw: [] }
    joined.raw.push(line)
    const continues = endsInContinuation(line)
    joined.text += open === undefined ? line : ''
    if (open !== undefined) joined.text = `${joined.text} ${line}`
    if (continues) joined.text = joined.text.slice(0, -1)
    open = continues ? joined : undefined
    if (!continues) found.push(joined)
  }
  if (open !== undefined) found.push(open)
  return found
}

function endsInContinuation(line: string): boolean {
  const slashes = line.length - line.search(/\\*$/)
  return slashes % 2 === 1
}

/** Reads one unit file or drop-in. There are no trailing comments: `#` inside a line belongs to the value. */
export function parseUnitFile(text: string, path: string): UnitFile {
  const entries: UnitEntry[] = []
  const strays: StrayLine[] = []
  let section: string | undefined
  for (const statement of statements(text.replace(/^\uFEFF/, ''))) {
    const trimmed = statement.text.trim()
    if (trimmed === '') continue
    const equals = trimmed.indexOf('=')
    if (/^\[[^\]]*\]$/.test(trimmed)) section = trimmed.slice(1, -1)
    else if (equals <= 0 || section === undefined)
      strays.push({ file: path, line: statement.line, text: trimmed })
    else {
      entries.push({
        section,
        key: trimmed.slice(0, equals).trimEnd(),
        value: trimmed.slice(equals + 1).trimStart(),
        file: path,
        line: statement.line,
        endLine: statement.line + statement.raw.length - 1,
        raw: statement.raw,
      })
    }
  }
  return { path, entries, strays }
}

/**
 * Assignments of a list option over fragment and drop-ins in order; an empty assignment forgets those before it.
 */
export function listEntries(files: readonly UnitFile[], section: string, key: string): readonly UnitEntry[] {
  let found: UnitEntry[] = []
  for (const file of files) {
    for (const entry of file.entries) {
      if (entry.section !== section || entry.key !== key) continue
      found = entry.value === '' ? [] : [...found, entry]
    }
  }
  return found
}

/** The last assignment of a scalar option over fragment and drop-ins. */
export function lastEntry(files: readonly UnitFile[], section: string, key: string): UnitEntry | undefined {
  return listEntries(files, section, key).at(-1)
}
