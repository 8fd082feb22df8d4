import type { RawProcess } from '../../model/node-evidence.ts'

export type ObservedProcess = Extract<RawProcess, { state: 'observed' }>

/** What the control group of a process says about who started it. */
export type ProcessPlace =
  | { readonly kind: 'pod' }
  | { readonly kind: 'container' }
  | { readonly kind: 'service'; readonly unit: string }
  | { readonly kind: 'user' }
  | { readonly kind: 'other' }

const containerScope = /(^|\/)(docker[-/]|libpod[-_]|crio-|cri-containerd-|nerdctl)/

/** Reads the control group line of a process; pods first, since a pod may run units of its own. */
export function placeOf(process: ObservedProcess): ProcessPlace {
  const path = process.cgroup.replace(/^[^:]*:[^:]*:/, '')
  if (/(^|\/)kubepods([./-]|$)/.test(path)) return { kind: 'pod' }
  if (/(^|\/)user\.slice(\/|$)/.test(path)) return { kind: 'user' }
  if (containerScope.test(path)) return { kind: 'container' }
  const unit = path.split('/').findLast((part) => part.endsWith('.service'))
  if (unit !== undefined) return { kind: 'service', unit }
  return process.contained ? { kind: 'container' } : { kind: 'other' }
}
