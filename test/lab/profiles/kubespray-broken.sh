# kubespray-broken: a control-plane node with several mistakes, each of its own kind:
#  1 wrong modes: the encryption keys 644; etcd's PKI 700 and etcd's throughout, as Kubespray to 2.29 left it
#  2 drift: /etc/etcd.env asks clients for certificates, the etcd that runs was started without
#  3 a comment in kubelet.env behind a value without quotes: three arguments more for the kubelet
#  4 the kubelet reads kubelet-config.old.yaml; kubelet-config.yaml, which looks right, is read by nobody
#  5 a path that means two files: the audit policy at that path on the host is a good one, but /etc/kubernetes is another
#    directory inside the API server, and the policy there records nothing
#  6 an expired certificate: the API server's client certificate for etcd
#  7 a key that does not match its certificate: the API server's client for kubelets
#  8 a dangling link: /etc/kubernetes/pki
#  9 an empty file: kubescheduler-config.yaml, since the disk was full
# 10 cgroup drivers differ: containerd without SystemdCgroup; the kubelet takes what containerd answers
# 11 what cannot be parsed and does not matter: kubeadm's config.yaml, which nobody reads
# 12 admission plugins that were set without NodeRestriction; booleans as Ansible writes them: True
# 13 encryption at rest for another resource than secrets
C=/etc/kubernetes ETCD_CLIENTS=false SYSTEMD_CGROUP=false KUBELET_CONFIG=$C/kubelet-config.old.yaml
ON_ETCD_PKI='AGO=-400d; issue etcd-ca node /CN=etcd-node-$node clientAuth "DNS:$node" 365 0; AGO=; mv node.crt /etc/ssl/etcd/ssl/node-$node.pem; mv node.key /etc/ssl/etcd/ssl/node-$node-key.pem'
KUBELET_ADDRESS='KUBELET_ADDRESS=--node-ip=@IP@ # the address'
APISERVER=(--profiling=True --audit-policy-file=$C/audit-policy/apiserver-audit-policy.yaml --audit-log-path=/var/log/audit/kube-apiserver-audit.log
  --encryption-provider-config=$C/ssl/secrets_encryption.yaml --enable-admission-plugins=EventRateLimit,AlwaysPullImages --admission-control-config-file=$C/admission-controls.yaml)
apiserver_mounts() {
  mount_path audit-logs /var/log/kubernetes/audit /var/log/audit DirectoryOrCreate rw
  mount_path admission-control-configs $C/admission-controls $C DirectoryOrCreate rw
}
. ./kubespray.sh
mkdir -p "$R$C/admission-controls/ssl"
audit_policy | put 644 $C/audit-policy/apiserver-audit-policy.yaml
printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n' | put 644 $C/admission-controls/audit-policy/apiserver-audit-policy.yaml
printf 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: EventRateLimit\n  path: /etc/kubernetes/eventratelimit.yaml\n' | put 644 $C/admission-controls/admission-controls.yaml
printf 'apiVersion: eventratelimit.admission.k8s.io/v1alpha1\nkind: Configuration\nlimits: [{type: Server, qps: 50, burst: 100}]\n' | put 644 $C/admission-controls/eventratelimit.yaml
printf 'kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: [configmaps]\n  providers: [{secretbox: {keys: [{name: key, secret: bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU=}]}}]\n' | put 644 $C/ssl/secrets_encryption.yaml
sed 's/^  mode: Webhook/  mode: AlwaysAllow/; s/^    enabled: false/    enabled: true/; s/^readOnlyPort: 0/readOnlyPort: 10255/' "$R$C/kubelet-config.yaml" | put 644 $C/kubelet-config.old.yaml
printf '127.0.0.1:10248\n0.0.0.0:10250\n0.0.0.0:10255\n' | setting kubelet listen
printf 'apiVersion: kubelet.config.k8s.io/v1beta1\nauthentication:\n\tanonymous: {enabled: true}\n' | put 666 /var/lib/kubelet/config.yaml
key $PKI/apiserver-kubelet-client.key
ln -sfn /etc/kubernetes/ssl-2024 "$R$C/pki"
on_node <<<"chown etcd:root $ETCD_PKI/*; chmod 700 $ETCD_PKI/*"
later <<'E'
sleep 1 # files are told from the process by whole seconds
: >/etc/kubernetes/kubescheduler-config.yaml
sed -i 's/^ETCD_CLIENT_CERT_AUTH=false$/ETCD_CLIENT_CERT_AUTH=true/' /etc/etcd.env
E
