# kubespray: a control-plane node with etcd on the host, as Kubespray 2.30's defaults leave it. A variant sets before it
# sources this file: OWNER and GROUP (kube_owner, kube_cert_group), flags that replace or join the others,
# apiserver_mounts(), kubelet_configuration_extra() and KUBELET_CONFIG, etcd_env_extra().
declare -p APISERVER >/dev/null 2>&1 || APISERVER=() CONTROLLER_MANAGER=() SCHEDULER=()
type -t apiserver_mounts >/dev/null || apiserver_mounts() { :; }
V=v1.34.2 C=/etc/kubernetes PKI=/etc/kubernetes/ssl ETCD_PKI=/etc/ssl/etcd/ssl M=/etc/kubernetes/manifests REG=registry.k8s.io OWNER=${OWNER:-kube} GROUP=${GROUP:-kube-cert}
UNIT_MODE=600

stub /usr/local/bin/{kubelet,kubeadm,kubectl,crictl,etcd,etcdctl,etcdutl,runc}
version_of "Kubernetes $V" kubelet kube-apiserver kube-controller-manager kube-scheduler kube-proxy
version_of "kubeadm version: &version.Info{Major:\"1\", Minor:\"34\", GitVersion:\"$V\"}" kubeadm
version_of $'etcd Version: 3.5.24\nGit SHA: b5f0c8b\nGo Version: go1.24.9\nGo OS/Arch: linux/amd64' etcd
printf '127.0.0.1:10248\n0.0.0.0:10250\n' | setting kubelet listen
printf '0.0.0.0:6443\n' | setting kube-apiserver listen
printf '0.0.0.0:10257\n' | setting kube-controller-manager listen
printf '0.0.0.0:10259\n' | setting kube-scheduler listen
printf '127.0.0.1:10249\n0.0.0.0:10256\n' | setting kube-proxy listen
printf '$ETCD_LISTEN_CLIENT_URLS\n$ETCD_LISTEN_PEER_URLS\n' | setting etcd listen
chroot "$R" groupadd -r kube-cert
chroot "$R" useradd -r -g kube-cert -M -d / -s /sbin/nologin kube
chroot "$R" useradd -r -U -M -d /var/lib/etcd -s /sbin/nologin etcd

# --- the kubelet: flags in one file, configuration in another; kubeadm's own is there and nobody reads it ---------------
put 600 /etc/systemd/system/kubelet.service <<'E'
[Unit]
Description=Kubernetes Kubelet Server
Documentation=https://github.com/GoogleCloudPlatform/kubernetes
After=containerd.service
Wants=containerd.service

[Service]
EnvironmentFile=-/etc/kubernetes/kubelet.env
ExecStart=/usr/local/bin/kubelet \
		$KUBE_LOGTOSTDERR \
		$KUBE_LOG_LEVEL \
		$KUBELET_API_SERVER \
		$KUBELET_ADDRESS \
		$KUBELET_PORT \
		$KUBELET_HOSTNAME \
		$KUBELET_ARGS \
		$DOCKER_SOCKET \
		$KUBELET_NETWORK_PLUGIN \
		$KUBELET_VOLUME_PLUGIN \
		$KUBELET_CLOUDPROVIDER
Restart=always
RestartSec=10s

[Install]
WantedBy=multi-user.target
E
put 600 $C/kubelet.env <<E
KUBE_LOG_LEVEL="--v=2"
${KUBELET_ADDRESS:-KUBELET_ADDRESS=\"--node-ip=@IP@\"}
KUBELET_HOSTNAME="--hostname-override=@NODE@"



KUBELET_ARGS="--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf \\
--config=${KUBELET_CONFIG:-/etc/kubernetes/kubelet-config.yaml} \\
--kubeconfig=/etc/kubernetes/kubelet.conf \\
--runtime-cgroups=/system.slice/containerd.service \\
 "
KUBELET_CLOUDPROVIDER=""

PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
E
template $C/kubelet.env
kubelet_configuration() { cat <<E
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
nodeStatusUpdateFrequency: "10s"
failSwapOn: True
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: True
  x509:
    clientCAFile: /etc/kubernetes/ssl/ca.crt
authorization:
  mode: Webhook
staticPodPath: "/etc/kubernetes/manifests"
cgroupDriver: systemd
containerLogMaxFiles: 5
containerLogMaxSize: 10Mi
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
maxPods: 110
podPidsLimit: ${POD_PIDS:--1}
address: "::"
readOnlyPort: 0
healthzPort: 10248
healthzBindAddress: "127.0.0.1"
kubeletCgroups: /system.slice/kubelet.service
clusterDomain: cluster.local
protectKernelDefaults: true
rotateCertificates: true
clusterDNS:
- 169.254.25.10
resolvConf: "/run/systemd/resolve/resolv.conf"
eventRecordQPS: 50
shutdownGracePeriod: 60s
shutdownGracePeriodCriticalPods: 20s
maxParallelImagePulls: 1
E
! type -t kubelet_configuration_extra >/dev/null || kubelet_configuration_extra
}
kubelet_configuration | put 600 $C/kubelet-config.yaml
put 644 /var/lib/kubelet/config.yaml <<'E'
apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/ssl/ca.crt
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- 10.233.0.10
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
E
echo 'KUBELET_KUBEADM_ARGS=""' | put 644 /var/lib/kubelet/kubeadm-flags.env
put 640 $C/kubeadm-config.yaml <<'E'
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: cluster.local
certificatesDir: /etc/kubernetes/ssl
etcd:
  external:
    endpoints: ["https://@IP@:2379"]
    caFile: /etc/ssl/etcd/ssl/ca.pem
    certFile: /etc/ssl/etcd/ssl/node-@NODE@.pem
    keyFile: /etc/ssl/etcd/ssl/node-@NODE@-key.pem
kubernetesVersion: v1.34.2
E
template $C/kubeadm-config.yaml

# --- certificates -----------------------------------------------------------------------------------------------------
for c in ca front-proxy-ca; do ca $PKI/$c "$(echo "$c" | sed 's/^ca$/kubernetes/')"; done
node_sans $PKI/ca $PKI/apiserver /CN=kube-apiserver server DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:lb-apiserver.kubernetes.local,IP:10.233.0.1
USE=client cert $PKI/ca $PKI/apiserver-kubelet-client /O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client
USE=client cert $PKI/front-proxy-ca $PKI/front-proxy-client /CN=front-proxy-client
key $PKI/sa.key; openssl ec -in "$R$PKI/sa.key" -pubout -out "$R$PKI/sa.pub" 2>/dev/null; chmod 600 "$R$PKI/sa.pub"
ln -s /etc/kubernetes/ssl "$R$C/pki"
while read -r file user subject; do
  kubeconfig_embedded $C/$file.conf $user https://@IP@:6443 $PKI/ca "$subject"
  template $C/$file.conf
done <<'E'
admin kubernetes-admin /O=kubeadm:cluster-admins/CN=kubernetes-admin
super-admin kubernetes-super-admin /O=system:masters/CN=kubernetes-super-admin
controller-manager system:kube-controller-manager /CN=system:kube-controller-manager
scheduler system:kube-scheduler /CN=system:kube-scheduler
E
USE=client node_cert $PKI/ca /var/lib/kubelet/pki/kubelet-client pem
kubeconfig $C/kubelet.conf default-auth https://@IP@:6443 $PKI/ca.crt /var/lib/kubelet/pki/kubelet-client-current.pem /var/lib/kubelet/pki/kubelet-client-current.pem
template $C/kubelet.conf
[ -n "${SERVER_BOOTSTRAP:-}" ] || kubelet_self_signed
mkdir -p "$R/root/.kube"; cp -p "$R$C/admin.conf" "$R/root/.kube/config"; template /root/.kube/config
# etcd's: named after the node, for a hundred years
install -d -m 700 "$R$ETCD_PKI"
on_node <<E
printf '[req]\ndistinguished_name=dn\nx509_extensions=e\n[dn]\n[e]\nbasicConstraints=critical,CA:TRUE\n' >cnf
openssl req -new -x509 -config cnf -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout etcd-ca.key -subj /CN=etcd-ca -days 36500 -out etcd-ca.crt 2>/dev/null
for c in admin member node; do
  issue etcd-ca \$c /CN=etcd-\$c-\$node "\$([ \$c = member ] && echo serverAuth,clientAuth || echo clientAuth)" "DNS:localhost,DNS:\$node,DNS:etcd.kube-system.svc.cluster.local,IP:127.0.0.1,IP:\$ip" 36500 0
  mv \$c.crt $ETCD_PKI/\$c-\$node.pem; mv \$c.key $ETCD_PKI/\$c-\$node-key.pem
done
${ON_ETCD_PKI:-}
mv etcd-ca.crt $ETCD_PKI/ca.pem; mv etcd-ca.key $ETCD_PKI/ca-key.pem
chown etcd:root $ETCD_PKI; chown $OWNER:root $C $M; chown $OWNER:$GROUP $PKI; chown etcd:etcd /var/lib/etcd
E

# --- etcd: a service of the host, all of its settings in its environment --------------------------------------------------
put 644 /etc/systemd/system/etcd.service <<'E'
[Unit]
Description=etcd
After=network.target

[Service]
Type=notify
User=root
EnvironmentFile=/etc/etcd.env
ExecStart=/usr/local/bin/etcd
NotifyAccess=all
Restart=always
RestartSec=10s
LimitNOFILE=40000

[Install]
WantedBy=multi-user.target
E
put 640 /etc/etcd.env <<E
# Environment file for etcd 3.5.24
ETCD_DATA_DIR=/var/lib/etcd
ETCD_ADVERTISE_CLIENT_URLS=https://@IP@:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://@IP@:2380
ETCD_INITIAL_CLUSTER_STATE=existing
ETCD_METRICS=basic
ETCD_LISTEN_CLIENT_URLS=https://@IP@:2379,https://127.0.0.1:2379
ETCD_ELECTION_TIMEOUT=5000
ETCD_HEARTBEAT_INTERVAL=250
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
ETCD_LISTEN_PEER_URLS=https://@IP@:2380
ETCD_NAME=etcd1
ETCD_PROXY=off
ETCD_INITIAL_CLUSTER=etcd1=https://@IP@:2380
ETCD_AUTO_COMPACTION_RETENTION=8
ETCD_SNAPSHOT_COUNT=100000

# TLS settings
ETCD_TRUSTED_CA_FILE=$ETCD_PKI/ca.pem
ETCD_CERT_FILE=$ETCD_PKI/member-@NODE@.pem
ETCD_KEY_FILE=$ETCD_PKI/member-@NODE@-key.pem
ETCD_CLIENT_CERT_AUTH=${ETCD_CLIENTS:-true}

ETCD_PEER_TRUSTED_CA_FILE=$ETCD_PKI/ca.pem
ETCD_PEER_CERT_FILE=$ETCD_PKI/member-@NODE@.pem
ETCD_PEER_KEY_FILE=$ETCD_PKI/member-@NODE@-key.pem
ETCD_PEER_CLIENT_CERT_AUTH=True
$(! type -t etcd_env_extra >/dev/null || etcd_env_extra)

# CLI settings
ETCDCTL_ENDPOINTS=https://127.0.0.1:2379
ETCDCTL_CACERT=$ETCD_PKI/ca.pem
ETCDCTL_KEY=$ETCD_PKI/admin-@NODE@-key.pem
ETCDCTL_CERT=$ETCD_PKI/admin-@NODE@.pem

# ETCD 3.5.x issue
# https://groups.google.com/a/kubernetes.io/g/dev/c/B7gJs88XtQc/m/rSgNOzV2BwAJ
ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK=True
E
template /etc/etcd.env
install -d -m 700 "$R/var/lib/etcd" "$R/var/lib/etcd/member"

# --- static pods ----------------------------------------------------------------------------------------------------------
mount_path ca-certs /etc/ssl/certs /etc/ssl/certs; mount_path etcd-certs-0 $ETCD_PKI $ETCD_PKI; mount_path k8s-certs $PKI $PKI; mount_path usr-share-ca-certificates /usr/share/ca-certificates /usr/share/ca-certificates
apiserver_mounts
mapfile -t flags < <(sorted_flags --advertise-address=@IP@ --allow-privileged=true --anonymous-auth=True --authorization-mode=Node,RBAC --bind-address=:: --client-ca-file=$PKI/ca.crt \
  --default-not-ready-toleration-seconds=300 --default-unreachable-toleration-seconds=300 --enable-admission-plugins=NodeRestriction --enable-aggregator-routing=False \
  --enable-bootstrap-token-auth=true --endpoint-reconciler-type=lease --etcd-cafile=$ETCD_PKI/ca.pem --etcd-certfile=$ETCD_PKI/node-@NODE@.pem --etcd-compaction-interval=5m0s \
  --etcd-keyfile=$ETCD_PKI/node-@NODE@-key.pem --etcd-servers=https://@IP@:2379 --event-ttl=1h0m0s --kubelet-client-certificate=$PKI/apiserver-kubelet-client.crt \
  --kubelet-client-key=$PKI/apiserver-kubelet-client.key --kubelet-preferred-address-types=InternalDNS,InternalIP,Hostname,ExternalDNS,ExternalIP --profiling=False \
  --proxy-client-cert-file=$PKI/front-proxy-client.crt --proxy-client-key-file=$PKI/front-proxy-client.key --request-timeout=1m0s \
  --requestheader-allowed-names=front-proxy-client --requestheader-client-ca-file=$PKI/front-proxy-ca.crt --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --requestheader-group-headers=X-Remote-Group --requestheader-username-headers=X-Remote-User --secure-port=6443 \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-account-key-file=$PKI/sa.pub --service-account-lookup=True \
  --service-account-signing-key-file=$PKI/sa.key --service-cluster-ip-range=10.233.0.0/18 --service-node-port-range=30000-32767 --storage-backend=etcd3 \
  --tls-cert-file=$PKI/apiserver.crt --tls-private-key-file=$PKI/apiserver.key "${APISERVER[@]}")
pod $M kube-apiserver $REG/kube-apiserver:$V kube-apiserver "${flags[@]}"
mount_path ca-certs /etc/ssl/certs /etc/ssl/certs; mount_path k8s-certs $PKI $PKI; mount_path kubeconfig $C/controller-manager.conf $C/controller-manager.conf FileOrCreate
mapfile -t flags < <(sorted_flags --allocate-node-cidrs=true --authentication-kubeconfig=$C/controller-manager.conf --authorization-kubeconfig=$C/controller-manager.conf --bind-address=:: \
  --client-ca-file=$PKI/ca.crt --cluster-cidr=10.233.64.0/18 --cluster-name=cluster.local --cluster-signing-cert-file=$PKI/ca.crt --cluster-signing-key-file=$PKI/ca.key \
  --configure-cloud-routes=false '--controllers=*,bootstrapsigner,tokencleaner' --kubeconfig=$C/controller-manager.conf --leader-elect=true --leader-elect-lease-duration=15s \
  --leader-elect-renew-deadline=10s --node-cidr-mask-size-ipv4=24 --node-monitor-grace-period=40s --node-monitor-period=5s --profiling=False \
  --requestheader-client-ca-file=$PKI/front-proxy-ca.crt --root-ca-file=$PKI/ca.crt --service-account-private-key-file=$PKI/sa.key --service-cluster-ip-range=10.233.0.0/18 \
  --terminated-pod-gc-threshold=12500 --use-service-account-credentials=true "${CONTROLLER_MANAGER[@]}")
pod $M kube-controller-manager $REG/kube-controller-manager:$V kube-controller-manager "${flags[@]}"
put 644 $C/kubescheduler-config.yaml <<E
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection:
  kubeconfig: "/etc/kubernetes/scheduler.conf"
${SCHEDULER_EXTRA:-}
E
mount_path kubeconfig $C/scheduler.conf $C/scheduler.conf FileOrCreate; mount_path kubescheduler-config $C/kubescheduler-config.yaml $C/kubescheduler-config.yaml File
mapfile -t flags < <(sorted_flags --authentication-kubeconfig=$C/scheduler.conf --authorization-kubeconfig=$C/scheduler.conf --bind-address=:: --config=$C/kubescheduler-config.yaml \
  --kubeconfig=$C/scheduler.conf --leader-elect=true --profiling=False "${SCHEDULER[@]}")
pod $M kube-scheduler $REG/kube-scheduler:$V kube-scheduler "${flags[@]}"
kube_proxy_daemonset 10.233.64.0/18 "${CONFIGMAP_MODE:-644}" 'metricsBindAddress: 127.0.0.1:10249' 'healthzBindAddress: 0.0.0.0:10256' 'mode: ipvs'
chmod 755 "$R$M"

put 600 /etc/cni/net.d/calico.conflist.template <<<'{}'
put "${CNI_MODE:-644}" /etc/cni/net.d/10-calico.conflist <<'E'
{"name": "cni0", "cniVersion": "0.3.1", "plugins": [{"type": "calico", "datastore_type": "kubernetes", "nodename": "@NODE@", "ipam": {"type": "calico-ipam"}, "policy": {"type": "k8s"}, "kubernetes": {"kubeconfig": "/etc/cni/net.d/calico-kubeconfig"}}, {"type": "portmap", "capabilities": {"portMappings": true}}]}
E
template /etc/cni/net.d/10-calico.conflist
printf 'apiVersion: v1\nkind: Config\nusers: []\n' | put 600 /etc/cni/net.d/calico-kubeconfig
containerd_v3 | put 640 /etc/containerd/config.toml
printf 'server = "https://registry-1.docker.io"\n[host."https://registry-1.docker.io"]\n  capabilities = ["pull","resolve"]\n  skip_verify = false\n' | put 640 /etc/containerd/certs.d/docker.io/hosts.toml
stub_containerd /usr/local/bin/containerd v2.1.5
printf 'net.ipv4.ip_forward=1\nnet.bridge.bridge-nf-call-iptables=1\nnet.bridge.bridge-nf-call-arptables=1\nnet.bridge.bridge-nf-call-ip6tables=1\nkernel.keys.root_maxbytes=25000000\nkernel.keys.root_maxkeys=1000000\nkernel.panic=10\nkernel.panic_on_oops=1\nvm.overcommit_memory=1\nvm.panic_on_oom=0\n' | put 644 /etc/sysctl.d/99-sysctl.conf
enable_unit etcd.service kubelet.service
