# rke2-hardened: `profile: cis` and every step the profile leaves to the operator: sysctls and the etcd user (without them
# RKE2 does not start), an audit policy that records, EventRateLimit with its limits, the kubelet's arguments, CNI modes.
PROFILE=cis CNI_MODE=600 PSA=/etc/rancher/rke2/admission.yaml
# the plugins twice: RKE2 puts its own in front of the operator's
APISERVER=(--enable-admission-plugins=NodeRestriction --enable-admission-plugins=NodeRestriction,EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs
  --request-timeout=300s --tls-cipher-suites=$GCM --tls-min-version=VersionTLS12)
KUBELET=(--pod-max-pids=4096 --seccomp-default=true --streaming-connection-idle-timeout=5m --tls-cipher-suites=$GCM)
config() { cat <<E
profile: cis
protect-kernel-defaults: true
selinux: true
write-kubeconfig-mode: "0600"
secrets-encryption-provider: aescbc
audit-policy-file: /etc/rancher/rke2/audit-policy.yaml
pod-security-admission-config-file: /etc/rancher/rke2/admission.yaml
etcd-snapshot-schedule-cron: "0 */12 * * *"
etcd-snapshot-retention: 5
tls-san:
- cluster.example
kube-apiserver-arg:
- enable-admission-plugins=NodeRestriction,EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs
- request-timeout=300s
- tls-min-version=VersionTLS12
- tls-cipher-suites=$GCM
kubelet-arg:
- pod-max-pids=4096
- seccomp-default=true
- streaming-connection-idle-timeout=5m
- tls-cipher-suites=$GCM
E
}
SELINUX=true
audit_policy | put 600 /etc/rancher/rke2/audit-policy.yaml
put 600 /etc/rancher/rke2/admission.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: restricted, enforce-version: latest, audit: restricted, audit-version: latest, warn: restricted, warn-version: latest}
    exemptions: {usernames: [], runtimeClasses: [], namespaces: [kube-system, compliance-operator-system, tigera-operator]}
- name: EventRateLimit
  configuration:
    apiVersion: eventratelimit.admission.k8s.io/v1alpha1
    kind: Configuration
    limits: [{type: Server, qps: 5000, burst: 20000}]
E
. ./rke2.sh
rm "$R/etc/rancher/rke2/rke2-pss.yaml"
printf 'kernel.keys.root_maxkeys=1000000\nkernel.keys.root_maxbytes=25000000\nnet.bridge.bridge-nf-call-iptables=1\nnet.bridge.bridge-nf-call-ip6tables=1\n' >>"$R/etc/sysctl.d/60-rke2-cis.conf"
