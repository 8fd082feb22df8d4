import type { Drift, Provenance } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { usesOf } from '../settings/command-line.ts'
import type { ComponentState } from '../settings/component-state.ts'
import { serverConfiguration } from './configuration.ts'
import type { RancherProgram } from './program.ts'

/** Configuration keys that hand arguments to a component: `name=value`, `name+=value`, `name-=value`. */
const keys: ReadonlyMap<string, string> = new Map([
  ['kube-apiserver', 'kube-apiserver-arg'],
  ['kube-controller-manager', 'kube-controller-manager-arg'],
  ['kube-scheduler', 'kube-scheduler-arg'],
  ['kubelet', 'kubelet-arg'],
  ['kube-proxy', 'kube-proxy-arg'],
])

/** Seconds by which clocks may be off when a start and the time of a file are compared. */
const slack = 2

interface Wanted {
  readonly flag: string
  readonly value: string
  readonly at: Provenance
}

function wantedIn(text: string, at: Provenance): Wanted {
  const [name, ...rest] = text.split('=')
  const flag = String(name).replace(/^--/, '').replace(/[+-]$/, '')
  return { flag, value: rest.length === 0 ? 'true' : rest.join('='), at }
}

/** Why the component does not run with it: the file is newer than the service, or something else. */
function reason(view: NodeView, at: string, startedAt: number | null | undefined): string {
  const file = view.file(at)
  const isNewer =
    file.state === 'observed' &&
    startedAt !== null &&
    startedAt !== undefined &&
    file.stat.mtime > startedAt + slack
  return isNewer ? ' (changed on disk, not yet restarted)' : ''
}

/**
 * Settings the configuration of K3s or RKE2 hands to a component that does not run with them. Every value there is
 * among the arguments once the service has started with it, whatever the program adds of its own.
 */
export function configurationDrift(view: NodeView, state: ComponentState): ReadonlyMap<string, Drift> {
  const found = new Map<string, Drift>()
  const key = keys.get(state.spec.id)
  if (key === undefined || state.commandLine.kind !== 'observed') return found
  if (state.running.kind !== 'observed' || !state.running.fact) return found
  for (const program of ['rke2', 'k3s'] satisfies readonly RancherProgram[]) {
    const configuration = serverConfiguration(view, program)
    if (configuration.kind !== 'observed' || !configuration.fact.service.isRunning) continue
    const { files, values, service } = configuration.fact
    // A list that the command line gives as well is not the file's alone.
    if (values.get(key)?.kind !== 'observed') continue
    for (const { text, at } of files.get(key)?.texts ?? []) {
      const wanted = wantedIn(text, at)
      const setting = state.spec.settings.find(({ flags }) => flags.includes(wanted.flag))
      if (setting === undefined) continue
      const uses = usesOf(state.commandLine.fact, setting).map(({ value }) => value)
      if (uses.includes(wanted.value)) continue
      const runs = uses.length === 0 ? `without --${wanted.flag}` : `with --${wanted.flag}=${uses.join(',')}`
      const place = [at.at, at.line].join(':')
      const says = `${place} has ${key} ${text}; ${state.spec.id} runs ${runs}${reason(view, at.at, service.process?.startedAt)}`
      found.set(setting.name, { says, isUnsure: false })
    }
  }
  return found
}
