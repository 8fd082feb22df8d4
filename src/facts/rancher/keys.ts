const shared = `
advertise-address advertise-port agent-token agent-token-file airgap-extra-registry alsologtostderr bind-address
cluster-cidr cluster-dns cluster-domain cluster-reset cluster-reset-restore-path config container-runtime-endpoint
data-dir datastore-cafile datastore-certfile datastore-endpoint datastore-keyfile debug default-runtime disable
disable-agent disable-apiserver disable-apiserver-lb disable-cloud-controller disable-controller-manager
disable-default-registry-endpoint disable-etcd disable-kube-proxy disable-scheduler egress-selector-mode
embedded-registry enable-pprof enable-servicelb etcd-arg etcd-disable-snapshots etcd-expose-metrics etcd-s3
etcd-s3-bucket etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-insecure etcd-s3-skip-ssl-verify etcd-snapshot-compress
etcd-snapshot-dir etcd-snapshot-name etcd-snapshot-retention etcd-snapshot-schedule-cron helm-job-image
image-credential-provider-bin-dir image-credential-provider-config image-service-endpoint kube-apiserver-arg
kube-cloud-controller-manager-arg kube-controller-manager-arg kube-proxy-arg kube-scheduler-arg kubelet-arg
lb-server-port log node-external-ip node-ip node-label node-name node-taint nonroot-devices pause-image
prefer-bundled-bin private-registry protect-kernel-defaults resolv-conf secrets-encryption-provider selinux server
service-cidr service-node-port-range servicelb-namespace snapshotter supervisor-metrics system-default-registry
tls-san tls-san-security token token-file v vmodule with-node-id write-kubeconfig write-kubeconfig-group
write-kubeconfig-mode`

const ofK3s = `
cluster-init default-local-storage-path disable-helm-controller disable-network-policy docker flannel-backend
flannel-cni-conf flannel-conf flannel-external-ip flannel-iface flannel-ipv6-masq https-listen-port kine-tls rootless
secrets-encryption vpn-auth vpn-auth-file`

const ofRke2 = `
audit-policy-file cloud-provider-config cloud-provider-name cni control-plane-probe-configuration
control-plane-resource-limits control-plane-resource-requests etcd-extra-env etcd-extra-mount etcd-image
ingress-controller kube-apiserver-extra-env kube-apiserver-extra-mount kube-apiserver-image
kube-controller-manager-extra-env kube-controller-manager-extra-mount kube-controller-manager-image
kube-proxy-extra-env kube-proxy-extra-mount kube-proxy-image kube-scheduler-extra-env kube-scheduler-extra-mount
kube-scheduler-image kubelet-path pod-security-admission-config-file profile runtime-image`

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Keys of the configuration language (k3s pkg/cli/cmds, rke2 pkg/cli/cmds, 2026). */
export const rancherKeys = {
  k3s: [...words(shared), ...words(ofK3s)].sort(),
  rke2: [...words(shared), ...words(ofRke2)].sort(),
} as const
