const secondsPer: { readonly [unit: string]: number } = {
  y: 31557600,
  month: 2629800,
  w: 604800,
  d: 86400,
  h: 3600,
  min: 60,
  s: 1,
  ms: 0.001,
  us: 0.000001,
  μs: 0.000001,
}

/** (2^64)-1: how systemd before 248 prints "no limit". */
const unlimited = '18446744073709551615'

/** A limit as `systemctl show` prints it; null when it is neither a number nor no limit. */
export function readLimit(text: string): number | 'infinity' | null {
  if (text === 'infinity' || text === unlimited) return 'infinity'
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null
}

/** `yes` and `no` as `systemctl show` prints them. */
export function readYesNo(text: string): boolean | null {
  if (text === 'yes') return true
  return text === 'no' ? false : null
}

/** A time span (`1min 30s`, microseconds without unit, `infinity`) as seconds: `90s`. */
export function readTimeSpan(text: string): string | null {
  if (text === 'infinity' || text === unlimited) return 'infinity'
  if (/^\d{1,15}$/.test(text)) return `${Number(text) / 1_000_000}s`
  let seconds = 0
  for (const word of text.split(' ')) {
    const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d+)?)([a-zμ]+)$/.exec(word) ?? []
    const factor = secondsPer[unit]
    if (amount === undefined || factor === undefined) return null
    seconds += Number(amount) * factor
  }
  return `${Number(seconds.toFixed(6))}s`
}

/** Words of a space-separated list. */
export function readWords(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
