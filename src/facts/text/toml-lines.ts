/** Where the bracket or string that a line leaves open ends. */
interface Open {
  brackets: number
  fence: string | undefined
}

/**
 * Line of every key of a TOML text that is known to parse: `["a","b.c","key"]` as JSON → line.
 * Lists of tables count their members: `["a","0","key"]`.
 */
export function tomlLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  const counts = new Map<string, number>()
  const open: Open = { brackets: 0, fence: undefined }
  let table: readonly string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (open.brackets > 0 || open.fence !== undefined) {
      scanValue(line, open)
      continue
    }
    const statement = line.trim()
    if (statement === '' || statement.startsWith('#')) continue
    if (statement.startsWith('[')) {
      table = tableName(statement, counts)
      remember(lines, table, index + 1)
      continue
    }
    const { keys, rest } = readKeys(statement)
    remember(lines, [...table, ...keys], index + 1)
    scanValue(rest, open)
  }
  return lines
}

function remember(lines: Map<string, number>, path: readonly string[], line: number): void {
  for (let length = 1; length <= path.length; length += 1) {
    const name = JSON.stringify(path.slice(0, length))
    if (!lines.has(name)) lines.set(name, line)
  }
}

function tableName(statement: string, counts: Map<string, number>): readonly string[] {
  const isList = statement.startsWith('[[')
  const { keys } = readKeys(statement.slice(isList ? 2 : 1))
  const path: string[] = []
  for (const [position, key] of keys.entries()) {
    path.push(key)
    const name = JSON.stringify(path)
    const isLast = position === keys.length - 1
    const seen = counts.get(name)
    if (isLast && isList) counts.set(name, seen === undefined ? 0 : seen + 1)
    const member = counts.get(name)
    if (member !== undefined) path.push(String(member))
  }
  return path
}

const bareKey = /^[A-Za-z0-9_-]+/
const quotedKey = /^(?:"(?:[^"\\]|\\.)*"|'[^']*')/

/** Dotted keys at the start of a statement, and what follows them. */
function readKeys(statement: string): { readonly keys: readonly string[]; readonly rest: string } {
  const keys: string[] = []
  let rest = statement.trimStart()
  for (;;) {
    const quoted = quotedKey.exec(rest)?.[0]
    const word = quoted ?? bareKey.exec(rest)?.[0]
    if (word === undefined) break
    keys.push(quoted === undefined ? word : unquote(word))
    rest = rest.slice(word.length).trimStart()
    if (!rest.startsWith('.')) break
    rest = rest.slice(1).trimStart()
  }
  return { keys, rest }
}

function unquote(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1) : word.slice(1, -1).replace(/\\(.)/g, '$1')
}

/** Follows strings, comments and brackets of a value to learn whether it goes on in the next line. */
function scanValue(line: string, open: Open): void {
  for (let at = 0; at < line.length; ) {
    if (open.fence !== undefined) {
      const end = line.indexOf(open.fence, at)
      if (end < 0) return
      at = end + open.fence.length
      open.fence = undefined
      continue
    }
    const character = line[at]
    if (character === '#') return
    if (line.startsWith('"""', at) || line.startsWith("'''", at)) {
      open.fence = line.slice(at, at + 3)
      at += 3
      continue
    }
    if (character === '"' || character === "'") {
      at += quotedKey.exec(line.slice(at))?.[0].length ?? 1
      continue
    }
    if (character === '[' || character === '{') open.brackets += 1
    if (character === ']' || character === '}') open.brackets -= 1
    at += 1
  }
}
