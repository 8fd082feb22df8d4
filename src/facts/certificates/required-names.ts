import type { Evidence } from '../../model/evidence.ts'
import { mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { hostnameOf, nodeNameOf } from '../node-name.ts'
import { settingText, settingTexts } from '../settings/of-node.ts'
import { firstAddress, ipText } from './ip-address.ts'
import type { SettingRef } from './uses.ts'

/** Pods reach the API server by the first address of the service range (kubernetes pkg/controlplane GetServiceIPAndRanges). */
function serviceAddresses(range: Evidence<string>): readonly Evidence<string>[] {
  if (range.kind !== 'observed') return [range]
  return range.fact.split(',').map((one): Evidence<string> => {
    const first = firstAddress(one.trim())
    return first === undefined
      ? unavailable('unparsable', range.source, `${one} is no range of addresses`)
      : observed(ipText(first), range.source)
  })
}

/** The host in `https://host:port`; nobody checks names where there is no TLS. */
function hostsOf(urls: readonly Evidence<string>[]): readonly Evidence<string>[] {
  return urls.flatMap((url): readonly Evidence<string>[] => {
    if (url.kind !== 'observed') return [url]
    return url.fact.split(',').flatMap((one) => {
      const [, bracketed, plain] = /^https:\/\/(?:\[([^\]]+)\]|([^/:]+))/.exec(one.trim()) ?? []
      const host = bracketed ?? plain
      return host === undefined ? [] : [observed(host, url.source)]
    })
  })
}

/** What the node is called: the name the API server knows its kubelet by. */
function kubeletName(node: NodeContext): Evidence<string> {
  const override = settingText(node, 'kubelet', 'hostname-override')
  if (override.kind !== 'absent') return override
  const hostname = hostnameOf(node)
  return hostname.kind === 'absent'
    ? unavailable('not-collected', hostname.source, 'the host name is not known')
    : mapEvidence(hostname, (name, source) => observed(nodeNameOf(name), source))
}

/** Names a serving certificate has to stand for, as far as the node tells; one that is not set asks for nothing. */
export function requiredNames(
  node: NodeContext,
  { component, setting }: SettingRef,
): readonly Evidence<string>[] {
  switch (`${component} ${setting}`) {
    case 'kube-apiserver tls-cert-file': {
      const range = settingText(node, component, 'service-cluster-ip-range')
      const inCluster = observed('kubernetes.default.svc', range.source)
      return [inCluster, ...serviceAddresses(range), settingText(node, component, 'advertise-address')]
    }
    case 'kubelet tls-cert-file':
      return [kubeletName(node)]
    case 'etcd cert-file':
      return hostsOf(settingTexts(node, component, 'advertise-client-urls'))
    case 'etcd peer-cert-file':
      return hostsOf(settingTexts(node, component, 'initial-advertise-peer-urls'))
    default:
      return []
  }
}
