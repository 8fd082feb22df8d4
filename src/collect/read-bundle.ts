import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { itemDigest } from '../facts/item-digest.ts'
import { lookUp } from '../facts/text/document.ts'
import { KhardError } from '../model/errors.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import type { BundleHeader, BundleTrailer } from './bundle-format.ts'
import { bundleFault } from './bundle-format.ts'
import { keepMemorySmall } from './keep-memory-small.ts'
import { decodeText } from './stream.ts'

interface TargetLine {
  readonly evidence: NodeEvidence
  readonly digests: readonly string[]
}

interface Validators {
  readonly header: ValidateFunction<BundleHeader>
  readonly target: ValidateFunction<TargetLine>
  readonly trailer: ValidateFunction<BundleTrailer>
}

let compiled: Validators | undefined

/** The published schema is the one that validates. */
function validators(): Validators {
  if (compiled !== undefined) return compiled
  const text = readFileSync(new URL('../../reports/schemas/evidence-v1.json', import.meta.url), 'utf8')
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
  ajv.addSchema(JSON.parse(text), 'evidence')
  compiled = {
    header: ajv.compile<BundleHeader>({ $ref: 'evidence#/$defs/header' }),
    target: ajv.compile<TargetLine>({ $ref: 'evidence#/$defs/target' }),
    trailer: ajv.compile<BundleTrailer>({ $ref: 'evidence#/$defs/trailer' }),
  }
  return compiled
}

/** No honest line is longer: one node's evidence is capped when it is collected. */
const longestLine = 256 * 1024 * 1024

/** A node's line is seldom longer; that of a cluster is, with ten thousands of pods. */
const longLine = 4 * 1024 * 1024

class LineTooLong extends Error {}

/** Lines with their newline; the last may lack one. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path)
  const gunzip = createGunzip()
  source.on('error', (fault) => gunzip.destroy(fault))
  let parts: Buffer[] = []
  let length = 0
  const chunks: AsyncIterable<Buffer> = source.pipe(gunzip)
  for await (const chunk of chunks) {
    let rest = chunk
    for (let eol = rest.indexOf(10); eol !== -1; eol = rest.indexOf(10)) {
      yield Buffer.concat([...parts, rest.subarray(0, eol + 1)])
      parts = []
      length = 0
      rest = rest.subarray(eol + 1)
    }
    parts.push(rest)
    length += rest.length
    if (length > longLine) keepMemorySmall()
    if (length > longestLine) throw new LineTooLong()
  }
  if (length > 0) yield Buffer.concat(parts)
}

function parseLine(line: Buffer): unknown {
  const text = decodeText(line)
  return text === null ? undefined : JSON.parse(text)
}

function checkHeader(path: string, value: unknown): void {
  if (validators().header(value)) return
  const schema = lookUp(value, ['schema'])
  if (typeof schema === 'string' && /^khard\.evidence\/v([2-9]|[1-9]\d+)$/.test(schema)) {
    throw new KhardError({
      code: 'bundle-invalid',
      message: `${path}: written by a newer khard (${schema}); this one reads khard.evidence/v1`,
      next: 'Use the khard that wrote it, or a newer one.',
    })
  }
  throw noBundle(path)
}

function noBundle(path: string, cause?: unknown, what = 'not an evidence bundle'): KhardError {
  return new KhardError({
    code: 'bundle-invalid',
    message: `${path}: ${what}`,
    next: 'Name a file that `khard collect -o` wrote.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function checkTarget({ evidence, digests }: TargetLine): string | null {
  if (digests.length !== evidence.items.length) return `${evidence.target}: items were added or taken away`
  const changed = evidence.items.find((item, index) => itemDigest(item) !== digests[index])
  return changed === undefined ? null : `${evidence.target}: ${changed.id} was changed after it was collected`
}

const cutShort = 'it ends before its last line: the run that wrote it, or the copy, was cut short'

const empty = 'the file is empty, not an evidence bundle'

function isEmpty(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === 0
}

/** Why the file could not be read on. What is wrong with a line of it was said already. */
function streamFault(
  path: string,
  cause: unknown,
  seen: { readonly lines: number; readonly targets: number },
): KhardError {
  if (cause instanceof KhardError) return cause
  if (cause instanceof LineTooLong || cause instanceof SyntaxError) {
    const what = cause instanceof LineTooLong ? 'is too long' : 'is not JSON'
    return seen.lines === 0
      ? noBundle(path, cause)
      : bundleFault(path, `line ${seen.lines + 1} ${what}`, { intact: seen.targets, cause })
  }
  const code = String(lookUp(cause, ['code']))
  if (!code.startsWith('Z_')) {
    return new KhardError({
      code: 'bundle-invalid',
      message: `${path}: cannot be read (${code})`,
      next: 'Check the name and its permissions.',
      cause,
    })
  }
  if (seen.lines === 0 && isEmpty(path)) return noBundle(path, cause, empty)
  if (seen.lines === 0 && code === 'Z_DATA_ERROR') return noBundle(path, cause)
  const what = code === 'Z_BUF_ERROR' ? cutShort : 'its bytes are damaged'
  return bundleFault(path, what, { intact: seen.targets, cause })
}

/**
 * The targets of a bundle, one at a time, each verified before it is given out. Throws `bundle-invalid` for
 * anything that was cut, edited or is not a bundle, and says how many targets were intact.
 */
export async function* readBundle(path: string): AsyncGenerator<NodeEvidence, BundleTrailer> {
  const seen = { lines: 0, targets: 0, items: 0 }
  const hash = createHash('sha256')
  let trailer: BundleTrailer | undefined
  const is = validators()
  try {
    for await (const line of linesOf(path)) {
      if (trailer !== undefined)
        throw bundleFault(path, 'something follows its last line', { intact: seen.targets })
      const value = parseLine(line)
      if (seen.lines === 0) checkHeader(path, value)
      else if (is.trailer(value)) trailer = value
      else if (is.target(value)) {
        const fault = checkTarget(value)
        if (fault !== null) throw bundleFault(path, fault, { intact: seen.targets })
        yield value.evidence
        seen.targets += 1
        seen.items += value.evidence.items.length
      } else throw bundleFault(path, `line ${seen.lines + 1} is not evidence`, { intact: seen.targets })
      if (trailer === undefined) hash.update(line)
      seen.lines += 1
    }
  } catch (cause) {
    throw streamFault(path, cause, seen)
  }
  if (seen.lines === 0) throw noBundle(path, undefined, empty)
  if (trailer === undefined) throw bundleFault(path, cutShort, { intact: seen.targets })
  const agrees = trailer.targets === seen.targets && trailer.items === seen.items
  if (!agrees || trailer.digest !== `sha256:${hash.digest('hex')}`) {
    throw bundleFault(path, 'its digest does not match its lines', { intact: seen.targets })
  }
  return trailer
}
