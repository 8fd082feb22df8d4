/** A group has at least one member. */
export type Group<T> = readonly [T, ...(readonly T[])]

/** Groups items by a key, keeping the order in which keys and items first appear. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** One text for several values, so that no value can pass for two. */
export function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map((part) => part ?? null))
}
