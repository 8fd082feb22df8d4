import type { KhardErrorCode } from './errors.ts'
import { KhardError } from './errors.ts'

declare const brand: unique symbol
type Brand<T, N extends string> = T & { readonly [brand]: N }

/** Stable id of a check, named for the compliant state: `kube-apiserver.profiling-off`. */
export type CheckId = Brand<string, 'CheckId'>
/** Id of a benchmark without its edition: `cis-kubernetes`. */
export type BenchmarkId = Brand<string, 'BenchmarkId'>
/** Id of a profile: `kubeadm-cis-l1`. */
export type ProfileId = Brand<string, 'ProfileId'>

const checkIdPattern = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/
const plainIdPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/

function claim(ok: boolean, code: KhardErrorCode, message: string): void {
  if (!ok) throw new KhardError({ code, message, next: 'Use lower-case words joined by hyphens.' })
}

/** Claims that `text` is a well-formed check id; throws `invalid-id` otherwise. */
export function checkId(text: string): CheckId {
  claim(checkIdPattern.test(text), 'invalid-id', `"${text}" is not a check id (component.compliant-state)`)
  return text as CheckId
}

/** Claims that `text` is a well-formed benchmark id; throws `invalid-id` otherwise. */
export function benchmarkId(text: string): BenchmarkId {
  claim(plainIdPattern.test(text), 'invalid-id', `"${text}" is not a benchmark id`)
  return text as BenchmarkId
}

/** Claims that `text` is a well-formed profile id; throws `invalid-id` otherwise. */
export function profileId(text: string): ProfileId {
  claim(plainIdPattern.test(text), 'invalid-id', `"${text}" is not a profile id`)
  return text as ProfileId
}
