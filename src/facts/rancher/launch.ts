import {
  type CollectFailure,
  type Evidence,
  joinSources,
  observed,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Argument } from '../settings/command-line.ts'
import { unitArguments } from '../settings/configured.ts'
import { parseEnvironmentFile, type SetVariable } from '../systemd/environment.ts'
import { type UnitOnDisk, unitOnDisk } from '../systemd/unit.ts'
import { initScriptArguments } from './init-script.ts'
import { type Layer, layArguments, layVariables } from './layer.ts'
import { initScripts, rancherPrograms } from './program.ts'
import type { RancherService } from './service.ts'

/** Where a service takes its command line and variables from. */
export interface Launch {
  readonly line: Layer
  readonly variables: Layer
}

interface Start {
  readonly words: readonly Required<Argument>[]
  readonly variables: ReadonlyMap<string, SetVariable>
}

/** What starts the service: its unit, or its script where no systemd runs. Its process hides its arguments. */
export function launchOf(view: NodeView, service: RancherService): Evidence<Launch> {
  const start =
    service.unit === undefined ? scriptStart(view, service) : unitStart(view, service, service.unit)
  if (start.kind !== 'observed') return start
  const { words, variables } = start.fact
  const verb = words.findIndex(({ text }) => text === service.role)
  // A variable of a script is filled in by a shell that nobody can ask.
  if (verb < 0 || words.some(({ text }) => service.unit === undefined && text.includes('$'))) {
    const detail = `${service.program} is started through something that does not show its arguments`
    return unavailable('not-collected', start.source, detail)
  }
  const layers = {
    line: layArguments(words.slice(verb + 1)),
    variables: layVariables(variables, rancherPrograms[service.program].variables),
  }
  return observed(layers, joinSources(service.source, start.source))
}

function unitStart(view: NodeView, service: RancherService, name: string): Evidence<Start> {
  const unit = unitOnDisk(view, name)
  if (unit.kind === 'unavailable') return unit
  if (unit.kind === 'absent' || unit.fact.execStart === undefined) {
    const detail = `${service.program} hides its arguments, and ${name} does not say which they are`
    return unavailable('not-collected', joinSources(service.source, unit.source), detail)
  }
  const unread = firstUnread(view, unit.fact)
  if (unread !== undefined) return unavailable(unread.reason, unit.source, unread.detail)
  return observed({ words: unitArguments(unit.fact), variables: unit.fact.environment }, unit.source)
}

function firstUnread(
  view: NodeView,
  unit: UnitOnDisk,
): { readonly reason: CollectFailure; readonly detail: string } | undefined {
  const [path] = unit.unreadEnvironmentFiles
  const content = path === undefined ? undefined : view.content(path)
  if (content?.state !== 'unavailable') return undefined
  return { reason: content.reason, detail: `${content.path} was not read; it may hold settings` }
}

function scriptStart(view: NodeView, { program, role, source }: RancherService): Evidence<Start> {
  const { server, agent, environment } = initScripts(rancherPrograms[program])
  const script = view.content(role === 'server' ? server : agent)
  const variables = view.content(environment)
  const all = joinSources(source, { items: [script.id, variables.id], at: [] })
  const words = script.state === 'observed' ? initScriptArguments(script.text, script.path) : undefined
  if (words === undefined) {
    const detail = `${program} hides its arguments, and nothing that starts it says which they are`
    return unavailable('not-collected', all, detail)
  }
  if (variables.state === 'unavailable')
    return unavailable(variables.reason, all, `${variables.path} was not read; it may hold settings`)
  const set =
    variables.state === 'observed' ? parseEnvironmentFile(variables.text, variables.path) : new Map()
  return observed({ words, variables: set }, all)
}
