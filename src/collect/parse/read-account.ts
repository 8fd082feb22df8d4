import type { CollectFailure } from '../../model/evidence.ts'
import type { FileStat, FileType } from '../../model/node-evidence.ts'
import type { Frame } from '../stream.ts'
import { decodeLines, decodeText } from '../stream.ts'
import type { Account, AccountDraft, Derived, Outcome, PathState, PemKind } from './account.ts'
import { emptyAccount } from './account.ts'
import { readPrograms } from './programs.ts'
import type { Pour } from './segments.ts'
import { readPour } from './segments.ts'
import { wholeNumber } from './whole-number.ts'

/** The type bits of st_mode, shifted down. */
const types: { readonly [code: number]: FileType } = {
  1: 'fifo',
  2: 'character',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'symlink',
  12: 'socket',
}

// A file may be older than 1970.
const statLine = /^(\d{1,15}) ([0-9a-f]{1,6}) (\d{1,10}) (\d{1,10}) (-?\d{1,15}) (\S+) (\/.*)$/

/** Lines of `stat` by path; a path whose line is not in the form asked for is left out. */
export function readStats(lines: readonly string[]): ReadonlyMap<string, FileStat> {
  const stats = new Map<string, FileStat>()
  for (const line of lines) {
    const [, size, mode = '', uid, gid, mtime, label = '-', path] = statLine.exec(line) ?? []
    if (path === undefined) continue
    const bits = Number.parseInt(mode, 16)
    stats.set(path, {
      type: types[bits >> 12] ?? 'unknown',
      mode: bits & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size),
      mtime: Number(mtime),
      ...(label === '-' || label === '?' ? {} : { selinux: label }),
    })
  }
  return stats
}

function isPemKind(word: string): word is PemKind {
  return word === 'certificate' || word === 'private-key' || word === 'public-key'
}

function readPem(lines: readonly string[]): Map<string, Set<PemKind>> {
  const pem = new Map<string, Set<PemKind>>()
  for (const line of lines) {
    const [kind = ''] = line.split(' ', 1)
    const path = line.slice(kind.length + 1)
    if (isPemKind(kind)) pem.set(path, (pem.get(path) ?? new Set()).add(kind))
  }
  return pem
}

const textOf = (payload: Uint8Array): string => (decodeText(payload) ?? '').replace(/\n$/, '')
const linesOf = (payload: Uint8Array): readonly string[] => decodeLines(payload).lines

function isPathState(word: string): word is PathState {
  return word === 'there' || word === 'absent' || word === 'denied'
}

/** The command or key frame's output and the status line after it. */
function derived({ frames, index, payload }: Place): Derived | undefined {
  const status = wholeNumber(/^status (\d+)$/.exec(frames[index + 1]?.head ?? '')?.[1])
  return status === null ? undefined : { payload, status }
}

const failures: ReadonlyMap<string, CollectFailure> = new Map([
  ['no-tool', 'tool-missing'],
  ['denied', 'permission-denied'],
  ['limit', 'truncated'],
])

/** Everything a reader may look at: its frame, and the ones after it. */
interface Place {
  readonly words: readonly string[]
  /** The second word; empty where there is none. */
  readonly word: string
  /** The head after its first word: a path may hold spaces. */
  readonly rest: string
  readonly payload: Uint8Array
  readonly frames: readonly Frame[]
  readonly index: number
}

function pourAt({ frames, index, payload }: Place): Pour {
  const opening = frames.findIndex((frame, at) => at > index && frame.head === 'poured')
  const end = frames.findIndex((frame, at) => at > index && frame.head === 'end')
  const parts = opening === -1 ? [] : frames.slice(opening, end === -1 ? undefined : end)
  return readPour({ head: 'pour', payload }, parts)
}

function afterWords(rest: string, count: number): string {
  return rest.split(' ').slice(count).join(' ')
}

function readPath(draft: AccountDraft, { words, rest }: Place): void {
  const [, state = '', kind = ''] = words
  if (!isPathState(state)) return
  const path = afterWords(rest, 2)
  const known = draft.paths.get(path)
  draft.paths.set(path, { state, classes: new Set([...(known?.classes ?? []), kind]) })
}

function readProcesses(draft: AccountDraft, { word, payload }: Place): void {
  if (word === 'cut') {
    draft.processesCut = true
    return
  }
  draft.processes = word
  draft.pids = [...new Set(linesOf(payload).flatMap((line) => wholeNumber(line) ?? []))]
}

function outcomeAt(place: Place): Outcome | undefined {
  return failures.get(place.word) ?? derived(place)
}

function readKey(draft: AccountDraft, place: Place): void {
  const outcome = place.word === 'same' ? draft.keys.get(textOf(place.payload)) : outcomeAt(place)
  if (outcome !== undefined) draft.keys.set(afterWords(place.rest, 1), outcome)
}

function readEmbedded(draft: AccountDraft, place: Place): void {
  const outcome = outcomeAt(place)
  const subject = afterWords(place.rest, 1)
  const known = draft.embedded.get(subject) ?? []
  if (outcome !== undefined) draft.embedded.set(subject, [...known, outcome])
}

function readUnits(draft: AccountDraft, { word, payload }: Place): void {
  if (word === 'unknown') draft.unknownUnits = new Set(linesOf(payload))
  else draft.unitsNotAsked = word
}

/** Answers count only under a status of their own or of them all. */
function readProgramsAt(draft: AccountDraft, { word, payload }: Place): void {
  const end = wholeNumber(word)
  draft.programsEnd = end ?? failures.get(word) ?? 'tool-failed'
  if (end === null) return
  for (const [name, answer] of readPrograms(payload, end)) draft.programs.set(name, answer)
}

const readers: { readonly [word: string]: (draft: AccountDraft, place: Place) => void } = {
  start: (draft, { words }) => {
    for (const word of words.slice(2)) {
      const [name = '', value = ''] = word.split('=')
      draft.start.set(name, value)
    }
  },
  host: (draft, { rest }) => {
    draft.host = rest
  },
  'no-tool': (draft, { rest }) => {
    draft.missingTool = rest
  },
  path: readPath,
  real: (draft, { rest, payload }) => {
    draft.real.set(rest, textOf(payload))
  },
  link: (draft, { rest, payload }) => {
    draft.links.set(rest, textOf(payload))
  },
  dir: (draft, { rest, payload }) => {
    const { lines, odd } = decodeLines(payload)
    const base = rest === '/' ? '' : rest
    draft.directories.set(
      rest,
      lines.map((name) => `${base}/${name}`),
    )
    if (odd) draft.oddDirectories.add(rest)
  },
  'dir-denied': (draft, { rest }) => {
    draft.directories.set(rest, 'permission-denied')
  },
  'dir-large': (draft, { rest }) => {
    draft.directories.set(rest, 'truncated')
  },
  'dir-odd': (draft, { rest }) => {
    draft.oddDirectories.add(rest)
  },
  tree: (draft, { rest }) => {
    draft.trees.add(afterWords(rest, 1))
  },
  stat: (draft, { word, payload }) => {
    draft.statDone = word === 'no-tool' ? 'no-tool' : 'yes'
    draft.stats = new Map(readStats(linesOf(payload)))
  },
  pem: (draft, { word, payload }) => {
    // grep answers 0 or 1; 2 is a fault, which may have hit some files only.
    draft.pemDone = word === 'no-tool' ? 'no-tool' : word === '0' || word === '1' ? 'yes' : 'failed'
    draft.pem = readPem(linesOf(payload))
  },
  scanned: (draft, { payload }) => {
    draft.scanned = new Set(linesOf(payload))
  },
  unreadable: (draft, { rest }) => {
    draft.unreadable.add(rest)
  },
  large: (draft, { rest }) => {
    draft.large.add(rest)
  },
  limit: (draft) => {
    draft.pathLimit = true
  },
  kernel: (draft, { word, rest }) => {
    if (isPathState(word)) draft.kernel.set(afterWords(rest, 1), word)
  },
  pour: (draft, place) => {
    if (place.word === 'process') draft.processParts = pourAt(place)
    else draft.texts = pourAt(place)
  },
  processes: readProcesses,
  process: (draft, { word, words }) => {
    const [, , , contained = 'unknown', init = 'unknown'] = words
    draft.contained.set(Number(word), contained)
    draft.inits.set(Number(word), init)
  },
  environment: (draft, { word, payload }) => {
    draft.environments.set(Number(word), decodeText(payload))
  },
  'environment-denied': (draft, { word }) => {
    draft.environments.set(Number(word), null)
  },
  units: readUnits,
  log: (draft, { word }) => {
    draft.logProblem = word
  },
  key: readKey,
  embedded: readEmbedded,
  programs: readProgramsAt,
  command: (draft, place) => {
    const outcome = failures.get(place.word)
    if (outcome !== undefined) draft.programs.set(`command ${afterWords(place.rest, 1)}`, outcome)
  },
}
/** A node may say any word: `constructor` is none of ours. */
const readerOf = new Map(Object.entries(readers))

/** Reads the frames one by one; nothing is concluded here from what is not in them. */
export function readAccount(frames: readonly Frame[]): Account {
  const draft = emptyAccount()
  frames.forEach((frame, index) => {
    const words = frame.head.split(' ')
    const [name = '', word = ''] = words
    const rest = frame.head.slice(name.length + 1)
    readerOf.get(name)?.(draft, { words, word, rest, payload: frame.payload, frames, index })
  })
  return draft
}
