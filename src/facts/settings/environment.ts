import { observed, type Provenance, unavailable } from '../../model/evidence.ts'
import { filePlace } from '../text/placed.ts'
import type { ComponentState } from './component-state.ts'
import type { Environment } from './environment-value.ts'

/** Variables in force, or those on disk when nothing runs. Unavailable when the process's may not be read. */
export function environmentOf(state: ComponentState): Environment {
  const { spec, process, pod, unit, source } = state
  if (state.environment !== undefined) return state.environment
  if (process !== undefined) {
    if (process.env === null)
      return unavailable(
        'permission-denied',
        source,
        `the environment of pid ${process.pid} could not be read`,
      )
    const entries = Object.entries(process.env).map(([name, value]) => {
      const at: Provenance = { kind: 'environment', at: `${spec.id} (pid ${process.pid}) ${name}` }
      return [name, { value, at }] as const
    })
    return observed(new Map(entries), source)
  }
  if (pod !== undefined) {
    const entries = [...pod.container.environment].map(([name, word]) => {
      return [name, { value: word.text, at: filePlace(pod.pod.path, word.line) }] as const
    })
    return observed(new Map(entries), source)
  }
  const [unread] = unit?.unreadEnvironmentFiles ?? []
  if (unread !== undefined) return unavailable('not-collected', source, `${unread} was not read`)
  const entries = [...(unit?.environment ?? [])].map(([name, variable]) => {
    const at: Provenance = { kind: 'file', at: variable.file, line: variable.line }
    return [name, { value: variable.value, at }] as const
  })
  return observed(new Map(entries), source)
}
