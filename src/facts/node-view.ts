import type { CollectFailure } from '../model/evidence.ts'
import type { NodeEvidence, NodeView, RawDirectory, RawItem, RawProcess } from '../model/node-evidence.ts'

type Unanswered =
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: CollectFailure; readonly detail?: string }

function isKind<K extends RawItem['kind']>(item: RawItem, kind: K): item is Extract<RawItem, { kind: K }> {
  return item.kind === kind
}

function notCollected(evidence: NodeEvidence): Unanswered {
  if (evidence.carrier === 'api' && evidence.about === undefined)
    return { state: 'unavailable', reason: 'not-shown' }
  if (evidence.end === 'complete') return { state: 'unavailable', reason: 'not-collected' }
  const { end: reason, endDetail: detail } = evidence
  return detail === undefined ? { state: 'unavailable', reason } : { state: 'unavailable', reason, detail }
}

/** Indexes a node's evidence by id; see NodeView for what it promises. */
export function createNodeView(evidence: NodeEvidence): NodeView {
  const byId = new Map(evidence.items.map((item) => [item.id, item]))
  const missing = notCollected(evidence)

  function find<K extends RawItem['kind']>(kind: K, id: string): Extract<RawItem, { kind: K }> | undefined {
    const item = byId.get(id)
    return item !== undefined && isKind(item, kind) ? item : undefined
  }
  function all<K extends RawItem['kind']>(kind: K): readonly Extract<RawItem, { kind: K }>[] {
    return evidence.items.filter((item) => isKind(item, kind))
  }
  /** Its directory was listed, or is not there: then a path that was not seen is not there either. */
  function unseen(path: string): Unanswered {
    const parent: RawDirectory | undefined = find(
      'directory',
      `directory:${path.slice(0, path.lastIndexOf('/')) || '/'}`,
    )
    if (parent?.state === 'absent') return { state: 'absent' }
    if (parent?.state === 'observed' && !parent.entries.includes(path)) return { state: 'absent' }
    return missing
  }

  return {
    evidence,
    all,
    file: (path) =>
      find('file', `file:${path}`) ?? { kind: 'file', id: `file:${path}`, path, ...unseen(path) },
    content: (path) =>
      find('content', `content:${path}`) ?? { kind: 'content', id: `content:${path}`, path, ...unseen(path) },
    directory: (path) =>
      find('directory', `directory:${path}`) ?? {
        kind: 'directory',
        id: `directory:${path}`,
        path,
        ...unseen(path),
      },
    processes: () => find('processes', 'processes') ?? { kind: 'processes', id: 'processes', ...missing },
    processesNamed: (name) =>
      all('process')
        .filter(
          (item): item is Extract<RawProcess, { state: 'observed' }> =>
            item.state === 'observed' && item.name === name && item.nested !== true,
        )
        .sort((a, b) => a.pid - b.pid),
    unit: (name) => find('unit', `unit:${name}`) ?? { kind: 'unit', id: `unit:${name}`, name, ...missing },
    key: (path) => find('key', `key:${path}`) ?? { kind: 'key', id: `key:${path}`, path, ...unseen(path) },
    command: (argv) => {
      const id = `command:${argv.join(' ')}`
      return find('command', id) ?? { kind: 'command', id, argv, ...missing }
    },
    list: (resource) => {
      const id = `list:${resource}`
      return find('list', id) ?? { kind: 'list', id, resource, ...missing }
    },
    answer: (question) => {
      const id = `answer:${question}`
      return find('answer', id) ?? { kind: 'answer', id, question, ...missing }
    },
  }
}
