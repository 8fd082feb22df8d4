# rke2: a server node; `ROLE=agent` (profile rke2-agent) makes a worker.
ROLE=${ROLE:-server} V=v1.31.4 D=/var/lib/rancher/rke2 M=$D/agent/pod-manifests
T=$D/server/tls BINDIR=$D/data/v1.31.4-rke2r1-5e8b0f6bba2e/bin REG=registry.example/rancher

stub /usr/local/bin/rke2 $BINDIR/containerd $BINDIR/kubelet $BINDIR/runc $BINDIR/kubectl $BINDIR/crictl $BINDIR/ctr
ln -s "${BINDIR#"$D/"}" "$R$D/bin"
printf 'rke2 version v1.31.4+rke2r1\ngo version go1.22.9 X:boringcrypto\n' | setting rke2 version
echo "Kubernetes $V+rke2r1" | setting kubelet version
echo "containerd github.com/k3s-io/containerd v1.7.23-k3s2" | setting containerd version
printf '127.0.0.1:10248\n0.0.0.0:10250\n' | setting kubelet listen

rke2_unit() { # ROLE OTHER
  put 644 "/usr/local/lib/systemd/system/rke2-$1.service" <<E
[Unit]
Description=Rancher Kubernetes Engine v2 ($1)
Documentation=https://github.com/rancher/rke2#readme
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=notify
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-/usr/local/lib/systemd/system/%N.env
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecCondition=/bin/sh -c 'if systemctl is-active --quiet rke2-$2.service; then echo "Error: rke2-$2 is running!"; exit 1; fi'
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/rke2 $1
ExecStopPost=-/bin/sh -c "systemd-cgls /system.slice/%n | grep -Eo '[0-9]+ (containerd|kubelet)' | awk '{print \$1}' | xargs -r kill"
E
}
rke2_unit server agent
rke2_unit agent server
: | put 644 /usr/local/lib/systemd/system/rke2-server.env
: | put 644 /usr/local/lib/systemd/system/rke2-agent.env
printf 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n' | put 644 /usr/local/share/rke2/rke2-cis-sysctl.conf

if [ "$ROLE" = server ]; then
  put 600 /etc/rancher/rke2/config.yaml <<'E'
profile: cis
selinux: false
write-kubeconfig-mode: "0600"
tls-san: [cluster.example]
kube-apiserver-arg: [audit-log-maxage=30]
E
else
  printf 'server: https://10.99.0.11:9345\ntoken: K10node-lab::server:node-lab\nprofile: cis\n' | put 600 /etc/rancher/rke2/config.yaml
fi

ca $T/server-ca rke2-server-ca
for c in client-ca request-header-ca etcd/server-ca etcd/peer-ca; do ca $T/$c "rke2-${c//\//-}"; done
cert $T/server-ca $T/serving-kube-apiserver /CN=kube-apiserver DNS:kubernetes,DNS:localhost,IP:127.0.0.1,IP:10.43.0.1
for c in admin controller scheduler kube-apiserver kube-proxy rke2-controller; do cert $T/client-ca $T/client-$c "/CN=system:$c"; done
cert $T/etcd/server-ca $T/etcd/server-client /CN=etcd-server DNS:localhost,IP:127.0.0.1
cert $T/etcd/server-ca $T/etcd/client /CN=etcd-client
cert $T/etcd/peer-ca $T/etcd/peer-server-client /CN=etcd-peer DNS:localhost
key $T/service.key; key $T/service.current.key
install -d -m 700 "$R$D/server/cred" "$R$D/server/db" "$R$D/server/db/etcd" "$R$D/server/manifests" "$R$D/server/logs"
put 600 $D/server/cred/encryption-config.json <<'E'
{"kind":"EncryptionConfiguration","apiVersion":"apiserver.config.k8s.io/v1","resources":[{"resources":["secrets"],"providers":[{"aescbc":{"keys":[{"name":"aescbckey","secret":"bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU="}]}},{"identity":{}}]}]}
E
echo 'K10node-lab::server:node-lab' | put 600 $D/server/token
for c in client-kubelet serving-kubelet; do
  case $c in client*) a=$T/client-ca ;; *) a=$T/server-ca ;; esac
  node_cert $a $D/agent/$c
done
cp "$R$T/client-ca.crt" "$R$T/server-ca.crt" "$R$D/agent/"
for u in kubelet kubeproxy rke2controller; do
  kubeconfig $D/agent/$u.kubeconfig $u https://127.0.0.1:6443 $D/agent/server-ca.crt $D/agent/client-$u.crt $D/agent/client-$u.key
done
kubeconfig /etc/rancher/rke2/rke2.yaml default https://127.0.0.1:6443 $T/server-ca.crt $T/client-admin.crt $T/client-admin.key
put 600 /etc/rancher/rke2/rke2-pss.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration: {apiVersion: pod-security.admission.config.k8s.io/v1beta1, kind: PodSecurityConfiguration, defaults: {enforce: restricted, enforce-version: latest}}
E
put 600 $D/agent/etc/kubelet.conf.d/00-rke2-defaults.conf <<E
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 2m0s, enabled: true}, x509: {clientCAFile: $D/agent/client-ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: systemd
containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock
makeIPTablesUtilChains: true
protectKernelDefaults: true
serializeImagePulls: false
staticPodPath: $M
tlsCertFile: $D/agent/serving-kubelet.crt
tlsPrivateKeyFile: $D/agent/serving-kubelet.key
E
put 600 $D/agent/etc/containerd/config.toml <<E
version = 2
[plugins."io.containerd.internal.v1.opt"]
  path = "$D/agent/containerd"
[plugins."io.containerd.grpc.v1.cri"]
  enable_selinux = false
  sandbox_image = "$REG/mirrored-pause:3.6"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
    SystemdCgroup = true
E
{
  echo "$BINDIR/containerd -c $D/agent/etc/containerd/config.toml"
  echo "$BINDIR/kubelet --volume-plugin-dir=/var/lib/kubelet/volumeplugins --file-check-frequency=5s --sync-frequency=30s --config-dir=$D/agent/etc/kubelet.conf.d --containerd=/run/k3s/containerd/containerd.sock --hostname-override=@NODE@ --kubeconfig=$D/agent/kubelet.kubeconfig --node-ip=@IP@ --protect-kernel-defaults=true --read-only-port=0 --tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
} | setting rke2 children
template /etc/node-lab/rke2/children

if [ "$ROLE" = server ]; then
  printf '0.0.0.0:6443\n' | setting kube-apiserver listen
  printf '0.0.0.0:9345\n' | setting rke2 listen
  printf '127.0.0.1:2379\n' | setting etcd listen
  mount_path server $D/server $D/server DirectoryOrCreate rw; mount_path etc-rancher /etc/rancher /etc/rancher
  pod $M kube-apiserver $REG/hardened-kubernetes:$V-rke2r1 kube-apiserver \
    --admission-control-config-file=/etc/rancher/rke2/rke2-pss.yaml --allow-privileged=true --anonymous-auth=false \
    --api-audiences=https://kubernetes.default.svc.cluster.local,rke2 --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100 \
    --audit-log-path=$D/server/logs/audit.log --audit-policy-file=/etc/rancher/rke2/audit-policy.yaml --authorization-mode=Node,RBAC --bind-address=0.0.0.0 \
    --cert-dir=$D/server/tls/temporary-certs --client-ca-file=$T/client-ca.crt --enable-admission-plugins=NodeRestriction \
    --encryption-provider-config=$D/server/cred/encryption-config.json --etcd-cafile=$T/etcd/server-ca.crt --etcd-certfile=$T/etcd/client.crt --etcd-keyfile=$T/etcd/client.key \
    --etcd-servers=https://127.0.0.1:2379 --kubelet-certificate-authority=$T/server-ca.crt --kubelet-client-certificate=$T/client-kube-apiserver.crt --kubelet-client-key=$T/client-kube-apiserver.key \
    --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname --profiling=false --secure-port=6443 --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file=$T/service.key --service-account-signing-key-file=$T/service.current.key --service-cluster-ip-range=10.43.0.0/16 --service-node-port-range=30000-32767 \
    --storage-backend=etcd3 --tls-cert-file=$T/serving-kube-apiserver.crt --tls-private-key-file=$T/serving-kube-apiserver.key \
    --tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  mount_path server $D/server $D/server
  pod $M kube-controller-manager $REG/hardened-kubernetes:$V-rke2r1 kube-controller-manager \
    --allocate-node-cidrs=true --bind-address=127.0.0.1 --cluster-cidr=10.42.0.0/16 --kubeconfig=$D/server/cred/controller.kubeconfig --profiling=false \
    --root-ca-file=$T/server-ca.crt --secure-port=10257 --service-account-private-key-file=$T/service.current.key --terminated-pod-gc-threshold=1000 --use-service-account-credentials=true
  mount_path server $D/server $D/server
  pod $M kube-scheduler $REG/hardened-kubernetes:$V-rke2r1 kube-scheduler --bind-address=127.0.0.1 --kubeconfig=$D/server/cred/scheduler.kubeconfig --profiling=false --secure-port=10259
  mount_path etcd-data $D/server/db/etcd $D/server/db/etcd DirectoryOrCreate rw; mount_path tls-etcd $T/etcd $T/etcd
  pod $M etcd $REG/hardened-etcd:v3.5.16-k3s1-build20241106 etcd --config-file=$D/server/db/etcd/config
  put 600 $D/server/db/etcd/config <<E
client-transport-security: {cert-file: $T/etcd/server-client.crt, client-cert-auth: true, key-file: $T/etcd/server-client.key, trusted-ca-file: $T/etcd/server-ca.crt}
peer-transport-security: {cert-file: $T/etcd/peer-server-client.crt, client-cert-auth: true, key-file: $T/etcd/peer-server-client.key, trusted-ca-file: $T/etcd/peer-ca.crt}
data-dir: $D/server/db/etcd
listen-client-urls: https://127.0.0.1:2379
name: @NODE@
E
  template $D/server/db/etcd/config
  for u in admin controller scheduler api-server; do kubeconfig $D/server/cred/$u.kubeconfig $u https://127.0.0.1:6443 $T/server-ca.crt $T/client-admin.crt $T/client-admin.key; done
  printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n' | put 600 /etc/rancher/rke2/audit-policy.yaml
  chroot "$R" useradd -r -c 'etcd user' -s /sbin/nologin -M etcd -U
  chroot "$R" chown -R etcd:etcd $D/server/db/etcd
fi
mount_path agent $D/agent $D/agent
pod $M kube-proxy $REG/hardened-kubernetes:$V-rke2r1 kube-proxy --cluster-cidr=10.42.0.0/16 --conntrack-max-per-core=0 --healthz-bind-address=127.0.0.1 --kubeconfig=$D/agent/kubeproxy.kubeconfig --proxy-mode=iptables
enable_unit "rke2-$ROLE.service"
