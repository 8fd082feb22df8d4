import type { NodeView, RawContent } from '../../model/node-evidence.ts'
import { throughMounts } from '../manifest/host-path.ts'
import { isLedElsewhere } from '../manifest/links.ts'
import type { ComponentState } from './component-state.ts'
import { placeOf } from './process-place.ts'

/** The parts of a component's state that decide how its paths read on the host. */
export type PathContext = Pick<ComponentState, 'process' | 'pod'>

/**
 * Where a path a component was given may be found on the host, best first: through the pod's host mounts,
 * inside the container's own root, or as it stands when the component sees the host's files. A service in a mount
 * namespace of its own (PrivateTmp=, ProtectHome=, …) still sees the host's files, under their own names.
 */
export function hostPathCandidates(state: PathContext, path: string): readonly [string, ...string[]] {
  const mounted = state.pod === undefined ? undefined : throughMounts(state.pod.container.mounts, path)
  if (state.process?.contained === true) {
    const inside = `/proc/${state.process.pid}/root${path.startsWith('/') ? '' : '/'}${path}`
    if (placeOf(state.process).kind === 'service') return [inside, path]
    return mounted === undefined ? [inside] : [mounted, inside]
  }
  return mounted === undefined || mounted === path
    ? [path]
    : state.process === undefined
      ? [mounted, path]
      : [path, mounted]
}

/** True for a path in the file system of a process that is not the host's. */
export function isInsideProcess(path: string): boolean {
  return /^\/proc\/\d+\/root\//.test(path)
}

/** The host's path for a component's path: the first candidate that was seen, else the best guess. */
export function hostPathOf(view: NodeView, state: PathContext, path: string): string {
  const candidates = hostPathCandidates(state, path)
  return candidates.find((candidate) => view.file(candidate).state === 'observed') ?? candidates[0]
}

/** True when the host's file of that name need not be the one the container sees: a link is on the way. */
function isAnothers(
  view: NodeView,
  state: PathContext,
  { path, name }: { readonly path: string; readonly name: string },
): boolean {
  if (isInsideProcess(name) || state.process?.contained !== true) return false
  const mounts = state.pod?.container.mounts ?? []
  const files = hostPathCandidates(state, path).map((candidate) => view.file(candidate))
  return isLedElsewhere(view, view.file(name), { path, mounts, files })
}

/** The text of a file a component was given, wherever the collector found it. */
export function contentFor(view: NodeView, state: PathContext, path: string): RawContent {
  const candidates = hostPathCandidates(state, path)
  const found = candidates.map((candidate) => view.content(candidate))
  const observed = found.filter((content) => content.state === 'observed')
  const [first] = observed
  if (first !== undefined && isAnothers(view, state, { path, name: first.path }))
    return {
      kind: 'content',
      id: first.id,
      path: first.path,
      state: 'unavailable',
      reason: 'ambiguous',
      detail: `${path} is behind a link in its container; where that leads there is not known`,
    }
  return (
    // The same text under a name of the host is the one a person can open.
    observed.find((content) => !isInsideProcess(content.path) && content.text === first?.text) ??
    first ??
    found.find((content) => content.state === 'unavailable' && content.reason !== 'not-collected') ??
    found.find((content) => content.state === 'absent') ??
    view.content(candidates[0])
  )
}
