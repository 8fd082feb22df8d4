import type { ConfigLine } from './config-lines.ts'
import { matchesPatterns } from './host-pattern.ts'

/** What the SSH configuration says of one host: first value of a keyword wins, some keywords gather. */
export interface HostSettings {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly identityFiles: readonly string[]
  /** Things that were set aside, for the person to know. */
  readonly warnings: readonly string[]
}

/** Who is asked about: the name as given, and the user if one was given. */
export interface ConfigQuery {
  readonly host: string
  readonly user?: string
}

/** Brings the lines of the files an `Include` names; the one place the configuration needs a disk. */
export type IncludeReader = (pattern: string, from: ConfigLine) => readonly (readonly ConfigLine[])[]

const maximumIncludeDepth = 16

/** Reads configuration sources in order (the person's, then the system's) for one host. */
export function resolveHost(
  sources: readonly (readonly ConfigLine[])[],
  query: ConfigQuery,
  include: IncludeReader,
): HostSettings {
  const values = new Map<string, readonly string[]>()
  const identityFiles: string[] = []
  const warnings: string[] = []
  const match = (line: ConfigLine): boolean => matchApplies(line, { query, values }, warnings)

  const read = (lines: readonly ConfigLine[], outer: boolean, depth: number): void => {
    let applies = outer
    for (const line of lines) {
      if (line.keyword === 'host') applies = outer && matchesPatterns(line.words, query.host)
      else if (line.keyword === 'match') applies = outer && match(line)
      else if (!applies) continue
      else if (line.keyword !== 'include') take(line, values, identityFiles)
      else if (depth >= maximumIncludeDepth)
        warnings.push(`${line.at}: Include goes too deep and was left out`)
      else
        for (const pattern of line.words)
          for (const file of include(pattern, line)) read(file, true, depth + 1)
    }
  }
  for (const source of sources) read(source, true, 0)
  return { values, identityFiles, warnings }
}

function take(line: ConfigLine, values: Map<string, readonly string[]>, identityFiles: string[]): void {
  if (line.words.length === 0) return
  if (line.keyword === 'identityfile') identityFiles.push(...line.words.slice(0, 1))
  else if (!values.has(line.keyword)) values.set(line.keyword, line.words)
}

interface SoFar {
  readonly query: ConfigQuery
  readonly values: ReadonlyMap<string, readonly string[]>
}

function matchApplies(line: ConfigLine, soFar: SoFar, warnings: string[]): boolean {
  const words = [...line.words]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const isNegated = word.startsWith('!')
    const criterion = (isNegated ? word.slice(1) : word).toLowerCase()
    if (criterion === 'all') continue
    const subject = subjectOf(criterion, soFar)
    if (subject === null) {
      warnings.push(
        `${line.at}: "Match ${criterion}" is not understood by the built-in client; its block was left out`,
      )
      return false
    }
    const patterns = (words.shift() ?? '').split(',')
    if (matchesPatterns(patterns, subject) === isNegated) return false
  }
  return true
}

function subjectOf(criterion: string, { query, values }: SoFar): string | null {
  if (criterion === 'originalhost') return query.host
  if (criterion === 'host') return values.get('hostname')?.[0]?.replaceAll('%h', query.host) ?? query.host
  if (criterion === 'user') return query.user ?? values.get('user')?.[0] ?? ''
  return null
}
