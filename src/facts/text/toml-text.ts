import { parse, TomlError } from 'smol-toml'
import { isRecord, type Parsed, parsed, type TextDocument, unparsable } from './document.ts'
import { tomlLines } from './toml-lines.ts'

/** No configuration nests deeper; what does is built to exhaust who reads it. */
const deepest = 100

/** Levels of mappings, counted no further than one past the deepest allowed: dotted keys nest without brackets. */
function depthOf(value: unknown, level = 0): number {
  if (!isRecord(value) || level > deepest) return level
  return Object.values(value).reduce<number>(
    (most, below) => Math.max(most, depthOf(below, level + 1)),
    level,
  )
}

/** One TOML text. Duplicate keys and tables are unparsable. */
export function readToml(text: string): Parsed<TextDocument> {
  try {
    const value = parse(text, { maxDepth: deepest })
    if (depthOf(value) > deepest) return unparsable(`nested deeper than ${deepest} levels`)
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
    if (!(error instanceof TomlError)) throw error
    return unparsable(error.message.replace(/\n[\s\S]*/, ''), error.line)
  }
}
