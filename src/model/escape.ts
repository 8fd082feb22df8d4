// Control and format characters (escape sequences, bidirectional marks, zero-width and tag characters),
// line separators, lone surrogates, private use and non-characters: nothing a reader could see for what it is.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu

const named: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function visible(character: string): string {
  const point = Number(character.codePointAt(0))
  const hex = point.toString(16)
  return named[character] ?? (point <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`)
}

/**
 * Text from a node as one harmless printable line: whatever could steer a terminal, reorder or hide text is
 * written as `\n`, `\x1b` or `\u{202e}`. Escaping twice changes nothing. Longer than `max` characters, it ends in `…`.
 */
export function escapeText(
  text: string,
  { max = Number.POSITIVE_INFINITY }: { readonly max?: number } = {},
): string {
  const safe = text.replace(unseen, visible)
  if (safe.length <= max) return safe
  const characters = [...safe]
  return characters.length <= max ? safe : `${characters.slice(0, Math.max(0, max - 1)).join('')}…`
}
