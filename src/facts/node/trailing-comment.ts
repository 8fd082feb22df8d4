/**
 * The part of a value that looks like a trailing comment: `#` or `;` after a blank, outside quotes.
 * systemd and its environment files know no such thing; the text belongs to the value.
 */
export function trailingComment(value: string, marks = '#;'): string | null {
  let quote: string | undefined
  for (let at = 0; at < value.length; at += 1) {
    const character = value.charAt(at)
    if (character === '\\') at += 1
    else if (quote !== undefined) quote = character === quote ? undefined : quote
    else if (character === '"' || character === "'") quote = character
    else if (marks.includes(character) && /\s/.test(value.charAt(at - 1))) return value.slice(at)
  }
  return null
}
