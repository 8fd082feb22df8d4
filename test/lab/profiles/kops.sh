# kops: a control-plane node as nodeup leaves one, etcd run by etcd-manager, one for the cluster and one for its events. A
# variant sets before it sources this file: flags that replace or join the others, MANIFEST_MODE, apiserver_mounts(),
# kubelet_configuration(), and ETCD_EVENTS_CLIENTS for the second etcd.
declare -p APISERVER >/dev/null 2>&1 || APISERVER=() CONTROLLER_MANAGER=() SCHEDULER=() KUBELET=()
type -t apiserver_mounts >/dev/null || apiserver_mounts() { :; }
V=v1.34.2 S=/srv/kubernetes M=/etc/kubernetes/manifests REG=registry.k8s.io NAME=lab.example.com DAYS=${DAYS:-467} MANIFEST_MODE=${MANIFEST_MODE:-644}
POD_FLAGS=wrapped POD_ENDING=manifest POD_MODE=$MANIFEST_MODE POD_LABELS='k8s-app: @NAME@'

stub /usr/local/bin/{kubelet,kubectl,crictl} /opt/kops/bin/nodeup /opt/kops/bin/protokube
version_of "Kubernetes $V" kubelet kube-apiserver kube-controller-manager kube-scheduler kube-proxy
version_of $'etcd Version: 3.5.21\nGit SHA: a17edfd\nGo Version: go1.23.7\nGo OS/Arch: linux/amd64' etcd
echo 0 | setting nodeup exit
: | setting go-runner wrap
printf '127.0.0.1:10248\n0.0.0.0:10250\n' | setting kubelet listen
printf '0.0.0.0:443\n' | setting kube-apiserver listen
printf '127.0.0.1:3990\n' | setting kube-apiserver-healthcheck listen
printf '0.0.0.0:10257\n' | setting kube-controller-manager listen
printf '0.0.0.0:10259\n' | setting kube-scheduler listen
printf '127.0.0.1:10249\n0.0.0.0:10256\n' | setting kube-proxy listen
printf '$ETCD_LISTEN_CLIENT_URLS\n$ETCD_LISTEN_PEER_URLS\n' | setting etcd listen

# --- nodeup -----------------------------------------------------------------------------------------------------------
put 644 /lib/systemd/system/kops-configuration.service <<'E'
[Unit]
Description=Run kOps bootstrap (nodeup)
Documentation=https://github.com/kubernetes/kops

[Service]
EnvironmentFile=/etc/sysconfig/kops-configuration
EnvironmentFile=/etc/environment
ExecStart=/opt/kops/bin/nodeup --conf=/opt/kops/conf/kube_env.yaml --v=8
Type=oneshot

[Install]
WantedBy=multi-user.target
E
: | put 644 /etc/sysconfig/kops-configuration; : >>"$R/etc/environment"
printf 'CloudProvider: aws\nClusterName: %s\nInstanceGroupName: control-plane-us-test-1a\nInstanceGroupRole: ControlPlane\n' $NAME | put 600 /opt/kops/conf/kube_env.yaml

# --- certificates: 455 days and up to a month ---------------------------------------------------------------------------
leaf() { # CA PATH SUBJECT: for a client
  USE=client cert "$1" "$2" "$3" '' "$DAYS"
}
ca $S/ca kubernetes-ca
mkdir -p "$R$S/kube-controller-manager"; cp -p "$R$S/ca.crt" "$R$S/ca.key" "$R$S/kube-controller-manager/"
node_sans $S/ca $S/kube-apiserver/server /CN=kubernetes-master server DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:api.$NAME,DNS:api.internal.$NAME,IP:100.64.0.1 "$DAYS"
leaf $S/ca $S/kube-apiserver/kubelet-api /CN=kubelet-api
ca $S/kube-apiserver/apiserver-aggregator-ca apiserver-aggregator-ca
leaf $S/kube-apiserver/apiserver-aggregator-ca $S/kube-apiserver/apiserver-aggregator /CN=aggregator
for e in main events; do for c in etcd-manager-ca etcd-peers-ca; do ca /etc/kubernetes/pki/etcd-manager-$e/$c $c-$e; done; done
ca /etc/kubernetes/pki/etcd-manager-main/etcd-clients-ca etcd-clients-ca # of both
cp -p "$R"/etc/kubernetes/pki/etcd-manager-main/etcd-clients-ca.* "$R/etc/kubernetes/pki/etcd-manager-events/"
leaf /etc/kubernetes/pki/etcd-manager-main/etcd-clients-ca $S/kube-apiserver/etcd-client /CN=kube-apiserver
cp "$R/etc/kubernetes/pki/etcd-manager-main/etcd-clients-ca.crt" "$R$S/kube-apiserver/etcd-ca.crt"
rm "$R$S/kube-apiserver/apiserver-aggregator-ca.key" # stays in the state store
openssl genrsa -out "$R$S/kube-apiserver/service-account.key" 2048 2>/dev/null; openssl rsa -in "$R$S/kube-apiserver/service-account.key" -pubout -out "$R$S/kube-apiserver/service-account.pub" 2>/dev/null
chmod 600 "$R$S/kube-apiserver/service-account.key"; cp -p "$R$S/kube-apiserver/service-account.key" "$R$S/kube-controller-manager/"
for c in kube-controller-manager kube-scheduler; do
  USE=server cert $S/ca $S/$c/server /CN=$c DNS:$c.kube-system.svc.cluster.local "$DAYS"
done
node_sans $S/ca $S/kubelet-server /CN=@NODE@ server DNS:kubelet "$DAYS"; sed -i 's/@NODE@/$node/' "$LIBDIR/node-script"
leaf $S/ca /etc/kubernetes/kops-controller/kops-controller /CN=kops-controller
cp -p "$R$S/ca.crt" "$R/etc/kubernetes/kops-controller/kubernetes-ca.crt"; cp -p "$R$S/ca.key" "$R/etc/kubernetes/kops-controller/kubernetes-ca.key"
leaf $S/ca /etc/kubernetes/kube-apiserver-healthcheck/secrets/client /CN=kube-apiserver-healthcheck; cp "$R$S/ca.crt" "$R/etc/kubernetes/kube-apiserver-healthcheck/secrets/"
while read -r path user subject; do kubeconfig_embedded $path $user https://127.0.0.1 $S/ca "$subject"; chmod 400 "$R$path"; done <<'E'
/var/lib/kube-controller-manager/kubeconfig kube-controller-manager /CN=system:kube-controller-manager
/var/lib/kube-scheduler/kubeconfig kube-scheduler /CN=system:kube-scheduler
/var/lib/kube-proxy/kubeconfig kube-proxy /CN=system:kube-proxy
/var/lib/kubelet/kubeconfig kubelet /O=system:nodes/CN=system:node:@NODE@
E
kubeconfig_embedded /var/lib/kubectl/kubeconfig kubecfg https://127.0.0.1 $S/ca /O=system:masters/CN=kubecfg; chmod 400 "$R/var/lib/kubectl/kubeconfig"
# the kubelet's names the node
on_node <<E
issue $S/ca k "/O=system:nodes/CN=system:node:\$node" clientAuth '' $DAYS 0
sed -i "s|client-certificate-data: .*|client-certificate-data: \$(base64 -w0 k.crt)|; s|client-key-data: .*|client-key-data: \$(base64 -w0 k.key)|" /var/lib/kubelet/kubeconfig
rm k.crt k.key
E

# --- the kubelet: nearly all of it flags ----------------------------------------------------------------------------------
type -t kubelet_configuration >/dev/null || kubelet_configuration() { cat <<'E'
apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous: {}
  webhook:
    cacheTTL: 0s
  x509: {}
authorization:
  webhook:
    cacheAuthorizedTTL: 0s
    cacheUnauthorizedTTL: 0s
containerRuntimeEndpoint: ""
cpuManagerReconcilePeriod: 0s
crashLoopBackOff: {}
evictionPressureTransitionPeriod: 0s
fileCheckFrequency: 0s
kind: KubeletConfiguration
logging:
  flushFrequency: 0
  options:
    json:
      infoBufferSize: "0"
    text:
      infoBufferSize: "0"
  verbosity: 0
memorySwap: {}
shutdownGracePeriod: 30s
shutdownGracePeriodCriticalPods: 10s
streamingConnectionIdleTimeout: 0s
E
}
kubelet_configuration | put "${KUBELET_MODE:-644}" /var/lib/kubelet/kubelet.conf
mapfile -t flags < <(sorted_flags --anonymous-auth=false --authentication-token-webhook=true --authorization-mode=Webhook --cgroup-driver=systemd --cgroup-root=/ --client-ca-file=$S/ca.crt --cloud-provider=external \
  --cluster-dns=100.64.0.10 --cluster-domain=cluster.local --config=/var/lib/kubelet/kubelet.conf --container-runtime-endpoint=unix:///run/containerd/containerd.sock --enable-debugging-handlers=true \
  '--eviction-hard=memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<10%,imagefs.inodesFree<5%' --kubeconfig=/var/lib/kubelet/kubeconfig \
  --node-labels=kops.k8s.io/instancegroup=control-plane-us-test-1a --pod-infra-container-image=registry.k8s.io/pause:3.10.1 --pod-manifest-path=$M --protect-kernel-defaults=true \
  --register-schedulable=true --runtime-cgroups=/system.slice/containerd.service --tls-cert-file=$S/kubelet-server.crt --tls-private-key-file=$S/kubelet-server.key --v=2 \
  --volume-plugin-dir=/usr/libexec/kubernetes/kubelet-plugins/volume/exec/ "${KUBELET[@]}")
printf 'DAEMON_ARGS="%s"\nHOME="/root"\n' "${flags[*]}" | put "${KUBELET_MODE:-644}" /etc/sysconfig/kubelet
put "${KUBELET_MODE:-644}" /lib/systemd/system/kubelet.service <<'E'
[Unit]
Description=Kubernetes Kubelet Server
Documentation=https://github.com/kubernetes/kubernetes
After=containerd.service

[Service]
EnvironmentFile=/etc/sysconfig/kubelet
ExecStart=/usr/local/bin/kubelet "$DAEMON_ARGS"
Restart=always
RestartSec=2s
StartLimitInterval=0
KillMode=process
User=root
CPUAccounting=true
MemoryAccounting=true

[Install]
WantedBy=multi-user.target
E

# --- static pods: a log wrapper, and the component its child ----------------------------------------------------------------
pod_sidecar() { # NAME: the API server's health checks need a client certificate
  [ "$1" = kube-apiserver ] || return 0
  cat <<'E'
  - command:
    - /kube-apiserver-healthcheck
    args:
    - --ca-cert=/secrets/ca.crt
    - --client-cert=/secrets/client.crt
    - --client-key=/secrets/client.key
    image: registry.k8s.io/kops/kube-apiserver-healthcheck:1.34.0
    livenessProbe:
      httpGet: {host: 127.0.0.1, path: /.kube-apiserver-healthcheck/healthz, port: 3990}
    name: healthcheck
    volumeMounts:
    - mountPath: /secrets
      name: healthcheck-secrets
      readOnly: true
E
}
wrapped_pod() { # NAME FLAG...
  local name=$1; shift
  : | put 400 "/var/log/$name.log"
  mount_path logfile /var/log/$name.log /var/log/$name.log FileOrCreate rw; mount_path etcssl /etc/ssl /etc/ssl
  pod $M $name $REG/$name:$V $name "$@"
}
mount_path srvkapi $S/kube-apiserver $S/kube-apiserver; mount_path kubernetesca $S/ca.crt $S/ca.crt File
mount_path healthcheck-secrets /etc/kubernetes/kube-apiserver-healthcheck/secrets /secrets Directory
apiserver_mounts
K=$S/kube-apiserver
mapfile -t flags < <(sorted_flags --allow-privileged=true --anonymous-auth=false --api-audiences=kubernetes.svc.default --apiserver-count=1 --authorization-mode=Node,RBAC --bind-address=0.0.0.0 \
  --client-ca-file=$S/ca.crt --cloud-provider=external \
  --enable-admission-plugins=DefaultStorageClass,DefaultTolerationSeconds,LimitRanger,MutatingAdmissionWebhook,NamespaceLifecycle,NodeRestriction,ResourceQuota,RuntimeClass,ServiceAccount,ValidatingAdmissionPolicy,ValidatingAdmissionWebhook \
  --etcd-cafile=$K/etcd-ca.crt --etcd-certfile=$K/etcd-client.crt --etcd-keyfile=$K/etcd-client.key --etcd-servers=https://127.0.0.1:4001 '--etcd-servers-overrides=/events#https://127.0.0.1:4002' \
  --kubelet-client-certificate=$K/kubelet-api.crt --kubelet-client-key=$K/kubelet-api.key --kubelet-preferred-address-types=InternalIP,Hostname,ExternalIP \
  --proxy-client-cert-file=$K/apiserver-aggregator.crt --proxy-client-key-file=$K/apiserver-aggregator.key --requestheader-allowed-names=aggregator \
  --requestheader-client-ca-file=$K/apiserver-aggregator-ca.crt --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
  --requestheader-username-headers=X-Remote-User --secure-port=443 --service-account-issuer=https://api.internal.$NAME --service-account-jwks-uri=https://api.internal.$NAME/openid/v1/jwks \
  --service-account-key-file=$K/service-account.pub --service-account-signing-key-file=$K/service-account.key --service-cluster-ip-range=100.64.0.0/13 --storage-backend=etcd3 \
  --tls-cert-file=$K/server.crt --tls-private-key-file=$K/server.key --v=2 "${APISERVER[@]}")
wrapped_pod kube-apiserver "${flags[@]}"
mount_path healthcheck-secrets /etc/kubernetes/kube-apiserver-healthcheck/secrets /secrets Directory
pod_container kube-apiserver-healthcheck /kube-apiserver-healthcheck --ca-cert=/secrets/ca.crt --client-cert=/secrets/client.crt --client-key=/secrets/client.key; MOUNTS=()

mount_path srvkcm $S/kube-controller-manager $S/kube-controller-manager; mount_path kubernetesca $S/ca.crt $S/ca.crt File; mount_path varlibkcm /var/lib/kube-controller-manager /var/lib/kube-controller-manager
K=/var/lib/kube-controller-manager/kubeconfig
mapfile -t flags < <(sorted_flags --allocate-node-cidrs=true --attach-detach-reconcile-sync-period=1m0s --authentication-kubeconfig=$K --authorization-kubeconfig=$K --cloud-provider=external --cluster-cidr=100.96.0.0/11 \
  --cluster-name=$NAME --cluster-signing-cert-file=$S/kube-controller-manager/ca.crt --cluster-signing-key-file=$S/kube-controller-manager/ca.key --configure-cloud-routes=false \
  --flex-volume-plugin-dir=/usr/libexec/kubernetes/kubelet-plugins/volume/exec/ --kubeconfig=$K --leader-elect=true --root-ca-file=$S/ca.crt \
  --service-account-private-key-file=$S/kube-controller-manager/service-account.key --tls-cert-file=$S/kube-controller-manager/server.crt --tls-private-key-file=$S/kube-controller-manager/server.key \
  --use-service-account-credentials=true --v=2 "${CONTROLLER_MANAGER[@]}")
wrapped_pod kube-controller-manager "${flags[@]}"

put 400 /var/lib/kube-scheduler/config.yaml <<E
apiVersion: kubescheduler.config.k8s.io/v1
clientConnection:
  kubeconfig: /var/lib/kube-scheduler/kubeconfig
kind: KubeSchedulerConfiguration
${SCHEDULER_EXTRA:-}
E
mount_path varlibkubescheduler /var/lib/kube-scheduler /var/lib/kube-scheduler; mount_path srvscheduler $S/kube-scheduler $S/kube-scheduler
K=/var/lib/kube-scheduler/kubeconfig
mapfile -t flags < <(sorted_flags --authentication-kubeconfig=$K --authorization-kubeconfig=$K --config=/var/lib/kube-scheduler/config.yaml --leader-elect=true \
  --tls-cert-file=$S/kube-scheduler/server.crt --tls-private-key-file=$S/kube-scheduler/server.key --v=2 "${SCHEDULER[@]}")
wrapped_pod kube-scheduler "${flags[@]}"
mount_path kubeconfig /var/lib/kube-proxy/kubeconfig /var/lib/kube-proxy/kubeconfig File
wrapped_pod kube-proxy --cluster-cidr=100.96.0.0/11 --conntrack-max-per-core=131072 --hostname-override=@NODE@ --kubeconfig=/var/lib/kube-proxy/kubeconfig --master=https://127.0.0.1 --oom-score-adj=-998 --v=2

# --- etcd-manager: its manifest starts it behind a tee, it sees the host under /rootfs, and etcd is its child ----------------
etcd_manager() { # main|events CLIENT-PORT PEER-PORT GRPC-PORT VOLUME CLIENT-CERT-AUTH
  local e=$1 name=etcd-manager-$1 vol=/mnt/$5 data cluster=etcd args root
  [ "$e" = main ] || cluster=etcd-events
  data=/rootfs$vol
  args="--backup-store=s3://state.$NAME/$NAME/backups/etcd/$e --client-urls=https://__name__:$2 --cluster-name=$cluster --containerized=true --dns-suffix=.internal.$NAME --grpc-port=$4 --peer-urls=https://__name__:$3 --quarantine-client-urls=https://__name__:$(($4 - 2)) --v=6 --volume-name-tag=k8s.io/etcd/$e --volume-provider=aws --volume-tag=k8s.io/etcd/$e --volume-tag=k8s.io/role/control-plane=1 --volume-tag=kubernetes.io/cluster/$NAME=owned"
  put "${ETCD_MANIFEST_MODE:-440}" $M/etcd-$e.manifest <<E
apiVersion: v1
kind: Pod
metadata:
  labels:
    k8s-app: $name
  name: $name
  namespace: kube-system
spec:
  containers:
  - command:
    - /bin/sh
    - -c
    - mkfifo /tmp/pipe; (tee -a /var/log/etcd.log < /tmp/pipe & ) ; exec /etcd-manager $args > /tmp/pipe 2>&1
    env:
    - name: ETCD_MANAGER_DAILY_BACKUPS_RETENTION
      value: 90d
    image: registry.k8s.io/etcd-manager/etcd-manager-slim:v3.0.20250704
    name: etcd-manager
    securityContext:
      privileged: true
    volumeMounts:
    - mountPath: /rootfs
      name: rootfs
    - mountPath: /run
      name: run
    - mountPath: /etc/kubernetes/pki/etcd-manager
      name: pki
    - mountPath: /opt
      name: opt
    - mountPath: /var/log/etcd.log
      name: varlogetcd
  hostNetwork: true
  hostPID: true
  priorityClassName: system-cluster-critical
  volumes:
  - hostPath:
      path: /
      type: Directory
    name: rootfs
  - hostPath:
      path: /run
      type: DirectoryOrCreate
    name: run
  - hostPath:
      path: /etc/kubernetes/pki/$name
      type: DirectoryOrCreate
    name: pki
  - emptyDir: {}
    name: opt
  - hostPath:
      path: /var/log/etcd${e/main/}.log
      type: FileOrCreate
    name: varlogetcd
status: {}
E
  : | put 400 "/var/log/etcd${e/main/}.log"
  mount_path pki /etc/kubernetes/pki/$name /etc/kubernetes/pki/etcd-manager DirectoryOrCreate rw; mount_path varlogetcd "/var/log/etcd${e/main/}.log" /var/log/etcd.log FileOrCreate rw
  root=/var/lib/node-lab/pods/$name
  # shellcheck disable=SC2086
  pod_container $name /etcd-manager $args; MOUNTS=()
  mkdir -p "$R$root/rootfs"; stub "$root/opt/etcd-v3.5.21/etcd"
  sed -i "/^BindReadOnlyPaths=\/etc\/node-lab$/a BindPaths=/:/rootfs\nBindReadOnlyPaths=/usr/lib/node-lab/$name:/etc/node-lab/etcd-manager" "$R/etc/systemd/system/node-lab-pod-$name.service"
  mkdir -p "$R/etc/node-lab/etcd-manager"
  install -d -m 700 "$R$vol/data/4-xw7Hq2Zp" "$R$vol/data/4-xw7Hq2Zp/member"; chmod 755 "$R$vol"
  for c in clients peers; do
    mkdir -p "$R$vol/pki/4-xw7Hq2Zp/$c"; cp "$R/etc/kubernetes/pki/$name/etcd-$c-ca.crt" "$R$vol/pki/4-xw7Hq2Zp/$c/ca.crt"
  done
  node_sans /etc/kubernetes/pki/$name/etcd-clients-ca $vol/pki/4-xw7Hq2Zp/clients/server /CN=etcd-a both DNS:etcd-a,DNS:etcd-a.internal.$NAME "$DAYS"
  node_sans /etc/kubernetes/pki/$name/etcd-peers-ca $vol/pki/4-xw7Hq2Zp/peers/me /CN=etcd-a both DNS:etcd-a,DNS:etcd-a.internal.$NAME "$DAYS"
  put 644 /usr/lib/node-lab/$name/children <<E
ETCD_DATA_DIR=$data/data/4-xw7Hq2Zp ETCD_STRICT_RECONFIG_CHECK=true ETCD_ENABLE_V2=false ETCD_ADVERTISE_CLIENT_URLS=https://etcd-a.internal.$NAME:$2 ETCD_LISTEN_CLIENT_URLS=https://0.0.0.0:$2 ETCD_LISTEN_PEER_URLS=https://0.0.0.0:$3 ETCD_INITIAL_ADVERTISE_PEER_URLS=https://etcd-a.internal.$NAME:$3 ETCD_NAME=etcd-a ETCD_INITIAL_CLUSTER=etcd-a=https://etcd-a.internal.$NAME:$3 ETCD_INITIAL_CLUSTER_STATE=existing ETCD_INITIAL_CLUSTER_TOKEN=4-xw7Hq2Zp ETCD_CLIENT_CERT_AUTH=$6 ETCD_TRUSTED_CA_FILE=$data/pki/4-xw7Hq2Zp/clients/ca.crt ETCD_CERT_FILE=$data/pki/4-xw7Hq2Zp/clients/server.crt ETCD_KEY_FILE=$data/pki/4-xw7Hq2Zp/clients/server.key ETCD_PEER_CLIENT_CERT_AUTH=true ETCD_PEER_TRUSTED_CA_FILE=$data/pki/4-xw7Hq2Zp/peers/ca.crt ETCD_PEER_CERT_FILE=$data/pki/4-xw7Hq2Zp/peers/me.crt ETCD_PEER_KEY_FILE=$data/pki/4-xw7Hq2Zp/peers/me.key ETCD_LOG_OUTPUTS=stdout ETCD_LOGGER=zap ${ETCD_EXTRA:-}/opt/etcd-v3.5.21/etcd
E
}
etcd_manager main 4001 2380 3996 master-vol-0a1b2c3d4e5f60718 true
etcd_manager events 4002 2381 3997 master-vol-0f1e2d3c4b5a69788 "${ETCD_EVENTS_CLIENTS:-true}"
chmod 755 "$R$M"

containerd_v3 | put "${KUBELET_MODE:-644}" /etc/containerd/config.toml
echo 'CONTAINERD_OPTS=--log-level=info' | put 644 /etc/sysconfig/containerd
stub_containerd /usr/bin/containerd v2.1.5 -c /etc/containerd/config.toml '"$CONTAINERD_OPTS"'
sed -i 's#^ExecStartPre=#EnvironmentFile=/etc/sysconfig/containerd\nEnvironmentFile=/etc/environment\nExecStartPre=#; s#^LimitCORE=infinity#&\nLimitNOFILE=1048576#' "$R/etc/systemd/system/containerd.service"
printf '{"cniVersion": "0.4.0", "name": "k8s-pod-network", "plugins": [{"type": "ptp", "ipam": {"type": "host-local", "ranges": [[{"subnet": "100.96.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}, {"type": "portmap", "capabilities": {"portMappings": true}}]}' | put "${CNI_MODE:-644}" /etc/cni/net.d/10-containerd-net.conflist
printf '3f1c6a520d5e\r\neth0' | put 600 /var/lib/cni/networks/k8s-pod-network/100.96.0.2
printf 'kernel.panic = 10\nkernel.panic_on_oops = 1\nvm.overcommit_memory = 1\nkernel.keys.root_maxkeys = 1000000\nkernel.keys.root_maxbytes = 25000000\nnet.ipv4.ip_forward = 1\nfs.inotify.max_user_instances = 8192\nfs.inotify.max_user_watches = 524288\n' | put 644 /etc/sysctl.d/99-k8s-general.conf
enable_unit kops-configuration.service kubelet.service
on_node <<<"rm $S/ca.key"
