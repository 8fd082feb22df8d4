import type { Json } from '../../../model/finding.ts'

const deprecated = 'apiserver_requested_deprecated_apis{'
const admission = 'apiserver_admission_controller_admission_duration_seconds_count{'

/** Lines of an API server's metrics that are kept while they come; all others are let go. */
export const counterNames = [deprecated, admission] as const

const label = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g

function labelsOf(line: string): { readonly [name: string]: string } {
  return Object.fromEntries([...line.matchAll(label)].map(([, name = '', value = '']) => [name, value]))
}

/** Deprecated APIs that were asked for, and the admission plugins that are at work. */
export function cutCounters(text: unknown): Json {
  const lines = typeof text === 'string' ? text.split('\n') : []
  const old = lines
    .filter((line) => line.startsWith(deprecated) && !line.endsWith(' 0'))
    .map(labelsOf)
    .map(({ group = '', version = '', resource = '', removed_release: removed = '' }) => ({
      api: `${group === '' ? '' : `${group}/`}${version} ${resource}`,
      removed,
    }))
  const plugins = lines
    .filter((line) => line.startsWith(admission))
    .flatMap((line) => labelsOf(line).name ?? [])
  const byApi = new Map(old.map((one) => [one.api, one]))
  return {
    deprecated: [...byApi].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
    plugins: [...new Set(plugins)].sort(),
  }
}
