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

/** Something pods are made from, in the API's form. */
export function aWorkload(kind: string, name: string, { spec = {}, metadata = {}, replicas = 1 } = {}) {
  const template = { spec: { containers: [{ name: 'c', image: 'web' }], ...spec } }
  return {
    kind,
    metadata: { namespace: 'team', name, ...metadata },
    spec: kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { replicas, template },
  }
}
