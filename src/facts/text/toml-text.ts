import { parse, TomlError } from 'smol-toml'
import { type Parsed, parsed, type TextDocument, unparsable } from './document.ts'
import { tomlLines } from './toml-lines.ts'

/** One TOML text. Duplicate keys and tables are unparsable. */
export function readToml(text: string): Parsed<TextDocument> {
  try {
    const value = parse(text)
    const lines = tomlLines(text)
    return parsed({
      value,
      lineOf: (path) => {
        for (let length = path.length; length > 0; length -= 1) {
          const line = lines.get(JSON.stringify(path.slice(0, length).map(String)))
          if (line !== undefined) return line
        }
        return undefined
      },
    })
  } catch (error) {
    if (error instanceof TomlError)
      return unparsable(error.message.split('\n')[0] ?? 'invalid TOML', error.line)
    return unparsable(error instanceof Error ? error.message : 'invalid TOML')
  }
}
