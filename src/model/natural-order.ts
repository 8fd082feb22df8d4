/** Order of control and section ids as documents number them: `1.2.9` before `1.2.10`, numbers before words. */
export function naturalOrder(first: string, second: string): number {
  const others = partsOf(second)
  for (const [index, part] of partsOf(first).entries()) {
    const other = others[index]
    if (other === undefined) return 1
    const difference = compareParts(part, other)
    if (difference !== 0) return difference
  }
  return partsOf(first).length - others.length
}

function partsOf(id: string): readonly string[] {
  return [...id.matchAll(/[0-9]+|[^0-9._-]+/g)].map(([part]) => part)
}

function compareParts(first: string, second: string): number {
  const difference = Number(first) - Number(second)
  if (!Number.isNaN(difference)) return difference
  const numbers = [first, second].map((part) => !Number.isNaN(Number(part)))
  if (numbers[0] !== numbers[1]) return numbers[0] === true ? -1 : 1
  if (first === second) return 0
  return first < second ? -1 : 1
}
