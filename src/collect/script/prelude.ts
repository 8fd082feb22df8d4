import { sh } from './sh.ts'

/**
 * Opening of the node script. Everything is a function until the last line, so a script that was cut on its
 * way to the node runs nothing at all.
 */
export const prelude = sh`
# khard node script, protocol 1: looks at this machine and changes nothing.
# - It opens files for reading, runs the tools looked up by find_tools, and writes to standard output only:
#   no temporary files, nothing installed, nothing left behind.
# - Everything it prints passes one filter (redact) that replaces secrets. Private keys are never printed:
#   openssl derives their public half here, on the node.
# - $mark is a word made up for this run. It heads every line that is ours, so that what a file or a
#   process says can never be taken for what this script says.
say() { printf '\n%s %s\n' "$mark" "$1"; }

# Prints the path of a tool, from fixed directories only.
tool() {
  for dir in $TOOL_DIRS; do
    if [ -f "$dir/$1" ] && [ -x "$dir/$1" ]; then found=$dir/$1; return 0; fi
  done
  found=
  return 1
}

find_tools() {
  missing=
  tool head && HEAD=$found || missing=head
  tool sed && SED=$found || missing=sed
  tool tr && TR=$found || missing=tr
  tool grep && GREP=$found || GREP=
  tool stat && STAT=$found || STAT=
  tool readlink && READLINK=$found || READLINK=
  # In an image a link that cannot be followed must not look like a file that is not there.
  [ -z "$ROOT" ] || [ -n "$READLINK" ] || missing=readlink
  tool timeout && TIMEOUT=$found || TIMEOUT=
  tool systemctl && SYSTEMCTL=$found || SYSTEMCTL=
  tool openssl && OPENSSL=$found || OPENSSL=
  tool base64 && BASE64=$found || BASE64=
}

# Tools run with an empty environment: no loader or library settings, no locale, nothing to leak.
empty_environment() {
  for line in $exported; do
    case $line in
      'export '*) name=\${line#export } ;;
      'declare -x '*) name=\${line#declare -x } ;;
      *) continue ;;
    esac
    name=\${name%%=*}
    case $name in
      '' | *[!A-Za-z0-9_]* | [0-9]* | IFS | SHELLOPTS | BASHOPTS | BASH_VERSINFO | BASH_VERSION | UID | EUID | PPID) ;;
      *) unset "$name" ;;
    esac
  done
}

# Prints many files in one process, which it becomes: only for a subshell or a pipe. Between them it prints its
# own environment, which holds the mark: /proc/self/environ of this process can be read by this account and
# root only, and unlike an argument it never shows in the process table. $1: bytes per file at most, $2: files.
pour() {
  files=/proc/self/environ$nl
  for file in $2; do files="$files/proc/self/environ$nl$file$nl"; done
  K="$nl$mark ~$nl"
  export K
  exec "$HEAD" -q -c "$1" $files /proc/self/environ
}
`

/** Closing: sets up, then runs everything behind the filter. */
export const closing = sh`
khard() {
  set -u -f
  nl='
'
  tab='	'
  IFS=$nl
  umask 077
  cd /
  exported=$(export -p; date +%s)
  clock=\${exported##*"$nl"}
  case $clock in *[!0-9]*) clock= ;; esac
  PATH=/usr/sbin:/usr/bin:/sbin:/bin
  empty_environment
  PATH=/usr/sbin:/usr/bin:/sbin:/bin
  IFS=$nl
  mark=khard:$NONCE
  uid=
  while IFS=' 	' read -r key _ effective _; do
    if [ "$key" = Uid: ]; then uid=$effective; break; fi
  done </proc/self/status
  host=
  read -r host </proc/sys/kernel/hostname
  up=
  read -r up </proc/uptime && up=\${up%% *}
  say "start 1 uid=$uid clock=$clock uptime=$up"
  find_tools
  if [ -n "$missing" ]; then say "no-tool $missing"; say 'end'; return 0; fi
  # NUL would end a shell string and trip text tools: it travels as the byte 1.
  look | "$TR" '\000' '\001' | "$SED" "$REDACT"
}
khard </dev/null 2>/dev/null
`
