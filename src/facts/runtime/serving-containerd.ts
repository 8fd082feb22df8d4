import type { NodeView } from '../../model/node-evidence.ts'
import { withOnly } from '../node/with-only.ts'
import { normaliseContainerd } from '../settings/containerd.ts'
import type { ObservedProcess } from '../settings/process-place.ts'
import { findPlaced, placeDocument } from '../text/placed.ts'
import { readToml } from '../text/toml-text.ts'
import { socketPath } from './socket-path.ts'

const usualConfiguration = '/etc/containerd/config.toml'
const usualAddress = '/run/containerd/containerd.sock'

/** Value of a flag of containerd, which takes one dash or two, and the value behind `=` or as the next word. */
function flagOf(argv: readonly string[], names: readonly string[]): string | undefined {
  for (const [index, word] of argv.entries()) {
    const [, flag, value] = /^--?([a-z]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (flag !== undefined && names.includes(flag)) return value ?? argv[index + 1]
  }
  return undefined
}

/** The socket one containerd listens on; undefined when its configuration could not be read. */
function addressOf(view: NodeView, { argv }: ObservedProcess): string | undefined {
  const given = flagOf(argv, ['address', 'a'])
  if (given !== undefined) return socketPath(given)
  const content = view.content(flagOf(argv, ['config', 'c']) ?? usualConfiguration)
  if (content.state === 'absent') return usualAddress
  const document = content.state === 'observed' ? readToml(content.text) : undefined
  if (document?.kind !== 'parsed') return undefined
  const address = findPlaced(normaliseContainerd(placeDocument(document.value, content.path)), [
    'grpc',
    'address',
  ])
  return address?.kind === 'leaf' && typeof address.value === 'string' && address.value !== ''
    ? socketPath(address.value)
    : usualAddress
}

/**
 * The node without containerds that serve somebody else than the kubelet: Docker brings one along, and K3s and RKE2
 * start their own beside one that was installed before.
 */
export function withoutOtherContainerds(view: NodeView, endpoint: string): NodeView {
  const running = view.processesNamed('containerd')
  const serving = running.filter((process) => {
    const address = addressOf(view, process)
    return address === undefined || address === socketPath(endpoint)
  })
  if (serving.length === 0 || serving.length === running.length) return view
  return withOnly(view, 'containerd', serving)
}
