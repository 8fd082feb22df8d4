import type { RawProcess, RawProcesses } from '../../model/node-evidence.ts'
import type { ProcessProbe } from '../plan.ts'
import { decodeText } from '../stream.ts'
import type { Parse } from './context.ts'
import { argumentLimit, missing } from './context.ts'

const soh = '\u0001'

function part(parse: Parse, pid: number, name: string): Uint8Array | null | undefined {
  return parse.account.processParts.segments.get(`/proc/${pid}/${name}`)
}

function partText(parse: Parse, pid: number, name: string): string {
  const bytes = part(parse, pid, name)
  return bytes === null || bytes === undefined ? '' : Buffer.from(bytes).toString('latin1')
}

function probeFor(parse: Parse, argv0: string): ProcessProbe | undefined {
  const base = argv0.slice(argv0.lastIndexOf('/') + 1)
  return parse.plan.processes.find(({ binaries }) => binaries.includes(base))
}

/** Start in seconds since 1970: the node's clock, its uptime and the ticks (100 a second) since boot. */
function startedAt(parse: Parse, stat: string): number | null {
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  const clock = Number(parse.account.start.get('clock') || Number.NaN)
  const uptime = Number(parse.account.start.get('uptime') || Number.NaN)
  const at = clock - uptime + ticks / 100
  return Number.isFinite(at) ? Math.round(at) : null
}

function cgroupOf(text: string): string {
  const lines = text.split('\n')
  return lines.find((line) => line.startsWith('0::')) ?? lines[0] ?? ''
}

function isContained(told: string | undefined, cgroup: string): boolean {
  if (told === 'yes' || told === 'no') return told === 'yes'
  return /kubepods|docker|libpod|crio|cri-containerd|lxc/.test(cgroup)
}

function isWanted(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  )
}

function environment(
  parse: Parse,
  pid: number,
  probe: ProcessProbe,
): { readonly [name: string]: string } | null {
  if (probe.env.length === 0) return {}
  const text = parse.account.environments.get(pid)
  if (text === undefined || text === null) return null
  const pairs = text.split('\n').flatMap((line) => {
    const cut = line.indexOf('=')
    const name = line.slice(0, cut)
    return cut > 0 && isWanted(name, probe.env)
      ? [[name, line.slice(cut + 1).replaceAll(soh, '\n')] as const]
      : []
  })
  return Object.fromEntries(pairs)
}

/** A process that is gone, dead or a kernel thread has no arguments and is nobody's component. */
function isGone(status: string): boolean {
  return status === '' || /^State:\s+[ZX]/m.test(status) || !/^VmSize:/m.test(status)
}

function argumentsOf(bytes: Uint8Array): readonly string[] | null {
  const text = decodeText(bytes)
  if (text === null) return null
  const argv = text.split(soh)
  if (argv.at(-1) === '') argv.pop()
  return argv
}

function processItem(parse: Parse, pid: number): RawProcess | null {
  const item = { kind: 'process', id: `process:${pid}`, pid } as const
  const bytes = part(parse, pid, 'cmdline')
  const status = partText(parse, pid, 'status')
  if (bytes === undefined) return { ...item, ...parse.end }
  if (bytes === null)
    return { ...item, ...missing('unparsable', 'the end of its arguments could not be told') }
  if (bytes.length === 0)
    return isGone(status) ? null : { ...item, ...missing('changed-while-reading', 'no arguments yet') }
  const cut = bytes.indexOf(1)
  const argv0 = Buffer.from(cut === -1 ? bytes : bytes.subarray(0, cut)).toString('utf8')
  const probe = probeFor(parse, argv0)
  if (probe === undefined) return null
  if (bytes.length > argumentLimit)
    return {
      ...item,
      ...missing('truncated', `${probe.name}: more than ${argumentLimit} bytes of arguments`),
    }
  const argv = argumentsOf(bytes)
  if (argv === null) return { ...item, ...missing('not-text', `arguments of ${probe.name}`) }
  const stat = partText(parse, pid, 'stat')
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1]
  if (uid === undefined)
    return { ...item, ...missing('changed-while-reading', `${probe.name} ended while it was looked at`) }
  const cgroup = cgroupOf(partText(parse, pid, 'cgroup'))
  const version = parse.account.versions.get(pid)
  return {
    ...item,
    state: 'observed',
    comm: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    name: probe.name,
    argv,
    env: environment(parse, pid, probe),
    uid: Number(uid),
    startedAt: startedAt(parse, stat),
    cgroup,
    contained: isContained(parse.account.contained.get(pid), cgroup),
    ...(version === undefined || version === '' ? {} : { version }),
  }
}

function tableState(parse: Parse, items: readonly RawProcess[]): RawProcesses {
  const table = { kind: 'processes', id: 'processes' } as const
  const { account, offline, end } = parse
  if (offline) return { ...table, ...missing('offline') }
  switch (account.processes) {
    case 'ok':
      break
    case 'denied':
      return { ...table, ...missing('permission-denied', '/proc hides the processes of others') }
    case 'no-tool':
      return { ...table, ...missing('tool-missing', 'grep is not on the node') }
    case 'failed':
      return { ...table, ...missing('tool-failed', 'grep did not find what is there') }
    case 'no-proc':
      return { ...table, ...missing('tool-failed', '/proc is not mounted') }
    default:
      return { ...table, ...end }
  }
  if (account.processesCut)
    return { ...table, ...missing('truncated', 'too many processes carry the names asked for') }
  if (account.pids.length > 0 && !account.processParts.finished) return { ...table, ...end }
  return { ...table, state: 'observed', pids: items.map(({ pid }) => pid).sort((a, b) => a - b) }
}

/** The process table and every process of the names asked for. */
export function processItems(parse: Parse): readonly (RawProcess | RawProcesses)[] {
  if (parse.plan.processes.length === 0) return []
  const items = parse.account.pids.flatMap((pid) => processItem(parse, pid) ?? [])
  return [tableState(parse, items), ...items]
}
