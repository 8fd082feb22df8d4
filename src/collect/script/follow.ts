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
  [ "$1" != --tls-sni-cert-key ] || pairs_of=1
  IFS=,
  set -- $2
  IFS=$nl
  for value; do
    [ -z "$pairs_of" ] || value=\${value%%:*}
    case $value in unix:///*) value=\${value#unix://} ;; esac
    case $value in /*) ;; *) continue ;; esac
    case $value in
      *[*?]*) case $value in *[*?]*/*) ;; *) ask_pattern "$given" "\${value%/*}" "\${value##*/}" ;; esac; continue ;;
    esac
    ask "$given" "$value"
    referred="$referred$given $value$nl"
    if [ -n "$pid" ] && [ -e "/proc/$pid/ns/mnt" ] && ! [ "/proc/$pid/ns/mnt" -ef "$host_mounts" ]; then
      ask_within "/proc/$pid/root" "$given" "$value"
    fi
  done
}

# In a container's file system: only without links on the way, since its owner could point them at the host.
ask_within() {
  rest=$3
  at=$1
  while [ -n "$rest" ]; do
    rest=\${rest#/}
    at=$at/\${rest%%/*}
    case $rest in */*) rest=/\${rest#*/} ;; *) rest= ;; esac
    if [ -h "$at" ]; then return 0; fi
  done
  ask "$2" "$1$3"
}

# Reads the configuration found so far for names that point at further files, until there are none left.
follow_files() {
  round=0
  pid=
  while [ "$todo" != "$nl" ] && [ -n "$todo" ] && [ "$round" -lt 4 ]; do
    round=$((round + 1))
    batch=$todo
    todo=
    pairs=$("$HEAD" -q -c 524288 $batch | "$TR" '{},\000' '\n\n\n\n' | "$SED" -n "$REFERENCES")
    name=
    mounts=$nl
    hosts=$nl
    for pair in $pairs; do
      path=\${pair#* }
      case $pair in '+ '*) ;; *) name=\${pair%% *} ;; esac
      case $name in
        mountPath) mounts=$mounts$path$nl ;;
        path) hosts=$hosts$path$nl ;;
      esac
      case $name:$path in
        path:*.yaml | path:*.yml | path:*.json | path:*.conf) refer path "$path" ;;
        path:*) ;;
        *) refer "$name" "$path" ;;
      esac
    done
    map_mounts
  done
}

# Static pods: a path inside the container is also asked where its volumes come from.
map_mounts() {
  for reference in $referred; do
    for mount in $mounts; do
      case \${reference#* } in "$mount" | "$mount"/*) ;; *) continue ;; esac
      rest=\${reference#* }
      rest=\${rest#"$mount"}
      for host in $hosts; do
        if [ "$host" != "$mount" ] && [ -e "$ROOT$host$rest" ]; then ask "\${reference%% *}" "$host$rest"; fi
      done
    done
  done
}

ask_units() {
  if [ -z "$SYSTEMCTL" ]; then say 'units no-tool'; return 0; fi
  units=$(limited 10 "$SYSTEMCTL" show --no-pager $UNIT_PROPERTIES $UNITS)
  say "units $?$nl$units"
  say 'end'
  loaded=
  for line in $units; do
    case $line in
      Id=*) loaded= ;;
      LoadState=loaded) loaded=1 ;;
    esac
  done
  for line in $units; do
    case $line in
      FragmentPath=/* | SourcePath=/*) ask unit "\${line#*=}" ;;
      DropInPaths=/*)
        IFS=' '
        set -- \${line#*=}
        IFS=$nl
        for value; do ask unit "$value"; done ;;
      EnvironmentFiles=/*) value=\${line#*=}; ask environment "\${value% (ignore_errors=*}" ;;
    esac
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
    case $pems in *"$nl$path$nl"*) ;; *) continue ;; esac
    size=\${line%% *}
    if [ "$size" -gt 524288 ]; then say "large $path"; continue; fi
    if [ ! -r "$path" ]; then say "unreadable $path"; continue; fi
    scan=$scan$path$nl
  done
  found=
  if [ -z "$GREP" ]; then
    say 'pem no-tool'
  else
    if [ -n "$scan" ]; then found=$("$GREP" -aoH -e '-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----' \
      -e '-----BEGIN [A-Z0-9 ]*CERTIFICATE-----' -e '-----BEGIN [A-Z0-9 ]*PUBLIC KEY-----' $scan); fi
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
  pour 524289 "$files"
  say 'end'
}

# Says what grep saw. Certificates and public keys are read only there; private keys only marked for openssl.
read_pem() {
  last=
  for line in $found; do
    path=\${line%:-----BEGIN *}
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

derive_keys() {
  derived=$nl
  for path in $keys; do
    case $derived in *"$nl$path$nl"*) continue ;; esac
    derived=$derived$path$nl
    [ -f "$path" ] || continue
    if [ ! -r "$path" ]; then say "key denied $path"; continue; fi
    if [ -z "$OPENSSL" ]; then say "key no-tool $path"; continue; fi
    say "key from $path"
    "$OPENSSL" pkey -in "$path" -pubout -passin pass: </dev/null
    say "status $?"
  done
}

# Versions: only when we are root, and only programs that already run here as root, outside pods and containers.
ask_versions() {
  [ "$uid" = 0 ] || return 0
  chosen=
  names=$nl
  for pid in $pids; do
    [ -O "/proc/$pid" ] && [ -O "/proc/$pid/exe" ] && [ "/proc/$pid/ns/mnt" -ef "$host_mounts" ] || continue
    cgroup_of "$pid"
    case $cgroup in *kubepods*) continue ;; esac
    comm=
    read -r comm <"/proc/$pid/comm"
    case $names in *"$nl$comm$nl"*) continue ;; esac
    version_argument "$comm"
    [ -n "$argument" ] || continue
    names=$names$comm$nl
    # A program with several names answers by the one it is called by, so that one is used where it is the same file.
    program=/proc/$pid/exe
    for line in $programs; do
      case $line in "$pid "*) if [ "\${line#* }" -ef "$program" ]; then program=\${line#* }; fi ;; esac
    done
    chosen="$chosen$pid$nl$program$nl$argument$nl"
  done
  [ -n "$chosen" ] || return 0
  tool sh
  say 'versions'
  limited 10 "$found" -c 'mark=$1; shift
    while [ $# -gt 2 ]; do
      printf "\n%s version %s\n" "$mark" "$1"; "$2" "$3" </dev/null; printf "\n%s status %s\n" "$mark" $?; shift 3
    done' sh khard:version $chosen
  say 'end'
}

# ask_command NUMBER TOOL ARGUMENTS
ask_command() {
  number=$1
  program=$2
  shift 2
  if ! tool "$program"; then say "command no-tool $number"; return 0; fi
  say "command from $number"
  limited 10 "$found" "$@"
  say "status $?"
}
`
