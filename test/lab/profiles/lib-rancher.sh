# What RKE2 and K3s share: P is the program, SERVICE its unit. Sourced after D (data directory) is set.
D=/var/lib/rancher/$P T=$D/server/tls CNI=${CNI:-$D/agent/etc/cni/net.d}
declare -p APISERVER >/dev/null 2>&1 || APISERVER=()
declare -p CONTROLLER_MANAGER >/dev/null 2>&1 || CONTROLLER_MANAGER=()
declare -p SCHEDULER >/dev/null 2>&1 || SCHEDULER=()
declare -p KUBELET >/dev/null 2>&1 || KUBELET=()

merge_args() { # DEFAULT... -- EXTRA...: an extra argument takes the place of the defaults of its name; sorted by name
  local a extra=() defaults=(); declare -A given=()
  while [ "$1" != -- ]; do defaults+=("$1"); shift; done; shift
  for a in "$@"; do a=--${a#--}; given[${a%%=*}]=1; extra+=("$a"); done
  { for a in "${defaults[@]}"; do [ -n "${given[${a%%=*}]:-}" ] || echo "$a"; done; [ ${#extra[@]} = 0 ] || printf '%s\n' "${extra[@]}"; } |
    LC_ALL=C sort -s -t= -k1,1
}
apiserver_args() { # DEFAULTS-OF-THE-DISTRIBUTION...
  merge_args --advertise-port=6443 --allow-privileged=true --anonymous-auth=false "--api-audiences=https://kubernetes.default.svc.cluster.local,$P" \
    --authorization-mode=Node,RBAC --cert-dir=$T/temporary-certs --client-ca-file=$T/client-ca.crt \
    --egress-selector-config-file=$D/server/etc/egress-selector-config.yaml --enable-admission-plugins=NodeRestriction --enable-aggregator-routing=true \
    --enable-bootstrap-token-auth=true --kubelet-certificate-authority=$T/server-ca.crt --kubelet-client-certificate=$T/client-kube-apiserver.crt \
    --kubelet-client-key=$T/client-kube-apiserver.key --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname --profiling=false \
    --proxy-client-cert-file=$T/client-auth-proxy.crt --proxy-client-key-file=$T/client-auth-proxy.key --requestheader-allowed-names=system:auth-proxy \
    --requestheader-client-ca-file=$T/request-header-ca.crt --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-account-key-file=$T/service.key \
    --service-account-signing-key-file=$T/service.current.key --service-cluster-ip-range=10.43.0.0/16 --service-node-port-range=30000-32767 --storage-backend=etcd3 \
    --tls-cert-file=$T/serving-kube-apiserver.crt --tls-cipher-suites=$GCM,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 \
    --tls-private-key-file=$T/serving-kube-apiserver.key "$@" -- "${APISERVER[@]}"
}
controller_manager_args() {
  local c=$T/client-ca s=$T/server-ca k=$D/server/cred/controller.kubeconfig
  merge_args --allocate-node-cidrs=true --authentication-kubeconfig=$k --authorization-kubeconfig=$k --bind-address=127.0.0.1 --cluster-cidr=10.42.0.0/16 \
    --cluster-signing-kube-apiserver-client-cert-file=$c.nochain.crt --cluster-signing-kube-apiserver-client-key-file=$c.key \
    --cluster-signing-kubelet-client-cert-file=$c.nochain.crt --cluster-signing-kubelet-client-key-file=$c.key \
    --cluster-signing-kubelet-serving-cert-file=$s.nochain.crt --cluster-signing-kubelet-serving-key-file=$s.key \
    --cluster-signing-legacy-unknown-cert-file=$s.nochain.crt --cluster-signing-legacy-unknown-key-file=$s.key \
    --configure-cloud-routes=false '--controllers=*,tokencleaner,-service,-route,-cloud-node-lifecycle' --kubeconfig=$k --profiling=false --root-ca-file=$s.crt \
    --secure-port=10257 --service-account-private-key-file=$T/service.current.key --service-cluster-ip-range=10.43.0.0/16 \
    --tls-cert-file=$T/kube-controller-manager/kube-controller-manager.crt --tls-private-key-file=$T/kube-controller-manager/kube-controller-manager.key \
    --use-service-account-credentials=true -- "${CONTROLLER_MANAGER[@]}"
}
scheduler_args() {
  local k=$D/server/cred/scheduler.kubeconfig
  merge_args --authentication-kubeconfig=$k --authorization-kubeconfig=$k --bind-address=127.0.0.1 --kubeconfig=$k --profiling=false --secure-port=10259 \
    --tls-cert-file=$T/kube-scheduler/kube-scheduler.crt --tls-private-key-file=$T/kube-scheduler/kube-scheduler.key -- "${SCHEDULER[@]}"
}
cloud_controller_args() {
  local k=$D/server/cred/cloud-controller.kubeconfig
  merge_args --allocate-node-cidrs=true --authentication-kubeconfig=$k --authorization-kubeconfig=$k --bind-address=127.0.0.1 --cloud-config=$D/server/etc/cloud-config.yaml \
    --cloud-provider=$P --cluster-cidr=10.42.0.0/16 --configure-cloud-routes=false --controllers='*,-route' --kubeconfig=$k --leader-elect-resource-name=$P-cloud-controller-manager \
    --node-status-update-frequency=1m0s --profiling=false --
}
kubelet_args() {
  merge_args --cloud-provider=external --config-dir=$D/agent/etc/kubelet.conf.d --containerd=/run/k3s/containerd/containerd.sock --hostname-override=@NODE@ \
    --kubeconfig=$D/agent/kubelet.kubeconfig --node-ip=@IP@ --node-labels= --read-only-port=0 -- "${KUBELET[@]}"
}
kube_proxy_args() {
  merge_args --cluster-cidr=10.42.0.0/16 --conntrack-max-per-core=0 --conntrack-tcp-timeout-close-wait=0s --conntrack-tcp-timeout-established=0s \
    --healthz-bind-address=127.0.0.1 --hostname-override=@NODE@ --kubeconfig=$D/agent/kubeproxy.kubeconfig --proxy-mode=iptables --
}
say() { printf 'time="@TIME@" level=info msg="%s"\n' "$*"; } # a line of the program's log
running() { say "Running $1 $(paste -sd' ')"; }              # COMPONENT: its arguments from standard input

# --- what the program leaves on disk ---------------------------------------------------------------------------------
chained() { # CA-without-suffix PATH SUBJECT [SAN]: leaf and CA in one file, as Rancher's programs keep them
  CHAIN=1 cert "$@"
}
server_pki() { # [etcd]
  local c
  for c in client-ca server-ca request-header-ca ${1:+etcd/server-ca etcd/peer-ca}; do ca $T/$c "$P-${c//\//-}@1767225600"; cp "$R$T/$c.crt" "$R$T/$c.nochain.crt"; done
  while read -r c subject; do USE=client chained $T/client-ca $T/client-$c "$subject"; done <<E
admin /O=system:masters/CN=system:admin
supervisor /O=system:masters/CN=system:$P-supervisor
controller /CN=system:kube-controller-manager
scheduler /CN=system:kube-scheduler
kube-apiserver /O=system:masters/CN=system:apiserver
kube-proxy /CN=system:kube-proxy
$P-controller /CN=system:$P-controller
$P-cloud-controller /CN=$P-cloud-controller-manager
E
  USE=client chained $T/request-header-ca $T/client-auth-proxy /CN=system:auth-proxy
  CHAIN=1 node_sans $T/server-ca $T/serving-kube-apiserver /CN=kube-apiserver server DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:10.43.0.1
  for c in kube-controller-manager kube-scheduler; do USE=server chained $T/server-ca $T/$c/$c /CN=$c DNS:localhost,IP:127.0.0.1; done
  chmod 700 "$R$T/kube-controller-manager" "$R$T/kube-scheduler"
  if [ -n "${1:-}" ]; then
    USE=client chained $T/etcd/server-ca $T/etcd/client /CN=etcd-client
    CHAIN=1 node_sans $T/etcd/server-ca $T/etcd/server-client /CN=etcd-server both DNS:kine.sock
    CHAIN=1 node_sans $T/etcd/peer-ca $T/etcd/peer-server-client /CN=etcd-peer both DNS:kine.sock
    chmod 700 "$R$T/etcd"
  fi
  openssl genrsa -out "$R$T/service.key" 2048 2>/dev/null; chmod 600 "$R$T/service.key"; cp -p "$R$T/service.key" "$R$T/service.current.key"
  install -d -m 700 "$R$T/temporary-certs"; chmod 700 "$R$T"
}
server_files() {
  local u
  install -d -m 700 "$R$D/server" "$R$D/server/cred" "$R$D/server/db" "$R$D/server/etc" "$R$D/server/manifests"
  while read -r u cert; do kubeconfig $D/server/cred/$u.kubeconfig user https://127.0.0.1:${1:-6443} $T/server-ca.crt $T/client-$cert.crt $T/client-$cert.key; done <<E
admin admin
supervisor supervisor
controller controller
scheduler scheduler
api-server kube-apiserver
cloud-controller $P-cloud-controller
E
  ln -sf "token" "$R$D/server/node-token"
  printf 'K10%064d::server:node-lab\n' 7 | put 600 $D/server/token
  printf '{"kind":"EgressSelectorConfiguration","apiVersion":"apiserver.k8s.io/v1beta1","egressSelections":[]}\n' | put 600 $D/server/etc/egress-selector-config.yaml
  printf '{"loadBalancer":{"enabled":true},"nodeEnabled":true}\n' | put 600 $D/server/etc/cloud-config.yaml
  printf 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: coredns, namespace: kube-system}\n' | put 600 $D/server/manifests/coredns.yaml
  kubeconfig_embedded /etc/rancher/$P/$P.yaml default https://127.0.0.1:6443 $T/server-ca /O=system:masters/CN=system:admin $T/client-ca
}
encryption_config() { # PROVIDER
  put 600 $D/server/cred/encryption-config.json <<E
{"kind":"EncryptionConfiguration","apiVersion":"apiserver.config.k8s.io/v1","resources":[{"resources":["secrets"],"providers":[{"$1":{"keys":[{"name":"$1key-2026-01-01T00:00:00Z","secret":"bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU="}]}},{"identity":{}}]}]}
E
}
etcd_config() { # the configuration of embedded etcd, and of RKE2's pod
  install -d -m 700 "$R$D/server/db/etcd" "$R$D/server/db/etcd/member"
  echo '@NODE@-0f4c1a7b' | put 600 $D/server/db/etcd/name
  put 600 $D/server/db/etcd/config <<E
advertise-client-urls: https://@IP@:2379
client-transport-security:
  cert-file: $T/etcd/server-client.crt
  client-cert-auth: true
  key-file: $T/etcd/server-client.key
  trusted-ca-file: $T/etcd/server-ca.crt
data-dir: $D/server/db/etcd
election-timeout: 5000
feature-gates: InitialCorruptCheck=true
heartbeat-interval: 500
initial-advertise-peer-urls: https://@IP@:2380
initial-cluster: @NODE@-0f4c1a7b=https://@IP@:2380
initial-cluster-state: new
listen-client-http-urls: https://127.0.0.1:2382
listen-client-urls: https://127.0.0.1:2379,https://@IP@:2379
listen-metrics-urls: http://127.0.0.1:2381
listen-peer-urls: https://127.0.0.1:2380,https://@IP@:2380
log-outputs:
- stderr
logger: zap
name: @NODE@-0f4c1a7b
peer-transport-security:
  cert-file: $T/etcd/peer-server-client.crt
  client-cert-auth: true
  key-file: $T/etcd/peer-server-client.key
  trusted-ca-file: $T/etcd/peer-ca.crt
snapshot-count: 10000
watch-progress-notify-interval: 5000000000
E
  template $D/server/db/etcd/{name,config}
}
# agent_files: what a server and an agent both have. An agent's certificates come from its server, whose CAs it does not keep.
agent_files() {
  local u
  install -d -m 700 "$R$D/agent" "$R$D/agent/etc" "$R$D/agent/containerd" "$R$D/agent/logs"
  cp "$R$T/client-ca.crt" "$R$T/server-ca.crt" "$R$D/agent/"; chmod 600 "$R$D"/agent/*.crt
  USE=client CHAIN=1 node_cert $T/client-ca $D/agent/client-kubelet
  USE=server CHAIN=1 node_cert $T/server-ca $D/agent/serving-kubelet
  USE=client chained $T/client-ca $D/agent/client-kube-proxy /CN=system:kube-proxy
  USE=client chained $T/client-ca $D/agent/client-$P-controller /CN=system:$P-controller
  on_node <<<"chmod 600 $D/agent/*.crt"
  while read -r u cert; do kubeconfig $D/agent/$u.kubeconfig user https://127.0.0.1:6443 $D/agent/server-ca.crt $D/agent/client-$cert.crt $D/agent/client-$cert.key; done <<E
kubelet kubelet
kubeproxy kube-proxy
${P}controller $P-controller
E
  echo 7d3f0b9a5c | put 600 /etc/rancher/node/password
  kubelet_dropin | put 600 $D/agent/etc/kubelet.conf.d/00-$P-defaults.conf
  containerd_config | put 600 $D/agent/etc/containerd/config.toml
}
kubelet_dropin() { # as the program writes it, every field
  cat <<E
address: 0.0.0.0
allowedUnsafeSysctls:
- net.ipv4.ip_forward
- net.ipv6.conf.all.forwarding
apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 2m0s
    enabled: true
  x509:
    clientCAFile: $D/agent/client-ca.crt
authorization:
  mode: Webhook
  webhook:
    cacheAuthorizedTTL: 5m0s
    cacheUnauthorizedTTL: 30s
cgroupDriver: systemd
clusterDNS:
- 10.43.0.10
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock
cpuManagerReconcilePeriod: 10s
crashLoopBackOff: {}
evictionHard:
  imagefs.available: 5%
  nodefs.available: 5%
evictionMinimumReclaim:
  imagefs.available: 10%
  nodefs.available: 10%
evictionPressureTransitionPeriod: 5m0s
failSwapOn: false
fileCheckFrequency: 20s
healthzBindAddress: 127.0.0.1
httpCheckFrequency: 20s
imageMaximumGCAge: 0s
imageMinimumGCAge: 2m0s
kind: KubeletConfiguration
logging:
  flushFrequency: 5000000000
  format: text
  options:
    json:
      infoBufferSize: "0"
    text:
      infoBufferSize: "0"
  verbosity: 0
memorySwap: {}
nodeStatusReportFrequency: 5m0s
nodeStatusUpdateFrequency: 10s
${PROTECT:+protectKernelDefaults: true
}resolvConf: /etc/resolv.conf
runtimeRequestTimeout: 2m0s
serializeImagePulls: false
shutdownGracePeriod: 0s
shutdownGracePeriodCriticalPods: 0s
staticPodPath: $D/agent/pod-manifests
streamingConnectionIdleTimeout: 4h0m0s
syncFrequency: 1m0s
tlsCertFile: $D/agent/serving-kubelet.crt
tlsPrivateKeyFile: $D/agent/serving-kubelet.key
volumeStatsAggPeriod: 1m0s
E
}
containerd_config() {
  cat <<E
# File generated by $P. DO NOT EDIT. Use config-v3.toml.tmpl instead.
version = 3
imports = ["$D/agent/etc/containerd/config-v3.toml.d/*.toml"]
root = "$D/agent/containerd"
state = "/run/k3s/containerd"

[grpc]
  address = "/run/k3s/containerd/containerd.sock"

[plugins.'io.containerd.internal.v1.opt']
  path = "$D/agent/containerd"

[plugins.'io.containerd.grpc.v1.cri']
  stream_server_address = "127.0.0.1"
  stream_server_port = "10010"

[plugins.'io.containerd.cri.v1.runtime']
  enable_selinux = ${SELINUX:-false}
  enable_unprivileged_ports = true
  enable_unprivileged_icmp = true
  device_ownership_from_security_context = false

[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"
  disable_snapshot_annotations = true
  use_local_image_pull = true

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "$PAUSE"

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["$D/data/cni"]
  conf_dir = "$CNI"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = ${SYSTEMD_CGROUP:-true}

[plugins.'io.containerd.cri.v1.images'.registry]
  config_path = "$D/agent/etc/containerd/certs.d"
E
}
forget_server() { # an agent: what was only made to sign its certificates, and what a server keeps, goes when the node is made
  on_node <<<"rm -rf $D/server"
}
cis_sysctls() { printf 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n'; }
# the sysctls every Kubernetes host of ours has
printf 'net.ipv4.ip_forward = 1\n' | put 644 /etc/sysctl.d/90-$P.conf
