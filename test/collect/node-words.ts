import { parseStream } from '../../src/collect/parse/parse-stream.ts'
import { planCollection } from '../../src/collect/plan.ts'
import { createNodeView } from '../../src/facts/node-view.ts'
import type { NodeView } from '../../src/model/node-evidence.ts'
import type { Probe } from '../../src/model/probe.ts'
import { meta, nonce } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

/** One line of the node script's own, and what it prints after it. */
export type Word = string | readonly [head: string | Buffer, payload: string | Buffer]

/** The bytes of a run that says these words. */
export function stream(words: readonly Word[]): Buffer {
  const frames = words.map((word) => {
    const [head, payload] = typeof word === 'string' ? [word, ''] : word
    const mark = Buffer.from(`\nkhard:${nonce} `)
    return Buffer.concat([mark, Buffer.from(head), Buffer.from('\n'), Buffer.from(payload)])
  })
  return Buffer.concat(frames)
}

/** Files printed one after the other, as `pour` does; a part may be given as it arrives. */
export function pour(
  kind: 'text' | 'process',
  files: { readonly [path: string]: string | Buffer | { readonly arrives: string } },
): readonly Word[] {
  const parts = Object.values(files).map((file): Word => {
    if (typeof file === 'object' && 'arrives' in file) return ['~', file.arrives]
    return ['~', Buffer.concat([Buffer.from('\u0001'), Buffer.from(file), Buffer.from('K=')])]
  })
  return [
    [`pour ${kind}`, Object.keys(files).join('\n')],
    ['poured', 'K='],
    ['~', '\u0001K='],
    ...parts,
    ['~', '\u0001'],
    'end',
  ]
}

/** Size, mode, owner and path, as `stat` prints them. */
export const statLine = (path: string, size: number, mode = '81a4'): string =>
  `${size} ${mode} 0 0 1700000000 - ${path}`

/** What is understood of a node that says these words, and then that it is done. */
export function hear(
  probes: readonly Probe[],
  words: readonly Word[],
  more: Parameters<typeof meta>[0] = {},
): NodeView {
  const plan = planCollection(probes, sampleComponents)
  return createNodeView(parseStream(stream([...words, 'complete']), plan, meta(more)))
}
