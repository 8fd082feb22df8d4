import { sh } from './sh.ts'

/** Kernel names of the first process of a whole system, as opposed to the one program of a container. */
export const systemInits: readonly string[] = [
  'systemd',
  'init',
  'runit',
  'openrc-init',
  's6-svscan',
  'dinit',
]

/** Node-side functions for the process table. */
export const processes = sh`
# Processes by kernel name: one grep over all of them. Our own name is asked for too; if grep does not find
# even this script, its answer is worth nothing.
find_processes() {
  pids=
  set -- /proc/1/comm
  if [ ! -r /proc/self/comm ]; then say 'processes no-proc'; return 0; fi
  if [ "$uid" != 0 ] && [ ! -r /proc/1/comm ]; then say 'processes denied'; return 0; fi
  if [ -z "$GREP" ]; then say 'processes no-tool'; return 0; fi
  own=
  read -r own </proc/$$/comm
  set +f
  names=$("$GREP" -lxF -e "$own" $COMMS /proc/[0-9]*/comm)
  set -f
  case $nl$names$nl in *"$nl/proc/$$/comm$nl"*) ;; *) say 'processes failed'; return 0 ;; esac
  root_pids=
  other_pids=
  others=0
  cut=
  for file in $names; do
    pid=\${file#/proc/}
    pid=\${pid%/comm}
    comm=
    read -r comm <"$file" || continue
    case $nl$COMM_NAMES$nl in *"$nl$comm$nl"*) ;; *) continue ;; esac
    if [ "$uid" = 0 ] && [ -O "/proc/$pid" ]; then
      root_pids=$root_pids$pid$nl
    elif [ "$others" -lt 64 ]; then
      others=$((others + 1))
      other_pids=$other_pids$pid$nl
    else
      cut=1
    fi
  done
  pids=$root_pids$other_pids
  say "processes ok"
  printf '%s' "$pids"
  [ -z "$cut" ] || say 'processes cut'
  files=
  nested=$nl
  for pid in $pids; do
    contained=unknown
    if [ -e "/proc/$pid/ns/mnt" ]; then
      if [ "/proc/$pid/ns/mnt" -ef "$host_mounts" ]; then contained=no; else contained=yes; fi
    fi
    owner=other
    [ ! -O "/proc/$pid" ] || owner=own
    init_of "$pid"
    case $nl$SYSTEM_INITS$nl in *"$nl$init$nl"*) nested="$nested$pid$nl" ;; esac
    say "process $pid $owner $contained $init"
    files="$files/proc/$pid/stat$nl/proc/$pid/status$nl/proc/$pid/cgroup$nl/proc/$pid/cmdline$nl"
  done
  [ -n "$pids" ] || return 0
  say "pour process$nl$files"
  say 'poured'
  (pour 131073 "$files")
  say 'end'
  follow_processes
}

# Sets init: the name of the first process in the PID namespace of $1, or - where that namespace is ours. It tells
# a whole node inside a container (kind, nspawn, lxc) from a container of this node. A namespace that may not be seen
# is not ours for that; a kernel that has none has one for all.
init_of() {
  init=-
  [ -e "$host_pids" ] || return 0
  init=unknown
  [ -e "/proc/$1/ns/pid" ] || return 0
  if [ "/proc/$1/ns/pid" -ef "$host_pids" ]; then init=-; return 0; fi
  first=/proc/$1/root/proc/1
  # What lies there is the container's to choose: only a real /proc of that very namespace counts.
  [ "$first/ns/pid" -ef "/proc/$1/ns/pid" ] && [ -f "$first/comm" ] || return 0
  read -r init <"$first/comm"
  case $init in '' | *[!A-Za-z0-9._-]*) init=unknown ;; esac
}

# All lines of /proc/PID/cgroup, one per hierarchy.
cgroup_of() {
  cgroup=
  while read -r line; do cgroup="$cgroup$line "; done <"/proc/$1/cgroup"
}

# Arguments that name paths, and the variables asked for (no others leave this function).
follow_processes() {
  files=
  order=
  for pid in $pids; do
    # What the processes of a node inside a container point at is not here.
    case $nested in *"$nl$pid$nl"*) continue ;; esac
    followed=1
    # A login user's own process is seen, but what it points at is not read in the name of root.
    if [ ! -O "/proc/$pid" ]; then
      cgroup_of "$pid"
      case $cgroup in *:/user.slice/*) followed= ;; esac
    fi
    if [ -n "$followed" ]; then
      files=$files/proc/$pid/cmdline$nl
      order="\${order}arguments $pid$nl"
    fi
    if [ -n "$ENV_SED" ]; then
      if [ -r "/proc/$pid/environ" ]; then
        files=$files/proc/$pid/environ$nl
        order="\${order}environment $pid$nl"
      else
        say "environment-denied $pid"
      fi
    fi
  done
  [ -n "$files" ] || return 0
  lines=$(pour 131073 "$files" | "$TR" '\n\000' '\001\n' |
    "$SED" -n -e '/K=.khard:[0-9a-f]* ~.$/{p;d;}' -e '/^--*[A-Za-z]/p' -e '/^\//p' $ENV_SED)
  part=
  flag=
  variables=
  set -- first $order
  for line in $lines; do
    case $line in
      *K=?"$mark ~"?)
        part=\${1:-}
        [ $# -eq 0 ] || shift
        pid=\${part#* }
        flag=
        case $part in
          'environment '*) say "environment $pid" ;;
        esac
        continue ;;
    esac
    case $part in
      'environment '*)
        case $line in
          -* | /* | _=*) ;;
          *) printf '%s\n' "$line"; variables="$variables$pid $line$nl" ;;
        esac ;;
      'arguments '*)
        case $line in
          -*=*) flag=\${line%%=*}; refer_flag "$flag" "\${line#*=}"; flag= ;;
          -*) flag=$line ;;
          /*)
            if [ -n "$flag" ]; then refer_flag "$flag" "$line"; else programs="$programs$pid $line$nl"; fi
            flag= ;;
        esac ;;
    esac
  done
  say 'environments-end'
  for line in $variables; do
    pid=\${line%% *}
    line=\${line#* }
    refer "env:\${line%%=*}" "\${line#*=}"
  done
  pid=
}
`
