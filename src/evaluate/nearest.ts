/** Neighbouring letters of a word, its ends marked. */
function pairs(word: string): readonly string[] {
  return [...`^${word}`].map((letter, index, letters) => `${letter}${letters[index + 1] ?? '$'}`)
}

/** 0 for words with nothing in common, 1 for the same letters in the same order. */
function likeness(first: readonly string[], second: readonly string[]): number {
  const other = new Set(second)
  return (2 * first.filter((pair) => other.has(pair)).length) / (first.length + second.length)
}

/** The known ids a person most likely meant, best first, at most three. */
export function nearestIds(word: string, known: Iterable<string>): readonly string[] {
  // What is longer than any id of ours is no slip of the finger.
  const typed = pairs(word.slice(0, 100))
  return [...new Set(known)]
    .toSorted()
    .map((id) => ({ id, like: likeness(typed, pairs(id)) }))
    .filter(({ like }) => like >= 0.5)
    .toSorted((first, second) => second.like - first.like)
    .slice(0, 3)
    .map(({ id }) => id)
}
