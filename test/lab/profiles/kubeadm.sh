# kubeadm: a control-plane node as kubeadm leaves one, with a real containerd; ROLE=worker (profile kubeadm-worker) joins one.
# A variant sets these before it sources this file: flags that replace or join
# kubeadm's own (extraArgs), mounts of the API server (extraVolumes), and what
# the KubeletConfiguration holds.
declare -p APISERVER >/dev/null 2>&1 || APISERVER=() CONTROLLER_MANAGER=() SCHEDULER=() ETCD=()
type -t apiserver_mounts >/dev/null || apiserver_mounts() { :; }
ROLE=${ROLE:-control-plane} V=v1.34.2 PKI=/etc/kubernetes/pki M=/etc/kubernetes/manifests REG=registry.example

stub /usr/bin/kubelet /usr/bin/kubeadm /usr/bin/kubectl /usr/bin/crictl
version_of "Kubernetes $V" kubelet kube-apiserver kube-controller-manager kube-scheduler kube-proxy
version_of "kubeadm version: &version.Info{Major:\"1\", Minor:\"34\", GitVersion:\"$V\"}" kubeadm
version_of "Client Version: $V" kubectl
version_of $'etcd Version: 3.6.5\nGit SHA: a061450\nGo Version: go1.24.7\nGo OS/Arch: linux/amd64' etcd
printf '127.0.0.1:10248\n0.0.0.0:10250\n' | setting kubelet listen
printf '0.0.0.0:6443\n' | setting kube-apiserver listen
printf '127.0.0.1:10249\n0.0.0.0:10256\n' | setting kube-proxy listen
printf '127.0.0.1:2379\n127.0.0.1:2381\n' | setting etcd listen

unit kubelet.service <<'E'
[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
E
put 644 /etc/systemd/system/kubelet.service.d/10-kubeadm.conf <<'E'
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
E
echo "KUBELET_KUBEADM_ARGS=\"${KUBELET_FLAGS:---pod-infra-container-image=registry.example/pause:3.10.1}\"" | put 644 /var/lib/kubelet/kubeadm-flags.env
printf 'apiVersion: kubelet.config.k8s.io/v1beta1\ncontainerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock\nkind: KubeletConfiguration\n' | put 644 /var/lib/kubelet/instance-config.yaml
type -t kubelet_configuration >/dev/null || kubelet_configuration() { cat <<'E'
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {cacheTTL: 0s, enabled: true}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 0s, cacheUnauthorizedTTL: 0s}}
cgroupDriver: systemd
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
cpuManagerReconcilePeriod: 0s
crashLoopBackOff: {}
evictionPressureTransitionPeriod: 0s
healthzBindAddress: 127.0.0.1
healthzPort: 10248
memorySwap: {}
rotateCertificates: true
runtimeRequestTimeout: 0s
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 0s
syncFrequency: 0s
E
}
kubelet_configuration | put 644 /var/lib/kubelet/config.yaml

ca $PKI/ca kubernetes
mkdir -p "$R$M"
USE=client node_cert $PKI/ca /var/lib/kubelet/pki/kubelet-client pem
kubeconfig /etc/kubernetes/kubelet.conf default-auth https://@IP@:6443 $PKI/ca.crt /var/lib/kubelet/pki/kubelet-client-current.pem /var/lib/kubelet/pki/kubelet-client-current.pem
template /etc/kubernetes/kubelet.conf
[ -n "${SERVER_BOOTSTRAP:-}" ] || kubelet_self_signed
if [ "$ROLE" = control-plane ]; then
for c in front-proxy-ca etcd/ca; do ca $PKI/$c "$(echo "$c" | sed 's/^etcd.ca$/etcd-ca/')"; done
chmod 755 "$R$PKI/etcd"
node_sans $PKI/ca $PKI/apiserver /CN=kube-apiserver server DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:10.96.0.1
USE=client cert $PKI/ca $PKI/apiserver-kubelet-client /O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client
USE=client cert $PKI/front-proxy-ca $PKI/front-proxy-client /CN=front-proxy-client
USE=named node_cert $PKI/etcd/ca $PKI/etcd/server
USE=named node_cert $PKI/etcd/ca $PKI/etcd/peer
USE=client cert $PKI/etcd/ca $PKI/etcd/healthcheck-client /CN=kube-etcd-healthcheck-client
USE=client cert $PKI/etcd/ca $PKI/apiserver-etcd-client /CN=kube-apiserver-etcd-client
key $PKI/sa.key; openssl ec -in "$R$PKI/sa.key" -pubout -out "$R$PKI/sa.pub" 2>/dev/null; chmod 600 "$R$PKI/sa.pub"
while read -r file user subject; do
  kubeconfig_embedded /etc/kubernetes/$file.conf $user https://@IP@:6443 $PKI/ca "$subject"
  template /etc/kubernetes/$file.conf
done <<'E'
admin kubernetes-admin /O=kubeadm:cluster-admins/CN=kubernetes-admin
super-admin kubernetes-super-admin /O=system:masters/CN=kubernetes-super-admin
controller-manager system:kube-controller-manager /CN=system:kube-controller-manager
scheduler system:kube-scheduler /CN=system:kube-scheduler
E
install -d -m 700 "$R/var/lib/etcd" "$R/var/lib/etcd/member" "$R$M"

certificates() { mount_path ca-certs /etc/ssl/certs /etc/ssl/certs; mount_path k8s-certs $PKI $PKI; }
certificates; apiserver_mounts
mapfile -t flags < <(sorted_flags --advertise-address=@IP@ --allow-privileged=true --authorization-mode=Node,RBAC --client-ca-file=$PKI/ca.crt \
  --enable-admission-plugins=NodeRestriction --enable-bootstrap-token-auth=true \
  --etcd-cafile=$PKI/etcd/ca.crt --etcd-certfile=$PKI/apiserver-etcd-client.crt --etcd-keyfile=$PKI/apiserver-etcd-client.key --etcd-servers=https://127.0.0.1:2379 \
  --kubelet-client-certificate=$PKI/apiserver-kubelet-client.crt --kubelet-client-key=$PKI/apiserver-kubelet-client.key \
  --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname \
  --proxy-client-cert-file=$PKI/front-proxy-client.crt --proxy-client-key-file=$PKI/front-proxy-client.key \
  --requestheader-allowed-names=front-proxy-client --requestheader-client-ca-file=$PKI/front-proxy-ca.crt \
  --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group --requestheader-username-headers=X-Remote-User \
  --secure-port=6443 --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-account-key-file=$PKI/sa.pub \
  --service-account-signing-key-file=$PKI/sa.key --service-cluster-ip-range=10.96.0.0/12 --tls-cert-file=$PKI/apiserver.crt --tls-private-key-file=$PKI/apiserver.key \
  "${APISERVER[@]}")
pod $M kube-apiserver $REG/kube-apiserver:$V kube-apiserver "${flags[@]}"

certificates; mount_path kubeconfig /etc/kubernetes/controller-manager.conf /etc/kubernetes/controller-manager.conf FileOrCreate
mapfile -t flags < <(sorted_flags --authentication-kubeconfig=/etc/kubernetes/controller-manager.conf --authorization-kubeconfig=/etc/kubernetes/controller-manager.conf \
  --bind-address=127.0.0.1 --client-ca-file=$PKI/ca.crt --cluster-name=kubernetes --cluster-signing-cert-file=$PKI/ca.crt --cluster-signing-key-file=$PKI/ca.key \
  '--controllers=*,bootstrapsigner,tokencleaner' --kubeconfig=/etc/kubernetes/controller-manager.conf --leader-elect=true \
  --requestheader-client-ca-file=$PKI/front-proxy-ca.crt --root-ca-file=$PKI/ca.crt --service-account-private-key-file=$PKI/sa.key --use-service-account-credentials=true \
  "${CONTROLLER_MANAGER[@]}")
pod $M kube-controller-manager $REG/kube-controller-manager:$V kube-controller-manager "${flags[@]}"

mount_path kubeconfig /etc/kubernetes/scheduler.conf /etc/kubernetes/scheduler.conf FileOrCreate
mapfile -t flags < <(sorted_flags --authentication-kubeconfig=/etc/kubernetes/scheduler.conf --authorization-kubeconfig=/etc/kubernetes/scheduler.conf \
  --bind-address=127.0.0.1 --kubeconfig=/etc/kubernetes/scheduler.conf --leader-elect=true "${SCHEDULER[@]}")
pod $M kube-scheduler $REG/kube-scheduler:$V kube-scheduler "${flags[@]}"

mount_path etcd-data /var/lib/etcd /var/lib/etcd DirectoryOrCreate rw; mount_path etcd-certs $PKI/etcd $PKI/etcd
mapfile -t flags < <(sorted_flags --advertise-client-urls=https://@IP@:2379 --cert-file=$PKI/etcd/server.crt --client-cert-auth=true --data-dir=/var/lib/etcd \
  --key-file=$PKI/etcd/server.key --listen-client-urls=https://127.0.0.1:2379,https://@IP@:2379 --listen-metrics-urls=http://127.0.0.1:2381 \
  --feature-gates=InitialCorruptCheck=true --watch-progress-notify-interval=5s --name=@NODE@ --peer-cert-file=$PKI/etcd/peer.crt --peer-client-cert-auth=true --peer-key-file=$PKI/etcd/peer.key \
  --initial-advertise-peer-urls=https://@IP@:2380 --initial-cluster=@NODE@=https://@IP@:2380 --listen-peer-urls=https://@IP@:2380 \
  --peer-trusted-ca-file=$PKI/etcd/ca.crt --snapshot-count=10000 --trusted-ca-file=$PKI/etcd/ca.crt "${ETCD[@]}")
pod $M etcd $REG/etcd:3.6.5-0 etcd "${flags[@]}"
else
  on_node <<<"rm $PKI/ca.key"
fi

kube_proxy_daemonset 10.244.0.0/16 "${CONFIGMAP_MODE:-644}"

put 644 /etc/containerd/config.toml <<'E'
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.example/pause:3.10.1"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = true
E
put 644 /etc/cni/net.d/10-flannel.conflist <<'E'
{"name": "cbr0", "cniVersion": "0.3.1", "plugins": [{"type": "flannel", "delegate": {"hairpinMode": true, "isDefaultGateway": true}}]}
E
put 644 /var/lib/cni/networks/cbr0/10.244.0.2 <<<'0d6f0f8d7c2e eth0'
: | put 644 /var/lib/cni/networks/cbr0/lock
printf 'net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.ip_forward = 1\n' | put 644 /etc/sysctl.d/k8s.conf
enable_unit containerd.service kubelet.service
