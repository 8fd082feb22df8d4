/** Part of an object in the API's form. */
export type Part = { readonly [field: string]: unknown }

/** A pod in the API's form; `metadata` is added to what it is called. */
export function aPod(name: string, spec: Part = {}, metadata: Part = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'team', name, uid: `uid-of-${name}`, ...metadata },
    spec: {
      serviceAccountName: 'default',
      nodeName: 'n1',
      containers: [{ name: 'c', image: 'web' }],
      ...spec,
    },
    status: { phase: 'Running' },
  }
}

/** The metadata of what a controller made. */
export function ownedBy(kind: string, name: string, more: Part = {}): Part {
  return { ownerReferences: [{ apiVersion: 'v1', kind, name, controller: true, uid: 'u' }], ...more }
}

/** A container with this security context. */
export function confined(securityContext: Part, more: Part = {}): Part {
  return { name: 'c', image: 'web', securityContext, ...more }
}

/** The security context of a container that the restricted level admits. */
export const restricted: Part = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
  readOnlyRootFilesystem: true,
}

/** Something pods are made from, in the API's form. */
export function aWorkload(
  kind: string,
  name: string,
  { spec = {}, metadata = {}, replicas = 1 }: { spec?: Part; metadata?: Part; replicas?: number } = {},
) {
  const template = { spec: { containers: [{ name: 'c', image: 'web' }], ...spec } }
  const made = { kind, metadata: { namespace: 'team', name, ...metadata } }
  if (kind === 'PodTemplate') return { ...made, template }
  return kind === 'CronJob'
    ? { ...made, spec: { jobTemplate: { spec: { template } } } }
    : { ...made, spec: { replicas, template } }
}

/** A namespace; `level` is what it enforces. */
export function aNamespace(name: string, level?: string, labels: { readonly [key: string]: string } = {}) {
  const enforced = level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level }
  return {
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...enforced, ...labels } },
    status: { phase: 'Active' },
  }
}

/** What a policy or a webhook is asked about: pods as they are made. */
const onPods = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE'],
  resources: ['pods'],
  scope: '*',
}

/** A validating admission policy over pods. */
export function aPolicy(
  name: string,
  { rule = {}, match = {}, spec = {} }: { rule?: Part; match?: Part; spec?: Part } = {},
) {
  const matchConstraints = {
    resourceRules: [{ ...onPods, ...rule }],
    namespaceSelector: {},
    objectSelector: {},
    ...match,
  }
  return { metadata: { name }, spec: { failurePolicy: 'Fail', matchConstraints, validations: [], ...spec } }
}

/** A binding of a policy. */
export function aBinding(
  policyName: string,
  validationActions: readonly string[] = ['Deny'],
  spec: Part = {},
) {
  return { metadata: { name: `${policyName}-binding` }, spec: { policyName, validationActions, ...spec } }
}

/** A configuration of one validating webhook over pods. */
export function aWebhook(name: string, webhook: Part = {}, labels: Part = {}) {
  return {
    metadata: { name, labels },
    webhooks: [
      { name: 'w.example.test', failurePolicy: 'Fail', rules: [onPods], namespaceSelector: {}, ...webhook },
    ],
  }
}
