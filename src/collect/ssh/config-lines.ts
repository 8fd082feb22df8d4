/** One `keyword arguments` line of an SSH configuration. */
export interface ConfigLine {
  /** Lower case. */
  readonly keyword: string
  readonly words: readonly string[]
  readonly at: string
}

/** The lines of one file: comments and blank lines dropped, quotes removed, `keyword=value` understood. */
export function parseConfigLines(text: string, path: string): readonly ConfigLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const [, keyword = '', rest = ''] = /^"?([^\s="]+)"?(?:\s*=\s*|\s+|$)([\s\S]*)$/.exec(line) ?? []
    return [{ keyword: keyword.toLowerCase(), words: splitWords(rest), at: `${path}:${index + 1}` }]
  })
}

/** Words as ssh splits them: quotes group, a backslash escapes a quote, a backslash or a blank, `#` starts a comment. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    const next = text.charAt(i + 1)
    if (
      character === '\\' &&
      (next === '"' || next === "'" || next === '\\' || (quote === '' && next === ' '))
    ) {
      word = (word ?? '') + next
      i++
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (character === quote) quote = ''
    else if (quote === '' && /\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else if (quote === '' && word === null && character === '#') break
    else word = (word ?? '') + character
  }
  return word === null ? words : [...words, word]
}
