import { type Evidence, observed, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { describeFault } from '../text/document.ts'
import { findPlaced, type Placed, type PlacedFile, placeDocument } from '../text/placed.ts'
import { readToml } from '../text/toml-text.ts'
import type { ComponentState } from './component-state.ts'
import { mergeImport } from './containerd.ts'
import { hostPathCandidates } from './paths.ts'

/** The main file with everything it imports laid over it. */
export interface Imported {
  readonly tree: Placed
  readonly imported: readonly PlacedFile[]
}

function importsOf(tree: Placed): readonly string[] {
  const imports = findPlaced(tree, ['imports'])
  return imports?.kind === 'leaf' && Array.isArray(imports.value)
    ? imports.value.filter((item): item is string => typeof item === 'string')
    : []
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

/** True for names a shell pattern without braces describes. */
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  try {
    return new RegExp(`^${source}$`).test(path)
  } catch {
    return false // A range the wrong way round, like [z-a]: no name is in it.
  }
}

type Told<T> = Exclude<Evidence<T>, { kind: 'absent' }>

/** Paths an import names, in name order. A directory nobody listed is not an empty one. */
function expand(view: NodeView, state: ComponentState, pattern: string): Told<readonly string[]> {
  const [path = pattern] = hostPathCandidates(state, pattern)
  if (!/[*?[]/.test(path)) return observed([path], { items: [], at: [] })
  const listing = view.directory(directoryOf(path))
  const source: Source = { items: [listing.id], at: [] }
  if (listing.state === 'absent') return observed([], source)
  if (listing.state === 'unavailable')
    return unavailable(listing.reason, source, `${listing.path}, named by imports, could not be listed`)
  return observed(listing.entries.filter((entry) => matches(path, entry)).sort(), source)
}

function readImport(view: NodeView, path: string): Told<PlacedFile> {
  const content = view.content(path)
  const source: Source = { items: [content.id], at: [{ kind: 'file', at: path }] }
  if (content.state === 'absent')
    return unavailable('ambiguous', source, `${path} is imported and does not exist`)
  if (content.state === 'unavailable')
    return unavailable(content.reason, source, content.detail ?? `${path} could not be read`)
  const document = readToml(content.text)
  if (document.kind === 'unparsable') return unavailable('unparsable', source, describeFault(path, document))
  return observed({ tree: placeDocument(document.value, path), path, id: content.id }, source)
}

/** Follows `imports`, each file once, later files over earlier ones (containerd config.go, LoadConfig). */
export function containerdImports(
  view: NodeView,
  state: ComponentState,
  main: PlacedFile,
): Evidence<Imported> {
  const version = state.version.kind === 'observed' ? state.version.fact : undefined
  const seen = new Set([main.path])
  const imported: PlacedFile[] = []
  const pending = importsOf(main.tree).map((pattern) => ({ pattern, from: main.path }))
  let tree = main.tree
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const pattern = next.pattern.startsWith('/') ? next.pattern : `${directoryOf(next.from)}/${next.pattern}`
    const paths = expand(view, state, pattern)
    if (paths.kind === 'unavailable') return paths
    for (const path of paths.fact) {
      if (seen.has(path)) continue
      seen.add(path)
      const file = readImport(view, path)
      if (file.kind === 'unavailable') return file
      imported.push(file.fact)
      tree = mergeImport(tree, file.fact.tree, version)
      pending.push(...importsOf(file.fact.tree).map((more) => ({ pattern: more, from: path })))
    }
  }
  return observed({ tree, imported }, { items: imported.map((file) => file.id), at: [] })
}
