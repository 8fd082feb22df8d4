import { sh } from './sh.ts'

/** Node-side functions that run what is on the node: systemctl, programs for their version, fixed commands. */
export const programs = sh`
# Everything that is run here for its answer, in one go and with one time limit. Before and after each answer
# stands a line that names it or says how it ended; the last one's end is the end of all.
ask_programs() {
  runs=
  filter=
  choose_versions
  choose_units
  choose_commands
  choose_log
  [ -n "$runs" ] || return 0
  tool sh || { say 'programs no-tool'; return 0; }
  set -- "$found" -c 'IFS=$1; mark=$2; filter=$3; shift 3; set -f
    run() {
      printf "\n%s %s\n" "$mark" "$1"
      case $1 in "log "*) { $2; printf "\nkhard:log %s\n" $?; } | $filter ;; *) $3 $2 ;; esac
    }
    while [ $# -gt 2 ]; do
      run "$1" "$2" ""; printf "\n%s status %s\n" "$mark" $?; shift 2
    done
    run "$1" "$2" exec' sh "$tab" khard:program "$filter" $runs
  [ -z "$TIMEOUT" ] || set -- "$TIMEOUT" 10 "$@"
  answers=$("$@" </dev/null)
  say "programs $?$nl$answers"
  say 'end'
  case $runs in *"\${nl}units$nl"* | "units$nl"*) follow_units ;; esac
  [ -z "$filter" ] || follow_log
}

# Versions: only when we are root, and only programs that already run here as root, outside pods and containers.
choose_versions() {
  [ "$uid" = 0 ] || return 0
  names=$nl
  for pid in $pids; do
    [ -O "/proc/$pid" ] && [ -O "/proc/$pid/exe" ] && [ "/proc/$pid/ns/mnt" -ef "$host_mounts" ] || continue
    comm=
    read -r comm <"/proc/$pid/comm"
    case $names in *"$nl$comm$nl"*) continue ;; esac
    version_argument "$comm"
    [ -n "$argument" ] || continue
    cgroup_of "$pid"
    case $cgroup in *kubepods*) continue ;; esac
    names=$names$comm$nl
    # A program with several names answers by the one it is called by, so that one is used where it is the same file.
    program=/proc/$pid/exe
    for line in $programs; do
      case $line in
        *[[:cntrl:]]*) ;;
        "$pid "*) if [ "\${line#* }" -ef "$program" ]; then program=\${line#* }; fi ;;
      esac
    done
    case $program in
      /proc/*)
        for dir in /var/lib/rancher/k3s/data/current/bin /var/lib/rancher/rke2/bin; do
          for line in "$dir/\${comm%%-*}" "$dir/$comm"; do
            if [ "$line" -ef "$program" ]; then program=$line; break 2; fi
          done
        done ;;
    esac
    runs="\${runs}version $pid$nl$program$tab$argument$nl"
  done
}

choose_units() {
  [ -n "$UNITS" ] || return 0
  if [ ! -d "$SYSTEMD" ]; then say 'units no-systemd'; return 0; fi
  if [ -z "$SYSTEMCTL" ]; then say 'units no-tool'; return 0; fi
  known_units
  [ -n "$known" ] || return 0
  line=$SYSTEMCTL\${tab}show$tab--no-pager
  for word in $UNIT_PROPERTIES $known; do line=$line$tab$word; done
  runs="\${runs}units$nl$line$nl"
}

# Sets known to the units to ask for. A unit with no file where systemd looks for units and no control group is not
# there; a systemd that was told to look elsewhere, or may have been, is asked for all of them.
known_units() {
  known=$UNITS
  line=SYSTEMD_UNIT_PATH=
  { line=; read -r line; } </proc/1/environ
  case $line in *SYSTEMD_UNIT_PATH=*) return 0 ;; esac
  places=
  for dir in $UNIT_PLACES; do [ ! -d "$dir" ] || places=$places$dir$nl; done
  known=
  unknown=
  for unit in $UNITS; do
    for dir in $places; do
      if [ -e "$dir/$unit" ] || [ -h "$dir/$unit" ]; then known=$known$unit$nl; continue 2; fi
    done
    unknown=$unknown$unit$nl
  done
  say 'units unknown'
  printf '%s' "$unknown"
}

# choose_command NUMBER TOOL ARGUMENTS
choose_command() {
  number=$1
  if ! tool "$2"; then say "command no-tool $number"; return 0; fi
  shift 2
  line=$found
  for word; do line=$line$tab$word; done
  runs="\${runs}command $number$nl$line$nl"
}

# Files of the units that were found.
follow_units() {
  units=\${answers#*"khard:program units$nl"}
  for line in \${units%%"$nl"khard:program *}; do
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
`
