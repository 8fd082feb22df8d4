/** True when `name` matches a pattern with `*` and `?`, letter case aside. Linear: no regular expression to blow up. */
export function matchesWildcard(pattern: string, name: string): boolean {
  const p = pattern.toLowerCase()
  const n = name.toLowerCase()
  let at = 0
  let star = -1
  let resume = 0
  for (let i = 0; i < n.length; ) {
    if (p[at] === '*') {
      star = at++
      resume = i
    } else if (at < p.length && (p[at] === '?' || p[at] === n[i])) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++resume
    } else return false
  }
  while (p[at] === '*') at++
  return at === p.length
}

/** True when one pattern matches and no `!pattern` does: the rule of ssh_config and known_hosts alike. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let isMatch = false
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesWildcard(pattern.slice(1), name)) return false
    } else if (matchesWildcard(pattern, name)) isMatch = true
  }
  return isMatch
}
