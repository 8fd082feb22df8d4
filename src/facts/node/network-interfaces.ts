import type { Evidence, Fact } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { sourceOf } from '../files/raw-source.ts'

const pattern = '/sys/class/net/*/address'

/** Asks for the hardware address of every interface. */
export const addressProbe: Probe = { kind: 'kernel', pattern }

// systemd's predictable names (systemd.net-naming-scheme(7)), the kernel's and biosdevname's. Interfaces that CNI
// plugins make have other names; the same address on many nodes is right for some of them. `eni…` is one of them.
const ownName = /^(?:en[abcdopsuvxP]|eth\d|em\d|p\d+p\d|ib|wl|bond\d|team\d)/

const address = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5,19}$/

/** Hardware addresses of the machine's own interfaces, sorted, without repeats (a bond has that of its members). */
export function macAddresses(view: NodeView): Fact {
  const items = view.all('content').flatMap((item) => {
    const name = /^\/sys\/class\/net\/([^/*]+)\/address$/.exec(item.path)?.[1]
    return name !== undefined && ownName.test(name) ? [item] : []
  })
  const source = joinSources(...items.map(sourceOf))
  const [gap] = items.filter((item) => item.state === 'unavailable')
  if (gap !== undefined) return unavailable(gap.reason, sourceOf(gap), gap.detail ?? gap.path)
  const texts = items.filter((item) => item.state === 'observed').map(({ text }) => text.trim().toLowerCase())
  const known = texts.filter((text) => address.test(text) && !/^[0:]+$/.test(text))
  if (known.length === 0) return nothing(view)
  return observed(
    [...new Set(known)].sort().map((text) => observed(text, source)),
    source,
  )
}

/** Nothing was found; whether anything was looked for is told by the pattern or the loopback interface. */
function nothing(view: NodeView): Evidence<never> {
  const asked = view.content(pattern)
  const loopback = view.content('/sys/class/net/lo/address')
  if (loopback.state === 'observed') return absent(sourceOf(loopback), 'no interface of its own')
  return asked.state === 'unavailable'
    ? unavailable(asked.reason, sourceOf(asked), asked.detail)
    : absent(sourceOf(asked), 'no interface of its own')
}
