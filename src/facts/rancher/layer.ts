import type { Provenance } from '../../model/evidence.ts'
import type { Argument } from '../settings/command-line.ts'
import { isRecord, type Parsed, parsed, unparsable } from '../text/document.ts'
import { filePlace } from '../text/placed.ts'
import { readYaml } from '../text/yaml-text.ts'

/** One key as one layer gives it: texts as the program gets them, each with its place. */
export interface Given {
  readonly texts: readonly { readonly text: string; readonly at: Provenance }[]
  /** True for a list in a file, or a flag that is given more than once. */
  readonly isList: boolean
}

export type Layer = ReadonlyMap<string, Given>

/** Short flags and the names they stand for (k3s pkg/cli/cmds). */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['c', 'config'],
  ['d', 'data-dir'],
  ['t', 'token'],
  ['s', 'server'],
  ['o', 'write-kubeconfig'],
  ['l', 'log'],
])

function nameOf(flag: string): string {
  return shortNames.get(flag) ?? flag
}

/** How a value of a file reads once it is a flag (wrangler convert.ToString): nothing is the empty text. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** One configuration file laid on those before it: the last value of a key wins, `key+` adds to it. */
export function layFile(below: Layer, text: string, path: string): Parsed<Layer> {
  const document = readYaml(text)
  if (document.kind === 'unparsable') return document
  const { value, lineOf } = document.value
  if (value === null || value === undefined) return parsed(below)
  if (!isRecord(value)) return unparsable('a mapping is expected here', lineOf([]))
  const layer = new Map(below)
  for (const [written, given] of Object.entries(value)) {
    const name = nameOf(written.replace(/\+$/, ''))
    const items: readonly unknown[] = Array.isArray(given) ? given : [given]
    const texts = items.map((item, index) => ({
      text: textOf(item),
      at: filePlace(path, lineOf(Array.isArray(given) ? [written, index] : [written])),
    }))
    const before = written.endsWith('+') ? layer.get(name) : undefined
    if (before === undefined) layer.set(name, { texts, isList: Array.isArray(given) })
    else
      layer.set(name, {
        texts: [...before.texts, ...texts.filter(({ text: one }) => one !== '')],
        isList: true,
      })
  }
  return parsed(layer)
}

/** Flags behind the verb. One with no value of its own takes the next word unless that is a flag. */
export function layArguments(words: readonly Required<Argument>[]): Layer {
  const layer = new Map<string, Given>()
  const left = [...words]
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, flag, value] = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(word.text) ?? []
    if (flag === undefined) continue
    const [next] = left
    const takesNext = value === undefined && next !== undefined && !next.text.startsWith('-')
    if (takesNext) left.shift()
    const before = layer.get(nameOf(flag))?.texts ?? []
    const texts = [...before, { text: value ?? (takesNext ? next.text : 'true'), at: word.at }]
    layer.set(nameOf(flag), { texts, isList: texts.length > 1 })
  }
  return layer
}

/** Variables whose name is not the flag's own in capitals (k3s pkg/cli/cmds, rke2 pkg/cli/cmds). */
const oddVariables: ReadonlyMap<string, string> = new Map([
  ['URL', 'server'],
  ['KUBECONFIG_OUTPUT', 'write-kubeconfig'],
  ['KUBECONFIG_MODE', 'write-kubeconfig-mode'],
  ['KUBECONFIG_GROUP', 'write-kubeconfig-group'],
  ['CIS_PROFILE', 'profile'],
])

/** Variables a program reads its flags from, where they begin with its prefix. */
export function layVariables(
  variables: ReadonlyMap<string, { readonly value: string; readonly file: string; readonly line: number }>,
  prefix: string,
): Layer {
  const layer = new Map<string, Given>()
  for (const [variable, { value, file, line }] of variables) {
    if (!variable.startsWith(prefix) || value === '') continue
    const rest = variable.slice(prefix.length)
    const name = oddVariables.get(rest) ?? rest.toLowerCase().replaceAll('_', '-')
    layer.set(name, { texts: [{ text: value, at: filePlace(file, line) }], isList: false })
  }
  return layer
}
