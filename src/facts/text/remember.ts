/**
 * Remembers what a pure function made of a text. The same manifests and authorities stand on many nodes and in many
 * facts, and parsing them is most of the work. Bounded by the length of the texts kept, oldest forgotten first.
 */
export function remember<T>(make: (text: string) => T, mostCharacters = 8_000_000): (text: string) => T {
  const known = new Map<string, T>()
  let kept = 0
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = make(text)
    known.set(text, made)
    kept += text.length
    for (const oldest of known.keys()) {
      if (kept <= mostCharacters) break
      known.delete(oldest)
      kept -= oldest.length
    }
    return made
  }
}
