import type { ResultDiff } from '../model/diff.ts'
import { blockLines, shortLines } from './diff/blocks.ts'
import { type Entry, entriesOf, stories } from './diff/entries.ts'
import { gateLines, headLines, summaryLines, targetLines } from './diff/head.ts'
import type { Renderer } from './reporter.ts'
import { glue, type Page, paragraph, span } from './text/layout.ts'
import { someOf } from './text/names.ts'

const narrowest = 40
const controlsUpTo = 8

function heading(page: Page, title: string): readonly string[] {
  return ['', ...paragraph(page, { text: [span(title, 'bold')] })]
}

/** What needs action, each in full. */
function fullLines(page: Page, title: string, entries: readonly Entry[]): readonly string[] {
  if (entries.length === 0) return []
  return [...heading(page, title), '', ...stories(entries).flatMap((story) => blockLines(page, story))]
}

interface Quiet {
  readonly title: string
  readonly entries: readonly Entry[]
  /** Only how many and which controls. */
  readonly isShort: boolean
}

/** What needs none: each in a line, or how many there are. */
function quietLines(page: Page, { title, entries, isShort }: Quiet): readonly string[] {
  if (entries.length === 0) return []
  if (!isShort)
    return [...heading(page, title), ...stories(entries).flatMap((story) => shortLines(page, story))]
  const controls = someOf(
    entries.map(({ finding }) => finding.control),
    controlsUpTo,
  )
  const text = [span(`${entries.length}:`), span(controls), span(`(see --show${glue}all)`, 'dim')]
  return ['', ...paragraph(page, { hang: 2, label: span(title, 'bold'), text })]
}

function renumberedLines(page: Page, { renumbered }: ResultDiff): readonly string[] {
  if (renumbered.length === 0) return []
  return [
    ...heading(page, 'Renumbered: gone under one control, new under another'),
    ...renumbered.flatMap(({ benchmark, check, before, after }) =>
      paragraph(page, { indent: 2, hang: 4, text: [span(`${benchmark} ${before} → ${after} (${check})`)] }),
    ),
  ]
}

const failed = ({ finding }: Entry): boolean => finding.verdict === 'fail'

/** The comparison a person reads on a screen: the answer first, then what got worse. */
export const renderDiffText: Renderer<ResultDiff> = (diff, { color, width, show }) => {
  const page: Page = { color, width: Math.max(narrowest, width) }
  const { failing, unassessed, changed, better, other, appeared, vanished } = entriesOf(diff)
  const isShort = show !== 'all'
  const body = [
    ...targetLines(page, diff),
    ...fullLines(page, 'Fails now', failing),
    ...fullLines(page, 'Not answered now', unassessed),
    ...fullLines(page, 'Changed', changed),
    ...quietLines(page, { title: 'Better', entries: better, isShort }),
    ...quietLines(page, { title: 'Changed, failing neither before nor now', entries: other, isShort }),
    ...quietLines(page, { title: 'Asked anew, and nothing fails', entries: appeared, isShort }),
    // A failure must not leave the stage unseen because nobody asks any more.
    ...quietLines(page, {
      title: 'Failed, and not asked any more',
      entries: vanished.filter(failed),
      isShort: false,
    }),
    ...quietLines(page, {
      title: 'No longer asked',
      entries: vanished.filter((entry) => !failed(entry)),
      isShort,
    }),
    ...renumberedLines(page, diff),
  ]
  const same = ['', ...paragraph(page, { text: [span('The two results say the same.')] })]
  const lines = [
    ...headLines(page, diff),
    '',
    ...summaryLines(page, diff),
    ...gateLines(page, diff),
    ...(body.length === 0 ? same : body),
  ]
  return `${lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trimEnd()}\n`
}
