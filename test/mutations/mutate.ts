import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'

/** One change of a node, in the words of the data files beside this one. */
export interface Mutation {
  /** What was changed, for people. */
  readonly name: string
  /** Id of the raw item, `*` for any text, or `process NAME`; every one that matches is changed. */
  readonly item?: string
  /** Permission bits, octal. */
  readonly mode?: string
  /** `uid:gid`. */
  readonly owner?: string
  /** Arguments of a process: `--flag=value` takes the place of the flag, or is added. */
  readonly argument?: string | readonly string[]
  /** A flag of a process that is taken away. */
  readonly without?: string
  /** A component inside a process that logs what it runs: `argument` and `without` change that line. */
  readonly runs?: string
  /** `NAME=value` of a process's environment; without a value it is taken away. */
  readonly variable?: string
  /** Text of a file or a command's answer: all of the first becomes the second. */
  readonly replace?: readonly [string, string]
  /** Properties of a unit. */
  readonly properties?: { readonly [name: string]: string }
  /** Another moment of the evaluation. */
  readonly at?: string
  /** The item is not there. */
  readonly absent?: true
  /** `benchmark control: verdict` of every control that changes. */
  readonly flips: readonly string[]
}

type Process = Extract<RawItem, { kind: 'process'; state: 'observed' }>

function matches(pattern: string, item: RawItem): boolean {
  const { id } = item
  if (pattern.startsWith('process '))
    return item.kind === 'process' && `process ${item.name ?? ''}` === pattern
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(id)
}

function changedArguments(argv: readonly string[], { argument = [], without }: Mutation): readonly string[] {
  const given = typeof argument === 'string' ? [argument] : argument
  const changes = [
    ...given.map((word) => [word.replace(/=[\s\S]*$/, ''), [word]] as const),
    ...(without === undefined ? [] : [[without, []] as const]),
  ]
  return changes.reduce<readonly string[]>((words, [flag, put]) => {
    const isIt = (word: string): boolean => word === flag || word.startsWith(`${flag}=`)
    const at = words.findIndex(isIt)
    const rest = words.filter((word) => !isIt(word))
    return rest.toSpliced(at < 0 ? rest.length : at, 0, ...put)
  }, argv)
}

function changedVariables(env: Process['env'], { variable }: Mutation): Process['env'] {
  const [, name, value] = /^([A-Z_0-9]+)(?:=(.*))?$/s.exec(variable ?? '') ?? []
  if (env === null || name === undefined) return env
  const { [name]: _, ...rest } = env
  return value === undefined ? rest : { ...rest, [name]: value }
}

const started = /^(?<before>.*Running (?<component>[a-z-]+) )(?<words>.*?)(?<after>"?)$/s

/** The words of a line `Running kube-apiserver --a=b …`, changed as a command line. */
function changedStart({ startLog }: Process, mutation: Mutation): Pick<Process, 'startLog'> {
  if (startLog?.state !== 'observed') return startLog === undefined ? {} : { startLog }
  const lines = startLog.lines.map((line) => {
    const { before = '', component, words = '', after = '' } = started.exec(line)?.groups ?? {}
    if (component !== mutation.runs) return line
    return `${before}${changedArguments(words.split(' '), mutation).join(' ')}${after}`
  })
  return { startLog: { ...startLog, lines } }
}

function changedText(text: string, { replace }: Mutation): string {
  if (replace === undefined) return text
  const [from, to] = replace
  return text.replaceAll(from, to)
}

function changed(item: RawItem, mutation: Mutation): RawItem {
  if (mutation.absent === true) return { ...item, state: 'absent' } as RawItem
  if (item.state !== 'observed') return item
  switch (item.kind) {
    case 'file': {
      const [uid = item.stat.uid, gid = item.stat.gid] = mutation.owner?.split(':').map(Number) ?? []
      const mode = mutation.mode === undefined ? item.stat.mode : Number.parseInt(mutation.mode, 8)
      return { ...item, stat: { ...item.stat, mode, uid, gid } }
    }
    case 'process':
      return mutation.runs === undefined
        ? { ...item, argv: changedArguments(item.argv, mutation), env: changedVariables(item.env, mutation) }
        : { ...item, ...changedStart(item, mutation) }
    case 'content':
      return { ...item, text: changedText(item.text, mutation) }
    case 'command':
      return { ...item, text: changedText(item.text, mutation) }
    case 'unit':
      return { ...item, properties: { ...item.properties, ...mutation.properties } }
    default:
      return item
  }
}

/** The evidence of the same node with one thing changed; refuses a mutation that changes nothing. */
export function mutate(evidence: NodeEvidence, mutation: Mutation): NodeEvidence {
  const { item: pattern } = mutation
  if (pattern === undefined) return evidence
  const items = evidence.items.map((item) => (matches(pattern, item) ? changed(item, mutation) : item))
  if (JSON.stringify(items) === JSON.stringify(evidence.items))
    throw new Error(`${mutation.name} changes nothing of ${evidence.name}`)
  return { ...evidence, items }
}
