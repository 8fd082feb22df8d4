const mostNames = 10_000
// In Ansible's order: `[x:B]` is x, y, z, A, B.
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Expands Ansible host ranges: `node[01:03].example`, `rack-[a:c]`, `[1:9:2]`. Null when a range makes no sense. */
export function expandRanges(pattern: string): readonly string[] | null {
  const match = /^([^[]*)\[([^\]:]+):([^\]:]+)(?::(\d+))?\]([\s\S]*)$/.exec(pattern)
  if (match === null) return /[[\]]/.test(pattern) ? null : [pattern]
  const [, before = '', first = '', last = '', step = '1', after = ''] = match
  const values = rangeValues(first, last, Number(step))
  const tails = expandRanges(after)
  if (values === null || tails === null || values.length * tails.length > mostNames) return null
  return values.flatMap((value) => tails.map((tail) => `${before}${value}${tail}`))
}

function rangeValues(first: string, last: string, step: number): readonly string[] | null {
  if (step < 1) return null
  if (/^\d{1,9}$/.test(first) && /^\d{1,9}$/.test(last)) {
    const width = first.startsWith('0') ? first.length : 0
    return count(Number(first), Number(last), step)?.map((n) => String(n).padStart(width, '0')) ?? null
  }
  if (!/^[a-zA-Z]$/.test(first) || !/^[a-zA-Z]$/.test(last)) return null
  return count(letters.indexOf(first), letters.indexOf(last), step)?.map((n) => letters.charAt(n)) ?? null
}

function count(from: number, to: number, step: number): readonly number[] | null {
  const length = Math.floor((to - from) / step) + 1
  return to < from || length > mostNames ? null : Array.from({ length }, (_, i) => from + i * step)
}
