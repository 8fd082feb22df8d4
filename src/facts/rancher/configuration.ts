import {
  absent,
  type Evidence,
  type Fact,
  joinSources,
  mapEvidence,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { describeFault } from '../text/document.ts'
import { launchOf } from './launch.ts'
import { type Given, type Layer, layFile } from './layer.ts'
import { type RancherProgram, rancherPrograms } from './program.ts'
import { type RancherService, rancherService } from './service.ts'

/** What an operator told K3s or RKE2, merged as the program does: command line over files over environment. */
export interface ServerConfiguration {
  readonly program: RancherProgram
  readonly role: 'server' | 'agent'
  readonly service: RancherService
  /** One entry for each key that is given anywhere. */
  readonly values: ReadonlyMap<string, Fact>
  /** Keys as the configuration files give them, before the command line. */
  readonly files: Layer
  readonly source: Source
}

/** Reads and merges everything that configures the program. Absent where it neither runs nor is set up to. */
export function serverConfiguration(view: NodeView, program: RancherProgram): Evidence<ServerConfiguration> {
  return mapEvidence(rancherService(view, program), (service) => {
    const launch = launchOf(view, service)
    if (launch.kind !== 'observed') return launch
    const { line, variables } = launch.fact
    const path =
      lastText(variables.get('config-file')) ??
      lastText(line.get('config')) ??
      rancherPrograms[program].configuration
    const files = readFiles(view, path)
    if (files.kind !== 'observed') return files
    const source = joinSources(launch.source, files.source)
    const values = merge({ line, files: files.fact, variables, items: source.items })
    return observed({ program, role: service.role, service, values, files: files.fact, source }, source)
  })
}

function lastText(given: Given | undefined): string | undefined {
  return given?.texts.at(-1)?.text
}

/** The main file, then every `.yaml` or `.yml` of its drop-in directory by name (k3s pkg/configfilearg). */
function readFiles(view: NodeView, path: string): Evidence<Layer> {
  const listing = view.directory(`${path}.d`)
  const ids = [listing.id]
  if (listing.state === 'unavailable')
    return unavailable(listing.reason, { items: ids, at: [] }, `${listing.path} could not be listed`)
  const entries = listing.state === 'observed' ? [...listing.entries].sort() : []
  let layer: Layer = new Map()
  for (const file of [path, ...entries.filter((entry) => /\.ya?ml$/i.test(entry))]) {
    const content = view.content(file)
    ids.push(content.id)
    const source: Source = { items: ids, at: [{ kind: 'file', at: file }] }
    if (content.state === 'unavailable')
      return unavailable(content.reason, source, content.detail ?? `${file} could not be read`)
    if (content.state === 'absent') continue
    const laid = layFile(layer, content.text, file)
    if (laid.kind === 'unparsable') return unavailable('unparsable', source, describeFault(file, laid))
    layer = laid.value
  }
  return observed(layer, { items: ids, at: [] })
}

/** Later layers over earlier ones. What becomes of a list that two of them give differs between releases. */
function merge(layers: {
  readonly line: Layer
  readonly files: Layer
  readonly variables: Layer
  readonly items: readonly string[]
}): ReadonlyMap<string, Fact> {
  const { line, files, variables, items } = layers
  const values = new Map<string, Fact>()
  for (const [name, given] of [...variables, ...files]) values.set(name, valueFact(name, given, items))
  for (const [name, given] of line) {
    const file = files.get(name)
    const isTwice = file !== undefined && (isListKey(name) || given.isList || file.isList)
    values.set(name, isTwice ? givenTwice(name, [given, file], items) : valueFact(name, given, items))
  }
  return values
}

function sourceOf(given: Given, items: readonly string[]): Source {
  return { items, at: given.texts.map(({ at }) => at) }
}

function givenTwice(name: string, both: readonly Given[], items: readonly string[]): Fact {
  const source = joinSources(...both.map((given) => sourceOf(given, items)))
  return unavailable('ambiguous', source, `${name} is a list that both the command line and a file give`)
}

function valueFact(name: string, given: Given, items: readonly string[]): Fact {
  const source = sourceOf(given, items)
  const texts = given.texts.filter(({ text }) => text !== '')
  if (!isListKey(name) && !given.isList) return scalar(name, texts.map(({ text }) => text).join(), source)
  return observed(
    texts.map(({ text, at }) => observed(text, { items, at: [at] })),
    source,
  )
}

function isListKey(name: string): boolean {
  return /-(arg|san|label|taint|extra-mount|extra-env)$/.test(name) || name === 'disable'
}

/** Booleans and numbers as such; a mode stays text, as octal as the program reads it. */
function scalar(name: string, text: string, source: Source): Fact {
  if (text === '') return absent(source, 'set to nothing')
  if (/-mode$/.test(name) && /^[0-7]+$/.test(text)) return observed(text.padStart(4, '0'), source)
  if (text === 'true' || text === 'false') return observed(text === 'true', source)
  return observed(/^-?\d{1,15}$/.test(text) && !/^-?0\d/.test(text) ? Number(text) : text, source)
}

/** A key that must be told: the value, absent when nobody gives it. */
export function configured(configuration: Evidence<ServerConfiguration>, name: string): Fact {
  return mapEvidence(configuration, ({ values }, source) => values.get(name) ?? absent(source))
}

/** True, false, or not to be told, of a switch. */
export function isSwitchedOn(
  configuration: Evidence<ServerConfiguration>,
  name: string,
): Exclude<Evidence<boolean>, { kind: 'absent' }> {
  const value = configured(configuration, name)
  if (value.kind === 'unavailable') return value
  return observed(value.kind === 'observed' && value.fact === true, value.source)
}
