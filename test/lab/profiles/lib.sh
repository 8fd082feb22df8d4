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
enable_unit() { systemctl --root="$R" enable "$@" >/dev/null; }
unit() { put 644 "/etc/systemd/system/$1"; }

# --- certificates -------------------------------------------------------------
key() { mkdir -p "$(dirname "$R$1")"; openssl ecparam -name prime256v1 -genkey -noout -out "$R$1"; chmod 600 "$R$1"; }
ca() { # DIR/NAME-without-suffix CN
  key "$1.key"
  openssl req -x509 -new -key "$R$1.key" -days 3650 -subj "/CN=$2" -out "$R$1.crt"; chmod 644 "$R$1.crt"
}
cert() { # CA-without-suffix PATH-without-suffix SUBJECT [SAN [DAYS]]
  key "$2.key"
  openssl req -new -key "$R$2.key" -subj "$3" |
    openssl x509 -req -CA "$R$1.crt" -CAkey "$R$1.key" -CAcreateserial -days "${5:-365}" -out "$R$2.crt" \
      -extfile <(echo "extendedKeyUsage=serverAuth,clientAuth"; [ -z "${4:-}" ] || echo "subjectAltName=$4") 2>/dev/null
  chmod 644 "$R$2.crt"; rm -f "$R$1.srl"
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
kubeconfig_embedded() { # PATH USER SERVER CA-without-suffix SUBJECT: certificate and key inside, as kubeadm writes it
  cert "$4" /embedded "$5"
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
# pod DIR NAME IMAGE COMMAND FLAG...: a manifest in DIR, and the container the kubelet would run for it
pod() {
  pod_manifest "$@"
  pod_container "$2" "${@:4}"
  template "$1/$2.yaml"
  MOUNTS=()
}
pod_manifest() {
  local dir=$1 name=$2 image=$3 cmd=$4 f m vol host path type mode; shift 4
  {
    printf 'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    component: %s\n    tier: control-plane\n  name: %s\n  namespace: kube-system\n' "$name" "$name"
    printf 'spec:\n  containers:\n  - command:\n    - %s\n' "$cmd"
    for f in "$@"; do printf '    - %s\n' "$f"; done
    printf '    image: %s\n    imagePullPolicy: IfNotPresent\n    name: %s\n' "$image" "$name"
    [ ${#MOUNTS[@]} = 0 ] || printf '    volumeMounts:\n'
    for m in "${MOUNTS[@]}"; do
      read -r vol host path type mode <<<"$m"
      printf '    - mountPath: %s\n      name: %s\n' "$path" "$vol"
      [ "$mode" = rw ] || printf '      readOnly: true\n'
    done
    printf '  hostNetwork: true\n  priorityClassName: system-node-critical\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n'
    [ ${#MOUNTS[@]} = 0 ] || printf '  volumes:\n'
    for m in "${MOUNTS[@]}"; do
      read -r vol host path type mode <<<"$m"
      printf '  - hostPath:\n      path: %s\n      type: %s\n    name: %s\n' "$host" "$type" "$vol"
    done
    printf 'status: {}\n'
  } | put 600 "$dir/$name.yaml"
}
# pod_container NAME COMMAND FLAG...: a unit in a kubepods slice stands in for the container: a root file system
# and a mount namespace of its own, with nothing of the host's but the mounts
pod_container() {
  local name=$1 cmd=$2 f m vol host path type mode uid slice root; shift 2
  uid=$(printf '%s' "$name" | md5sum | cut -c1-32)
  slice=kubepods-burstable-pod$uid.slice
  root=/var/lib/node-lab/pods/$name
  stub "$root/usr/local/bin/$cmd"
  mkdir -p "$R$root"/{proc,sys,dev,etc/node-lab,run,tmp,var}
  {
    printf '[Unit]\nDescription=pod %s\n[Service]\nSlice=%s\nRootDirectory=%s\nMountAPIVFS=yes\nBindReadOnlyPaths=/etc/node-lab\n' "$name" "$slice" "$root"
    for m in "${MOUNTS[@]}"; do
      read -r vol host path type mode <<<"$m"
      if [ "$type" = FileOrCreate ] || [ "$type" = File ]; then
        mkdir -p "$(dirname "$R$root$path")"; : >"$R$root$path"
      else
        mkdir -p "$R$host" "$R$root$path"
      fi
      if [ "$mode" = rw ]; then printf 'BindPaths=%s:%s\n' "$host" "$path"; else printf 'BindReadOnlyPaths=%s:%s\n' "$host" "$path"; fi
    done
    printf 'ExecStart=@/usr/local/bin/%s %s' "$cmd" "$cmd"
    for f in "$@"; do printf ' %s' "$f"; done
    printf '\n[Install]\nWantedBy=multi-user.target\n'
  } | put 644 "/etc/systemd/system/node-lab-pod-$name.service"
  template "/etc/systemd/system/node-lab-pod-$name.service"
  enable_unit "node-lab-pod-$name.service"
}

# --- run once on each node, before it boots --------------------------------------
put 755 /usr/lib/node-lab/node-hook <<'E'
#!/bin/sh
# node-hook NAME IP
cd /usr/lib/node-lab || exit 1
[ ! -f templates ] || sort -u templates | xargs -r sed -i "s/@NODE@/$1/g; s/@IP@/$2/g"
[ ! -f node-certs ] || while read -r ca out form; do
  openssl ecparam -name prime256v1 -genkey -noout -out "$out.key"
  chmod 600 "$out.key"
  printf 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:%s,IP:%s\n' "$1" "$2" >ext
  openssl req -new -key "$out.key" -subj "/O=system:nodes/CN=system:node:$1" -out csr &&
    openssl x509 -req -in csr -CA "$ca.crt" -CAkey "$ca.key" -set_serial "0x$(openssl rand -hex 8)" -days 365 -extfile ext -out "$out.crt" 2>/dev/null || exit 1
  rm -f ext csr
  [ "$form" = pem ] || continue
  cat "$out.crt" "$out.key" >"$out-2026-01-01-00-00-00.pem"; rm "$out.crt" "$out.key"
  chmod 600 "$out-2026-01-01-00-00-00.pem"; ln -s "$out-2026-01-01-00-00-00.pem" "$out-current.pem"
done <node-certs
E
# node_cert CA-without-suffix PATH-without-suffix [pem]: made on each node; pem: one file and a link PATH-current.pem, as the kubelet keeps them
node_cert() { echo "$1 $2 ${3:-}" >>"$LIBDIR/node-certs"; mkdir -p "$(dirname "$R$2")"; }
