import type { Result } from '../../model/finding.ts'
import { groupBy, keyOf } from '../grouping.ts'
import type { Page } from './layout.ts'
import { glue, paragraph, span } from './layout.ts'
import { counted } from './names.ts'
import { marks } from './style.ts'

/** What the site changed, and what is not judged on purpose: how much of it, or with `all` each with its reason. */
export function leftOutLines(
  page: Page,
  { leftOut, tailorings }: Result,
  show: 'failures' | 'all',
): readonly string[] {
  if (leftOut.length === 0 && tailorings.length === 0) return []
  const { sign, style } = marks.notChecked
  const line = { indent: 2, hang: 4, label: span(sign, style) }
  const changes = tailorings.flatMap(({ id, version, says }) =>
    says.map((change) => paragraph(page, { ...line, text: [span(`${id} ${version}: ${change}`)] })),
  )
  // The same control is left out once for each profile and edition in play.
  const groups = groupBy(leftOut, ({ benchmark, control, because }) => keyOf(benchmark, control, because))
  const each = groups.map(([{ benchmark, control, because }]) =>
    paragraph(page, { ...line, text: [span(`${control} (${benchmark})`), span(because, 'dim')] }),
  )
  const hint = span(`see --show${glue}all`, 'dim')
  const reasons = groupBy(
    groups.map(([one]) => one),
    ({ because }) => because,
  )
  const total = `${counted(groups.length, 'control')} not judged`
  // One reason for all of them is said at once: nobody has to look it up.
  const why = reasons.length === 1 ? ` (${reasons[0]?.[0].because ?? ''})` : ''
  const sum = [paragraph(page, { ...line, text: [span(`${total}${why}`), hint] })]
  const controls = groups.length === 0 ? [] : show === 'all' ? each : sum
  return [...paragraph(page, { text: [span('Left out', 'bold')] }), ...changes.flat(), ...controls.flat(), '']
}
