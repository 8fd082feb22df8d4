import type { Result } from '../model/finding.ts'
import type { Reporter } from './reporter.ts'
import { failureLines } from './text/failures.ts'
import type { Page } from './text/layout.ts'
import { paragraph, span } from './text/layout.ts'
import { leftOutLines } from './text/left-out.ts'
import { hintLines, restLines } from './text/rest.ts'
import { gateLines, gateSpans, headLines, summaryLines } from './text/summary.ts'
import { targetLines } from './text/targets.ts'
import { unassessedLines } from './text/unassessed.ts'
import { waiverLines } from './text/waivers.ts'

const narrowest = 40

/** The decision once more at the end, where a long report leaves the reader. */
function closingLines(page: Page, { gate }: Result): readonly string[] {
  return paragraph(page, { text: [span('Gate', 'bold'), ...gateSpans(gate)] })
}

/** The report a person reads on a screen: the answer first, then what to do, most severe first. */
export const renderText: Reporter = (result, { color, width, show }) => {
  const page: Page = { color, width: Math.max(narrowest, width) }
  const body = [
    ...failureLines(page, result),
    ...unassessedLines(page, result),
    ...(show === 'all' ? restLines(page, result) : hintLines(page, result)),
    ...waiverLines(page, result),
    ...leftOutLines(page, result, show),
  ]
  const lines = [
    ...headLines(page, result),
    '',
    ...targetLines(page, result),
    '',
    ...summaryLines(page, result),
    '',
    ...gateLines(page, result),
    '',
    ...body,
    ...(body.length === 0 ? [] : closingLines(page, result)),
  ]
  return `${lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n')}\n`
}
