const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  s: ' ',
}

function readEscape(text: string, at: number): { readonly text: string; readonly length: number } {
  const next = text[at + 1]
  if (next === undefined) return { text: '\\', length: 1 }
  const hex = /^x([0-9A-Fa-f]{2})/.exec(text.slice(at + 1))
  if (hex?.[1] !== undefined) return { text: String.fromCharCode(Number.parseInt(hex[1], 16)), length: 4 }
  const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1))
  if (octal !== null) return { text: String.fromCharCode(Number.parseInt(octal[0], 8)), length: 4 }
  const simple = Object.hasOwn(escapes, next) ? escapes[next] : undefined
  return { text: simple ?? `\\${next}`, length: 2 }
}

/**
 * Splits the way systemd does (extract-word.c with unquoting and C escapes): blanks separate,
 * quotes may wrap a word or a part of it, an unclosed quote ends at the end of the line.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word = ''
  let isOpen = false
  let quote: string | undefined
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at)
    if (character === '\\') {
      const escaped = readEscape(text, at)
      word += escaped.text
      isOpen = true
      at += escaped.length
      continue
    }
    at += 1
    if (quote !== undefined) {
      if (character === quote) quote = undefined
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      isOpen = true
    } else if (/\s/.test(character)) {
      if (isOpen) words.push(word)
      word = ''
      isOpen = false
    } else {
      word += character
      isOpen = true
    }
  }
  if (isOpen) words.push(word)
  return words
}
