import { sh } from './sh.ts'

/** Node-side functions that look at one path: there, absent, or may not be seen. */
export const paths = sh`
# Sets real (where the path is) and st: there, absent or denied. What lies behind a directory that may not
# be searched is denied, never absent.
locate() {
  real=$1
  [ -z "$ROOT" ] || resolve "$1"
  if [ -e "$real" ]; then st=there; return 0; fi
  st=absent
  [ "$uid" != 0 ] || return 0
  up=$real
  while :; do
    if [ -h "$up" ]; then st=denied; return 0; fi
    up=\${up%/*}
    if [ -d "\${up:-/}" ]; then
      [ -x "\${up:-/}" ] || st=denied
      return 0
    fi
    [ -n "$up" ] || return 0
  done
}

# An image: follows links one component at a time, so that none leads out of it.
resolve() {
  rest=$1
  at=
  hops=0
  while [ -n "$rest" ]; do
    rest=\${rest#/}
    part=\${rest%%/*}
    case $rest in */*) rest=/\${rest#*/} ;; *) rest= ;; esac
    case $part in '' | .) continue ;; ..) at=\${at%/*}; continue ;; esac
    if [ -h "$ROOT$at/$part" ]; then
      hops=$((hops + 1))
      goal=$("$READLINK" "$ROOT$at/$part") || goal=
      if [ -z "$goal" ] || [ "$hops" -gt 40 ]; then real=$ROOT/dev/null/loop; return 0; fi
      case $goal in /*) at= ;; esac
      rest=/$goal$rest
    else
      at=$at/$part
    fi
  done
  # The null device of an image is the one of any machine: a link to it masks a unit, there or not.
  if [ "$at" = /dev/null ]; then real=$at; else real=$ROOT$at; fi
}

# What is never opened, whoever names it. The kubeconfig of root's kubectl is one as any other.
is_private() {
  case \${1#"$ROOT"} in
    /root/.kube/config) return 1 ;;
    */etc/shadow* | */etc/gshadow* | */etc/sudoers* | */etc/ssh/* | /root/* | /home/* | */.ssh/*) return 0 ;;
  esac
  return 1
}

# Queues a file for stat; in an image also says where it was found.
mark_there() {
  case $stats in *"$nl$real$nl"*) return 0 ;; esac
  stats=$stats$real$nl
}

read_later() {
  [ -f "$real" ] || return 0
  if is_private "$real"; then return 0; fi
  if [ ! -r "$real" ]; then say "unreadable $real"; return 0; fi
  case $texts in *"$nl$real$nl"*) return 0 ;; esac
  texts=$texts$real$nl
  [ "$1" = plain ] || todo=$todo$real$tab$2$nl
}

# ask CLASS PATH: answers for one path, and queues what its class allows.
ask() {
  case $2 in /*) ;; *) return 0 ;; esac
  case $2 in *[[:cntrl:]]*) return 0 ;; esac
  case $asked in *"$nl$1 $2$nl"*) return 0 ;; esac
  probe "$1" "$2"
}

# The same without looking whether it was asked before: the questions of the plan are all different.
probe() {
  count=$((count + 1))
  if [ "$count" -gt 2000 ]; then say 'limit paths'; return 0; fi
  locate "$2"
  say "path $st $1 $2"
  [ "$real" = "$2" ] || say "real $2$nl$real"
  [ "$st" = there ] || return 0
  asked="$asked$1 $2$nl"
  if [ -z "$ROOT" ] && [ -h "$2" ]; then links=$links$2$nl; fi
  mark_there
  case $1 in
    configuration) read_later follow "$2" ;;
    kubeconfig)
      is_private "$real" || kubeconfigs=$kubeconfigs$real$nl
      read_later follow "$2" ;;
    unit | environment | text) read_later plain "$2" ;;
    directory) list "$2" ;;
    data-directory)
      list "$2"
      for entry in $found; do
        ask file "$2/\${entry##*/}"
        # What etcd makes, however deep; in what else lies there nobody looks.
        case \${entry##*/} in
          member | snap | wal) if [ -d "$entry" ] && ! [ -h "$entry" ]; then ask data-directory "$2/\${entry##*/}"; fi ;;
        esac
      done ;;
    drop-in-directory | manifest-directory)
      # staticPodPath may be one manifest (pkg/kubelet/config/file.go listConfig).
      if [ "$1" = manifest-directory ] && [ -f "$real" ]; then ask configuration "$2"; fi
      list "$2"
      for entry in $found; do
        if [ -f "$entry" ]; then
          ask configuration "$2/\${entry##*/}"
        elif [ "$1" = drop-in-directory ] && [ -d "$entry" ] && ! [ -h "$entry" ]; then
          # The kubelet walks down (server.go mergeKubeletConfigurations), and not into links.
          ask drop-in-directory "$2/\${entry##*/}"
        fi
      done ;;
    certificate | public-key | private-key)
      [ ! -f "$real" ] || pems=$pems$real$nl
      [ "$1" != certificate ] || certificates=$certificates$real$nl
      [ "$1" != public-key ] || publics=$publics$real$nl
      [ "$1" != private-key ] || keys=$keys$real$nl
      tree_around "$2" ;;
  esac
}

# Sets found to the names in the directory $real, full real paths; says them as entries of $1.
list() {
  found=
  folder=$real
  if [ ! -d "$folder" ]; then return 0; fi
  if [ ! -r "$folder" ] || [ ! -x "$folder" ]; then say "dir-denied $1"; return 0; fi
  set +f
  set -- "$1" "$folder"/* "$folder"/.[!.]* "$folder"/..?*
  set -f
  shown=$1
  shift
  if [ $# -gt 4000 ]; then say "dir-large $shown"; return 0; fi
  for entry; do
    case $entry in
      *[[:cntrl:]]*) say "dir-odd $shown" ;;
      *) if [ -e "$entry" ] || [ -h "$entry" ]; then found=$found$entry$nl; fi ;;
    esac
  done
  case $listed in
    *"$nl$shown$nl"*) ;;
    *)
      listed=$listed$shown$nl
      say "dir $shown"
      for entry in $found; do printf '%s\n' "\${entry##*/}"; done ;;
  esac
}

# A pattern: the names in its fixed directory, and every match as CLASS. $2 directory, $3 pattern below it.
ask_pattern() {
  locate "$2"
  case $3 in
    */*) ;;
    *)
      say "path $st directory $2"
      [ "$st" != there ] || { mark_there; list "$2"; } ;;
  esac
  [ "$st" = there ] || return 0
  case $3 in
    */*) : ;;
    *) [ -x "$real" ] || return 0 ;;
  esac
  base=$real
  set +f
  set -- "$1" "$2" "$base" "$base"/$3
  set -f
  class=$1
  shown_base=\${2%/}
  base=$3
  shift 3
  for match; do
    case $match in *[[:cntrl:]]*) continue ;; esac
    if [ -e "$match" ] || [ -h "$match" ]; then ask "$class" "$shown_base\${match#"$base"}"; fi
  done
}

# Where links lead in the end: all in one call, and one by one if the answer does not fit the question (an old
# readlink takes one name; a name may hold a newline).
resolve_links() {
  [ -n "$links" ] && [ -n "$READLINK" ] || return 0
  goals=$("$READLINK" -f $links)
  set -- $goals
  answers=$#
  set -- $links
  for link; do
    if [ "$answers" = $# ]; then
      say "link $link$nl\${goals%%"$nl"*}"
      goals=\${goals#*"$nl"}
    else
      say "link $link$nl$("$READLINK" -f "$link")"
    fi
  done
}

# Directories around certificates and keys in use, but not the ones all programs share.
tree_around() {
  case \${1%/*} in
    '' | /etc | /usr | /usr/* | /var | /var/lib | /var/run | /run | /tmp | /root | /home | /opt) ;;
    /etc/ssl | /etc/ssl/* | /etc/pki | /etc/pki/* | /etc/ca-certificates* | /proc/* | /sys/* | /dev/*) ;;
    *) trees="\${trees}2 \${1%/*}$nl" ;;
  esac
}

# walk DEPTH PATH: names and stat of everything, level by level; links are not walked into.
walk() {
  case $walked in *"$nl$2$nl"*) return 0 ;; esac
  walked=$walked$2$nl
  locate "$2"
  say "path $st tree $2"
  [ "$real" = "$2" ] || say "real $2$nl$real"
  [ "$st" = there ] || return 0
  mark_there
  [ -d "$real" ] || return 0
  say "tree $1 $2"
  level=$2$nl
  left=$1
  while [ -n "$level" ] && [ "$left" -gt 0 ]; do
    left=$((left - 1))
    next=
    for within in $level; do
      locate "$within"
      list "$within"
      for entry in $found; do
        count=$((count + 1))
        if [ "$count" -gt 4000 ]; then say 'limit paths'; return 0; fi
        name=$within/\${entry##*/}
        if [ -h "$entry" ]; then
          locate "$name"
          say "path $st entry $name"
          [ "$st" = there ] || continue
          [ "$real" = "$name" ] || say "real $name$nl$real"
          [ -n "$ROOT" ] || links=$links$name$nl
        else
          real=$entry
          [ -z "$ROOT" ] || say "real $name$nl$real"
          [ ! -d "$entry" ] || next=$next$name$nl
        fi
        mark_there
        [ ! -f "$real" ] || pems=$pems$real$nl
      done
    done
    level=$next
  done
}

# Kernel files: read as they are. An image has no kernel.
ask_kernel() {
  set +f
  set -- "$1" $1
  set -f
  pattern=$1
  shift
  any=
  for match; do
    [ -e "$match" ] || continue
    any=1
    if [ ! -f "$match" ]; then continue; fi
    if [ -r "$match" ]; then say "kernel there $match"; kernels=$kernels$match$nl; else say "kernel denied $match"; fi
  done
  [ -z "$any" ] || return 0
  locate "$pattern"
  say "kernel $st $pattern"
}
`
