import type { Fact } from '../model/evidence.ts'
import { mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { outputOf } from './node/raw.ts'

const command = ['iptables', '--version'] as const

/** `iptables v1.8.4 (nf_tables)`: the number and the mode, which releases before 1.8 do not have. */
export function readVersion(text: string): { readonly version: string; readonly mode: string } | null {
  const [, version, mode = 'legacy'] =
    /^iptables v(\d+\.\d+\.\d+)(?: \((nf_tables|legacy)\))?/m.exec(text) ?? []
  return version === undefined ? null : { version, mode }
}

/** The iptables of the host, which the kubelet and network plugins call. */
export const iptables: FactKind = {
  kind: 'iptables',
  title: 'Version and mode (nf_tables or legacy) of the iptables on the host',
  parameters: {},
  fields: () => ['version', 'mode'],
  probes: () => [{ kind: 'command', argv: command }],
  derive: (_request, { view }) =>
    // K3s and others bring an iptables of their own: none on the host is no fault, and nothing to look at.
    mapEvidence(outputOf(view.command(command)), (text, source): Fact => {
      const read = readVersion(text)
      return read === null
        ? unavailable('unparsable', source, 'iptables --version did not print a version')
        : observed({ version: observed(read.version, source), mode: observed(read.mode, source) }, source)
    }),
}
