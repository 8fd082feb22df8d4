/** Resources whose objects bring secrets from a store outside the cluster. */
export const secretStores = [
  { id: 'external-secrets.io/v1/externalsecrets', kind: 'ExternalSecret', what: 'External Secrets' },
  { id: 'external-secrets.io/v1beta1/externalsecrets', kind: 'ExternalSecret', what: 'External Secrets' },
  {
    id: 'secrets-store.csi.x-k8s.io/v1/secretproviderclasspodstatuses',
    kind: 'SecretProviderClassPodStatus',
    what: 'the Secrets Store CSI driver',
  },
  { id: 'secrets.hashicorp.com/v1beta1/vaultstaticsecrets', kind: 'VaultStaticSecret', what: 'Vault' },
  { id: 'secrets.hashicorp.com/v1beta1/vaultdynamicsecrets', kind: 'VaultDynamicSecret', what: 'Vault' },
  { id: 'secrets.hashicorp.com/v1beta1/vaultpkisecrets', kind: 'VaultPKISecret', what: 'Vault' },
  { id: 'onepassword.com/v1/onepassworditems', kind: 'OnePasswordItem', what: '1Password' },
] as const

/** Sealed in Git, and plain Secrets in the cluster all the same. */
export const sealed = { id: 'bitnami.com/v1alpha1/sealedsecrets', kind: 'SealedSecret' } as const

/** Every resource that is looked at. */
export const secretStoreResources: readonly string[] = [...secretStores.map(({ id }) => id), sealed.id]
