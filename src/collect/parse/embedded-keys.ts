import { lookUp } from '../../facts/text/document.ts'
import { readYaml } from '../../facts/text/yaml-text.ts'
import type { RawContent, RawKey } from '../../model/node-evidence.ts'
import type { Parse } from './context.ts'
import { missing } from './context.ts'
import { realPath } from './files.ts'
import { keyState } from './tools.ts'

interface KeyOwner {
  readonly user: string
  readonly line: number | undefined
}

/** Users of a kubeconfig that hold their key themselves, with the line it stands on. */
function keyOwners(text: string): readonly KeyOwner[] {
  const read = readYaml(text)
  if (read.kind === 'unparsable') return []
  const { value, lineOf } = read.value
  const users = lookUp(value, ['users'])
  if (!Array.isArray(users)) return []
  return users.flatMap((user: unknown, index): readonly KeyOwner[] => {
    const name = lookUp(user, ['name'])
    const key = lookUp(user, ['user', 'client-key-data'])
    if (typeof name !== 'string' || typeof key !== 'string' || key === '') return []
    return [{ user: name, line: lineOf(['users', index, 'user', 'client-key-data']) }]
  })
}

function keysOf(parse: Parse, content: Extract<RawContent, { state: 'observed' }>): readonly RawKey[] {
  const real = realPath(parse, content.path)
  const seen = new Map<number, number>()
  return keyOwners(content.text).map(({ user, line = 0 }): RawKey => {
    const path = `${content.path}#${user}`
    const item = { kind: 'key', id: `key:${path}`, path } as const
    const position = seen.get(line) ?? 0
    seen.set(line, position + 1)
    const outcome = parse.account.embedded.get(`${real}:${line}`)?.[position]
    if (outcome !== undefined) return { ...item, ...keyState(outcome) }
    return parse.end.reason === 'not-collected'
      ? { ...item, ...missing('not-collected', 'its public half was not derived') }
      : { ...item, ...parse.end }
  })
}

/** Public halves of the keys inside kubeconfigs, by path and user: `key:/etc/kubernetes/scheduler.conf#scheduler`. */
export function embeddedKeyItems(parse: Parse, contents: readonly RawContent[]): readonly RawKey[] {
  return contents.flatMap((content) => {
    const isKubeconfig = parse.account.paths.get(content.path)?.classes.has('kubeconfig') === true
    const holds = isKubeconfig && content.state === 'observed' && content.text.includes('client-key-data')
    return holds ? keysOf(parse, content) : []
  })
}
