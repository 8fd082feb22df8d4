type Row = readonly number[]

/** Beyond the edge of the table nothing is near. */
function cell(row: Row, column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}

/** Edits (insert, drop, change, swap of neighbours) that turn one word into the other. */
function distance(from: string, to: string): number {
  let older: Row = []
  let previous: Row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const steps = [
        cell(previous, column) + 1,
        cell(current, column - 1) + 1,
        cell(previous, column - 1) + (same ? 0 : 1),
        cell(older, column - 2) + (swapped ? 1 : Number.POSITIVE_INFINITY),
      ]
      current.push(Math.min(...steps))
    }
    older = previous
    previous = current
  }
  return cell(previous, to.length)
}

/** The known names a person most likely meant, best first; none when nothing is near. */
export function nearest(word: string, known: Iterable<string>, most = 1): readonly string[] {
  // Longer input than any name of ours is not a slip of the finger, and would cost quadratic time.
  const typed = word.slice(0, 100).toLowerCase()
  const allowed = Math.max(2, Math.floor(typed.length / 3))
  const near: { readonly name: string; readonly away: number }[] = []
  for (const name of [...new Set(known)].toSorted()) {
    const away = distance(typed, name.toLowerCase())
    if (away <= allowed) near.push({ name, away })
  }
  near.sort((a, b) => a.away - b.away)
  return near.slice(0, most).map((one) => one.name)
}

/** `Did you mean "x"?`, or the list of what there is, or what to do when there is nothing. */
export function suggest(word: string, known: Iterable<string>): string {
  const names = [...new Set(known)]
  const [best] = nearest(word, names)
  if (best !== undefined) return `Did you mean "${best}"?`
  if (names.length === 0) return 'There is none to choose from.'
  const listed = names.toSorted().slice(0, 12)
  return `Known: ${listed.join(', ')}${names.length > listed.length ? ', …' : ''}.`
}
