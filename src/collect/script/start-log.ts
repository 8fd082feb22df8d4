import { sh } from './sh.ts'

/** How a line of k3s's own log begins, after what the journal puts before it (logrus text format). */
const lineStart = String.raw`^\(\[[ 0-9.]*\] [^ ]* [^ ]*: \)\{0,1\}time="[^"]*" level=info msg="`

const startLines = [`/${lineStart}Starting k3s /p`, `/${lineStart}Running kube/p`]

/**
 * sed programs that pick the lines a start is made of, and the line that says how the reader ended. The last one k3s
 * writes is kube-proxy's; a journal without it is read so far and no further.
 */
export const journalFilter: readonly string[] = [
  '/^khard:log [0-9]/p',
  `/${lineStart}Running kube-proxy /{p;q;}`,
  ...startLines,
  '20000{s/.*/khard:log cut/p;q;}',
]
export const fileFilter: readonly string[] = ['/^khard:log [0-9]/p', ...startLines]

/** Node-side functions for programs that run others inside themselves and only say so in their log (k3s). */
export const startLog = sh`
# Sets value: what a top-level key has in configuration files, the last one winning. $1: key, then files.
plain_value() {
  value=
  key=$1
  shift
  for file; do
    [ -f "$file" ] && [ -r "$file" ] || continue
    while read -r line || [ -n "$line" ]; do
      case $line in "$key:"*) value=\${line#*:} ;; esac
    done <"$file"
  done
  value=\${value%%" #"*}
  while :; do
    case $value in
      [\ \'\"]*) value=\${value#?} ;;
      *[[:cntrl:]\ \'\"]) value=\${value%?} ;;
      *) return 0 ;;
    esac
  done
}

# The same in the configuration of k3s or rke2. $1: key, $2: which of them.
rancher_value() {
  locate "/etc/rancher/$2/config.yaml.d"
  set +f
  set -- "$1" "$2" "$real"/*
  set -f
  key=$1
  locate "/etc/rancher/$2/config.yaml"
  shift 2
  plain_value "$key" "$real" "$@"
}

# Sets value to the file that is standard error of such a program, or the one its installer would use (openrc).
find_log() {
  value=/var/log/k3s.log
  set +f
  set -- /var/log/k3s*.log
  set -f
  for file; do
    for word in $wanted; do
      if [ "/proc/\${word#_PID=}/fd/2" -ef "$file" ]; then value=$file; return 0; fi
    done
  done
}

# Where such a program writes: a file of its own, or what starts it keeps a journal. Lines of the journal are asked
# for by process, in this boot. Last of all that is run: should it take too long, the others have answered.
choose_log() {
  wanted=
  own_logs=
  log_file=
  for pid in $pids; do
    case $nested in *"$nl$pid$nl"*) continue ;; esac
    comm=
    read -r comm <"/proc/$pid/comm"
    case $nl$LOG_NAMES$nl in *"$nl$comm$nl"*) ;; *) continue ;; esac
    wanted="\${wanted}_PID=$pid$nl"
    [ ! -O "/proc/$pid" ] || own_logs="$own_logs[$pid]"
  done
  pid=
  [ -n "$wanted" ] || return 0
  rancher_value log k3s
  case $value in
    /*) ;;
    *) value=; [ -d "$SYSTEMD" ] || find_log ;;
  esac
  if [ -n "$value" ]; then
    if [ ! -f "$value" ]; then say 'log absent'; return 0; fi
    if [ ! -r "$value" ]; then say 'log denied'; return 0; fi
    log_file=$value
    tool tail || { say 'log no-tool'; return 0; }
    filter=$SED$tab-n
    for word in $FILE_FILTER; do filter=$filter$tab$word; done
    runs="\${runs}log file $value$nl$found\${tab}-c\${tab}4194304$tab$value$nl"
  else
    tool journalctl || { say 'log no-tool'; return 0; }
    filter=$SED$tab-n
    for word in $JOURNAL_FILTER; do filter=$filter$tab$word; done
    line=$found\${tab}-b\${tab}-q$tab--no-pager\${tab}-o\${tab}short-monotonic
    for word in $wanted; do line=$line$tab$word; done
    runs="\${runs}log journal$nl$line$nl"
  fi
}

# Paths among the arguments it said. What a login user's process said is not followed in the name of root.
follow_log() {
  logged=\${answers#*"khard:program log "}
  for line in \${logged%%"$nl"khard:program *}; do
    case $line in *'" level=info msg="Running kube'*) line=\${line%\"} ;; *) continue ;; esac
    case $line in
      time=*) [ -O "$log_file" ] || continue ;;
      *)
        word=\${line#\[*\] }
        word=\${word#*\[}
        case $own_logs in *"[\${word%%\]*}]"*) ;; *) continue ;; esac ;;
    esac
    IFS=' '
    set -- \${line#*msg=\"Running }
    IFS=$nl
    for word; do
      case $word in --*=*) refer_flag "\${word%%=*}" "\${word#*=}" ;; esac
    done
  done
}

# K3s and RKE2 keep everything below one directory, which their configuration may name. $1: which of them,
# $2: the directory unless it does, $3: what asks for everything below another.
look_below() {
  rancher_value data-dir "$1"
  value=\${value%/}
  case $value in "$2" | *[[:cntrl:]]*) return 0 ;; /*) "$3" "$value" ;; esac
}
`
