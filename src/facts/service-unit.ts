import type { FactRequest } from '../model/check.ts'
import type { Fact, FactRecord, Source } from '../model/evidence.ts'
import { absent, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, Knowledge } from './fact-kind.ts'
import type { RawProperties } from './node/raw.ts'
import { inUseProbes, loadedUnit, systemdProbe, unitInUse, unitNames } from './node/service-units.ts'
import { readLimit, readTimeSpan, readWords, readYesNo } from './node/systemd-value.ts'

type Read = (text: string, source: Source) => Fact

function scalar(read: (text: string) => string | number | boolean | null): Read {
  return (text, source) => {
    const value = read(text)
    return value === null
      ? unavailable('unparsable', source, `"${text}" is not understood`)
      : observed(value, source)
  }
}

const text: Read = (value, source) => (value === '' ? absent(source) : observed(value, source))

/** An empty list is absent: `Delegate=yes` without a single controller delegates nothing. */
const words: Read = (value, source) => {
  const items = readWords(value)
  return items.length === 0
    ? absent(source)
    : observed(
        items.map((item) => observed(item, source)),
        source,
      )
}

/** Static, generated and transient units are started by others: whether they are enabled says nothing. */
const enabled: Read = (value, source) => {
  if (value === 'enabled' || value === 'enabled-runtime') return observed(true, source)
  return value === 'disabled' ? observed(false, source) : absent(source)
}

/** systemd runs a unit that names no user as root. */
const user: Read = (value, source) => observed(value === '' ? 'root' : value, source)

interface Field {
  readonly property: string
  readonly read: Read
}

/** Readers that know what an empty value means; without -p or --all, systemctl leaves empty properties out. */
const readsEmpty: readonly Read[] = [text, words, enabled, user]

const fields: { readonly [field: string]: Field } = {
  'active-state': { property: 'ActiveState', read: text },
  delegate: { property: 'Delegate', read: scalar(readYesNo) },
  'delegate-controllers': { property: 'DelegateControllers', read: words },
  enabled: { property: 'UnitFileState', read: enabled },
  'ip-address-allow': { property: 'IPAddressAllow', read: words },
  'ip-address-deny': { property: 'IPAddressDeny', read: words },
  'kill-mode': { property: 'KillMode', read: text },
  'limit-core': { property: 'LimitCORE', read: scalar(readLimit) },
  'limit-nofile': { property: 'LimitNOFILE', read: scalar(readLimit) },
  'limit-nproc': { property: 'LimitNPROC', read: scalar(readLimit) },
  'need-daemon-reload': { property: 'NeedDaemonReload', read: scalar(readYesNo) },
  'oom-policy': { property: 'OOMPolicy', read: text },
  'oom-score-adjust': { property: 'OOMScoreAdjust', read: scalar(readLimit) },
  restart: { property: 'Restart', read: text },
  'restart-usec': { property: 'RestartUSec', read: scalar(readTimeSpan) },
  'tasks-max': { property: 'TasksMax', read: scalar(readLimit) },
  'timeout-start': { property: 'TimeoutStartUSec', read: scalar(readTimeSpan) },
  type: { property: 'Type', read: text },
  user: { property: 'User', read: user },
}

/** Typed fields of a unit from what `systemctl show` printed: the merged unit, drop-ins included. */
export function readUnit(name: string, properties: RawProperties, source: Source): FactRecord {
  const record: { [field: string]: Fact } = { unit: observed(name, source) }
  for (const [field, { property, read }] of Object.entries(fields)) {
    const value = properties[property] ?? (readsEmpty.includes(read) ? '' : undefined)
    record[field] =
      value === undefined
        ? unavailable('not-collected', source, `systemctl show did not print ${property}`)
        : read(value, source)
  }
  return record
}

function service(request: FactRequest): string {
  return String(request.of)
}

function names(request: FactRequest, knowledge: Knowledge): readonly string[] {
  return unitNames(service(request), knowledge)
}

/** What systemd enforces for a service: judged from the merged unit, never from one file. */
export const serviceUnit: FactKind = {
  kind: 'service-unit',
  title: 'What systemd enforces for a service: the merged unit as systemctl show prints it',
  parameters: { of: { means: 'service: kubelet, containerd, etcd, docker, …' } },
  fields: () => ['unit', 'in-use', ...Object.keys(fields)],
  probes: (request, knowledge) => [
    systemdProbe,
    ...names(request, knowledge).map((name): Probe => ({ kind: 'unit', name })),
    ...inUseProbes(service(request), knowledge),
  ],
  derive: (request, node) => {
    const unit = loadedUnit(service(request), node.view, node)
    return mapEvidence(unit.properties, (properties, source) => {
      const used = unitInUse(node, service(request), { name: unit.name, properties, source })
      return observed({ ...readUnit(unit.name, properties, source), 'in-use': used }, source)
    })
  },
}
