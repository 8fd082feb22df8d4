import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The three ways a real API server of 1.36 was recorded. `alwaysallow`: authorization switched off, no objects. */
export type Mode = 'hardened' | 'default' | 'alwaysallow'

/** An object of the API, as far as tests look into it. */
export interface ApiObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

export interface ApiList {
  readonly kind: string
  readonly apiVersion: string
  readonly metadata: { readonly [field: string]: unknown }
  readonly items: readonly ApiObject[]
}

interface Probe {
  readonly component: string
  readonly path: string
  readonly as: string
  readonly status: number
}

/** What one recorded API server said. */
export interface Recording {
  readonly mode: Mode
  /** A recorded answer: `version`, `reviews/auditor.self`; null where none was recorded. */
  file<T = unknown>(name: string): T | null
  /** Every object of a resource; null where the server does not serve it. */
  objects(resource: string): ApiList | null
  /** A recorded file as it is; null where there is none. */
  text(name: string): string | null
  /** Status of a path of the API server for somebody (`anon`, `admin`, …). */
  status(path: string, as: string): number
}

const place = join(import.meta.dirname, '..', '..', 'recorded', 'api')

/** Opens the recording of one mode. Files are read once. */
export function openRecording(mode: Mode): Recording {
  const known = new Map<string, unknown>()
  const file = <T>(name: string): T | null => {
    if (known.has(name)) return known.get(name) as T | null
    const path = join(place, mode, `${name}.json`)
    const read: T | null = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
    known.set(name, read)
    return read
  }
  return {
    mode,
    file,
    text: (name) => {
      const path = join(place, mode, name)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    objects: (resource) => file<ApiList>(resource),
    status: (path, as) =>
      file<readonly Probe[]>('probes')?.find(
        (probe) => probe.component === 'kube-apiserver' && probe.path === path && probe.as === as,
      )?.status ?? 404,
  }
}
