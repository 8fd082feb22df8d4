# hardway-broken: the tutorial's node with several mistakes, each of its own kind:
#  1 wrong modes: a private key and the encryption keys 644 in a directory for everybody, etcd's data 755
#  2 comments after values in the kubelet's unit; a word of one ends up among the API server's arguments
#  3 an unexpanded shell variable in a unit: --bind-address of the controller manager is empty
#  4 a configuration file that cannot be parsed: kubelet-config.yaml has had a tab in it since the kubelet started
#  5 the kubelet reads another file than its unit says: the unit was edited and reloaded, the kubelet not restarted
#  6 an empty file: kube-scheduler.yaml, since the disk was full
#  7 a dangling link: what kube-proxy's kubeconfig was linked to is gone
#  8 an expired certificate: the administrator's, and the whole service account pair does not fit: the key was replaced
#  9 encryption at rest in name only: identity comes first
# 10 cgroup drivers differ: the kubelet says cgroupfs, containerd systemd
# 11 a static token file, AlwaysAllow among the authorizers, etcd on every address without TLS
# 12 two containerd units: a unit in /run of an unfinished migration hides the package's
APISERVER=(--authorization-mode=AlwaysAllow,Node,RBAC --token-auth-file=/var/lib/kubernetes/tokens.csv --audit-log-path=/var/log/kubernetes/audit.log '--audit-log-maxage=30          # days')
CONTROLLER_MANAGER=('--bind-address=${INTERNAL_IP}' --use-service-account-credentials=false)
ETCD=(--listen-peer-urls http://0.0.0.0:2380 --listen-client-urls http://0.0.0.0:2379 --advertise-client-urls http://@IP@:2379 --data-dir=/var/lib/etcd)
kubelet_configuration() { cat <<'E'
kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
address: "0.0.0.0"
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}, x509: {clientCAFile: /var/lib/kubelet/ca.crt}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
failSwapOn: false
readOnlyPort: 10255
tlsCertFile: /var/lib/kubelet/kubelet.crt
tlsPrivateKeyFile: /var/lib/kubelet/kubelet.key
E
}
. ./hardway.sh
printf '0.0.0.0:2379\n0.0.0.0:2380\n' | setting etcd listen
printf '0.0.0.0:10250\n0.0.0.0:10255\n' | setting kubelet listen
on_node <<<"chmod 644 $K/kube-api-server.key"; chmod 644 "$R$K/ca.key"; chmod 755 "$R/var/lib/etcd"
echo 'node-lab-token,bob,1000,system:masters' | put 644 $K/tokens.csv
sed -i 's/^Restart=on-failure$/Restart=on-failure         # systemd brings it back/; s/^RestartSec=5$/RestartSec=5\nKillMode=process           # pods outlive a restart/' "$R/etc/systemd/system/kubelet.service"
SIGNED='-4000 days' sign $K/ca $K/admin /O=system:masters/CN=admin '' 3653
key $K/service-accounts.key
put 644 $K/encryption-config.yaml <<'E'
kind: EncryptionConfiguration
apiVersion: apiserver.config.k8s.io/v1
resources:
- resources: [secrets]
  providers: [{identity: {}}, {aescbc: {keys: [{name: key1, secret: bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU=}]}}]
E
later <<'E'
sleep 1 # files are told from the process by whole seconds
: >/etc/kubernetes/config/kube-scheduler.yaml
rm /var/lib/kube-proxy/kubeconfig; ln -s kubeconfig.d/current /var/lib/kube-proxy/kubeconfig
cp /var/lib/kubelet/kubelet-config.yaml /var/lib/kubelet/kubelet-config-new.yaml
sed -i 's#--config=/var/lib/kubelet/kubelet-config.yaml#--config=/var/lib/kubelet/kubelet-config-new.yaml#' /etc/systemd/system/kubelet.service
printf 'evictionHard:\n\tmemory.available: 100Mi\n' >>/var/lib/kubelet/kubelet-config.yaml
sed 's/^KillMode=process$/KillMode=mixed/' /lib/systemd/system/containerd.service >/run/systemd/system/containerd.service
systemctl daemon-reload
E
