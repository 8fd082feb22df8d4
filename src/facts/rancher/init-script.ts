import type { Argument } from '../settings/command-line.ts'
import { splitWords } from '../systemd/words.ts'

/**
 * Words of `command_args="…"` in a service script of openrc, as the installers of K3s and RKE2 write it: one
 * argument a line in single quotes, redirections last. Undefined: the script has no such line.
 */
export function initScriptArguments(text: string, path: string): readonly Required<Argument>[] | undefined {
  const match = /^command_args="((?:[^"\\]|\\[\s\S])*)"/m.exec(text)
  if (match === null) return undefined
  const [, given = ''] = match
  const line = text.slice(0, match.index).split('\n').length
  const words = splitWords(given.replace(/\\\r?\n/g, ' ').replace(/\\(["\\$`])/g, '$1'))
  const end = words.findIndex((word) => /^\d?>/.test(word))
  const at = { kind: 'file', at: path, line } as const
  return (end < 0 ? words : words.slice(0, end)).map((word) => ({ text: word, at }))
}
