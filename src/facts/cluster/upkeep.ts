import type { FactRequest } from '../../model/check.ts'
import type { Fact } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { inspectEach, type Said } from './health/inspect.ts'
import { inspectionFields } from './inspection.ts'
import { flagAt, textAt, textsAt } from './json.ts'
import { numberIn, wordIn } from './request.ts'

interface Question {
  readonly resource: string
  readonly kind: string
  readonly say: (object: Json, given: { readonly limit: number; readonly atMs: number }) => Said
}

const hourMs = 3_600_000

function aboutNode(node: Json): Said {
  const ready = textAt(node, 'ready')
  const pressures = textsAt(node, 'pressures')
  const faults = [
    ...(ready === 'True' ? [] : [ready === 'False' ? 'is not ready' : 'does not report whether it is ready']),
    ...pressures.map((one) => `reports ${one}`),
  ]
  return {
    ...(faults.length === 0 ? {} : { offends: faults.join(' and ') }),
    ...(flagAt(node, 'isUnschedulable') === true ? { notes: 'takes no new pods (cordoned)' } : {}),
  }
}

function aboutDefinition(definition: Json): Said {
  const served = new Set(textsAt(definition, 'served'))
  const left = textsAt(definition, 'stored').filter((version) => !served.has(version))
  return left.length === 0
    ? {}
    : { offends: `objects may be stored as ${left.join(', ')}, which is no longer served` }
}

function aboutService(service: Json): Said {
  if (textAt(service, 'available') === 'True') return {}
  const behind = textAt(service, 'service')
  return { offends: `is not available${behind === undefined ? '' : ` (Service ${behind})`}` }
}

function aboutRequest(
  request: Json,
  { limit, atMs }: { readonly limit: number; readonly atMs: number },
): Said {
  if (flagAt(request, 'isPending') !== true) return {}
  const created = Date.parse(textAt(request, 'createdAt') ?? '')
  const hours = Math.floor((atMs - created) / hourMs)
  const signer = textAt(request, 'signer') ?? 'no signer'
  if (!(hours < limit)) return { offends: `waits for ${signer} since ${hours} hours` }
  return { notes: `waits for ${signer} since ${hours} hours` }
}

const questions: Readonly<Record<string, Question>> = {
  nodes: { resource: 'v1/nodes#health', kind: 'Node', say: aboutNode },
  'stored-versions': {
    resource: 'apiextensions.k8s.io/v1/customresourcedefinitions#versions',
    kind: 'CustomResourceDefinition',
    say: aboutDefinition,
  },
  'api-services': {
    resource: 'apiregistration.k8s.io/v1/apiservices',
    kind: 'APIService',
    say: aboutService,
  },
  'certificate-requests': {
    resource: 'certificates.k8s.io/v1/certificatesigningrequests#pending',
    kind: 'CertificateSigningRequest',
    say: aboutRequest,
  },
}

function derive(request: FactRequest, node: NodeContext): Fact {
  const question = questions[wordIn(request, 'of')]
  if (question === undefined) throw new Error(`nothing is asked of ${wordIn(request, 'of')}`)
  const given = { limit: numberIn(request, 'limit'), atMs: node.atMs }
  return inspectEach(node, question, (object) => question.say(object, given))
}

/** Objects of the cluster itself that need somebody. */
export const upkeep: FactKind = {
  kind: 'upkeep',
  about: 'cluster',
  title:
    'Objects of the cluster itself that are out of order: nodes, API services, stored versions, requests',
  parameters: {
    of: { means: `one of ${Object.keys(questions).join(', ')}` },
    limit: { means: 'for certificate-requests: hours a request may wait', optional: true },
  },
  fields: () => inspectionFields,
  faults: (request) =>
    Object.hasOwn(questions, wordIn(request, 'of'))
      ? []
      : [`"of" is one of ${Object.keys(questions).join(', ')}`],
  probes: (request) => {
    const resource = questions[wordIn(request, 'of')]?.resource
    return resource === undefined ? [] : [{ kind: 'list', resource }]
  },
  derive,
}
