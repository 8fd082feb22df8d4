import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind } from './fact-kind.ts'
import { sourceOf, textOf } from './files/raw-source.ts'
import { addressProbe, macAddresses } from './node/network-interfaces.ts'

/** Firmware that was never given an identity: the same text on every such machine. */
const placeholderUuids = [
  '03000200-0400-0500-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '01234567-89ab-cdef-0123-456789abcdef',
]

/** 32 hex digits that are not one digit repeated; an empty or `uninitialized` file is filled at the next boot. */
export function isMachineId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text) && !isRepeated(text)
}

/** A product UUID that a vendor really set. */
export function isProductUuid(text: string): boolean {
  const uuid = text.toLowerCase()
  return (
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) &&
    !isRepeated(uuid.replaceAll('-', '')) &&
    !placeholderUuids.includes(uuid)
  )
}

function isRepeated(hex: string): boolean {
  return /^(.)\1*$/.test(hex)
}

/** A lower-case DNS name (the kubelet uses it as the node's name) that is not the one every machine has. */
export function isHostname(text: string): boolean {
  const isDns = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(text)
  return isDns && text.length <= 253 && !/^localhost(\.|$)/.test(text)
}

function trimmed(text: Evidence<string>): Evidence<string> {
  return mapEvidence(text, (value, source) =>
    value.trim() === '' ? absent(source) : observed(value.trim(), source),
  )
}

function hostname(view: NodeView): Evidence<string> {
  const running = trimmed(textOf(view.content('/proc/sys/kernel/hostname')))
  return view.evidence.offline ? trimmed(textOf(view.content('/etc/hostname'))) : running
}

/** An empty machine-id is looked at and wrong; a file that is not there likewise. */
function claim(value: Evidence<string>, isValid: (text: string) => boolean, whenAbsent: Fact): Fact {
  if (value.kind === 'absent') return whenAbsent
  return mapEvidence(value, (text, source): Fact => observed(isValid(text), source))
}

/** What container managers leave in a machine they make; its hardware is that of its host. */
export const containerFiles = [
  '/run/systemd/container',
  '/.dockerenv',
  '/run/.containerenv',
  '/kind',
] as const

function contained(view: NodeView): Fact {
  const files = containerFiles.map((path) => view.file(path))
  const seen = files.find((file) => file.state === 'observed')
  if (seen !== undefined) return observed(true, sourceOf(seen))
  const gap = files.find((file) => file.state === 'unavailable')
  return gap?.state === 'unavailable'
    ? unavailable(gap.reason, sourceOf(gap), gap.detail)
    : observed(false, joinSources(...files.map(sourceOf)))
}

/** What makes the node itself: it must differ from every other node of the cluster. */
export const identity: FactKind = {
  kind: 'identity',
  title:
    'What tells this node from others: machine-id, product UUID, host name, MAC addresses; whether it is a container',
  parameters: {},
  fields: () => [
    'machine-id',
    'machine-id-valid',
    'product-uuid',
    'product-uuid-valid',
    'hostname',
    'hostname-valid',
    'mac-addresses',
    'contained',
  ],
  probes: () => [
    { kind: 'path', path: '/etc/machine-id', holds: 'text' },
    { kind: 'path', path: '/etc/hostname', holds: 'text' },
    { kind: 'kernel', pattern: '/sys/class/dmi/id/product_uuid' },
    { kind: 'kernel', pattern: '/proc/sys/kernel/hostname' },
    addressProbe,
    ...containerFiles.map((path): Probe => ({ kind: 'path', path, holds: 'file' })),
  ],
  derive: (_request, node) => {
    const machineId = trimmed(textOf(node.view.content('/etc/machine-id')))
    const uuid = trimmed(textOf(node.view.content('/sys/class/dmi/id/product_uuid')))
    const host = hostname(node.view)
    const source = joinSources(machineId.source, uuid.source, host.source)
    return observed(
      {
        'machine-id': machineId,
        'machine-id-valid': claim(machineId, isMachineId, observed(false, machineId.source)),
        'product-uuid': uuid,
        // Many machines (ARM boards, containers) have no DMI: nothing to be valid.
        'product-uuid-valid': claim(uuid, isProductUuid, absent(uuid.source)),
        hostname: host,
        'hostname-valid': claim(host, isHostname, observed(false, host.source)),
        'mac-addresses': macAddresses(node.view),
        contained: contained(node.view),
      },
      source,
    )
  },
}
