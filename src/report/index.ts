import { KhardError } from '../model/errors.ts'
import type { Result } from '../model/finding.ts'
import { jsonPieces, renderJson } from './json.ts'
import { renderJunit } from './junit.ts'
import { inOnePiece, type PieceRenderer, type Reporter } from './reporter.ts'
import { renderSarif } from './sarif.ts'
import { renderText } from './text.ts'

/** Formats a result can be written in. */
export const formats = ['text', 'json', 'junit', 'sarif'] as const
export type Format = (typeof formats)[number]

/** Every reporter, by format. */
export const reporters = {
  text: renderText,
  json: renderJson,
  junit: renderJunit,
  sarif: renderSarif,
} as const satisfies Record<Format, Reporter>

const planned: readonly string[] = ['csv', 'html', 'pdf', 'oscal', 'hdf', 'policyreport']

/** The reporter of a format by name; throws `unknown-format`, listing what exists. */
export function reporterFor(name: string): Reporter {
  const format = formats.find((each) => each === name)
  if (format !== undefined) return reporters[format]
  const what = planned.includes(name)
    ? `the format "${name}" is not built yet`
    : `there is no format "${name}"`
  throw new KhardError({ code: 'unknown-format', message: what, next: `Use one of: ${formats.join(', ')}.` })
}

/** The same, as it is written. Throws `unknown-format` too. */
export function pieceRendererFor(name: string): PieceRenderer<Result> {
  const render = reporterFor(name)
  return render === reporters.json ? jsonPieces : inOnePiece(render)
}
