# Helpers for profiles. A profile is sourced after this file with R set to the
# node's root directory, an overlay whose changes become the profile's layer.
# @NODE@ and @IP@ in a file named with `template` are filled in on each node.

LIBDIR=$R/usr/lib/node-lab

put() { # MODE PATH: from standard input
  mkdir -p "$(dirname "$R$2")"; cat >"$R$2"; chmod "$1" "$R$2"
}
template() { printf '%s\n' "$@" >>"$LIBDIR/templates"; }
stub() { # PATH...: hard links to one copy, so /proc/PID/exe has the right name
  local p; for p in "$@"; do mkdir -p "$(dirname "$R$p")"; ln -f "$LIBDIR/stub" "$R$p"; done
}
setting() { # NAME FILE: from standard input, see src/stub.c
  put 644 "/etc/node-lab/$1/$2"
}
# kubelet_kernel NAME: the process the kubelet runs in. Without protectKernelDefaults a kubelet sets these at its start, whatever
# the files say; with it, it does not start on others, so that a running one always has them.
kubelet_kernel() {
  printf '%s\n' 'vm/overcommit_memory 1' 'vm/panic_on_oom 0' 'kernel/panic 10' 'kernel/panic_on_oops 1' 'kernel/keys/root_maxkeys 1000000' \
    'kernel/keys/root_maxbytes 25000000' | setting "$1" sysctl
}
kubelet_kernel kubelet
enable_unit() { # UNIT...: enabled; who comes in by SSH finds them started
  local u; systemctl --root="$R" enable "$@" >/dev/null
  for u in "$@"; do printf '[Unit]\nAfter=%s\n' "$u" | put 644 "/etc/systemd/system/ssh.service.d/node-lab-$u.conf"; done
}
unit() { put 644 "/etc/systemd/system/$1"; }
version_of() { # TEXT NAME...: what NAME --version prints
  local t=$1 n; shift; for n in "$@"; do printf '%s\n' "$t" | setting "$n" version; done
}
later() { # from standard input: what an operator does once the units above are up, and before anybody comes in by SSH
  local u after=
  for u in "$R"/etc/systemd/system/ssh.service.d/node-lab-*.conf; do u=${u##*/node-lab-}; after+="After=${u%.conf}"$'\n'; done
  { echo '#!/bin/sh'; cat; } | put 755 /usr/lib/node-lab/later
  printf '[Unit]\n%s[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/lib/node-lab/later\n[Install]\nWantedBy=multi-user.target\n' "$after" | unit node-lab-later.service
  enable_unit node-lab-later.service
}
system_user() { chroot "$R" useradd --system --user-group --no-create-home --home-dir "${2:-/}" --shell /usr/sbin/nologin -c "$1" "$1"; }

# --- certificates -------------------------------------------------------------
# Set before the call, for it alone: USE=client|server (default both), CHAIN=1 (the CA behind the leaf in one file),
# SIGNED='-400 days' (on that day).
key() { mkdir -p "$(dirname "$R$1")"; openssl ecparam -name prime256v1 -genkey -noout -out "$R$1"; chmod 600 "$R$1"; }
ca() { # DIR/NAME-without-suffix CN
  key "$1.key"
  openssl req -x509 -new -key "$R$1.key" -days "${3:-3650}" -subj "/CN=$2" -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign -out "$R$1.crt"; chmod 644 "$R$1.crt"
}
cert() { # CA-without-suffix PATH-without-suffix SUBJECT [SAN [DAYS]]
  key "$2.key"
  sign "$@"
}
sign() { # as cert, for a key that is there
  local eku=serverAuth,clientAuth fake=(env)
  case ${USE:-} in client) eku=clientAuth ;; server) eku=serverAuth ;; esac
  [ -z "${SIGNED:-}" ] || fake=(env "LD_PRELOAD=$(ls "$R"/usr/lib/*/faketime/libfaketime.so.1)" "FAKETIME=@$(date -u -d "$SIGNED" '+%F %T')" DONT_FAKE_MONOTONIC=1)
  openssl req -new -key "$R$2.key" -subj "$3" -out "$R$2.csr"
  { printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=%s\n' "$eku"; [ -z "${4:-}" ] || echo "subjectAltName=$4"; } >"$R$2.ext"
  "${fake[@]}" openssl x509 -req -in "$R$2.csr" -CA "$R$1.crt" -CAkey "$R$1.key" -set_serial "0x$(openssl rand -hex 8)" -days "${5:-365}" -out "$R$2.crt" -extfile "$R$2.ext" 2>/dev/null
  rm "$R$2.csr" "$R$2.ext"
  [ -z "${CHAIN:-}" ] || cat "$R$1.crt" >>"$R$2.crt"
  chmod 644 "$R$2.crt"
}
kubeconfig() { # PATH USER SERVER CA-FILE CERT KEY [MODE]
  put "${7:-600}" "$1" <<E
apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster: {server: "$3", certificate-authority: $4}
users:
- name: $2
  user: {client-certificate: $5, client-key: $6}
contexts:
- name: $2@kubernetes
  context: {cluster: kubernetes, user: $2}
current-context: $2@kubernetes
E
}
kubeconfig_embedded() { # PATH USER SERVER CA-without-suffix SUBJECT [SIGNING-CA]: certificate and key inside, as kubeadm writes it
  USE=client cert "${6:-$4}" /embedded "$5"
  put 600 "$1" <<E
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: $(base64 -w0 "$R$4.crt")
    server: $3
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: $2
  name: $2@kubernetes
current-context: $2@kubernetes
kind: Config
users:
- name: $2
  user:
    client-certificate-data: $(base64 -w0 "$R/embedded.crt")
    client-key-data: $(base64 -w0 "$R/embedded.key")
E
  rm "$R/embedded.crt" "$R/embedded.key"
}

# --- pods ------------------------------------------------------------------------
# mount_path NAME HOST-PATH CONTAINER-PATH [TYPE [rw]]: a hostPath volume of the next pod
MOUNTS=()
mount_path() { MOUNTS+=("$1 $2 $3 ${4:-DirectoryOrCreate} ${5:-ro}"); }
sorted_flags() { # FLAG...: a later one replaces an earlier one of its name, as kubeadm's extraArgs do
  local f; declare -A last=()
  for f in "$@"; do last[${f%%=*}]=$f; done
  printf '%s\n' "${last[@]}" | LC_ALL=C sort
}
# How the manifests look: mode, ending, labels, and where the flags stand: `command` (kubeadm), `args` (RKE2), `wrapped`
# (kOps: the command is a log wrapper, the component its argument)
POD_MODE=600 POD_ENDING=yaml POD_FLAGS=command POD_LABELS='component: @NAME@\n    tier: control-plane'
# pod DIR NAME IMAGE COMMAND FLAG...: a manifest in DIR, and the container the kubelet would run for it
pod() {
  local argv=("${@:4}")
  [ "$POD_FLAGS" != wrapped ] || argv=(/go-runner "--log-file=${POD_LOG:-/var/log/$2.log}" --also-stdout "${POD_BINARY:-/usr/local/bin/$4}" "${@:5}")
  pod_manifest "$1" "$2" "$3" "${argv[@]}"
  pod_container "$2" "${argv[@]}"
  template "$1/$2.$POD_ENDING"
  MOUNTS=()
}
pod_manifest() {
  local dir=$1 name=$2 image=$3 cmd=$4 f m vol host path type mode; shift 4
  {
    printf "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    ${POD_LABELS//@NAME@/$name}\n  name: %s\n  namespace: kube-system\n" "$name"
    printf 'spec:\n  containers:\n  - command:\n    - %s\n' "$cmd"
    [ "$POD_FLAGS" = command ] || printf '    args:\n'
    for f in "$@"; do printf '    - %s\n' "$f"; done
    printf '    image: %s\n    imagePullPolicy: IfNotPresent\n    name: %s\n' "$image" "$name"
    [ ${#MOUNTS[@]} = 0 ] || printf '    volumeMounts:\n'
    for m in "${MOUNTS[@]}"; do
      read -r vol host path type mode <<<"$m"
      printf '    - mountPath: %s\n      name: %s\n' "$path" "$vol"
      [ "$mode" = rw ] || printf '      readOnly: true\n'
    done
    ! type -t pod_sidecar >/dev/null || pod_sidecar "$name"
    printf '  hostNetwork: true\n  priorityClassName: system-node-critical\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n'
    [ -z "${POD_USER:-}" ] || printf '    runAsUser: %s\n    runAsGroup: %s\n' "$POD_USER" "$POD_USER"
    [ ${#MOUNTS[@]} = 0 ] || printf '  volumes:\n'
    for m in "${MOUNTS[@]}"; do
      read -r vol host path type mode <<<"$m"
      printf '  - hostPath:\n      path: %s\n      type: %s\n    name: %s\n' "$host" "$type" "$vol"
    done
    printf 'status: {}\n'
  } | put "$POD_MODE" "$dir/$name.$POD_ENDING"
}
# pod_container NAME COMMAND FLAG...: a unit in a kubepods slice stands in for the container: a root file system
# and a mount namespace of its own, with nothing of the host's but the mounts. Absolute programs among the arguments
# are programs of its image.
pod_container() {
  local name=$1 cmd=$2 f m vol host path type mode uid slice root; shift 2
  uid=$(printf '%s' "$name" | md5sum | cut -c1-32)
  slice=kubepods-burstable-pod$uid.slice
  root=/var/lib/node-lab/pods/$name
  case $cmd in /*) stub "$root$cmd" ;; *) stub "$root/usr/local/bin/$cmd"; cmd="@/usr/local/bin/$cmd $cmd" ;; esac
  for f in "$@"; do case $f in /usr/local/bin/* | "${POD_BINARY:-/usr/local/bin/}") stub "$root$f" ;; esac; done
  mkdir -p "$R$root"/{proc,sys,dev,etc/node-lab,run,tmp,var}
  {
    printf '[Unit]\nDescription=pod %s\n[Service]\nSlice=%s\nRootDirectory=%s\nMountAPIVFS=yes\nBindReadOnlyPaths=/etc/node-lab\n' "$name" "$slice" "$root"
    [ -z "${POD_USER:-}" ] || printf 'User=%s\nGroup=%s\n' "$POD_USER" "$POD_USER"
    for m in "${MOUNTS[@]}"; do
      read -r vol host path type mode <<<"$m"
      if [ "$type" = FileOrCreate ] || [ "$type" = File ]; then
        mkdir -p "$(dirname "$R$root$path")" "$(dirname "$R$host")"; : >"$R$root$path"
        [ "$type" = File ] || [ -e "$R$host" ] || : >"$R$host"
      else
        mkdir -p "$R$host" "$R$root$path"
      fi
      if [ "$mode" = rw ]; then printf 'BindPaths=%s:%s\n' "$host" "$path"; else printf 'BindReadOnlyPaths=%s:%s\n' "$host" "$path"; fi
    done
    printf 'ExecStart=%s' "$cmd"
    for f in "$@"; do printf ' %s' "$f"; done
    printf '\n[Install]\nWantedBy=multi-user.target\n'
  } | put 644 "/etc/systemd/system/node-lab-pod-$name.service"
  template "/etc/systemd/system/node-lab-pod-$name.service"
  enable_unit "node-lab-pod-$name.service"
}

# kube_proxy_daemonset POD-CIDR MODE [CONFIGURATION-LINE...]: no manifest on the node, its configuration is a ConfigMap volume
kube_proxy_daemonset() {
  local p=/var/lib/kubelet/pods/3f1c6a52-0d5e-4c39-9f5e-9d0a4f5b7c11/volumes/kubernetes.io~configmap/kube-proxy cidr=$1 mode=$2; shift 2
  { printf 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nbindAddress: 0.0.0.0\nclientConnection: {kubeconfig: /var/lib/kube-proxy/kubeconfig.conf}\nclusterCIDR: %s\nkind: KubeProxyConfiguration\n' "$cidr"
    if [ $# = 0 ]; then printf 'metricsBindAddress: ""\nmode: ""\n'; else printf '%s\n' "$@"; fi; } | put "$mode" $p/config.conf
  put "$mode" $p/kubeconfig.conf <<'E'
apiVersion: v1
kind: Config
clusters:
- cluster: {certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt, server: "https://@IP@:6443"}
  name: default
contexts:
- context: {cluster: default, namespace: default, user: default}
  name: default
current-context: default
users:
- name: default
  user: {tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token}
E
  template $p/kubeconfig.conf
  mount_path kube-proxy $p /var/lib/kube-proxy
  pod_container kube-proxy kube-proxy --config=/var/lib/kube-proxy/config.conf --hostname-override=@NODE@
  MOUNTS=()
}
# stub_containerd BINARY VERSION ARGUMENT...: for runtimes newer than the real one here; the unit as containerd ships it
stub_containerd() {
  local bin=$1 v=$2; shift 2
  stub "$bin"; version_of "containerd github.com/containerd/containerd/v2 $v 75cb2b7193e4e490e9fbdc236c0e811ccaba3376" containerd
  echo unix:/run/containerd/containerd.sock | setting containerd listen
  put "${UNIT_MODE:-644}" /etc/systemd/system/containerd.service <<E
[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target dbus.service

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$bin $*
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
LimitNOFILE=1048576
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
E
  enable_unit containerd.service
}
containerd_v3() { # [SystemdCgroup [LINE...]]: what Kubespray and kOps write for containerd 2
  cat <<E
version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0

[grpc]
  address = "/run/containerd/containerd.sock"

[plugins."io.containerd.cri.v1.images"]
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "registry.k8s.io/pause:3.10.1"
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.cri.v1.runtime"]
  enable_selinux = ${SELINUX:-false}
  enable_unprivileged_ports = false
  enable_unprivileged_icmp = false
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        BinaryName = "/usr/local/bin/runc"
        SystemdCgroup = ${SYSTEMD_CGROUP:-true}
E
}
GCM=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
audit_policy() { # one that passes: secrets' metadata only, changes with their contents
  cat <<'E'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  resources:
  - group: ""
    resources: [secrets, configmaps, serviceaccounts/token]
  - group: authentication.k8s.io
    resources: [tokenreviews]
- level: RequestResponse
  verbs: [create, update, patch, delete, deletecollection]
- level: Metadata
E
}

# --- run once on each node, before it boots --------------------------------------
put 755 /usr/lib/node-lab/node-hook <<'E'
#!/bin/sh -e
# node-hook NAME IP
cd /usr/lib/node-lab
node=$1 ip=$2
# issue CA OUT SUBJECT EKU SAN DAYS [CHAIN]: one process each, since every node starts here. OUT.key is made where it
# is missing; AGO=-400d signs on that day.
issue() {
  printf '[req]\ndistinguished_name=dn\nx509_extensions=e\n[dn]\n[e]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=%s\n' "$4" >cnf
  [ -z "$5" ] || echo "subjectAltName=$5" >>cnf
  if [ -e "$2.key" ]; then set -- "$@" -key "$2.key"; else set -- "$@" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$2.key"; fi
  ca=$1 out=$2 subject=$3 days=$6 chain=$7; shift 7
  [ -z "$AGO" ] || { FAKETIME=$AGO DONT_FAKE_MONOTONIC=1 LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1); export FAKETIME DONT_FAKE_MONOTONIC LD_PRELOAD; }
  openssl req -new -x509 -config cnf -CA "$ca.crt" -CAkey "$ca.key" -subj "$subject" -days "$days" -out "$out.crt" "$@" 2>/dev/null
  unset LD_PRELOAD FAKETIME DONT_FAKE_MONOTONIC
  [ "$chain" != 1 ] || cat "$ca.crt" >>"$out.crt"
}
[ ! -f templates ] || sort -u templates | xargs -r sed -i "s/@NODE@/$node/g; s/@IP@/$ip/g"
[ ! -f node-script ] || . ./node-script
rm -f cnf
E
# on_node: from standard input, what the hook does besides; $node is the node's name, $ip its address
on_node() { cat >>"$LIBDIR/node-script"; }
# node_cert CA-without-suffix PATH-without-suffix [pem]: made on each node; pem: one file and a link PATH-current.pem, as
# the kubelet keeps them. USE and CHAIN as for cert; USE=named: for both uses, and called after the node alone.
node_cert() {
  local subject='/O=system:nodes/CN=system:node:$node' eku=serverAuth,clientAuth san='DNS:$node,DNS:localhost,IP:$ip,IP:127.0.0.1'
  case ${USE:-} in client) eku=clientAuth san= ;; server) eku=serverAuth ;; named) subject='/CN=$node' ;; esac
  mkdir -p "$(dirname "$R$2")"
  on_node <<<"issue $1 $2 \"$subject\" $eku \"$san\" 365 ${CHAIN:-0}"
  [ "${3:-}" != pem ] || on_node <<<"cat $2.crt $2.key >$2-2026-01-01-00-00-00.pem; rm $2.crt $2.key; chmod 600 $2-2026-01-01-00-00-00.pem; ln -s $2-2026-01-01-00-00-00.pem $2-current.pem"
}
node_sans() { # CA PATH SUBJECT server|both SAN [DAYS]: as cert, with the node's own name and address among the names
  local eku=serverAuth; [ "$4" = server ] || eku=serverAuth,clientAuth
  mkdir -p "$(dirname "$R$2")"
  on_node <<<"issue $1 $2 \"$3\" $eku \"$5,DNS:localhost,DNS:\$node,IP:127.0.0.1,IP:\$ip\" ${6:-365} ${CHAIN:-0}"
}
# kubelet_self_signed: without serverTLSBootstrap the kubelet makes an authority, a certificate of its own, and forgets the
# authority's key
kubelet_self_signed() {
  mkdir -p "$R/var/lib/kubelet/pki"
  on_node <<'E'
printf '[req]\ndistinguished_name=dn\nx509_extensions=e\n[dn]\n[e]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\n' >cnf
openssl req -new -x509 -config cnf -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -subj "/CN=$node-ca@1767225600" -days 365 -out ca.crt 2>/dev/null
issue ca /var/lib/kubelet/pki/kubelet "/CN=$node@1767225600" serverAuth "DNS:$node" 365 1
rm ca.key ca.crt
E
}
