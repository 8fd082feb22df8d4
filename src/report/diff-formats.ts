import type { ResultDiff } from '../model/diff.ts'
import { KhardError } from '../model/errors.ts'
import { renderDiffJson } from './diff-json.ts'
import { renderDiffText } from './diff-text.ts'
import type { Renderer } from './reporter.ts'

const renderers: { readonly [format: string]: Renderer<ResultDiff> } = {
  text: renderDiffText,
  json: renderDiffJson,
}

/** Formats a comparison can be written in. */
export const diffFormats: readonly string[] = Object.keys(renderers)

/** The renderer of a format by name; throws `unknown-format`, listing what exists. */
export function diffRendererFor(name: string): Renderer<ResultDiff> {
  const found = Object.hasOwn(renderers, name) ? renderers[name] : undefined
  if (found !== undefined) return found
  throw new KhardError({
    code: 'unknown-format',
    message: `a comparison is not written as "${name}"`,
    next: `Use one of: ${diffFormats.join(', ')}.`,
  })
}
