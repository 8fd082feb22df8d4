/** How systemd reads a value; what does not fit is ignored with a warning (src/core/load-fragment.c, 252). */
export type Grammar = (value: string) => boolean

function oneOf(...values: readonly string[]): Grammar {
  return (value) => values.includes(value)
}

const truth: Grammar = (value) => /^(1|0|yes|no|y|n|true|false|t|f|on|off)$/i.test(value)
const limit: Grammar = (value) => /^(infinity|\d+[KMGTPE]?)(:(infinity|\d+[KMGTPE]?))?$/.test(value)
const tasks: Grammar = (value) => /^(infinity|\d+|\d+(\.\d+)?%)$/.test(value)
const integer: Grammar = (value) => /^[+-]?\d+$/.test(value)
const span: Grammar = (value) => /^(infinity|(\d+(\.\d+)?\s*[a-zA-Zµμ]*\s*)+)$/.test(value)

const grammars: { readonly [key: string]: Grammar } = {
  CPUAccounting: truth,
  IOAccounting: truth,
  KillMode: oneOf('control-group', 'mixed', 'process', 'none'),
  LimitCORE: limit,
  LimitMEMLOCK: limit,
  LimitNOFILE: limit,
  LimitNPROC: limit,
  MemoryAccounting: truth,
  NoNewPrivileges: truth,
  NotifyAccess: oneOf('none', 'main', 'exec', 'all'),
  OOMPolicy: oneOf('continue', 'stop', 'kill'),
  OOMScoreAdjust: integer,
  PrivateDevices: truth,
  PrivateTmp: truth,
  RemainAfterExit: truth,
  Restart: oneOf('no', 'on-success', 'on-failure', 'on-abnormal', 'on-watchdog', 'on-abort', 'always'),
  RestartSec: span,
  SendSIGKILL: truth,
  StartLimitBurst: integer,
  StartLimitInterval: span,
  StartLimitIntervalSec: span,
  TasksAccounting: truth,
  TasksMax: tasks,
  TimeoutSec: span,
  TimeoutStartSec: span,
  TimeoutStopSec: span,
  Type: oneOf('simple', 'exec', 'forking', 'oneshot', 'dbus', 'notify', 'notify-reload', 'idle'),
  WatchdogSec: span,
}

/** The grammar of a typed option; undefined for options that take any text. */
export function grammarOf(key: string): Grammar | undefined {
  return Object.hasOwn(grammars, key) ? grammars[key] : undefined
}

/** True for a value that Delegate= reads as a truth value, not as names of controllers. */
export const isTruthValue = truth

const controllers = ['cpu', 'cpuacct', 'cpuset', 'io', 'blkio', 'memory', 'devices', 'pids']

/** True for the name of a cgroup controller. */
export function isController(word: string): boolean {
  return controllers.includes(word)
}
