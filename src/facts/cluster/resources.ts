import { cutPolicy, cutPolicyBinding, cutWebhooks } from './objects/admission.ts'
import { cutNamespace } from './objects/namespaces.ts'
import { cutNode } from './objects/nodes.ts'
import { podsReader } from './objects/pods.ts'
import { cutBinding, cutRole } from './objects/rbac.ts'
import { eachBy, type ListReader } from './objects/reader.ts'
import { cutReplicaSet, cutTemplate } from './objects/templates.ts'
import { cutVolume } from './objects/volumes.ts'

/** A resource of the API that facts look at. */
export interface ApiResource {
  /** `apps/v1/deployments`, `v1/pods`. */
  readonly id: string
  /** API group; empty for the core group. */
  readonly group: string
  /** Plural name, as rights name it. */
  readonly name: string
  /** Path of the list over all namespaces. */
  readonly path: string
  /** True where only metadata is asked for: the rest of the objects must never cross the wire. */
  readonly metadataOnly: boolean
  readonly reader: () => ListReader
}

function resource(id: string, reader: () => ListReader, metadataOnly = false): ApiResource {
  const [name = '', version = '', group = ''] = id.split('/').reverse()
  const path = group === '' ? `/api/${version}/${name}` : `/apis/${group}/${version}/${name}`
  return { id, group, name, path, metadataOnly, reader }
}

const all = [
  resource('v1/nodes', eachBy(cutNode)),
  resource('rbac.authorization.k8s.io/v1/clusterroles', eachBy(cutRole)),
  resource('rbac.authorization.k8s.io/v1/roles', eachBy(cutRole)),
  resource('rbac.authorization.k8s.io/v1/clusterrolebindings', eachBy(cutBinding)),
  resource('rbac.authorization.k8s.io/v1/rolebindings', eachBy(cutBinding)),
  resource('v1/namespaces', eachBy(cutNamespace)),
  resource('v1/pods', podsReader),
  resource('v1/persistentvolumes', eachBy(cutVolume)),
  resource('v1/podtemplates', eachBy(cutTemplate('template'))),
  resource('v1/replicationcontrollers', eachBy(cutTemplate('spec', 'template'))),
  resource('apps/v1/deployments', eachBy(cutTemplate('spec', 'template'))),
  resource('apps/v1/statefulsets', eachBy(cutTemplate('spec', 'template'))),
  resource('apps/v1/daemonsets', eachBy(cutTemplate('spec', 'template'))),
  resource('apps/v1/replicasets', eachBy(cutReplicaSet)),
  resource('batch/v1/jobs', eachBy(cutTemplate('spec', 'template'))),
  resource('batch/v1/cronjobs', eachBy(cutTemplate('spec', 'jobTemplate', 'spec', 'template'))),
  resource('admissionregistration.k8s.io/v1/validatingadmissionpolicies', eachBy(cutPolicy)),
  resource('admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', eachBy(cutPolicyBinding)),
  resource('admissionregistration.k8s.io/v1/validatingwebhookconfigurations', eachBy(cutWebhooks)),
] as const

/** Every resource a probe may name. */
export const apiResources: ReadonlyMap<string, ApiResource> = new Map(all.map((one) => [one.id, one]))
