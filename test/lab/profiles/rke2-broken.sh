# rke2-broken: a server with several mistakes, each of its own kind:
#  1 wrong modes: the administrator's kubeconfig 644 (write-kubeconfig-mode), a service account key 644
#  2 drift: `profile: cis` was put into config.yaml, and RKE2 was not restarted
#  3 a configuration file that cannot be parsed: a tab in config.yaml.d/90-site.yaml, written later too
#  4 a unit of the site's own in front of the vendor's, comments after its values: KillMode and TasksMax are the defaults, Delegate names no controller
#  5 an expired certificate: the scheduler's client certificate
#  6 a key that does not match its certificate: the controller manager's serving pair
#  7 the kubelet's directory of configuration: a later file switches anonymous access on
#  8 cgroup drivers differ: a containerd template of the site's own without SystemdCgroup
#  9 encryption at rest in name only: identity comes first
# 10 a dangling link: what the audit policy was linked to is gone since RKE2 was started
# 11 a list flag whose first appearance looks right: the second adds AlwaysAdmit
APISERVER=(--audit-policy-file=/etc/rancher/rke2/audit-policy.yaml --audit-log-path=/var/lib/rancher/rke2/server/logs/audit.log
  --enable-admission-plugins=NodeRestriction --enable-admission-plugins=AlwaysAdmit --profiling=true)
SYSTEMD_CGROUP=false
config() { cat <<'E'
write-kubeconfig-mode: "0644"
kube-apiserver-arg:
- audit-policy-file=/etc/rancher/rke2/audit-policy.yaml
- audit-log-path=/var/lib/rancher/rke2/server/logs/audit.log
- enable-admission-plugins=AlwaysAdmit
- profiling=true
E
}
. ./rke2.sh
chmod 644 "$R/etc/rancher/rke2/rke2.yaml" "$R$T/service.key"
audit_policy | put 600 /etc/rancher/rke2/policies/audit.yaml; ln -s policies/audit.yaml "$R/etc/rancher/rke2/audit-policy.yaml"
install -d -m 700 "$R$D/server/logs"
sed 's/^KillMode=process$/KillMode=process        # the pods outlive a restart/; s/^Delegate=yes$/Delegate=yes            # RKE2 manages its own control groups/; s/^TasksMax=infinity$/TasksMax=infinity       # no limit/' \
  "$R/usr/local/lib/systemd/system/rke2-server.service" | unit rke2-server.service
USE=client CHAIN=1 SIGNED='-400 days' sign $T/client-ca $T/client-scheduler /CN=system:kube-scheduler
key $T/kube-controller-manager/kube-controller-manager.key
printf 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication: {anonymous: {enabled: true}}\n' | put 644 $D/agent/etc/kubelet.conf.d/50-site.conf
containerd_config | put 600 $D/agent/etc/containerd/config-v3.toml.tmpl
put 600 $D/server/cred/encryption-config.json <<'E'
{"kind":"EncryptionConfiguration","apiVersion":"apiserver.config.k8s.io/v1","resources":[{"resources":["secrets"],"providers":[{"identity":{}},{"aescbc":{"keys":[{"name":"aescbckey","secret":"bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU="}]}}]}]}
E
later <<'E'
sleep 1 # files are told from the process by whole seconds
rm -r /etc/rancher/rke2/policies
echo 'profile: cis' >>/etc/rancher/rke2/config.yaml
mkdir -p /etc/rancher/rke2/config.yaml.d
printf 'kubelet-arg+:\n\t- pod-max-pids=4096\n' >/etc/rancher/rke2/config.yaml.d/90-site.yaml
E
