import type { ComponentSpec } from '../../model/component.ts'
import {
  absent,
  type Evidence,
  joinSources,
  mapEvidence,
  observed,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { isSwitchedOn, type ServerConfiguration, serverConfiguration } from '../rancher/configuration.ts'
import { dataDirectory, embeddedEtcd } from '../rancher/datastore.ts'
import { programProbes, rancherPrograms } from '../rancher/program.ts'
import { type RancherService, rancherService } from '../rancher/service.ts'
import { loggedWords, type StartLog, startLogOf } from '../rancher/start-log.ts'
import type { Argument } from './command-line.ts'
import { versionIn } from './version.ts'

/** A component that runs inside k3s, with the arguments k3s gave it. */
export interface EmbeddedComponent {
  readonly isRunning: boolean
  readonly words: Evidence<readonly Argument[]>
  /** Kubernetes version of k3s; undefined when nothing tells, or for what is not Kubernetes. */
  readonly version: string | undefined
}

interface Embeddable {
  /** True for what agents run as well. */
  readonly isOnAgents: boolean
  /** Switches of k3s that leave it out. */
  readonly switches: readonly string[]
}

const embeddable: ReadonlyMap<string, Embeddable> = new Map([
  ['kubelet', { isOnAgents: true, switches: ['disable-agent'] }],
  ['kube-proxy', { isOnAgents: true, switches: ['disable-agent', 'disable-kube-proxy'] }],
  ['kube-apiserver', { isOnAgents: false, switches: ['disable-apiserver'] }],
  ['kube-controller-manager', { isOnAgents: false, switches: ['disable-controller-manager'] }],
  ['kube-scheduler', { isOnAgents: false, switches: ['disable-scheduler'] }],
  ['etcd', { isOnAgents: false, switches: ['disable-etcd'] }],
])

/** What is asked because a component may run inside k3s. */
export function hostProbes(spec: ComponentSpec): readonly Probe[] {
  if (!embeddable.has(spec.id)) return []
  return [
    ...programProbes(rancherPrograms.k3s),
    ...(spec.id === 'etcd'
      ? [
          {
            kind: 'path',
            path: '/var/lib/rancher/k3s/server/db/etcd/config',
            holds: 'configuration',
          } as const,
        ]
      : []),
  ]
}

interface Host {
  readonly service: RancherService
  readonly configuration: Evidence<ServerConfiguration>
  readonly log: Evidence<StartLog>
}

/** The component as it runs inside k3s. Absent: there is no k3s, or it does not run this. */
export function embeddedIn(view: NodeView, spec: ComponentSpec): Evidence<EmbeddedComponent> {
  const about = embeddable.get(spec.id)
  if (about === undefined) return absent({ items: [], at: [] })
  return mapEvidence(rancherService(view, 'k3s'), (service): Evidence<EmbeddedComponent> => {
    if (service.role === 'agent' && !about.isOnAgents)
      return runsNot(service, `a k3s agent runs no ${spec.id}`)
    const configuration = serverConfiguration(view, 'k3s')
    const host: Host = { service, configuration, log: logOf(service) }
    return spec.id === 'etcd' ? etcdIn(view, host) : componentIn(spec, host, about)
  })
}

/** Why k3s does not run it; without a reason where k3s itself does not run, so that others may. */
function runsNot(service: RancherService, detail: string, source = service.source): Evidence<never> {
  return service.isRunning ? absent(source, detail) : absent(source)
}

function logOf(service: RancherService): Evidence<StartLog> {
  const { process, unit, source, isRunning } = service
  if (process !== undefined) return startLogOf(process, unit)
  return isRunning
    ? unavailable('not-collected', source, 'the process of k3s was not seen')
    : unavailable('offline', source, 'k3s does not run; what it starts with it only says then')
}

function componentIn(spec: ComponentSpec, host: Host, about: Embeddable): Evidence<EmbeddedComponent> {
  const { service, configuration, log } = host
  const words = loggedWords(log, spec.id)
  if (words.kind !== 'observed') {
    const left = leftOut(about, configuration)
    if (left.kind === 'unavailable') return left
    if (left.kind === 'observed') return runsNot(service, `k3s is told ${left.fact}`, left.source)
  }
  const printed = service.process?.version === undefined ? undefined : versionIn(service.process.version)
  const version = printed ?? (log.kind === 'observed' ? log.fact.version : undefined)
  const source = joinSources(service.source, words.source)
  return observed({ isRunning: service.isRunning, words, version }, source)
}

/** The switch that leaves a component out; absent when none does. */
function leftOut({ switches }: Embeddable, configuration: Evidence<ServerConfiguration>): Evidence<string> {
  for (const name of switches) {
    const value = isSwitchedOn(configuration, name)
    if (value.kind === 'unavailable') return value
    if (value.fact) return observed(name, value.source)
  }
  return absent(configuration.source)
}

function etcdIn(view: NodeView, { service, configuration, log }: Host): Evidence<EmbeddedComponent> {
  const directory = dataDirectory(configuration, rancherPrograms.k3s.dataDirectory)
  const usual = directory.kind === 'observed' ? directory.fact : rancherPrograms.k3s.dataDirectory
  const apiServer = loggedWords(log, 'kube-apiserver')
  return mapEvidence(
    embeddedEtcd(view, { directory: usual, configuration, apiServer }),
    (path, source): Evidence<EmbeddedComponent> => {
      const at = { kind: 'file', at: path } as const
      const words = ['etcd', `--config-file=${path}`].map((text) => ({ text, at }))
      return observed(
        { isRunning: service.isRunning, words: observed(words, source), version: undefined },
        joinSources(service.source, source),
      )
    },
  )
}
