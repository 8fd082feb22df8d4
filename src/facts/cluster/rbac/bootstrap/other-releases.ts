/**
 * Rules that matter here and that a release other than 1.36 makes, or 1.36 with a feature gate: until 1.31 two
 * controllers read secrets for volume plugins that are gone (kubernetes/kubernetes#125995).
 */
export const otherReleasesPolicy = `
system:controller:expand-controller
  get core secrets
system:controller:persistent-volume-binder
  get core secrets
system:controller:storage-version-migrator-controller
  create,list,patch,watch * *
  update storagemigration.k8s.io storageversionmigrations/status
`

/** Bindings of the same kind. */
export const otherReleasesBindings = `
system:controller:storage-version-migrator-controller ClusterRole system:controller:storage-version-migrator-controller
  ServiceAccount kube-system/storage-version-migrator-controller
`
