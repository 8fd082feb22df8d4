import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../model/evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, Knowledge, NodeContext } from './fact-kind.ts'
import { probesFor } from './files/probes-for.ts'
import { sourceOf } from './files/raw-source.ts'
import { coversDomain, coversNetwork, noProxyEntries } from './node/no-proxy.ts'
import { programProbes, rancherPrograms } from './rancher/program.ts'
import { settingText } from './settings/of-node.ts'
import type { Environment, SetVariable } from './systemd/environment.ts'
import { unitFileProbes } from './systemd/places.ts'
import { type UnitOnDisk, unitOnDisk } from './systemd/unit.ts'

/** Services that go through a proxy when their environment says so. */
const runtimeUnits = ['containerd.service', 'crio.service', 'docker.service', 'kubelet.service'] as const
const rancherUnits = Object.values(rancherPrograms).flatMap(({ units }) => [units.server, units.agent])

/** CONTAINERD_ is K3s' and RKE2's word for "image pulls only". */
const proxyName = /^(?:CONTAINERD_)?(?:HTTPS?_PROXY|https?_proxy)$/
const noProxyName = /^(?:CONTAINERD_)?(?:NO_PROXY|no_proxy)$/

function variables(environment: Environment, name: RegExp): readonly SetVariable[] {
  return [...environment]
    .filter(([key, { value }]) => name.test(key) && value !== '')
    .map(([, found]) => found)
}

interface Around {
  readonly node: NodeContext
  readonly source: Source
  /** K3s and RKE2 add the networks and the domain of the cluster themselves. */
  readonly isRancher: boolean
}

/** Places that must not be asked for by way of a proxy, as far as the node knows them. */
function missingIn(entries: readonly string[], { node, isRancher }: Around): readonly string[] {
  const missing: string[] = []
  if (!coversDomain(entries, 'localhost')) missing.push('localhost')
  if (!coversNetwork(entries, '127.0.0.1')) missing.push('127.0.0.0/8')
  if (!isRancher && !coversDomain(entries, 'svc') && !coversDomain(entries, 'cluster.local'))
    missing.push('.svc')
  const services = settingText(node, 'kube-apiserver', 'service-cluster-ip-range')
  if (!isRancher && services.kind === 'observed')
    missing.push(...services.fact.split(',').filter((range) => !coversNetwork(entries, range)))
  const own = settingText(node, 'kubelet', 'node-ip')
  if (own.kind === 'observed')
    missing.push(...own.fact.split(',').filter((address) => !coversNetwork(entries, address)))
  return missing
}

function textList(values: readonly string[], source: Source): Fact {
  return values.length === 0
    ? absent(source)
    : observed(
        values.map((value) => observed(value, source)),
        source,
      )
}

/** What could hold a proxy and was not read. */
function unreadFiles({ unreadEnvironmentFiles: [file] }: UnitOnDisk, source: Source): readonly Fact[] {
  return file === undefined
    ? []
    : [unavailable('not-collected', source, `a proxy may be set in ${file}, which was not read`)]
}

function serviceRecord(unit: UnitOnDisk, around: Around): readonly Fact[] {
  const { source } = around
  if (variables(unit.environment, proxyName).length === 0) {
    return unreadFiles(unit, source)
  }
  const entries = variables(unit.environment, noProxyName).flatMap(({ value }) => noProxyEntries(value))
  return [
    observed(
      {
        unit: observed(unit.name, source),
        'no-proxy': textList(entries, source),
        missing: textList(missingIn(entries, around), source),
      },
      source,
    ),
  ]
}

/** Files with a proxy that has a password in it (which was replaced on the node): only root should read them. */
function passwordFiles(node: NodeContext, unit: UnitOnDisk): readonly Fact[] {
  const found = variables(unit.environment, proxyName).filter(({ value }) => /:\/\/[^/]*:[^/]*@/.test(value))
  return [...new Set(found.map(({ file }) => file))].map((path) => {
    const file = node.view.file(path)
    const source = sourceOf(file)
    if (file.state === 'unavailable') return unavailable(file.reason, source, file.detail ?? path)
    if (file.state === 'absent')
      return unavailable('ambiguous', source, `${path} was read and does not exist`)
    return observed({ path: observed(path, source), mode: observed(file.stat.mode, source) }, source)
  })
}

interface Unit {
  readonly unit: Evidence<UnitOnDisk>
  readonly isRancher: boolean
}

function derive(node: NodeContext): Fact {
  const units: readonly Unit[] = [
    ...runtimeUnits.map((name) => ({ unit: unitOnDisk(node.view, name), isRancher: false })),
    ...rancherUnits.map((name) => ({ unit: unitOnDisk(node.view, name), isRancher: true })),
  ]
  const source = joinSources(...units.map(({ unit }) => unit.source))
  const services = units.flatMap(({ unit, isRancher }): readonly Fact[] => {
    if (unit.kind === 'observed') return serviceRecord(unit.fact, { node, isRancher, source: unit.source })
    return unit.kind === 'unavailable' ? [unit] : []
  })
  const files = units.flatMap(({ unit }): readonly Fact[] => {
    if (unit.kind !== 'observed') return unit.kind === 'unavailable' ? [unit] : []
    return [...passwordFiles(node, unit.fact), ...unreadFiles(unit.fact, unit.source)]
  })
  const list = (items: readonly Fact[], why: string): Fact =>
    items.length === 0 ? absent(source, why) : observed(items, source)
  return observed(
    { services: list(services, 'no service has a proxy'), 'password-files': list(files, 'none') },
    source,
  )
}

function probes(knowledge: Knowledge): readonly Probe[] {
  return [
    ...runtimeUnits.flatMap((name): readonly Probe[] => [{ kind: 'unit', name }, ...unitFileProbes(name)]),
    ...Object.values(rancherPrograms).flatMap(programProbes),
    ...probesFor(knowledge, ['kubelet', 'kube-apiserver', 'containerd', 'crio', 'docker']),
  ]
}

/** Proxies the services of the node go through, and what they must not ask there. */
export const proxyEnvironment: FactKind = {
  kind: 'proxy-environment',
  title: 'Proxies set for kubelet, runtimes, K3s and RKE2: what NO_PROXY leaves out, files with a password',
  parameters: {},
  fields: () => [
    'services',
    'services.unit',
    'services.no-proxy',
    'services.missing',
    'password-files',
    'password-files.path',
    'password-files.mode',
  ],
  probes: (_, knowledge) => probes(knowledge),
  derive: (_, node) => derive(node),
}
