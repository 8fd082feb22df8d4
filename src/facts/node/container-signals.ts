import type { Signal } from '../../model/finding.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { nodeComponents } from './node-components.ts'

/** Files that only the inside of a container has. */
export const containerFiles = [
  '/run/systemd/container',
  '/.dockerenv',
  '/run/.containerenv',
  '/kind',
] as const

const hostsOwn = 'kernel, swap and clock are those of its host'

/** Nodes that are containers: this one itself, or others that run in it. */
export function containerSignals(view: NodeView): readonly Signal[] {
  const path = containerFiles.find((file) => view.file(file).state === 'observed')
  const first = ['k3s', 'rke2'].flatMap((name) => view.processesNamed(name)).find(({ pid }) => pid === 1)
  const inside = view
    .all('process')
    .find((process) => process.state === 'observed' && process.nested === true && isNode(process.name))
  const signals: Signal[] = []
  if (path !== undefined)
    signals.push({
      says: `the node itself is a container (${path}): ${hostsOwn}`,
      strength: 'hint',
      at: path,
    })
  else if (first !== undefined)
    signals.push({
      says: `the node itself is a container (its first process is ${first.name}): ${hostsOwn}`,
      strength: 'hint',
      at: 'pid 1',
    })
  if (inside !== undefined)
    signals.push({
      says: 'a container here is a node of its own: audit that one to learn about it',
      strength: 'hint',
      at: `pid ${inside.pid}`,
    })
  return signals
}

function isNode(name: string): boolean {
  return name === 'k3s' || name === 'rke2' || nodeComponents.some((one) => one === name)
}
