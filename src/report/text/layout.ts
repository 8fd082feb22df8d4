import { escapeText } from '../../model/escape.ts'
import type { Style } from './style.ts'
import { styled } from './style.ts'

/** A piece of text with its styles. Its text may come from anywhere: it is escaped when laid out. */
export interface Span {
  readonly text: string
  readonly styles: readonly Style[]
}

/** The sheet a report is laid out on. */
export interface Page {
  readonly width: number
  readonly color: boolean
}

/** Text in the given styles. */
export function span(text: string, ...styles: readonly Style[]): Span {
  return { text, styles }
}

const noWidth = /^\p{M}$/u
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u

/** Columns a text takes in a terminal. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += noWidth.test(character) ? 0 : wide.test(character) ? 2 : 1
  return columns
}

/** Pads with spaces on the right to a number of columns. */
export function padded(text: string, columns: number): string {
  return `${text}${' '.repeat(Math.max(0, columns - columnsOf(text)))}`
}

interface Word extends Span {
  readonly columns: number
  /** The rest of a word that was cut: it starts a line, since a space before it would change the text. */
  readonly continues: boolean
}

/** Cuts a word that no line can hold. */
function cut(word: Span, room: number): readonly Word[] {
  if (columnsOf(word.text) <= room) return [{ ...word, columns: columnsOf(word.text), continues: false }]
  const full: string[] = []
  let part = ''
  for (const character of word.text) {
    const isFull = columnsOf(part + character) > room
    if (isFull) full.push(part)
    part = isFull ? character : part + character
  }
  return [...full, part].map((text, index) => ({
    text,
    styles: word.styles,
    columns: columnsOf(text),
    continues: index > 0,
  }))
}

/** Pipelines obey a line that begins with `::error` or holds `##vso[`: text of a node must not give them orders. */
function disarmed(word: string): string {
  return word.replace(/^::(?=[a-z-]+(::|$))/, '\\x3a:').replace(/##(?=\w*\[)/g, '#\\x23')
}

function wordsOf(spans: readonly Span[], room: number): readonly Word[] {
  return spans.flatMap(({ text, styles }) =>
    escapeText(text)
      .split(' ')
      .filter((word) => word !== '')
      .flatMap((word) => cut({ text: disarmed(word), styles }, room)),
  )
}

/** No-break space: keeps `12 fail` on one line; written as a plain space. */
export const glue = '\u00a0'

/** Words of one line; neighbours of one style share it. */
function written(words: readonly Span[], color: boolean): string {
  const runs: { text: string; styles: readonly Style[] }[] = []
  for (const { text, styles } of words) {
    const last = runs.at(-1)
    if (last?.styles === styles) last.text += ` ${text}`
    else runs.push({ text, styles })
  }
  return runs
    .map(({ text, styles }) => (color ? styled(text, styles) : text))
    .join(' ')
    .replaceAll(glue, ' ')
}

/** A paragraph: `label` at `indent`, the text from column `hang` on, wrapped to the page. */
export interface Paragraph {
  readonly indent?: number
  readonly hang?: number
  readonly label?: Span
  readonly text: readonly Span[]
}

/** What stands before the first word, and how many columns it takes. */
function lead(
  { color }: Page,
  { indent = 0, hang = indent, label }: Paragraph,
): { text: string; columns: number } {
  if (label === undefined) return { text: ' '.repeat(indent), columns: indent }
  const text = escapeText(label.text)
  const gap = Math.max(1, hang - indent - columnsOf(text))
  return {
    text: `${' '.repeat(indent)}${color ? styled(text, label.styles) : text}${' '.repeat(gap)}`,
    columns: indent + columnsOf(text) + gap,
  }
}

/** Lays out a paragraph; every line keeps within the page. A label that takes half of it joins the text. */
export function paragraph(
  page: Page,
  { indent = 0, hang = indent, label, text }: Paragraph,
): readonly string[] {
  if (label !== undefined && columnsOf(escapeText(label.text)) > Math.max(hang, page.width / 2)) {
    return paragraph(page, { indent, hang: Math.min(hang, indent + 4), text: [label, ...text] })
  }
  const room = Math.max(10, page.width - hang)
  const first = lead(page, { indent, hang, text, ...(label === undefined ? {} : { label }) })
  let line: Word[] = []
  const lines = [line]
  let free = page.width - first.columns
  for (const word of wordsOf(text, room)) {
    const needed = word.columns + (line.length === 0 ? 0 : 1)
    if (needed <= free && !word.continues) {
      line.push(word)
      free -= needed
    } else {
      line = [word]
      lines.push(line)
      free = room - word.columns
    }
  }
  return lines.map((words, index) => {
    const start = index === 0 ? first.text : ' '.repeat(hang)
    return words.length === 0 ? start.trimEnd() : `${start}${written(words, page.color)}`
  })
}
