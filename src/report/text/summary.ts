import { isSingle, type Result, type Summary } from '../../model/finding.ts'
import type { Verdict } from '../../model/verdict.ts'
import { verdictLabel, verdicts } from '../../model/verdict.ts'
import type { Page, Span } from './layout.ts'
import { glue, paragraph, span } from './layout.ts'
import type { Style } from './style.ts'
import { marks } from './style.ts'

const hang = 9

/** Name, benchmarks and time: what this report is about. */
export function headLines(page: Page, { tool, benchmarks, evaluatedAt }: Result): readonly string[] {
  const editions = benchmarks.map(({ id, version }) => `${id} ${version}`).join(', ')
  const time = `${evaluatedAt.slice(0, 16).replace('T', ' ')} UTC`
  return paragraph(page, {
    hang: 2,
    text: [
      span(`${tool.name} ${tool.version}`, 'bold'),
      span(`· ${editions || 'no benchmark'} · ${time}`, 'dim'),
    ],
  })
}

/** One verdict and how often: `✗ 12 fail`. Kept on one line. */
export function tallySpan(verdict: Verdict, many: number, word = ''): Span {
  const { sign, style } = marks[verdict]
  return span([sign, String(many), ...(word === '' ? [] : word.split(' '))].join(glue), style)
}

function countSpans({ verdicts: counts, waived }: Summary): readonly Span[] {
  const present = verdicts.filter((verdict) => counts[verdict] > 0)
  return present.map((verdict, index) => {
    const label = verdictLabel[verdict].toLowerCase()
    const words = verdict === 'fail' && waived > 0 ? `${label} (${waived} waived)` : label
    const last = index === present.length - 1
    return tallySpan(verdict, counts[verdict], last ? words : `${words},`)
  })
}

// Rounded down: 99.9 % is not 100 %.
const percent = (share: number): string => `${Math.floor(share * 100)}${glue}%`

function bar(share: number, length: number): string {
  const full = share > 0 ? Math.max(1, Math.floor(share * length)) : 0
  return `${'█'.repeat(full)}${'░'.repeat(length - full)}`
}

function tone(share: number): Style {
  return share >= 0.9 ? 'green' : share >= 0.6 ? 'yellow' : 'red'
}

function scoreSpans({ score, coverage }: Summary, width: number): readonly Span[] {
  const length = width < 80 ? 10 : 20
  const scored =
    score === null ? [span('none: nothing was judged', 'yellow')] : shareSpans(score, length, tone(score))
  const covered = coverage === null ? [span('none', 'yellow')] : shareSpans(coverage, length, 'cyan')
  return [...scored, span(`·${glue}coverage`), ...covered]
}

function shareSpans(share: number, length: number, style: Style): readonly Span[] {
  return [span(bar(share, length), style), span(percent(share), 'bold')]
}

/** Score with coverage beside it, and the number of findings by verdict. */
export function summaryLines(page: Page, { summary, targets }: Result): readonly string[] {
  const counts = countSpans(summary)
  const nodes = targets.filter(isSingle)
  const reached = nodes.filter((node) => node.reached).length
  const part = reached === nodes.length ? [] : [span(`· ${reached} of ${nodes.length} targets`, 'yellow')]
  return [
    ...paragraph(page, {
      hang,
      label: span('Score', 'bold'),
      text: [...scoreSpans(summary, page.width), ...part],
    }),
    ...paragraph(page, { hang, text: counts.length === 0 ? [span('no findings')] : counts, indent: hang }),
  ]
}

/** How each exit code of a gate is said. */
export const exitWords = { 0: 'met', 1: 'NOT MET', 3: 'NO CLAIM: could not complete' } as const
/** The sign of each exit code of a gate. */
export const exitSigns = { 0: marks.pass, 1: marks.fail, 3: marks.error } as const

/** `✗ NOT MET`, and how strict the gate was. */
export function gateSpans({ threshold, maxErrors, exitCode, baseline }: Result['gate']): readonly Span[] {
  const { sign, style } = exitSigns[exitCode]
  const against = baseline === undefined ? '' : `baseline ${baseline.file}, `
  return [
    span(`${sign}${glue}${exitWords[exitCode]}`, style, 'bold'),
    span(`(fail-on ${threshold}, max-errors ${maxErrors}, ${against}exit${glue}${exitCode})`, 'dim'),
  ]
}

/** The gate's decision and every reason for it. */
export function gateLines(page: Page, { gate }: Result): readonly string[] {
  return [
    ...paragraph(page, { hang, label: span('Gate', 'bold'), text: gateSpans(gate) }),
    ...gate.because.flatMap((reason) =>
      paragraph(page, { indent: hang, hang: hang + 2, label: span('·'), text: [span(reason)] }),
    ),
  ]
}
