import { KhardError } from '../model/errors.ts'

export const bundleSchema = 'khard.evidence/v1'

/** First line of a bundle. */
export interface BundleHeader {
  readonly schema: typeof bundleSchema
  readonly tool: { readonly name: 'khard'; readonly version: string }
  /** UTC, ISO 8601. */
  readonly startedAt: string
}

/** Last line of a bundle: what stands before it, and whether the run reached its end. */
export interface BundleTrailer {
  readonly complete: boolean
  readonly targets: number
  readonly items: number
  /** SHA-256 over every line before this one, newlines included. */
  readonly digest: string
}

/** A bundle that cannot be believed: what is wrong, and how much of it was whole. */
export function bundleFault(
  path: string,
  what: string,
  { intact, cause }: { intact: number; cause?: unknown },
): KhardError {
  const kept = intact === 1 ? '1 target before it is intact' : `${intact} targets before it are intact`
  return new KhardError({
    code: 'bundle-invalid',
    message: `${path}: ${what}; ${kept}`,
    next: 'Collect again, or copy the bundle again from where it was made; do not edit it.',
    ...(cause === undefined ? {} : { cause }),
  })
}
