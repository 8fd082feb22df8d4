import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { itemDigest } from '../facts/item-digest.ts'
import { canonicalJson, canonicalPieces } from '../model/canonical-json.ts'
import { KhardError } from '../model/errors.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import type { BundleHeader, BundleTrailer } from './bundle-format.ts'
import { bundleSchema } from './bundle-format.ts'

export interface BundleOptions {
  /** Version of the tool that collects. */
  readonly tool: string
  /** UTC, ISO 8601. */
  readonly startedAt: string
}

/** A bundle being written. It appears under its name only when it is closed. */
export interface BundleWriter {
  add(evidence: NodeEvidence): Promise<void>
  /** `complete: false` for a run that was stopped; the bundle is valid and says so. */
  close(complete: boolean): Promise<void>
}

const unknownSystem = 255

/** Same evidence, same bytes: the one field of a gzip header that depends on the machine is blanked. */
function blankOperatingSystem(): Transform {
  let at = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const field = 9 - at
      at += chunk.length
      if (field >= 0 && field < chunk.length) chunk[field] = unknownSystem
      done(null, chunk)
    },
  })
}

function unwritable(path: string, cause: unknown): KhardError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new KhardError({
    code: 'output-unwritable',
    message: `cannot write the bundle ${path}: ${why}`,
    next: 'Choose a directory that exists and has room.',
    cause,
  })
}

/** Starts a bundle beside `path` under a temporary name; closing it renames it. Memory stays flat. */
export async function openBundle(path: string, options: BundleOptions): Promise<BundleWriter> {
  const temporary = `${path}.khard.tmp`
  const file = createWriteStream(temporary, { mode: 0o600 })
  const gzip = createGzip({ level: 6 })
  let fault: unknown
  const done = finished(gzip.pipe(blankOperatingSystem()).pipe(file)).catch((cause: unknown) => {
    fault = cause
    gzip.destroy()
  })
  const hash = createHash('sha256')
  let targets = 0
  let items = 0

  async function write(text: string): Promise<void> {
    if (fault !== undefined) throw unwritable(path, fault)
    if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), done])
  }
  async function writeHashed(line: object): Promise<void> {
    for (const piece of canonicalPieces(line)) {
      hash.update(piece)
      await write(piece)
    }
    hash.update('\n')
    await write('\n')
  }

  const header: BundleHeader = {
    schema: bundleSchema,
    tool: { name: 'khard', version: options.tool },
    startedAt: options.startedAt,
  }
  await writeHashed(header)
  return {
    async add(evidence) {
      await writeHashed({ evidence, digests: evidence.items.map(itemDigest) })
      targets += 1
      items += evidence.items.length
    },
    async close(complete) {
      const trailer: BundleTrailer = { complete, targets, items, digest: `sha256:${hash.digest('hex')}` }
      try {
        await write(`${canonicalJson(trailer)}\n`)
        gzip.end()
        await done
        if (fault !== undefined) throw unwritable(path, fault)
        await rename(temporary, path)
      } catch (cause) {
        await rm(temporary, { force: true })
        throw cause instanceof KhardError ? cause : unwritable(path, cause)
      }
    },
  }
}

/** Writes all targets to a bundle. When they stop coming, what came is kept and marked as incomplete. */
export async function writeBundle(
  path: string,
  evidence: AsyncIterable<NodeEvidence>,
  options: BundleOptions,
): Promise<void> {
  const bundle = await openBundle(path, options)
  let complete = false
  try {
    for await (const one of evidence) await bundle.add(one)
    complete = true
  } finally {
    await bundle.close(complete)
  }
}
