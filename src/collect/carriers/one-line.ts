/** Foreign text made safe for one line of a terminal or report: control and bidirectional characters are escaped. */
export function oneLine(text: string, limit = 300): string {
  const flat = text
    .trim()
    .replace(/\s*\r?\n\s*/g, '; ')
    .replace(unsafe, escapeCharacter)
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat
}

/** The last `limit` bytes of foreign output as text; line breaks stay, other control characters are escaped. */
export function escapeLines(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(unsafeExceptBreaks, escapeCharacter)
}

// C0 and C1 controls, DEL, and the marks that reorder or hide text.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
const unsafeExceptBreaks =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
