import type { RawProcess, RawProcesses } from '../../model/node-evidence.ts'
import type { ProcessProbe } from '../plan.ts'
import { systemInits } from '../script/processes.ts'
import { decodeText } from '../stream.ts'
import type { Parse } from './context.ts'
import { argumentLimit, missing } from './context.ts'
import { startLogOf } from './start-log.ts'
import { wholeNumber } from './whole-number.ts'

const soh = '\u0001'

function part(parse: Parse, pid: number, name: string): Uint8Array | null | undefined {
  return parse.account.processParts.segments.get(`/proc/${pid}/${name}`)
}

function partText(parse: Parse, pid: number, name: string): string {
  const bytes = part(parse, pid, name)
  return bytes === null || bytes === undefined ? '' : Buffer.from(bytes).toString('latin1')
}

/** What argv[0] names; programs that hide their arguments put a title there: `/usr/local/bin/k3s server`. */
function probeFor(parse: Parse, argv0: string): ProcessProbe | undefined {
  const base = argv0.slice(argv0.lastIndexOf('/') + 1)
  const program = base.replace(/ [\w.-]+$/, '')
  return parse.plan.processes.find(({ binaries }) => binaries.includes(program))
}

/** Start in ticks (100 a second) since boot. */
function startTicks(stat: string): number | null {
  return wholeNumber(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
}

/** Start in seconds since 1970: the node's clock, its uptime and the ticks since boot. */
function startedAt(parse: Parse, stat: string): number | null {
  const { start } = parse.account
  const ticks = startTicks(stat)
  const clock = wholeNumber(start.get('clock'))
  const uptime = /^\d{1,12}(\.\d{1,6})?$/.exec(start.get('uptime') ?? '')?.[0]
  if (ticks === null || clock === null || uptime === undefined) return null
  return Math.round(clock - Number(uptime) + ticks / 100)
}

const containerPath = /\/(kubepods|docker[-/]|libpod[-_]|crio-|cri-containerd-|nerdctl)/

/**
 * The line that says who started a process. With both versions of cgroups mounted, runtimes move a container in the
 * old hierarchies only: in the new one it stays in the runtime's own service.
 */
function cgroupOf(text: string): string {
  const lines = text.split('\n')
  const [first = ''] = lines
  return (
    lines.find((line) => containerPath.test(line)) ?? lines.find((line) => line.startsWith('0::')) ?? first
  )
}

function isContained(told: string | undefined, cgroup: string): boolean {
  if (told === 'yes' || told === 'no') return told === 'yes'
  return /kubepods|docker|libpod|crio|cri-containerd|lxc/.test(cgroup)
}

/**
 * Whether a process is of another node that lives in a container here: then the first process of its PID namespace
 * is the init of a system. Where that could not be seen, a unit or a further container inside a container tells;
 * `unknown` when nothing does.
 */
function isNested(init: string, status: string, cgroup: string): boolean | 'unknown' {
  if (init === '-') return false
  if (systemInits.includes(init)) return true
  // The pid as seen from here, then in each namespace within; anybody may read it.
  const [, said = ''] = /^NSpid:\s+([\d\t ]+)$/m.exec(status) ?? []
  const pids = said.split(/\s+/).filter((pid) => pid !== '')
  if (pids.length > 2) return true
  if (init !== 'unknown' || pids.length === 1) return false
  if (pids.length === 0) return 'unknown'
  if (cgroup.endsWith('.service')) return pids[1] !== '1'
  return pids[1] === '1' || containerPath.test(cgroup) ? false : 'unknown'
}

function versionOf(parse: Parse, pid: number): string {
  const answer = parse.account.programs.get(`version ${pid}`)
  if (answer === undefined || typeof answer === 'string' || answer.status !== 0) return ''
  return (decodeText(answer.payload) ?? '').trim().slice(0, 1024)
}

function commOf(stat: string): string {
  return /\((.*)\)/s.exec(stat)?.[1] ?? ''
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
  // A title is followed by as many zeros as the arguments it hides had bytes.
  const isTitle = argv[0]?.includes(' ') === true && argv.slice(1).every((word) => word === '')
  if (isTitle) return argv.slice(0, 1)
  if (argv.at(-1) === '') argv.pop()
  return argv
}

/** Programs that are a node by themselves; where a container runs one, the container is the node. */
const wholeNodes: readonly string[] = ['k3s', 'rke2']

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
    return part(parse, pid, 'status') !== null && isGone(status)
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
  const uid = wholeNumber(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1])
  if (uid === null)
    return {
      ...item,
      name,
      ...missing('changed-while-reading', `${probe.name} ended while it was looked at`),
    }
  const cgroup = cgroupOf(partText(parse, pid, 'cgroup'))
  const version = versionOf(parse, pid)
  const init = parse.account.inits.get(pid) ?? 'unknown'
  const isBoxed = wholeNodes.includes(probe.name) && init !== '-' && containerPath.test(cgroup)
  const nested = isBoxed || isNested(init, status, cgroup)
  if (nested === 'unknown')
    return { ...item, name, ...missing('permission-denied', `whose ${name} it is could not be seen`) }
  const ticks = probe.startLog === undefined || nested ? null : startTicks(stat)
  return {
    ...item,
    state: 'observed',
    comm: commOf(stat),
    name: probe.name,
    argv,
    env: environment(parse, pid, probe),
    uid,
    startedAt: startedAt(parse, stat),
    cgroup,
    contained: isContained(parse.account.contained.get(pid), cgroup),
    ...(nested ? { nested } : {}),
    ...(version === '' ? {} : { version }),
    ...(ticks === null ? {} : { startLog: startLogOf(parse, pid, ticks / 100) }),
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
