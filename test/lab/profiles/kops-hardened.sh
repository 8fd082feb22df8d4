# kops-hardened: the cluster specification with each hardening field kOps has, and a hook that narrows the modes nodeup
# leaves at 644. The audit policy and the admission files come as fileAssets.
MANIFEST_MODE=600 ETCD_MANIFEST_MODE=400 KUBELET_MODE=600 CNI_MODE=600 SELINUX=true SCHEDULER_EXTRA='enableProfiling: false'
A=/srv/kubernetes/kube-apiserver
PLUGINS=DefaultStorageClass,DefaultTolerationSeconds,LimitRanger,MutatingAdmissionWebhook,NamespaceLifecycle,NodeRestriction,ResourceQuota,RuntimeClass,ServiceAccount,ValidatingAdmissionPolicy,ValidatingAdmissionWebhook
APISERVER=(--audit-log-path=/var/log/audit/kube-apiserver-audit.log --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100 --audit-policy-file=/etc/kubernetes/audit/policy-config.yaml
  --profiling=false --request-timeout=3m0s --enable-admission-plugins=$PLUGINS,EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs --admission-control-config-file=$A/admission.yaml
  --tls-cipher-suites=$GCM --tls-min-version=VersionTLS12 --encryption-provider-config=$A/encryptionconfig.yaml --service-account-extend-token-expiration=false --kubelet-certificate-authority=/srv/kubernetes/ca.crt)
CONTROLLER_MANAGER=(--profiling=false --terminated-pod-gc-threshold=1000 --bind-address=127.0.0.1 --feature-gates=RotateKubeletServerCertificate=true)
SCHEDULER=(--profiling=false --bind-address=127.0.0.1)
KUBELET=(--read-only-port=0 --streaming-connection-idle-timeout=5m0s --event-qps=50 --rotate-certificates=true --tls-cipher-suites=$GCM --tls-min-version=VersionTLS12 --pod-max-pids=4096 --seccomp-default=true)
apiserver_mounts() {
  mount_path auditpolicypathdir /etc/kubernetes/audit /etc/kubernetes/audit
  mount_path auditlogpathdir /var/log/audit /var/log/audit DirectoryOrCreate rw
}
. ./kops.sh
on_node <<'E' # a kubelet that rotates takes over what its kubeconfig holds
install -d -m 755 /var/lib/kubelet/pki
(umask 077; sed -n 's/.*client-[a-z]*-data: //p' /var/lib/kubelet/kubeconfig | while read -r d; do echo "$d" | base64 -d; done >/var/lib/kubelet/pki/kubelet-client-2026-01-01-00-00-00.pem)
ln -s kubelet-client-2026-01-01-00-00-00.pem /var/lib/kubelet/pki/kubelet-client-current.pem
E
printf '127.0.0.1:10257\n' | setting kube-controller-manager listen
printf '127.0.0.1:10259\n' | setting kube-scheduler listen
audit_policy | put 600 /etc/kubernetes/audit/policy-config.yaml
install -d -m 700 "$R/var/log/audit"; : | put 600 /var/log/audit/kube-apiserver-audit.log
put 600 $A/encryptionconfig.yaml <<'E'
kind: EncryptionConfiguration
apiVersion: apiserver.config.k8s.io/v1
resources:
- resources: [secrets]
  providers: [{aescbc: {keys: [{name: key1, secret: bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU=}]}}, {identity: {}}]
E
put 600 $A/admission.yaml <<E
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: EventRateLimit
  path: $A/eventratelimit.yaml
E
printf 'apiVersion: eventratelimit.admission.k8s.io/v1alpha1\nkind: Configuration\nlimits: [{type: Server, qps: 5000, burst: 20000}]\n' | put 600 $A/eventratelimit.yaml
chmod 600 "$R/lib/systemd/system/kops-configuration.service" "$R/etc/systemd/system/containerd.service"
system_user etcd; on_node <<<'chown -R etcd:etcd /mnt/*/data/*'
printf 'vm.panic_on_oom = 0\nnet.bridge.bridge-nf-call-iptables = 1\nnet.bridge.bridge-nf-call-ip6tables = 1\n' >>"$R/etc/sysctl.d/99-k8s-general.conf"
