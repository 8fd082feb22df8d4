import type { CertificateDetails, Purpose } from './certificate.ts'

const anyUsage = '2.5.29.37.0'
const usages = {
  servers: '1.3.6.1.5.5.7.3.1',
  clients: '1.3.6.1.5.5.7.3.2',
} as const

type Side = keyof typeof usages

/** A certificate without the extension may be used for everything. */
function lacksUsage({ extendedUsages }: CertificateDetails, side: Side): string | undefined {
  const isAllowed =
    extendedUsages === undefined || extendedUsages.includes(anyUsage) || extendedUsages.includes(usages[side])
  return isAllowed ? undefined : `its extended key usage does not allow ${side}`
}

function lacksNames({ names }: CertificateDetails): string | undefined {
  return names.length > 0 ? undefined : 'it has no alternative name'
}

/** What a certificate lacks for a purpose, in words; undefined when it fits. */
export function misfitFor(details: CertificateDetails, purpose: Purpose): string | undefined {
  switch (purpose) {
    case 'serving':
      return lacksUsage(details, 'servers') ?? lacksNames(details)
    case 'client':
      return lacksUsage(details, 'clients')
    case 'peer':
      return lacksUsage(details, 'servers') ?? lacksUsage(details, 'clients') ?? lacksNames(details)
    case 'ca':
      return details.isCa ? undefined : 'it is not an authority (CA:FALSE)'
    case 'service-account':
      return undefined
    default:
      return purpose satisfies never
  }
}
