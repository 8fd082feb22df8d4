# kubespray-hardened: Kubespray's hardening variables, and what its hardening page leaves out (anonymous requests, token
# extension, pids, modes). Inside the API server /etc/kubernetes is the host's /etc/kubernetes/admission-controls, and the
# audit log has another path than on the host.
SERVER_BOOTSTRAP=1 OWNER=root GROUP=root CONFIGMAP_MODE=600 CNI_MODE=600 POD_PIDS=4096 SCHEDULER_EXTRA='enableProfiling: false'
C=/etc/kubernetes
APISERVER=(--anonymous-auth=false --request-timeout=120s --service-account-extend-token-expiration=false
  --audit-policy-file=$C/audit-policy/apiserver-audit-policy.yaml --audit-log-path=/var/log/audit/kube-apiserver-audit.log --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100
  --tls-min-version=VersionTLS12 --tls-cipher-suites=$GCM --encryption-provider-config=$C/ssl/secrets_encryption.yaml
  --enable-admission-plugins=EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs,ServiceAccount,NamespaceLifecycle,NodeRestriction,LimitRanger,ResourceQuota,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,PodNodeSelector,PodSecurity
  --admission-control-config-file=$C/admission-controls.yaml --kubelet-certificate-authority=$C/ssl/ca.crt)
CONTROLLER_MANAGER=(--bind-address=127.0.0.1 --terminated-pod-gc-threshold=50 --feature-gates=RotateKubeletServerCertificate=true --tls-min-version=VersionTLS12 --tls-cipher-suites=$GCM)
SCHEDULER=(--bind-address=127.0.0.1 --tls-min-version=VersionTLS12 --tls-cipher-suites=$GCM)
apiserver_mounts() {
  mount_path audit-policy $C/audit-policy $C/audit-policy
  mount_path audit-logs /var/log/kubernetes/audit /var/log/audit DirectoryOrCreate rw
  mount_path admission-control-configs $C/admission-controls $C DirectoryOrCreate rw
}
kubelet_configuration_extra() { cat <<E
serverTLSBootstrap: true
featureGates:
  RotateKubeletServerCertificate: true
tlsMinVersion: VersionTLS12
tlsCipherSuites:
$(printf -- '- %s\n' ${GCM//,/ })
streamingConnectionIdleTimeout: 5m
makeIPTablesUtilChains: True
seccompDefault: True
E
}
etcd_env_extra() { echo "ETCD_CIPHER_SUITES=$GCM"; }
. ./kubespray.sh
printf '127.0.0.1:10257\n' | setting kube-controller-manager listen
printf '127.0.0.1:10259\n' | setting kube-scheduler listen
audit_policy | put 600 $C/audit-policy/apiserver-audit-policy.yaml
put 600 $C/ssl/secrets_encryption.yaml <<'E'
kind: EncryptionConfiguration
apiVersion: apiserver.config.k8s.io/v1
resources:
  - resources:
    - secrets
    providers:
    - secretbox:
        keys:
        - name: key
          secret: bm9kZS1sYWItbm9kZS1sYWItbm9kZS1sYWItMTIzNDU=
    - identity: {}
E
put 600 $C/admission-controls/admission-controls.yaml <<'E'
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: EventRateLimit
  path: /etc/kubernetes/eventratelimit.yaml
- name: PodSecurity
  path: /etc/kubernetes/podsecurity.yaml
E
put 600 $C/admission-controls/eventratelimit.yaml <<'E'
apiVersion: eventratelimit.admission.k8s.io/v1alpha1
kind: Configuration
limits:
- type: Namespace
  qps: 50
  burst: 100
  cacheSize: 2000
- type: User
  qps: 50
  burst: 100
E
put 600 $C/admission-controls/podsecurity.yaml <<'E'
apiVersion: pod-security.admission.config.k8s.io/v1
kind: PodSecurityConfiguration
defaults: {enforce: restricted, enforce-version: latest, audit: restricted, audit-version: latest, warn: restricted, warn-version: latest}
exemptions: {usernames: [], runtimeClasses: [], namespaces: [kube-system]}
E
mkdir -p "$R$C"/admission-controls/{ssl,audit-policy} # where the other mounts go
install -d -m 700 "$R/var/log/kubernetes/audit"; : | put 600 /var/log/kubernetes/audit/kube-apiserver-audit.log
rm "$R$C/super-admin.conf"; sed -i '\|^/etc/kubernetes/super-admin.conf$|d' "$LIBDIR/templates"
USE=server node_cert $PKI/ca /var/lib/kubelet/pki/kubelet-server pem
on_node <<<"chown root:root /etc/ssl/etcd/ssl" # etcd runs as root
chmod 600 "$R/etc/etcd.env" "$R/etc/systemd/system/etcd.service" "$R$C/kubescheduler-config.yaml"; chmod 700 "$R$M"
