import { sh } from './sh.ts'

/** Node-side functions that follow references, and the ones that read what was found. */
export const follow = sh`
refer_flag() {
  bare=\${1#-}
  refer "--\${bare#-}" "$2"
}

# refer NAME VALUE: asks for the paths a setting names, by the table class_of. Unknown names are not followed.
refer() {
  class_of "$1"
  [ -n "$class" ] || return 0
  given=$class
  pairs_of=
  hosts_of=
  [ "$1" != --tls-sni-cert-key ] || pairs_of=1
  [ "$1" != config_path ] || hosts_of=1
  IFS=,
  set -- $2
  IFS=$nl
  for value; do
    [ -z "$pairs_of" ] || value=\${value%%:*}
    case $value in unix:///*) value=\${value#unix://} ;; esac
    case $value in /*) ;; *) continue ;; esac
    if [ -n "$hosts_of" ]; then ask_hosts "$value"; continue; fi
    case $value in
      # What K3s and RKE2 make this file from.
      */agent/etc/containerd/config.toml)
        ask file "\${value%/*}/config-v3.toml.tmpl"
        ask file "\${value%/*}/config.toml.tmpl" ;;
      *[*?]*) case $value in *[*?]*/*) ;; *) ask_pattern "$given" "\${value%/*}" "\${value##*/}" ;; esac; continue ;;
    esac
    ask "$given" "$value"
    if [ -n "$pid" ] && [ -e "/proc/$pid/ns/mnt" ] && ! [ "/proc/$pid/ns/mnt" -ef "$host_mounts" ]; then
      ask_within "/proc/$pid/root" "$given" "$value"
    fi
    case $settled in *"$nl$value$nl"*) ;; *) referred="$referred$given $value$nl" ;; esac
  done
}

# Where containerd keeps a directory for each registry, with a hosts.toml in it; several places stand between colons.
ask_hosts() {
  IFS=:
  set -- $1
  IFS=$nl
  for place; do
    case $place in /*) ;; *) continue ;; esac
    ask_pattern directory "$place" '*'
    ask_pattern configuration "$place" '*/hosts.toml'
  done
}

# In a container's file system: only without links on the way, since its owner could point them at the host. What
# lies behind one is not known. Links of a projected volume (beside ..data) show files of no disk.
ask_within() {
  rest=$3
  at=$1
  while [ -n "$rest" ]; do
    rest=\${rest#/}
    if [ -h "$at/..data" ] && [ -h "$at/\${rest%%/*}" ]; then return 0; fi
    at=$at/\${rest%%/*}
    case $rest in */*) rest=/\${rest#*/} ;; *) rest= ;; esac
    if [ -h "$at" ]; then say "path denied file $1$3"; return 0; fi
  done
  if ! [ "$1$3" -ef "$3" ]; then ask "$2" "$1$3"; return 0; fi
  # The host's own file, mounted under its own name: it was asked for already.
  settled=$settled$3$nl
  case $asked in *"$nl$2 $1$3$nl"*) return 0 ;; esac
  asked="$asked$2 $1$3$nl"
  say "path there $2 $1$3"
  say "real $1$3$nl$3"
}

# Reads the configuration found so far for names that point at further files, until there are none left.
follow_files() {
  round=0
  # A file that a mounted file names lies in the same mounts, also when a later round finds it (admission plugins).
  mounts=$nl
  hosts=$nl
  pid=
  while [ "$todo" != "$nl" ] && [ -n "$todo" ] && [ "$round" -lt 4 ]; do
    round=$((round + 1))
    batch=
    order=
    for line in $todo; do
      batch=$batch\${line%%"$tab"*}$nl
      order=$order\${line#*"$tab"}$nl
    done
    todo=
    # With nothing else exported, K= is all that a last line without an end runs into.
    pairs=$({ unset PATH SHLVL; pour 524288 "$batch"; } | "$TR" '{},\000' '\n\n\n\n' | "$SED" -n "$REFERENCES")
    name=
    from=
    set -- '' $order
    for pair in $pairs; do
      if [ "$pair" = "$mark ~" ]; then
        from=\${1:-}
        [ $# -eq 0 ] || shift
        name=
        continue
      fi
      path=\${pair#* }
      case $pair in '+ '*) ;; *) name=\${pair%% *} ;; esac
      case $name in
        mountPath) mounts=$mounts$path$nl ;;
        path) hosts=$hosts$path$nl ;;
      esac
      case $name:$path in
        path:./*.yaml | path:./*.yml | path:./*.json | path:./*.conf) refer_beside path "$path" "$from" ;;
        path:./*) ;;
        *:./*) refer_beside "$name" "$path" "$from" ;;
        path:*.yaml | path:*.yml | path:*.json | path:*.conf) refer path "$path" ;;
        path:*) ;;
        -*) refer_flag "$name" "$path" ;;
        *) refer "$name" "$path" ;;
      esac
    done
    map_mounts
  done
}

# refer_beside NAME PATH FILE: a path that counts from the directory of the file it stands in, dots taken out by
# name (client-go ResolvePaths). A file of a container names files of that container.
refer_beside() {
  inside=$3
  case $3 in
    /proc/[0-9]*/root/*)
      pid=\${3#/proc/}
      pid=\${pid%%/*}
      inside=\${3#"/proc/$pid/root"} ;;
    /*) ;;
    *) return 0 ;;
  esac
  rest=\${inside%/*}/$2
  at=
  while [ -n "$rest" ]; do
    rest=\${rest#/}
    part=\${rest%%/*}
    case $rest in */*) rest=/\${rest#*/} ;; *) rest= ;; esac
    case $part in '' | .) ;; ..) at=\${at%/*} ;; *) at=$at/$part ;; esac
  done
  refer "$1" "$at"
  pid=
}

# Static pods: a path inside the container is also asked where its volumes come from.
map_mounts() {
  for reference in $referred; do
    for mount in $mounts; do
      case \${reference#* } in "$mount" | "$mount"/*) ;; *) continue ;; esac
      # A file mounted under its own name was asked for already.
      case $hosts in *"$nl$mount$nl"*) [ ! -f "$ROOT$mount" ] || continue ;; esac
      rest=\${reference#* }
      rest=\${rest#"$mount"}
      for host in $hosts; do
        goal=\${host%/}$rest
        if [ "$host" != "$mount" ] && [ -e "$ROOT$goal" ]; then ask "\${reference%% *}" "$goal"; fi
      done
    done
  done
}

# One stat for everything; then which files hold certificates or keys; then all contents in one go.
read_files() {
  if [ -z "$STAT" ]; then say 'stat no-tool'; sizes=; return 0; fi
  format='%s %f %u %g %Y - %n'
  [ ! -e /sys/fs/selinux/enforce ] || format='%s %f %u %g %Y %C %n'
  sizes=
  [ "$stats" = "$nl" ] || sizes=$("$STAT" -L -c "$format" $stats)
  say "stat$nl$sizes"
  say 'end'
  scan=
  for line in $sizes; do
    path=\${line#* * * * * * }
    case $pems$kubeconfigs in *"$nl$path$nl"*) ;; *) continue ;; esac
    size=\${line%% *}
    if [ "$size" -gt 524288 ]; then say "large $path"; continue; fi
    if [ ! -r "$path" ]; then say "unreadable $path"; continue; fi
    scan=$scan$path$nl
  done
  found=
  if [ -z "$GREP" ]; then
    say 'pem no-tool'
  else
    if [ -n "$scan" ]; then found=$("$GREP" -aonH -e '-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----' \
      -e '-----BEGIN [A-Z0-9 ]*CERTIFICATE-----' -e '-----BEGIN [A-Z0-9 ]*PUBLIC KEY-----' \
      -e 'client-key-data["'\'']*[[:space:]]*:[[:space:]]*["'\'']*LS0tLS1CRUdJTi[A-Za-z0-9+/=]*' $scan); fi
    say "pem $?"
    read_pem
    say 'scanned'
    printf '%s' "$scan"
    say 'end'
  fi
  total=0
  files=
  for line in $sizes; do
    path=\${line#* * * * * * }
    case $texts in *"$nl$path$nl"*) ;; *) continue ;; esac
    size=\${line%% *}
    total=$((total + size))
    if [ "$size" -gt 524288 ] || [ "$total" -gt 8388608 ]; then say "large $path"; continue; fi
    files=$files$path$nl
  done
  files=$files$kernels
  say "pour text$nl$files"
  say 'poured'
  (pour 524289 "$files")
  say 'end'
}

# Says what grep saw. Certificates and public keys are read only there; private keys only marked for openssl.
read_pem() {
  last=
  for line in $found; do
    case $line in
      *client-key-data*)
        path=\${line%%:client-key-data*}
        case $nl$kubeconfigs in *"$nl\${path%:*}$nl"*) embedded="$embedded$path \${line##*[!A-Za-z0-9+/=]}$nl" ;; esac
        continue ;;
    esac
    path=\${line%:-----BEGIN *}
    path=\${path%:*}
    case $line in
      *PRIVATE\ KEY-----)
        printf 'private-key %s\n' "$path"
        case $certificates$publics in *"$nl$path$nl"*) keys=$keys$path$nl ;; esac ;;
      *CERTIFICATE-----)
        [ "$path" != "$last" ] || continue
        last=$path
        printf 'certificate %s\n' "$path"
        case $texts in *"$nl$path$nl"*) ;; *) texts=$texts$path$nl ;; esac ;;
      *PUBLIC\ KEY-----)
        printf 'public-key %s\n' "$path"
        case $publics in *"$nl$path$nl"*) texts=$texts$path$nl ;; esac ;;
    esac
  done
}

# The public half of every private key in use. openssl runs without the node's configuration, which may name modules
# to load.
derive_keys() {
  derived=
  count=0
  for path in $keys; do
    [ -f "$path" ] || continue
    same=
    for other in $derived; do
      if [ "$path" -ef "$other" ]; then same=$other; break; fi
    done
    if [ -n "$same" ]; then
      [ "$same" = "$path" ] || say "key same $path$nl$same"
      continue
    fi
    derived=$derived$path$nl
    if [ ! -r "$path" ]; then say "key denied $path"; continue; fi
    may_derive key "$path" || continue
    OPENSSL_CONF=/dev/null "$OPENSSL" pkey -in "$path" -pubout -passin pass: </dev/null
    say "status $?"
  done
  derive_embedded
}

# A key inside a kubeconfig is only in this shell's memory and in pipes: never in a file, never an argument (without
# PATH, a shell that lacks printf cannot run one).
derive_embedded() {
  decoded=
  decode_together
  for line in $embedded; do
    part=\${decoded%%"$between"*}
    decoded=\${decoded#*"$between"}
    may_derive embedded "\${line% *}" || continue
    if [ -n "$part" ]; then
      OPENSSL_CONF=/dev/null "$OPENSSL" pkey -pubout -passin pass: <<E
$part
E
    else
      { PATH=/dev/null; printf '%s' "\${line##* }"; } | decode |
        OPENSSL_CONF=/dev/null "$OPENSSL" pkey -pubout -passin pass:
    fi
    say "status $?"
  done
  embedded= decoded= part= line=
}

# A here-document needs no process to write it, and saves one to decode each key. It may carry keys only where it is a
# pipe: in dash and ash. Other shells write all or long ones to a file, and take the other way.
decode_together() {
  between="\${nl}khard:key.$nl"
  [ -n "$embedded" ] && [ -n "$OPENSSL" ] && [ -n "$BASE64" ] || return 0
  [ -z "\${BASH_VERSION-}\${YASH_VERSION-}" ] || return 0
  [ -p /proc/self/fd/0 ] <<E || return 0
$mark
E
  # Behind each key stands $between, encoded.
  together=
  parts=0
  for line in $embedded; do
    together="$together\${line##* }\${nl}CmtoYXJkOmtleS4K$nl"
    parts=$((parts + 1))
  done
  decoded=$(decode <<E
$together
E
)
  together=
  # One that is no base64, or holds more than a key, spoils this for all of them.
  line=$decoded$nl
  while :; do
    case $line in *"$between"*) line=\${line#*"$between"}; parts=$((parts - 1)) ;; *) break ;; esac
  done
  if [ "$parts" = 0 ]; then decoded=$decoded$nl; else decoded=; fi
}

may_derive() {
  if [ -z "$OPENSSL" ]; then say "$1 no-tool $2"; return 1; fi
  count=$((count + 1))
  if [ "$count" -gt 128 ]; then say "$1 limit $2"; return 1; fi
  say "$1 from $2"
}

decode() {
  if [ -n "$BASE64" ]; then exec "$BASE64" -d; fi
  exec "$OPENSSL" base64 -d -A
}
`
