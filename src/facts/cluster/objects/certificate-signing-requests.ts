import { compact, listAt, nameAt, textAt } from '../json.ts'
import { requestedOrganizations } from './certificate-request.ts'
import { type Cut, place } from './reader.ts'

/** Requests for certificates: who signs, which groups are asked for, and what was decided. */
export const cutCertificateRequest: Cut = (request) => {
  const organizations = requestedOrganizations(nameAt(request, 'spec', 'request'))
  if (organizations === null) return 'what it asks for is not a PKCS #10 request'
  const decided = listAt(request, 'status', 'conditions').flatMap((one) => textAt(one, 'type') ?? [])
  return {
    ...place(request),
    ...compact({
      signer: textAt(request, 'spec', 'signerName'),
      organizations,
      isApproved: decided.includes('Approved'),
      isRefused: decided.includes('Denied') || decided.includes('Failed'),
    }),
  }
}
