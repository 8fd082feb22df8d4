import type { ErrorObject } from 'ajv'
import { KhardError } from '../model/errors.ts'
import { escapeText } from '../model/escape.ts'
import { isSingle, type Result } from '../model/finding.ts'
import { verdicts } from '../model/verdict.ts'
import { resultSchema } from './result-schema.ts'

const shown = 5

/** Reads a saved result back; throws `result-invalid` with every fault that was found (five are shown). */
export async function parseResult(text: string, path: string): Promise<Result> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const isResult = new Ajv2020({ allErrors: true, strictTypes: false }).compile<Result>(resultSchema)
  const value = parseJson(text, path)
  claimKnownSchema(value, path)
  if (!isResult(value))
    throw invalid(
      path,
      [isResult.errors]
        .flat()
        .filter((error) => error != null)
        .map(fault),
    )
  const faults = contradictions(value)
  if (faults.length > 0) throw invalid(path, faults)
  return value
}

/** A document that says it is something else is told so, not key by key. */
function claimKnownSchema(value: unknown, path: string): void {
  const named = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined
  const known = resultSchema.$id
  if (typeof named !== 'string' || named === known) return
  const isResult = named.startsWith('khard.result/')
  throw new KhardError({
    code: 'result-invalid',
    message: `${escapeText(path)} is of the schema ${escapeText(named, { max: 60 })}; this khard reads ${known}`,
    next: isResult
      ? 'Read it with the khard that wrote it, or make it again from its evidence with this one.'
      : 'Give a file that `khard audit -o json=FILE` wrote.',
  })
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid(path, [`it is not JSON (${String(cause).replace('SyntaxError: ', '')})`], cause)
  }
}

function fault({ instancePath, message, params }: ErrorObject): string {
  const named = Object.entries(params).find(([key]) => key === 'additionalProperty')?.[1]
  const extra = typeof named === 'string' ? ` (${named})` : ''
  return `${instancePath === '' ? 'the document' : instancePath} ${message}${extra}`
}

/** What the schema cannot see: a result edited by hand must not say one thing above and another below. */
function contradictions({ targets, findings, summary, gate }: Result): readonly string[] {
  const known = new Set(targets.map(({ id }) => id))
  const nodes = new Set(targets.filter(isSingle).map(({ id }) => id))
  const astray = targets
    .flatMap((target) => (isSingle(target) ? [] : target.members))
    .find((member) => !nodes.has(member))
  const stray = findings.find(({ target }) => !known.has(target))
  const wrong = verdicts.filter(
    (verdict) =>
      summary.verdicts[verdict] !== findings.filter((finding) => finding.verdict === verdict).length,
  )
  const { failing = 0, unassessed = 0 } = gate.baseline?.known ?? {}
  const isMore =
    failing > summary.verdicts.fail || unassessed > summary.verdicts.error + summary.verdicts.unknown
  const isClaimSound = gate.met === (gate.exitCode === 0) && (gate.exitCode === 3 ? !gate.complete : true)
  return [
    ...(known.size === targets.length ? [] : ['/targets names a target twice']),
    ...(astray === undefined ? [] : [`/targets groups "${astray}", which is no node among them`]),
    ...(stray === undefined
      ? []
      : [`/findings has a finding on "${stray.target}", which is not among /targets`]),
    ...wrong.map((verdict) => `/summary/verdicts/${verdict} is not the number of such findings`),
    ...(isMore ? ['/gate/baseline/known counts more than there is'] : []),
    ...(isClaimSound && (gate.complete || !gate.met) ? [] : ['/gate contradicts itself']),
  ]
}

function invalid(path: string, faults: readonly string[], cause?: unknown): KhardError {
  const more = faults.length > shown ? ` (and ${faults.length - shown} more)` : ''
  return new KhardError({
    code: 'result-invalid',
    message: `${escapeText(path)} is not a khard result: ${faults
      .slice(0, shown)
      .map((each) => escapeText(each))
      .join('; ')}${more}`,
    next: 'Give a file written with `-o json=FILE`, unchanged, by this or an earlier version of khard.',
    cause,
  })
}
