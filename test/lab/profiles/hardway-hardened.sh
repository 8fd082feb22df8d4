# hardway-hardened: the tutorial's node with each of its findings mended: etcd with a CA and a user of its own, audit,
# admission, the kubelet's configuration, a containerd unit that lets pods outlive it, modes.
MODE=600 K=/var/lib/kubernetes E=/etc/etcd C=/etc/kubernetes/config
APISERVER=(
  --anonymous-auth=false --enable-admission-plugins=NodeRestriction,EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs --admission-control-config-file=$C/admission.yaml
  --profiling=false --audit-log-path=/var/log/kubernetes/audit.log --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100 --audit-policy-file=$C/audit-policy.yaml
  --etcd-servers=https://127.0.0.1:2379 --etcd-cafile=$E/ca.crt --etcd-certfile=$K/etcd-client.crt --etcd-keyfile=$K/etcd-client.key
  --kubelet-client-certificate=$K/kubelet-client.crt --kubelet-client-key=$K/kubelet-client.key --runtime-config=
  --service-account-lookup=true --service-account-extend-token-expiration=false --request-timeout=300s --tls-cipher-suites=$GCM --tls-min-version=VersionTLS12
)
CONTROLLER_MANAGER=(--bind-address=127.0.0.1 --profiling=false --terminated-pod-gc-threshold=1000 --feature-gates=RotateKubeletServerCertificate=true)
SCHEDULER=(--bind-address=127.0.0.1 --profiling=false)
ETCD=(--data-dir=/var/lib/etcd --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379 --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380
  --initial-cluster=@NODE@=https://127.0.0.1:2380 --cert-file=$E/server.crt --key-file=$E/server.key --client-cert-auth=true --trusted-ca-file=$E/ca.crt
  --peer-cert-file=$E/peer.crt --peer-key-file=$E/peer.key --peer-client-cert-auth=true --peer-trusted-ca-file=$E/ca.crt --auto-tls=false --peer-auto-tls=false --cipher-suites=$GCM)
ETCD_UNIT='Type=notify
User=etcd
Group=etcd
LimitNOFILE=40000
OOMScoreAdjust=-900'
scheduler_configuration() { cat <<E
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: $K/kube-scheduler.kubeconfig}
enableProfiling: false
leaderElection: {leaderElect: true}
E
}
kubelet_configuration() { cat <<'E'
kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
address: "0.0.0.0"
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /var/lib/kubelet/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: systemd
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
eventRecordQPS: 50
failSwapOn: true
makeIPTablesUtilChains: true
podPidsLimit: 4096
port: 10250
protectKernelDefaults: true
readOnlyPort: 0
rotateCertificates: true
seccompDefault: true
serverTLSBootstrap: true
streamingConnectionIdleTimeout: 5m0s
tlsCertFile: /var/lib/kubelet/kubelet.crt
tlsPrivateKeyFile: /var/lib/kubelet/kubelet.key
tlsMinVersion: VersionTLS12
tlsCipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]
E
}
containerd_unit() { cat <<'E'
[Unit]
Description=containerd container runtime
After=network.target local-fs.target

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Type=notify
KillMode=process
Delegate=yes
Restart=always
RestartSec=5
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
E
}
. ./hardway.sh
sed -i 's/^Requires=containerd/Wants=containerd/; s/^Restart=on-failure$/Restart=always/' "$R/etc/systemd/system/kubelet.service"
# leaves for a year, each with one use; etcd trusts another CA than the API server
while read -r c subject; do USE=client cert $K/ca $K/$c "$subject"; done <<'E'
kube-controller-manager /CN=system:kube-controller-manager
kube-scheduler /CN=system:kube-scheduler
kube-proxy /CN=system:kube-proxy
kubelet-client /O=kubelet-api-clients/CN=kube-apiserver-kubelet-client
E
rm "$R$K"/admin.{crt,key}
sed -i '/kube-api-server /{s/serverAuth,clientAuth/serverAuth/; s/ 3653 / 365 /}' "$LIBDIR/node-script"
ca $E/ca etcd; USE=named node_cert $E/ca $E/server; USE=named node_cert $E/ca $E/peer; USE=client cert $E/ca $K/etcd-client /CN=kube-apiserver
system_user etcd /var/lib/etcd
on_node <<<"chown -R etcd:etcd /var/lib/etcd; chown etcd:etcd /etc/etcd /etc/etcd/server.* /etc/etcd/peer.*; mv /etc/etcd/ca.key /root/etcd-ca.key; chmod 644 /etc/etcd/ca.crt; chmod 755 /etc/etcd"
audit_policy | put 600 $C/audit-policy.yaml
put 600 $C/admission.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: EventRateLimit
  configuration:
    apiVersion: eventratelimit.admission.k8s.io/v1alpha1
    kind: Configuration
    limits: [{type: Server, qps: 5000, burst: 20000}]
E
install -d -m 700 "$R/var/log/kubernetes"; : | put 600 /var/log/kubernetes/audit.log
printf 'kernel.panic = 10\nkernel.panic_on_oops = 1\nvm.overcommit_memory = 1\nvm.panic_on_oom = 0\nkernel.keys.root_maxkeys = 1000000\nkernel.keys.root_maxbytes = 25000000\n' >>"$R/etc/sysctl.d/kubernetes.conf"
