import { isRecord, lookUp } from '../../text/document.ts'
import { compact, flagAt, listAt, textAt, textsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** A condition of an object: `True`, `False`, `Unknown`; undefined when it is not there. */
function condition(object: unknown, type: string): string | undefined {
  const found = listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type') === type)
  return found === undefined ? undefined : textAt(found, 'status')
}

/** Groups and versions of the API, and whether the server behind each answers. */
export const cutApiService: Cut = (service) => ({
  ...place(service),
  ...compact({
    available: condition(service, 'Available') ?? 'Unknown',
    service: isRecord(lookUp(service, ['spec', 'service']))
      ? `${textAt(service, 'spec', 'service', 'namespace') ?? ''}/${textAt(service, 'spec', 'service', 'name') ?? ''}`
      : undefined,
  }),
})

/** Definitions of custom resources: the versions that are served, and those objects may still be stored in. */
export const cutDefinition: Cut = (definition) => ({
  ...place(definition),
  ...compact({
    served: listAt(definition, 'spec', 'versions').flatMap((one) =>
      flagAt(one, 'served') === true ? (textAt(one, 'name') ?? []) : [],
    ),
    stored: textsAt(definition, 'status', 'storedVersions'),
  }),
})

/** Requests for certificates that nobody has answered; the others only by name. */
export const cutPendingRequest: Cut = (request) => ({
  ...place(request),
  ...compact({
    isPending: listAt(request, 'status', 'conditions').length === 0,
    createdAt: textAt(request, 'metadata', 'creationTimestamp'),
    signer: textAt(request, 'spec', 'signerName'),
  }),
})
