import type { Evidence } from '../../model/evidence.ts'
import { mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { sourceOf } from '../files/raw-source.ts'
import { notObserved } from './raw.ts'

/** One address and port somebody listens at. */
export interface Listener {
  readonly port: number
  /** As people write it; `0.0.0.0` and `::` are every address. */
  readonly address: string
  readonly isLoopback: boolean
}

// Lines of listening sockets only (state 0A): the tables of a busy API server are megabytes.
const command = ['grep', '-hs', ' 0A ', '/proc/net/tcp', '/proc/net/tcp6'] as const

/** Asks for the listening sockets: one process, whatever their number. */
export const listeningProbe: Probe = { kind: 'command', argv: command }

/** Bytes of an address as the kernel prints it: words of four bytes, each in the byte order of the machine. */
function bytesOf(hex: string): readonly number[] {
  const words = Array.from({ length: hex.length / 8 }, (_, index) => hex.slice(index * 8, index * 8 + 8))
  return words.flatMap((word) => [6, 4, 2, 0].map((at) => Number.parseInt(word.slice(at, at + 2), 16)))
}

function addressOf(hex: string): Pick<Listener, 'address' | 'isLoopback'> {
  const bytes = bytesOf(hex)
  const isMapped = /^(?:0,){10}255,255,/.test(bytes.join())
  if (bytes.length === 4 || isMapped) {
    const four = bytes.slice(-4)
    return { address: four.join('.'), isLoopback: four[0] === 127 }
  }
  const both = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const text = both.replace(/(....)(?=.)/g, '$1:').replace(/(^|:)0{1,3}/g, '$1')
  return { address: text === '0:0:0:0:0:0:0:0' ? '::' : text, isLoopback: text === '0:0:0:0:0:0:0:1' }
}

/** Listening sockets in lines of /proc/net/tcp and tcp6. Other lines are left out. */
export function readListeners(text: string): readonly Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, hex = '', port = ''] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:0000 0A /.exec(line) ?? []
    return hex === '' ? [] : [{ port: Number.parseInt(port, 16), ...addressOf(hex) }]
  })
}

/** Everything that listens on the node. grep says 1 when nothing does; above that it failed. */
export function listeners(view: NodeView): Evidence<readonly Listener[]> {
  const item = view.command(command)
  const source = { ...sourceOf(item), at: [{ kind: 'file', at: '/proc/net/tcp' } as const] }
  if (item.state !== 'observed') return notObserved(item)
  // Without IPv6 there is no tcp6, which grep answers with 2 although it read the other.
  const isRead = item.exitCode <= 1 || item.text.trim() !== ''
  const text: Evidence<string> = isRead
    ? observed(item.text, source)
    : unavailable('tool-failed', source, `grep ended with exit code ${item.exitCode}`)
  return mapEvidence(text, (lines) => observed(readListeners(lines), source))
}
