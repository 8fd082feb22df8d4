import type { ComparedResult, ResultDiff, TargetChange } from '../../model/diff.ts'
import { verdicts } from '../../model/verdict.ts'
import { glue, type Page, paragraph, type Span, span } from '../text/layout.ts'
import { counted } from '../text/names.ts'
import { marks } from '../text/style.ts'
import { exitSigns, exitWords, tallySpan } from '../text/summary.ts'

const hang = 10

const named = ({ file, evaluatedAt }: ComparedResult): string =>
  `${file} (${evaluatedAt.slice(0, 16).replace('T', ' ')} UTC)`

/** What is compared, and what has to be known of it. */
export function headLines(page: Page, { tool, before, after, notes }: ResultDiff): readonly string[] {
  const title = span(`${tool.name} ${tool.version}`, 'bold')
  const { sign, style } = marks.error
  return [
    ...paragraph(page, { hang: 2, text: [title, span(`· ${named(before)} → ${named(after)}`, 'dim')] }),
    ...notes.flatMap((note) => paragraph(page, { hang: 2, label: span(sign, style), text: [span(note)] })),
  ]
}

// Rounded down as in a report, yet finer: small steps are what a comparison is for.
const percent = (share: number): string => `${Math.floor(share * 1000) / 10}${glue}%`

function shares(before: number | null, after: number | null): readonly Span[] {
  const [was, is] = [before, after].map((share) => (share === null ? 'none' : percent(share)))
  return [span(`${was} → ${is}`, 'bold')]
}

/** Better, worse, coverage: the answer first. */
export function summaryLines(page: Page, { before, after, summary }: ResultDiff): readonly string[] {
  const { better, worse, changed, unchanged, appeared, vanished, coverageGained, coverageLost } = summary
  const count = (many: number, word: string, style: 'red' | 'green' | 'yellow'): Span =>
    span(`${many}${glue}${word},`, ...(many > 0 ? ([style, 'bold'] as const) : (['dim'] as const)))
  const moved = coverageGained + coverageLost > 0
  return [
    ...paragraph(page, {
      hang,
      label: span('Findings', 'bold'),
      text: [
        count(worse, 'worse', 'red'),
        count(better, 'better', 'green'),
        count(changed, 'changed', 'yellow'),
        span(`${unchanged}${glue}unchanged;`),
        span(`${appeared}${glue}asked${glue}anew, ${vanished}${glue}no${glue}longer${glue}asked`),
      ],
    }),
    ...paragraph(page, { hang, label: span('Score', 'bold'), text: shares(before.score, after.score) }),
    ...paragraph(page, {
      hang,
      label: span('Coverage', 'bold'),
      text: [
        ...shares(before.coverage, after.coverage),
        ...(moved
          ? [span(`(${counted(coverageLost, 'answer')} lost, ${coverageGained} gained)`, 'dim')]
          : []),
      ],
    }),
  ]
}

const targetWords = {
  appeared: { sign: '+', says: 'only in the newer result', has: 'it has', style: 'cyan' },
  vanished: { sign: '–', says: 'only in the older result', has: 'it had', style: 'yellow' },
  lost: { sign: '!', says: 'not reached any more', has: 'it had', style: 'red' },
  regained: { sign: '✓', says: 'reached again', has: 'it has', style: 'green' },
} as const satisfies Record<TargetChange['change'], object>

/** Targets that only one result speaks of, each once. */
export function targetLines(page: Page, { targets }: ResultDiff): readonly string[] {
  if (targets.length === 0) return []
  return [
    '',
    ...paragraph(page, { text: [span('Targets', 'bold')] }),
    ...targets.flatMap(({ id, change, reached, problem, verdicts: tally }) => {
      const { sign, says, has, style } = targetWords[change]
      const away = !reached && change === 'appeared' ? [span('and not reached', 'red')] : []
      const why = problem === undefined ? [] : [span(`(${problem})`, 'dim')]
      const told = verdicts.filter((verdict) => tally[verdict] > 0)
      return paragraph(page, {
        indent: 2,
        hang: 4,
        label: span(sign, style),
        text: [
          span(id, 'bold'),
          span(says, style),
          ...away,
          ...why,
          ...(told.length === 0 ? [] : [span(`· ${has}`, 'dim')]),
          ...told.map((verdict) => tallySpan(verdict, tally[verdict])),
        ],
      })
    }),
  ]
}

/** The decision of `--fail-on-new`, when it was asked for. */
export function gateLines(page: Page, { gate }: ResultDiff): readonly string[] {
  if (gate === undefined) return []
  const { sign, style } = exitSigns[gate.exitCode]
  const word = exitWords[gate.exitCode]
  return [
    ...paragraph(page, {
      hang,
      label: span('Gate', 'bold'),
      text: [
        span(`${sign}${glue}${word}`, style, 'bold'),
        span(`(fail-on-new ${gate.threshold}, exit${glue}${gate.exitCode})`, 'dim'),
      ],
    }),
    ...gate.because.flatMap((reason) =>
      paragraph(page, { indent: hang, hang: hang + 2, label: span('·'), text: [span(reason)] }),
    ),
  ]
}
