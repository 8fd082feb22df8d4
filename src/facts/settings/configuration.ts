import type { ComponentSpec } from '../../model/component.ts'
import {
  type CollectFailure,
  type Evidence,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView, RawDirectory } from '../../model/node-evidence.ts'
import {
  describeFault,
  isRecord,
  lookUp,
  type Parsed,
  type TextDocument,
  unparsable,
} from '../text/document.ts'
import { mergePlaced, type Placed, type PlacedFile, placeDocument } from '../text/placed.ts'
import { readToml } from '../text/toml-text.ts'
import { readYaml } from '../text/yaml-text.ts'
import { usesOf } from './command-line.ts'
import type { ComponentState } from './component-state.ts'
import { normaliseContainerd } from './containerd.ts'
import { containerdImports } from './containerd-imports.ts'
import type { Environment } from './environment-value.ts'
import { contentFor, hostPathCandidates } from './paths.ts'
import { refusal } from './value.ts'

/** The configuration files of a component, merged. */
export interface Configuration {
  readonly tree: Placed
  /** Host paths of the files read, main file first. */
  readonly files: readonly string[]
  readonly source: Source
}

/** No file at all is `none`; a file that should be there and could not be read is `unread`. */
export type ConfigurationLayer =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly configuration: Configuration }
  | { readonly kind: 'unread'; readonly evidence: Exclude<Evidence<never>, { kind: 'observed' }> }

function givenPath(
  state: ComponentState,
  name: string | undefined,
  environment: Environment,
): string | undefined {
  const setting = state.spec.settings.find((one) => one.name === name)
  if (setting === undefined || state.commandLine.kind !== 'observed') return undefined
  const flag = usesOf(state.commandLine.fact, setting).at(-1)?.value
  if (flag !== undefined) return flag === '' ? undefined : flag
  const variable =
    setting.env === undefined || environment.kind !== 'observed'
      ? undefined
      : environment.fact.get(setting.env)
  return variable === undefined || variable.value === '' ? undefined : variable.value
}

function hasKind(document: TextDocument, wanted: string): boolean {
  const [group, kind] = wanted.includes('/') ? wanted.split('/') : [undefined, wanted]
  const version = lookUp(document.value, ['apiVersion'])
  const isGroup = group === undefined || (typeof version === 'string' && version.startsWith(`${group}/`))
  return isGroup && lookUp(document.value, ['kind']) === kind
}

/** A value the component refuses, and the whole file with it. */
function refusedIn(document: TextDocument, spec: ComponentSpec): Parsed<never> | undefined {
  if (spec.configuration?.format !== 'yaml') return undefined
  for (const setting of spec.settings) {
    const path = setting.key?.split('.')
    if (path === undefined) continue
    const isLoose = spec.configuration.kind === undefined
    const wanted = refusal(setting, lookUp(document.value, path), isLoose)
    if (wanted !== undefined)
      return unparsable(`${setting.key} takes ${wanted}; ${spec.id} refuses the file`, document.lineOf(path))
  }
  return undefined
}

/** Parses one file in the component's format. */
export function parseConfiguration(text: string, spec: ComponentSpec): Parsed<TextDocument> {
  const document = spec.configuration?.format === 'toml' ? readToml(text) : readYaml(text)
  if (document.kind === 'unparsable') return document
  if (!isRecord(document.value.value))
    return unparsable('a mapping is expected here', document.value.lineOf([]))
  const wanted = spec.configuration?.kind
  if (wanted === undefined || hasKind(document.value, wanted))
    return refusedIn(document.value, spec) ?? document
  const kind = lookUp(document.value.value, ['kind'])
  const seen = typeof kind === 'string' ? kind : 'no kind'
  return unparsable(`${wanted} is expected, this is ${seen}`, document.value.lineOf(['kind']))
}

/** Reads one file a component was given; a file that is named and missing cannot be judged. */
export function readConfigurationFile(
  view: NodeView,
  state: ComponentState,
  path: string,
): Evidence<PlacedFile> {
  const content = contentFor(view, state, path)
  const source: Source = { items: [content.id], at: [{ kind: 'file', at: content.path }] }
  switch (content.state) {
    case 'absent':
      return unavailable('ambiguous', source, `${content.path} is in use and does not exist`)
    case 'unavailable':
      return unavailable(content.reason, source, content.detail ?? `${content.path} could not be read`)
    case 'observed': {
      const document = parseConfiguration(content.text, state.spec)
      if (document.kind === 'unparsable')
        return unavailable('unparsable', source, describeFault(content.path, document))
      return observed(
        { tree: placeDocument(document.value, content.path), path: content.path, id: content.id },
        source,
      )
    }
    default:
      return content satisfies never
  }
}

/** Every configuration file of the component, merged the way the component merges them. */
export function readConfiguration(
  view: NodeView,
  state: ComponentState,
  environment: Environment,
): ConfigurationLayer {
  const about = state.spec.configuration
  if (about === undefined) return { kind: 'none' }
  if (state.commandLine.kind !== 'observed') return { kind: 'unread', evidence: state.commandLine }
  const given = givenPath(state, about.setting, environment)
  if (given === undefined && environment.kind === 'unavailable' && readsPathFromEnvironment(state.spec))
    return { kind: 'unread', evidence: environment }
  const dropIns = dropInsIn(view, state, givenPath(state, about.dropInSetting, environment))
  const path = given ?? about.defaultPath
  const isMissingDefault =
    given === undefined && path !== undefined && contentFor(view, state, path).state === 'absent'
  const main = path === undefined || isMissingDefault ? undefined : readConfigurationFile(view, state, path)
  if (main !== undefined && main.kind !== 'observed') return { kind: 'unread', evidence: main }
  const below =
    dropIns === undefined ? observed([], { items: [], at: [] }) : dropInFiles(view, state, dropIns)
  if (below.kind !== 'observed') return { kind: 'unread', evidence: below }
  const files = [...(main === undefined ? [] : [main.fact]), ...below.fact]
  return about.layout === 'containerd' ? finishContainerd(view, state, files) : finish(files)
}

/** The drop-in directory in use; one that a component has by default need not be there, whoever names it (CRI-O). */
function dropInsIn(view: NodeView, state: ComponentState, given: string | undefined): string | undefined {
  const usual = state.spec.configuration?.dropInDefaultPath
  if (usual === undefined) return given
  const path = given ?? usual
  const listings = hostPathCandidates(state, path).map((candidate) => view.directory(candidate))
  return listings.every((listing) => listing.state === 'absent') ? undefined : path
}

function readsPathFromEnvironment(spec: ComponentSpec): boolean {
  return spec.settings.some(
    (setting) => setting.name === spec.configuration?.setting && setting.env !== undefined,
  )
}

function finish(files: readonly PlacedFile[]): ConfigurationLayer {
  const [first, ...rest] = files
  if (first === undefined) return { kind: 'none' }
  const tree = rest.reduce(
    (all, file) => mergePlaced(all, file.tree, { lists: 'replace', nullRemoves: true }),
    first.tree,
  )
  return {
    kind: 'read',
    configuration: { tree, files: files.map((file) => file.path), source: sourceOf(files) },
  }
}

function finishContainerd(
  view: NodeView,
  state: ComponentState,
  files: readonly PlacedFile[],
): ConfigurationLayer {
  const [main] = files
  if (main === undefined) return { kind: 'none' }
  const merged = containerdImports(view, state, main)
  if (merged.kind !== 'observed') return { kind: 'unread', evidence: merged }
  const { tree, imported } = merged.fact
  const all = [main, ...imported]
  const configuration = {
    tree: normaliseContainerd(tree),
    files: all.map((file) => file.path),
    source: sourceOf(all),
  }
  return { kind: 'read', configuration }
}

function sourceOf(files: readonly PlacedFile[]): Source {
  return { items: files.map((file) => file.id), at: files.map((file) => ({ kind: 'file', at: file.path })) }
}

/** Different paths, segment by segment: NUL sorts before whatever a name may hold. */
function byPathSegments(a: string, b: string): number {
  return a.replaceAll('/', '\0') < b.replaceAll('/', '\0') ? -1 : 1
}

/** Every entry below a directory, subdirectories walked down as the kubelet does, or the first one that is closed. */
function entriesBelow(
  view: NodeView,
  listing: Extract<RawDirectory, { state: 'observed' }>,
): Evidence<readonly string[]> {
  const found: string[] = []
  for (const entry of listing.entries) {
    const below = view.directory(entry)
    if (view.content(entry).state === 'observed' || below.state === 'absent') found.push(entry)
    else if (below.state === 'observed') {
      const deeper = entriesBelow(view, below)
      if (deeper.kind !== 'observed') return deeper
      found.push(...deeper.fact)
    } else if (isFile(below.reason)) found.push(entry)
    else {
      const source: Source = { items: [below.id], at: [{ kind: 'file', at: entry }] }
      return unavailable(below.reason, source, below.detail ?? `${entry} could not be listed`)
    }
  }
  return observed(found, { items: [listing.id], at: [{ kind: 'file', at: listing.path }] })
}

/** Why a file has no listing: nobody asked for one, or it is no directory. A closed directory says another reason. */
function isFile(reason: CollectFailure): boolean {
  return reason === 'not-collected' || reason === 'unparsable'
}

/**
 * The files below the drop-in directory, in name order (kubelet server.go, mergeKubeletConfigurations, takes `*.conf`;
 * CRI-O pkg/config UpdateFromPath every file).
 */
function dropInFiles(
  view: NodeView,
  state: ComponentState,
  directory: string,
): Evidence<readonly PlacedFile[]> {
  const candidates = hostPathCandidates(state, directory.replace(/(?<=.)\/+$/, ''))
  const listings = candidates.map((path) => view.directory(path))
  const listing = listings.find((one) => one.state === 'observed') ?? view.directory(candidates[0])
  const source: Source = { items: [listing.id], at: [{ kind: 'file', at: listing.path }] }
  if (listing.state === 'absent')
    return unavailable('ambiguous', source, `${listing.path} is in use and does not exist`)
  if (listing.state === 'unavailable')
    return unavailable(listing.reason, source, listing.detail ?? `${listing.path} could not be listed`)
  const below = entriesBelow(view, listing)
  if (below.kind !== 'observed') return below
  const files: PlacedFile[] = []
  const suffix = state.spec.configuration?.dropInSuffix ?? '.conf'
  const counts = (entry: string): boolean => suffix === '*' || entry.endsWith(suffix)
  for (const path of below.fact.filter(counts).sort(byPathSegments)) {
    const file = readConfigurationFile(view, { ...state, process: undefined, pod: undefined }, path)
    if (file.kind !== 'observed') return file
    files.push(file.fact)
  }
  return observed(files, source)
}
