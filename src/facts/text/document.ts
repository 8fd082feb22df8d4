/** A path into a document: keys and list positions. */
export type KeyPath = readonly (string | number)[]

/** One parsed document that still knows on which line each value stands. */
export interface TextDocument {
  readonly value: unknown
  /** 1-based line of the value at `path`, or of the nearest key above it that the text names. */
  lineOf(path: KeyPath): number | undefined
}

/** Text from a node either reads in the form it claims or says why not. Never throws. */
export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'unparsable'; readonly detail: string; readonly line?: number }

export function parsed<T>(value: T): Parsed<T> {
  return { kind: 'parsed', value }
}

export function unparsable(detail: string, line?: number): Parsed<never> {
  return line === undefined ? { kind: 'unparsable', detail } : { kind: 'unparsable', detail, line }
}

/** True for a mapping (not null, not a list, not a date). */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** The value at `path`, own keys only; undefined when a step is missing. */
export function lookUp(value: unknown, path: KeyPath): unknown {
  let at: unknown = value
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step]
    else if (isRecord(at) && Object.hasOwn(at, step)) at = at[step]
    else return undefined
  }
  return at
}

/** `path:line: detail`, the form a person can open. */
export function describeFault(
  path: string,
  fault: { readonly detail: string; readonly line?: number },
): string {
  return `${path}${fault.line === undefined ? '' : `:${fault.line}`}: ${fault.detail}`
}
