import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Benchmark, Profile } from '../model/benchmark.ts'
import type { Check } from '../model/check.ts'
import type { ComponentSpec } from '../model/component.ts'
import type { Distribution } from '../model/distribution.ts'
import { KhardError } from '../model/errors.ts'
import type { Content } from './content.ts'

const schemaTag = 'khard.content/v1'

interface CompiledBody {
  readonly components: readonly ComponentSpec[]
  readonly distributions: readonly Distribution[]
  readonly checks: readonly Check[]
  readonly benchmarks: readonly Benchmark[]
  readonly profiles: readonly Profile[]
}

/** Validated content as the text of one JSON file that loads without YAML or schemas. */
export function serializeContent(content: Content): string {
  const body: CompiledBody = {
    components: [...content.components.values()],
    distributions: [...content.distributions.values()],
    checks: [...content.checks.values()],
    benchmarks: content.benchmarks,
    profiles: content.profiles,
  }
  const text = JSON.stringify(body)
  return `{"schema":"${schemaTag}","digest":"${digestOf(text)}","content":${text}}\n`
}

/** Reads what serializeContent wrote; anything else, or one changed byte, throws `content-unreadable`. */
export function parseCompiledContent(text: string): Content {
  const body: unknown = JSON.parse(sealedBody(text))
  assertCompiled(body)
  return {
    components: new Map(body.components.map((component) => [component.id, component])),
    distributions: new Map(body.distributions.map((one) => [one.id, one])),
    checks: new Map(body.checks.map((check) => [check.id, check])),
    benchmarks: body.benchmarks,
    profiles: body.profiles,
  }
}

const header = /^\{"schema":"([^"]*)","digest":"([^"]*)","content":/

/** The part of the file that its digest vouches for. Taken as text: hashing a tree again would cost every run. */
function sealedBody(text: string): string {
  const [start = '', tag, digest] = header.exec(text) ?? []
  if (tag !== schemaTag) throw unreadable(`khard’s own content is not in the form ${schemaTag}`)
  const body = text.slice(start.length, -2)
  if (digest !== digestOf(body)) throw unreadable('khard’s own content was changed after the build')
  return body
}

/**
 * The one place that trusts a file instead of validating it: the build validated the YAML and wrote tag and digest,
 * and a text with both is what the build wrote.
 */
function assertCompiled(body: unknown): asserts body is CompiledBody {
  const lists = ['components', 'distributions', 'checks', 'benchmarks', 'profiles']
  const isWhole =
    typeof body === 'object' && body !== null && lists.every((name) => Array.isArray(Reflect.get(body, name)))
  if (!isWhole) throw unreadable('khard’s own content lacks a part')
}

/** khard's own content, compiled when khard was built. */
export function loadCompiledContent(file: URL = new URL('../content.json', import.meta.url)): Content {
  return parseCompiledContent(readCompiled(file))
}

function readCompiled(file: URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw unreadable('khard’s own content is missing', cause)
  }
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function unreadable(message: string, cause?: unknown): KhardError {
  return new KhardError({
    code: 'content-unreadable',
    message,
    next: 'Install khard again, or run npm run build in its repository.',
    cause,
  })
}
