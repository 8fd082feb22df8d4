# kubeadm-hardened: the kubeadm control-plane node with everything CIS Kubernetes 1.12 asks for that can be set on a
# node. The admission files and the audit log have another path inside the API server than on the host.
CONFIGMAP_MODE=600 SERVER_BOOTSTRAP=1
APISERVER=(
  --admission-control-config-file=/etc/kubernetes/admission/config.yaml --anonymous-auth=false
  --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100 --audit-log-path=/var/log/audit/kube-apiserver-audit.log
  --audit-policy-file=/etc/kubernetes/audit/policy.yaml --enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs,AlwaysPullImages,EventRateLimit
  --encryption-provider-config=/etc/kubernetes/encryption/config.yaml --kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt --profiling=false
  --enable-bootstrap-token-auth=false --request-timeout=300s --service-account-extend-token-expiration=false --service-account-lookup=true --tls-cipher-suites=$GCM --tls-min-version=VersionTLS12
)
CONTROLLER_MANAGER=(--feature-gates=RotateKubeletServerCertificate=true --profiling=false --terminated-pod-gc-threshold=1000)
SCHEDULER=(--profiling=false)
ETCD=(--auto-tls=false --cipher-suites=$GCM --peer-auto-tls=false)
apiserver_mounts() {
  mount_path admission /etc/kubernetes/admission-controls /etc/kubernetes/admission
  mount_path audit /etc/kubernetes/audit /etc/kubernetes/audit
  mount_path audit-log /var/log/kubernetes/audit /var/log/audit DirectoryOrCreate rw
  mount_path encryption /etc/kubernetes/encryption /etc/kubernetes/encryption
}
kubelet_configuration() { cat <<'E'
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
eventRecordQPS: 50
failSwapOn: true
healthzBindAddress: 127.0.0.1
healthzPort: 10248
makeIPTablesUtilChains: true
podPidsLimit: 4096
protectKernelDefaults: true
readOnlyPort: 0
rotateCertificates: true
seccompDefault: true
serverTLSBootstrap: true
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 1h0m0s
tlsMinVersion: VersionTLS12
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
E
}
. ./kubeadm.sh
rm "$R/etc/kubernetes/super-admin.conf"
sed -i '\|^/etc/kubernetes/super-admin.conf$|d' "$LIBDIR/templates"
USE=server node_cert /etc/kubernetes/pki/ca /var/lib/kubelet/pki/kubelet-server pem # a signed serverTLSBootstrap request
install -d -m 700 "$R"/etc/kubernetes/{admission-controls,audit,encryption} "$R/var/log/kubernetes/audit"
chmod 600 "$R"/var/lib/kubelet/{config.yaml,instance-config.yaml,kubeadm-flags.env} "$R/etc/systemd/system/kubelet.service" "$R/etc/systemd/system/kubelet.service.d/10-kubeadm.conf" \
  "$R/etc/cni/net.d/10-flannel.conflist" "$R/var/lib/cni/networks/cbr0/10.244.0.2"

audit_policy | put 600 /etc/kubernetes/audit/policy.yaml
put 600 /etc/kubernetes/encryption/config.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources:
  - secrets
  providers:
  - secretbox:
      keys:
      - name: key1
        secret: bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU=
  - identity: {}
E
put 600 /etc/kubernetes/admission-controls/config.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: EventRateLimit
  path: /etc/kubernetes/admission/event-rate-limit.yaml
E
put 600 /etc/kubernetes/admission-controls/event-rate-limit.yaml <<'E'
apiVersion: eventratelimit.admission.k8s.io/v1alpha1
kind: Configuration
limits:
- type: Server
  qps: 50
  burst: 100
E

# the data belongs to a user of its own
chroot "$R" useradd --system --home-dir /var/lib/etcd --no-create-home --shell /usr/sbin/nologin etcd
chroot "$R" chown -R etcd:etcd /var/lib/etcd

put 600 /etc/systemd/system/containerd.service.d/10-limits.conf <<'E'
[Service]
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999
Restart=always
RestartSec=5
E
printf 'net.bridge.bridge-nf-call-iptables = 1\nnet.bridge.bridge-nf-call-ip6tables = 1\nnet.ipv4.ip_forward = 1\nkernel.panic = 10\nkernel.panic_on_oops = 1\nvm.overcommit_memory = 1\nvm.panic_on_oom = 0\nkernel.keys.root_maxkeys = 1000000\nkernel.keys.root_maxbytes = 25000000\n' | put 644 /etc/sysctl.d/k8s.conf
