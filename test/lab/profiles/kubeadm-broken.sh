# kubeadm-broken: a control-plane node with several mistakes, each of its own kind:
#  1 wrong modes: manifests 644, admin.conf 644, the etcd data 755, the CA's key 644
#  2 the kubelet reads another file than its unit says: the drop-in was edited, nothing was reloaded
#  3 drift: config.yaml was hardened after the kubelet started
#  4 a flag that undoes the configuration: --anonymous-auth=true in kubeadm-flags.env
#  5 a path that means two files: the audit policy at that path on the host is not the one the API server sees there
#  6 an expired certificate: the API server's client certificate for kubelets
#  7 a key that does not match its certificate: the front proxy's client
#  8 a dangling link: kubelet-client-current.pem, rotation is stuck
#  9 cgroup drivers differ: containerd was reinstalled with its default configuration
# 10 an empty file: scheduler.conf, since the disk was full
# 11 a second manifest: the kubelet runs kube-apiserver.yaml.bak too
# 12 a comment after a value in the kubelet's unit: Restart does nothing
# 13 the encryption configuration cannot be parsed since it was edited; etcd takes clients without a certificate, its CA is the cluster's
# 14 a list with one bad value: authorization-mode ends in AlwaysAllow
APISERVER=(--authorization-mode=Node,RBAC,AlwaysAllow --audit-log-path=/var/log/kubernetes/audit.log --audit-policy-file=/etc/kubernetes/audit/policy.yaml
  --encryption-provider-config=/etc/kubernetes/enc/config.yaml --token-auth-file=/etc/kubernetes/pki/tokens.csv --service-account-lookup=false)
CONTROLLER_MANAGER=(--bind-address=0.0.0.0 --use-service-account-credentials=false)
SCHEDULER=(--bind-address=0.0.0.0)
ETCD=(--client-cert-auth=false --auto-tls=true --trusted-ca-file=/etc/kubernetes/pki/ca.crt --peer-client-cert-auth=false)
KUBELET_FLAGS='--pod-infra-container-image=registry.example/pause:3.10.1 --anonymous-auth=true --read-only-port=10255'
apiserver_mounts() { mount_path enc /etc/kubernetes/enc /etc/kubernetes/enc; mount_path audit /etc/kubernetes/audit-policies /etc/kubernetes/audit; mount_path audit-log /var/log/kubernetes /var/log/kubernetes DirectoryOrCreate rw; }
. ./kubeadm.sh
printf '127.0.0.1:10248\n0.0.0.0:10250\n0.0.0.0:10255\n' | setting kubelet listen
chmod 644 "$R$M"/*.yaml "$R/etc/kubernetes/admin.conf" "$R$PKI/ca.key"; chmod 755 "$R/var/lib/etcd"
audit_policy | put 644 /etc/kubernetes/audit/policy.yaml
printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n' | put 644 /etc/kubernetes/audit-policies/policy.yaml
echo 'node-lab-token,bob,1000,system:masters' | put 644 $PKI/tokens.csv
put 644 /etc/kubernetes/enc/config.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - aescbc: {keys: [{name: key1, secret: bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU=}]}
E
USE=client SIGNED='-400 days' sign $PKI/ca $PKI/apiserver-kubelet-client /O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client
key $PKI/front-proxy-client.key
on_node <<<"rm /var/lib/kubelet/pki/kubelet-client-2026-01-01-00-00-00.pem"
put 644 /etc/containerd/config.toml <<<'version = 2'
cp "$R$M/kube-apiserver.yaml" "$R$M/kube-apiserver.yaml.bak"; sed -i 's/Node,RBAC,AlwaysAllow/Node,RBAC/' "$R$M/kube-apiserver.yaml.bak"; template $M/kube-apiserver.yaml.bak
sed -i 's/^Restart=always$/Restart=always   # whatever happened/' "$R/etc/systemd/system/kubelet.service"
later <<'E'
: >/etc/kubernetes/scheduler.conf
sed -i 's/^  providers:/\tproviders:/' /etc/kubernetes/enc/config.yaml
sed -i 's#--config=/var/lib/kubelet/config.yaml#--config=/etc/kubernetes/kubelet-config.yaml#' /etc/systemd/system/kubelet.service.d/10-kubeadm.conf
cp /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet-config.yaml
printf 'protectKernelDefaults: true\nseccompDefault: true\npodPidsLimit: 4096\n' >>/var/lib/kubelet/config.yaml
touch -d '10 seconds' /var/lib/kubelet/config.yaml # times are told apart by more than two
E
