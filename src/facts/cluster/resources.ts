import { cutPolicy, cutPolicyBinding, cutWebhooks } from './objects/admission.ts'
import { cutCertificateRequest } from './objects/certificate-signing-requests.ts'
import {
  cutAboutImages,
  cutImageValidation,
  cutKyvernoPolicy,
  cutSigstorePolicy,
} from './objects/image-policies.ts'
import { cutNamespaceLabels } from './objects/namespace-labels.ts'
import { cutNamespace } from './objects/namespaces.ts'
import { cutAdminPolicy, cutCalicoPolicy, cutCiliumPolicy, cutNetworkPolicy } from './objects/network.ts'
import { cutNodeHealth } from './objects/node-health.ts'
import { cutNode } from './objects/nodes.ts'
import { podsByLabels } from './objects/pod-labels.ts'
import { podsReader } from './objects/pods.ts'
import { cutBinding, cutRole } from './objects/rbac.ts'
import { eachBy, type ListReader, place } from './objects/reader.ts'
import { readyServices } from './objects/ready-services.ts'
import { cutDaemonRollout, cutDeploymentRollout } from './objects/rollouts.ts'
import { cutServiceAccount } from './objects/service-accounts.ts'
import { cutReplicaSet, cutTemplate } from './objects/templates.ts'
import { cutTokenSecret } from './objects/token-secrets.ts'
import { cutApiService, cutDefinition, cutPendingRequest } from './objects/upkeep.ts'
import { cutVolume } from './objects/volumes.ts'
import { cutWebhooks as cutReach } from './objects/webhooks.ts'
import { secretStoreResources } from './secrets/stores.ts'

/** A resource of the API that facts look at. */
export interface ApiResource {
  /** `apps/v1/deployments`, `v1/pods`; `v1/pods#labels`: the same objects, cut down for another question. */
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
  const [listed = ''] = id.split('#')
  const [name = '', version = '', group = ''] = listed.split('/').reverse()
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
  resource('v1/serviceaccounts', eachBy(cutServiceAccount)),
  resource('certificates.k8s.io/v1/certificatesigningrequests', eachBy(cutCertificateRequest)),
  resource('v1/namespaces#labels', eachBy(cutNamespaceLabels)),
  resource('v1/nodes#health', eachBy(cutNodeHealth)),
  resource('v1/pods#labels', podsByLabels),
  resource('apps/v1/daemonsets#rollout', eachBy(cutDaemonRollout)),
  resource('apps/v1/deployments#rollout', eachBy(cutDeploymentRollout)),
  resource('networking.k8s.io/v1/networkpolicies', eachBy(cutNetworkPolicy)),
  resource('cilium.io/v2/ciliumnetworkpolicies', eachBy(cutCiliumPolicy)),
  resource('cilium.io/v2/ciliumclusterwidenetworkpolicies', eachBy(cutCiliumPolicy)),
  resource('crd.projectcalico.org/v1/networkpolicies', eachBy(cutCalicoPolicy)),
  resource('crd.projectcalico.org/v1/globalnetworkpolicies', eachBy(cutCalicoPolicy)),
  resource('policy.networking.k8s.io/v1alpha1/adminnetworkpolicies', eachBy(cutAdminPolicy)),
  resource('policy.networking.k8s.io/v1alpha1/baselineadminnetworkpolicies', eachBy(cutAdminPolicy)),
  resource('admissionregistration.k8s.io/v1/validatingwebhookconfigurations#reach', eachBy(cutReach)),
  resource('admissionregistration.k8s.io/v1/mutatingwebhookconfigurations#reach', eachBy(cutReach)),
  resource('admissionregistration.k8s.io/v1/validatingadmissionpolicies#images', eachBy(cutAboutImages)),
  resource('kyverno.io/v1/clusterpolicies', eachBy(cutKyvernoPolicy)),
  resource('kyverno.io/v1/policies', eachBy(cutKyvernoPolicy)),
  ...['v1alpha1', 'v1beta1', 'v1'].map((version) =>
    resource(`policies.kyverno.io/${version}/imagevalidatingpolicies`, eachBy(cutImageValidation)),
  ),
  resource('policy.sigstore.dev/v1beta1/clusterimagepolicies', eachBy(cutSigstorePolicy)),
  resource('v1/resourcequotas#names', eachBy(place), true),
  resource('v1/limitranges#names', eachBy(place), true),
  resource('v1/services#names', eachBy(place), true),
  resource('discovery.k8s.io/v1/endpointslices#services', readyServices),
  resource('apiregistration.k8s.io/v1/apiservices', eachBy(cutApiService)),
  resource('apiextensions.k8s.io/v1/customresourcedefinitions#versions', eachBy(cutDefinition)),
  resource('certificates.k8s.io/v1/certificatesigningrequests#pending', eachBy(cutPendingRequest)),
  resource('v1/secrets#tokens', eachBy(cutTokenSecret), true),
  ...secretStoreResources.map((id) => resource(id, eachBy(place), true)),
]

/** Every resource a probe may name. */
export const apiResources: ReadonlyMap<string, ApiResource> = new Map(all.map((one) => [one.id, one]))

/** A list of everything in one namespace, whatever its resource: `namespace/default`. Names and owners only. */
export const namespacePrefix = 'namespace/'
