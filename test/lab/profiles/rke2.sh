# rke2: a server as `curl … | sh -` and an empty configuration leave it; no CIS profile. A variant sets before it sources
# this file: PROFILE=cis, config(), and what joins the components' arguments (kube-apiserver-arg and so on).
V=v1.34.2 P=rke2 CNI=/etc/cni/net.d PAUSE=index.docker.io/rancher/mirrored-pause:3.6 REG=index.docker.io/rancher ROLE=${ROLE:-server}
[ -z "${PROFILE:-}" ] || PROTECT=1
. ./lib-rancher.sh
M=$D/agent/pod-manifests BINDIR=$D/data/v1.34.2-rke2r1-5e8b0f6bba2e/bin
type -t config >/dev/null || config() { echo 'tls-san: [cluster.example]'; }

stub /usr/local/bin/rke2 $BINDIR/containerd $BINDIR/kubelet $BINDIR/runc $BINDIR/kubectl $BINDIR/crictl $BINDIR/ctr
ln -s "${BINDIR#"$D/"}" "$R$D/bin"
version_of $'rke2 version v1.34.2+rke2r1 (0f2b4d1a9c)\ngo version go1.24.9 X:boringcrypto' rke2
version_of "Kubernetes $V+rke2r1" kubelet kube-apiserver kube-controller-manager kube-scheduler kube-proxy
version_of 'containerd github.com/k3s-io/containerd v2.1.5-k3s1 5b1c2d' containerd
version_of $'etcd Version: 3.6.5\nGit SHA: Not provided' etcd
printf '127.0.0.1:10248\n0.0.0.0:10250\n' | setting kubelet listen
printf 'unix:/run/k3s/containerd/containerd.sock\n127.0.0.1:10010\n' | setting containerd listen
printf '127.0.0.1:10249\n127.0.0.1:10256\n' | setting kube-proxy listen
echo "/usr/local/bin/rke2 $ROLE" | setting rke2 title

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
cis_sysctls | put 644 /usr/local/share/rke2/rke2-cis-sysctl.conf
config | put 600 /etc/rancher/rke2/config.yaml
[ -z "${PROFILE:-}" ] || cis_sysctls | put 644 /etc/sysctl.d/60-rke2-cis.conf

kubelet_command() { echo "@$BINDIR/kubelet kubelet --volume-plugin-dir=/var/lib/kubelet/volumeplugins --file-check-frequency=5s --sync-frequency=30s $(kubelet_args | paste -sd' ')"; }
{
  echo "@$BINDIR/containerd containerd -c $D/agent/etc/containerd/config.toml"
  kubelet_command
} | setting rke2 children
template /etc/node-lab/rke2/{children,log}

POD_FLAGS=args POD_MODE=${PROFILE:+600} POD_MODE=${POD_MODE:-644}
if [ "$ROLE" = server ]; then
  printf '0.0.0.0:6443\n' | setting kube-apiserver listen
  printf '127.0.0.1:10257\n' | setting kube-controller-manager listen
  printf '127.0.0.1:10259\n' | setting kube-scheduler listen
  printf '0.0.0.0:9345\n' | setting rke2 listen
  printf '127.0.0.1:2379\n127.0.0.1:2380\n127.0.0.1:2381\n127.0.0.1:2382\n' | setting etcd listen
  server_pki etcd; server_files; encryption_config aescbc; etcd_config
  { # as RKE2 writes it at every start
    printf 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: PodSecurity\n  configuration:\n'
    printf '    apiVersion: pod-security.admission.config.k8s.io/v1beta1\n    kind: PodSecurityConfiguration\n    defaults:\n'
    if [ -n "${PROFILE:-}" ]; then
      for m in enforce audit warn; do printf '      %s: "restricted"\n      %s-version: "latest"\n' $m $m; done; exempt='kube-system, compliance-operator-system, tigera-operator'
    else
      printf '      enforce: "privileged"\n      enforce-version: "latest"\n'; exempt=
    fi
    printf '    exemptions:\n      usernames: []\n      runtimeClasses: []\n      namespaces: [%s]' "$exempt"
  } | put 600 /etc/rancher/rke2/rke2-pss.yaml
  mapfile -t args < <(apiserver_args --bind-address=0.0.0.0 --encryption-provider-config=$D/server/cred/encryption-config.json --encryption-provider-config-automatic-reload=true \
    --etcd-cafile=$T/etcd/server-ca.crt --etcd-certfile=$T/etcd/client.crt --etcd-keyfile=$T/etcd/client.key --etcd-servers=https://127.0.0.1:2379 --secure-port=6443)
  # the program logs what it was asked for; its static pods get some more in front, and not the port
  first=(--admission-control-config-file=${PSA:-/etc/rancher/rke2/rke2-pss.yaml})
  if [ -n "${PROFILE:-}" ]; then
    first+=(--audit-policy-file=/etc/rancher/rke2/audit-policy.yaml --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100 --audit-log-path=$D/server/logs/audit.log --service-account-extend-token-expiration=false)
    : | put 600 $D/server/logs/audit.log; chmod 700 "$R$D/server/logs"
    [ -e "$R/etc/rancher/rke2/audit-policy.yaml" ] || printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nmetadata:\n  creationTimestamp: null\nrules:\n- level: None\n' | put 600 /etc/rancher/rke2/audit-policy.yaml
  fi
  {
    say 'Starting rke2 v1.34.2+rke2r1 (0f2b4d1a9c)'
    printf '%s\n' "${args[@]}" | running kube-apiserver
    scheduler_args | running kube-scheduler
    controller_manager_args | running kube-controller-manager
    kubelet_args | running kubelet
    kube_proxy_args | running kube-proxy
  } | setting rke2 log
  # RKE2 mounts each file an argument names, under the same path
  files() { local f p; for f in "$@"; do p=${f#*=}; case $p in "$D/server/cred/encryption-config.json" | "$D/server/logs/audit.log") ;; /*) [ ! -f "$R$p" ] || mount_path "file${#MOUNTS[@]}" "$p" "$p" File ;; esac; done; }
  mount_path dir0 /etc/ssl/certs /etc/ssl/certs; mount_path dir1 $D/server $D/server DirectoryOrCreate rw
  [ -z "${PROFILE:-}" ] || mount_path dir2 $D/server/logs $D/server/logs DirectoryOrCreate rw
  mapfile -t podargs < <(printf '%s\n' "${first[@]}" "${args[@]}" | grep -v '^--advertise-port=')
  files "${first[@]}" ${EXTRA_FILES:-}
  pod $M kube-apiserver $REG/hardened-kubernetes:$V-rke2r1-build20251112 kube-apiserver "${podargs[@]}"
  for c in kube-controller-manager kube-scheduler; do
    case $c in *manager) mapfile -t podargs < <(printf '%s\n' --permit-port-sharing=true --flex-volume-plugin-dir=/var/lib/kubelet/volumeplugins --terminated-pod-gc-threshold=1000; controller_manager_args); who=controller
      mount_path dir0 /etc/ssl/certs /etc/ssl/certs ;;
    *) mapfile -t podargs < <(echo --permit-port-sharing=true; scheduler_args); who=scheduler ;; esac
    files "${podargs[@]}" x=$T/client-$who.crt x=$T/client-$who.key
    pod $M $c $REG/hardened-kubernetes:$V-rke2r1-build20251112 $c "${podargs[@]}"
  done
  mount_path dir0 /etc/ssl/certs /etc/ssl/certs
  mapfile -t podargs < <(cloud_controller_args)
  pod $M cloud-controller-manager $REG/rke2-cloud-provider:v1.34.1-build20251015 cloud-controller-manager "${podargs[@]}"

  if [ -n "${PROFILE:-}" ]; then system_user etcd; POD_USER=$(chroot "$R" id -u etcd); fi
  mount_path dir0 $D/server/db/etcd $D/server/db/etcd DirectoryOrCreate rw
  for c in server-client.{crt,key} server-ca.crt peer-server-client.{crt,key} peer-ca.crt; do mount_path "file${#MOUNTS[@]}" $T/etcd/$c $T/etcd/$c File; done
  pod $M etcd $REG/hardened-etcd:v3.6.5-k3s1-build20251017 etcd --config-file=$D/server/db/etcd/config
  POD_USER=
  [ -z "${PROFILE:-}" ] || on_node <<<"chown -R etcd:etcd $D/server/db/etcd; chown etcd:etcd $T/etcd/server-client.* $T/etcd/server-ca.crt $T/etcd/peer-server-client.* $T/etcd/peer-ca.crt"
else
  ca $T/client-ca rke2-client-ca@1767225600; ca $T/server-ca rke2-server-ca@1767225600
  { say 'Starting rke2 agent v1.34.2+rke2r1 (0f2b4d1a9c)'; kubelet_args | running kubelet; kube_proxy_args | running kube-proxy; } | setting rke2 log
fi
agent_files
[ "$ROLE" = server ] || forget_server
mount_path dir0 /etc/ssl/certs /etc/ssl/certs
mapfile -t podargs < <(kube_proxy_args)
mount_path file1 $D/agent/kubeproxy.kubeconfig $D/agent/kubeproxy.kubeconfig File
for c in server-ca.crt client-kube-proxy.crt client-kube-proxy.key; do mount_path "file${#MOUNTS[@]}" $D/agent/$c $D/agent/$c File; done
pod $M kube-proxy $REG/hardened-kubernetes:$V-rke2r1-build20251112 kube-proxy "${podargs[@]}"
chmod 700 "$R$M"
# canal
put ${CNI_MODE:-644} $CNI/10-canal.conflist <<'E'
{"name": "k8s-pod-network", "cniVersion": "0.3.1", "plugins": [{"type": "calico", "ipam": {"type": "host-local", "subnet": "usePodCidr"}, "policy": {"type": "k8s"}, "kubernetes": {"kubeconfig": "/etc/cni/net.d/calico-kubeconfig"}}, {"type": "portmap", "capabilities": {"portMappings": true}}]}
E
printf 'apiVersion: v1\nkind: Config\nusers: []\n' | put 600 $CNI/calico-kubeconfig
echo 3f1c6a520d5e eth0 | put ${CNI_MODE:-644} /var/lib/cni/networks/k8s-pod-network/10.42.0.2
enable_unit "rke2-$ROLE.service"
