import type { FileStat, RawContent } from '../../model/node-evidence.ts'
import { redactedText } from '../redact.ts'
import { decodeText } from '../stream.ts'
import type { Missing, Parse } from './context.ts'
import { contentLimit, missing, notA } from './context.ts'
import { realPath } from './files.ts'

const readClasses = ['configuration', 'kubeconfig', 'unit', 'environment', 'text']
const pemClasses = ['certificate', 'public-key']

type ContentState =
  | Missing
  | { readonly state: 'observed'; readonly text: string; readonly redacted?: boolean }

function isKernelFile(path: string): boolean {
  return /^\/(proc|sys)\/(?!\d+\/root\/)/.test(path)
}

/** Bytes as the node sent them; the byte 1 stands for NUL, which no text has. */
function readText(bytes: Uint8Array, stat: FileStat | undefined): ContentState {
  if (bytes.length > contentLimit) return missing('truncated', `more than ${contentLimit} bytes`)
  if (bytes.includes(1)) return missing('not-text')
  const text = decodeText(bytes)
  if (text === null) return missing('not-text')
  const redacted = text.includes(redactedText)
  const moved =
    stat !== undefined && (redacted ? (stat.size === 0) !== (bytes.length === 0) : stat.size !== bytes.length)
  if (moved)
    return missing('changed-while-reading', `${stat.size} bytes when asked, ${bytes.length} when read`)
  return { state: 'observed', text, ...(redacted ? { redacted } : {}) }
}

function segmentState(parse: Parse, real: string, stat: FileStat | undefined): ContentState {
  const { texts } = parse.account
  const bytes = texts.segments.get(real)
  if (bytes === null) return missing('unparsable', 'the end of the file could not be told')
  if (bytes !== undefined) return readText(bytes, stat)
  return texts.finished ? missing('tool-failed', 'not read') : parse.end
}

/** A file of certificates is read only where a certificate was seen in it. */
function withoutPem(parse: Parse, real: string): Missing | null {
  const { account } = parse
  const kinds = account.pem.get(real)
  if (kinds !== undefined) {
    if (kinds.has('certificate') || kinds.has('public-key')) return null
    return missing('unparsable', 'it holds a private key and no certificate')
  }
  switch (account.pemDone) {
    case 'no':
      return parse.end
    case 'no-tool':
      return missing('tool-missing', 'grep is not on the node')
    case 'failed':
      return missing('tool-failed', 'grep gave no answer')
    case 'yes':
      return missing('unparsable', 'no PEM certificate in it')
    default:
      return account.pemDone satisfies never
  }
}

function foundState(parse: Parse, path: string, wantsPem: boolean): ContentState {
  const { account } = parse
  const real = realPath(parse, path)
  const stat = account.stats.get(real)
  if (account.unreadable.has(real)) return missing('permission-denied')
  if (account.large.has(real)) return missing('truncated', 'larger than the collector reads')
  if (account.texts.segments.has(real))
    return segmentState(parse, real, isKernelFile(real) ? undefined : stat)
  if (stat === undefined)
    return account.statDone === 'no' ? parse.end : missing('tool-failed', 'stat gave no answer')
  if (stat.type !== 'file') return notA('file', stat.type)
  const pemFault = wantsPem ? withoutPem(parse, real) : null
  if (pemFault !== null) return pemFault
  if (!account.texts.finished) return parse.end
  return missing('permission-denied', 'the collector does not open it')
}

/** The content item of one path, where its class says content is wanted; null otherwise. */
export function contentItem(parse: Parse, path: string, classes: ReadonlySet<string>): RawContent | null {
  const { account } = parse
  const plain = readClasses.some((name) => classes.has(name))
  const kinds = account.pem.get(realPath(parse, path))
  const wantsPem = pemClasses.some((name) => classes.has(name)) || kinds?.has('certificate') === true
  if (!plain && !wantsPem) return null
  const item = { kind: 'content', id: `content:${path}`, path } as const
  const asked = account.paths.get(path)
  if (asked?.state === 'absent') return { ...item, state: 'absent' }
  if (asked?.state === 'denied') return { ...item, ...missing('permission-denied') }
  if (asked === undefined && kinds === undefined) return { ...item, ...parse.end }
  return { ...item, ...foundState(parse, path, wantsPem && !plain) }
}

/** Items of kernel files: every match, and every pattern that matched nothing. */
export function kernelItems(parse: Parse): readonly RawContent[] {
  const { account, plan } = parse
  const items: RawContent[] = []
  for (const [path, state] of account.kernel) {
    const item = { kind: 'content', id: `content:${path}`, path } as const
    if (state === 'absent') items.push({ ...item, state })
    else if (state === 'denied') items.push({ ...item, ...missing('permission-denied') })
    else items.push({ ...item, ...segmentState(parse, path, undefined) })
  }
  const answered = (pattern: string): boolean =>
    account.kernel.has(pattern) ||
    (/[*?[]/.test(pattern) && [...account.kernel.keys()].some((path) => matches(pattern, path)))
  for (const pattern of plan.kernel) {
    if (!answered(pattern))
      items.push({
        kind: 'content',
        id: `content:${pattern}`,
        path: pattern,
        ...(parse.offline ? missing('offline') : parse.end),
      })
  }
  return items
}

/** Shell pattern against a path: `*` and `?` do not cross a slash. */
export function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`).test(path)
}
