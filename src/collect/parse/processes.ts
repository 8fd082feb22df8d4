import type { RawProcess, RawProcesses } from '../../model/node-evidence.ts'
import type { ProcessProbe } from '../plan.ts'
import { systemInits } from '../script/processes.ts'
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

const containerPath = /\/(kubepods|docker[-/]|libpod[-_]|crio-|cri-containerd-|nerdctl)/

/**
 * The line that says who started a process. With both versions of cgroups mounted, runtimes move a container in the
 * old hierarchies only: in the new one it stays in the runtime's own service.
 */
function cgroupOf(text: string): string {
  const lines = text.split('\n')
  return (
    lines.find((line) => containerPath.test(line)) ??
    lines.find((line) => line.startsWith('0::')) ??
    lines[0] ??
    ''
  )
}

function isContained(told: string | undefined, cgroup: string): boolean {
  if (told === 'yes' || told === 'no') return told === 'yes'
  return /kubepods|docker|libpod|crio|cri-containerd|lxc/.test(cgroup)
}

/**
 * True for a process of another node that lives in a container here: the first process of its PID namespace is
 * the init of a system. Where that could not be seen, a unit or a further container inside a container tells.
 */
function isNested(init: string | undefined, status: string, cgroup: string): boolean {
  if (init === '-') return false
  if (init !== undefined && systemInits.includes(init)) return true
  // The pid as seen from here, then in each namespace within.
  const pids = (/^NSpid:\s+([\d\t ]+)$/m.exec(status)?.[1] ?? '').trim().split(/\s+/)
  if (pids.length > 2) return true
  const isUnit = cgroup.endsWith('.service')
  return (init === undefined || init === 'unknown') && pids.length === 2 && pids[1] !== '1' && isUnit
}

function versionOf(parse: Parse, pid: number): string {
  const answer = parse.account.programs.get(`version ${pid}`)
  if (answer === undefined || typeof answer === 'string' || answer.status !== '0') return ''
  return (decodeText(answer.payload) ?? '').trim().slice(0, 1024)
}

function commOf(stat: string): string {
  return stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
}

/** What a process is by its kernel name, where its arguments do not tell. */
function likelyName(parse: Parse, comm: string): { readonly name?: string } {
  const found = parse.plan.processes.filter(({ binaries }) =>
    binaries.some((binary) => binary.slice(0, 15) === comm),
  )
  const [first] = found
  return first !== undefined && found.length === 1 ? { name: first.name } : {}
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
  const stat = partText(parse, pid, 'stat')
  const likely = likelyName(parse, commOf(stat))
  if (bytes === undefined) return { ...item, ...likely, ...parse.end }
  if (bytes === null)
    return { ...item, ...likely, ...missing('unparsable', 'the end of its arguments could not be told') }
  if (bytes.length === 0)
    return isGone(status)
      ? null
      : { ...item, ...likely, ...missing('changed-while-reading', 'no arguments yet') }
  const cut = bytes.indexOf(1)
  const argv0 = Buffer.from(cut === -1 ? bytes : bytes.subarray(0, cut)).toString('utf8')
  const probe = probeFor(parse, argv0)
  if (probe === undefined) return null
  const { name } = probe
  if (bytes.length > argumentLimit)
    return {
      ...item,
      name,
      ...missing('truncated', `${probe.name}: more than ${argumentLimit} bytes of arguments`),
    }
  const argv = argumentsOf(bytes)
  if (argv === null) return { ...item, name, ...missing('not-text', `arguments of ${probe.name}`) }
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1]
  if (uid === undefined)
    return {
      ...item,
      name,
      ...missing('changed-while-reading', `${probe.name} ended while it was looked at`),
    }
  const cgroup = cgroupOf(partText(parse, pid, 'cgroup'))
  const version = versionOf(parse, pid)
  const nested = isNested(parse.account.inits.get(pid), status, cgroup)
  return {
    ...item,
    state: 'observed',
    comm: commOf(stat),
    name: probe.name,
    argv,
    env: environment(parse, pid, probe),
    uid: Number(uid),
    startedAt: startedAt(parse, stat),
    cgroup,
    contained: isContained(parse.account.contained.get(pid), cgroup),
    ...(nested ? { nested } : {}),
    ...(version === '' ? {} : { version }),
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
