import { readFileSync } from 'node:fs'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import type { ComponentSpec } from '../../../src/model/component.ts'
import type { CollectFailure, Fact } from '../../../src/model/evidence.ts'
import type { FileStat, NodeView, RawItem } from '../../../src/model/node-evidence.ts'

const recorded = new URL('../../recorded/lab-debian12/', import.meta.url)

/** Text recorded on a real node. */
export function recording(name: string): string {
  return readFileSync(new URL(name, recorded), 'utf8')
}

export function content(path: string, text: string): RawItem {
  return { kind: 'content', id: `content:${path}`, path, state: 'observed', text }
}

export function file(path: string, stat: Partial<FileStat> = {}): RawItem {
  const full: FileStat = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtime: 0, ...stat }
  return { kind: 'file', id: `file:${path}`, path, state: 'observed', stat: full }
}

export function directory(path: string, entries: readonly string[]): RawItem {
  return { kind: 'directory', id: `directory:${path}`, path, state: 'observed', entries }
}

/** A unit from the text of `systemctl show`, or from some of its properties. */
export function unit(name: string, shown: string | { readonly [property: string]: string }): RawItem {
  const properties =
    typeof shown === 'string'
      ? Object.fromEntries(
          shown.split('\n').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
        )
      : { LoadState: 'loaded', ...shown }
  return { kind: 'unit', id: `unit:${name}`, name, state: 'observed', properties }
}

export function command(argv: readonly string[], text: string, exitCode = 0): RawItem {
  return { kind: 'command', id: `command:${argv.join(' ')}`, argv, state: 'observed', text, exitCode }
}

/** A process started by the unit that has its name. */
export function runningProcess(pid: number, name: string, argv: readonly string[]): RawItem {
  const base = {
    kind: 'process',
    id: `process:${pid}`,
    pid,
    comm: name.slice(0, 15),
    name,
    state: 'observed',
  } as const
  return {
    ...base,
    argv,
    env: {},
    uid: 0,
    startedAt: null,
    cgroup: `0::/system.slice/${name}.service`,
    contained: false,
  }
}

export function processes(pids: readonly number[]): RawItem {
  return { kind: 'processes', id: 'processes', state: 'observed', pids }
}

/** An item of the given id that could not be looked at. */
export function blind(id: string, reason: CollectFailure): RawItem {
  return missing(id, { state: 'unavailable', reason })
}

function missing(
  id: string,
  state: { state: 'absent' } | { state: 'unavailable'; reason: CollectFailure },
): RawItem {
  const [kind = '', ...rest] = id.split(':')
  const name = rest.join(':')
  return { kind, id, path: name, name, argv: name.split(' '), pid: 0, ...state } as unknown as RawItem
}

/** `otherwise`: what an item that is not given is: looked for and absent, or never asked for. */
export function fakeNode(
  items: readonly RawItem[],
  options: {
    offline?: boolean
    otherwise?: 'absent' | CollectFailure
    components?: readonly ComponentSpec[]
  } = {},
): NodeContext {
  const otherwise = options.otherwise ?? 'absent'
  const find = (id: string): never =>
    (items.find((item) => item.id === id) ??
      missing(
        id,
        otherwise === 'absent' ? { state: 'absent' } : { state: 'unavailable', reason: otherwise },
      )) as never
  const view: NodeView = {
    evidence: { offline: options.offline ?? false, items } as unknown as NodeView['evidence'],
    file: (path) => find(`file:${path}`),
    content: (path) => find(`content:${path}`),
    directory: (path) => find(`directory:${path}`),
    processes: () => find('processes'),
    processesNamed: (name) =>
      items.filter(
        (item) => item.kind === 'process' && item.state === 'observed' && item.name === name,
      ) as never,
    unit: (name) => find(`unit:${name}`),
    key: (path) => find(`key:${path}`),
    command: (argv) => find(`command:${argv.join(' ')}`),
    list: (resource) => find(`list:${resource}`),
    answer: (question) => find(`answer:${question}`),
    all: (kind) => items.filter((item) => item.kind === kind) as never,
  }
  const known = new Map<string, unknown>()
  return {
    view,
    atMs: 0,
    components: new Map((options.components ?? []).map((spec) => [spec.id, spec])),
    memo: (key, make) => {
      if (!known.has(key)) known.set(key, make())
      return known.get(key) as ReturnType<typeof make>
    },
  }
}

/** A fact as plain data: `absent`, or `unavailable: reason`, where it is not observed. */
export function plain(fact: Fact | undefined): unknown {
  if (fact === undefined) return undefined
  if (fact.kind === 'absent') return 'absent'
  if (fact.kind === 'unavailable') return `unavailable: ${fact.reason}`
  if (Array.isArray(fact.fact)) return fact.fact.map(plain)
  if (typeof fact.fact !== 'object') return fact.fact
  return Object.fromEntries(Object.entries(fact.fact).map(([name, field]) => [name, plain(field)]))
}
