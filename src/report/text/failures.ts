import { type Finding, isSingle, type Result } from '../../model/finding.ts'
import type { Severity } from '../../model/verdict.ts'
import { severities } from '../../model/verdict.ts'
import type { Group } from '../grouping.ts'
import { groupBy, keyOf } from '../grouping.ts'
import { placeOf } from '../places.ts'
import { plainValue } from '../values.ts'
import type { Page, Span } from './layout.ts'
import { columnsOf, padded, paragraph, span } from './layout.ts'
import { someOf, targetNames } from './names.ts'
import type { Style } from './style.ts'
import { marks } from './style.ts'

/** Styles of each severity. */
export const severityStyles = {
  critical: ['red', 'bold'],
  high: ['red'],
  medium: ['yellow'],
  low: ['cyan'],
} as const satisfies Record<Severity, readonly Style[]>

// Different answers to one check that are shown before the rest is only counted.
const variantsUpTo = 4

const isWaived = ({ waiver }: Finding): boolean => waiver?.expired === false

/** Most severe first; what a waiver accepts comes after what it does not. */
function rank(finding: Finding): number {
  return (
    (isWaived(finding) ? severities.length : 0) + severities.length - 1 - severities.indexOf(finding.severity)
  )
}

function byRank(a: Finding, b: Finding): number {
  return rank(a) - rank(b)
}

function blockKey({ benchmark, benchmarkVersion, control, check, severity, waiver }: Finding): string {
  return keyOf(
    benchmark,
    benchmarkVersion,
    control,
    check,
    severity,
    waiver?.id,
    waiver?.expires,
    waiver?.expired,
  )
}

function variantKey({ reason, observed, expected, objects, drift, next }: Finding): string {
  return keyOf(reason, observed, expected, objects, drift, next)
}

/** A labelled line of a block. */
export function entry(page: Page, label: string, ...text: readonly Span[]): readonly string[] {
  return paragraph(page, { indent: 4, hang: 14, label: span(label, 'dim'), text })
}

/** What was observed and what was expected, where that says more than the sentence. */
export function comparison({ observed, expected, provenance, objects }: Finding): readonly Span[] {
  // Of several nodes the sentence says who has which value.
  if (provenance.some(({ target }) => target !== undefined)) return []
  // Each object says for itself what it does.
  if (objects?.offending !== undefined) return []
  const seen = observed === undefined ? [] : [span(plainValue(observed), 'bold')]
  const arrow = observed === undefined ? [] : [span('→ expected')]
  const wanted = expected === undefined ? [] : [...arrow, span(plainValue(expected), 'bold')]
  return [...seen, ...wanted]
}

function variantLines(page: Page, variant: Group<Finding>, targets: number): readonly string[] {
  const [first] = variant
  const places = variant.flatMap(({ provenance }) => provenance.map(placeOf))
  const compared = comparison(first)
  return [
    // A check without a sentence of its own repeats its title.
    ...(first.reason === first.title ? [] : paragraph(page, { indent: 4, text: [span(sentenceOf(first))] })),
    ...objectLines(page, first),
    ...(compared.length === 0
      ? []
      : entry(page, first.observed === undefined ? 'expected' : 'observed', ...compared)),
    ...(places.length === 0
      ? []
      : entry(page, isSetting(first) ? 'set by' : 'seen in', span(someOf(places, 3)))),
    ...(first.drift === undefined
      ? []
      : entry(page, 'drift', span(`${marks.error.sign} ${first.drift}`, 'yellow'))),
    ...(targets > 1 ? entry(page, 'on', span(targetNames(variant, targets))) : []),
  ]
}

/** Objects are not set by the lists they stand in. */
function isSetting({ objects }: Finding): boolean {
  return objects === undefined
}

// As many names as a sentence holds.
const namesUpTo = 20

/** The sentence of a finding, without the names at its end where each has a line of its own below. */
function sentenceOf({ reason, objects }: Finding): string {
  const names = (objects?.offending ?? []).map(({ name }) => name)
  const more = names.length - namesUpTo
  const listed = names.slice(0, namesUpTo).join(', ') + (more > 0 ? ` and ${more} more` : '')
  const end = `: ${listed}.`
  return names.length > 0 && reason.endsWith(end) ? `${reason.slice(0, -end.length)}:` : reason
}

// Of the objects of a cluster; all of them are in the JSON result.
const objectsUpTo = 10

function objectLines(page: Page, { objects = {} }: Finding): readonly string[] {
  const { offending = [], exempted = [] } = objects
  const more = offending.length - objectsUpTo
  return [
    ...offending
      .slice(0, objectsUpTo)
      .flatMap(({ name, because }) => entry(page, '', span(`${name}:`, 'bold'), span(because))),
    ...(more > 0 ? entry(page, '', span(`and ${more} more: see the JSON result`, 'dim')) : []),
    ...(exempted.length > 0
      ? entry(
          page,
          'left out',
          span(`${exempted.length} on purpose, each with its reason in the JSON result`, 'dim'),
        )
      : []),
  ]
}

function waiverLines(page: Page, { waiver }: Finding): readonly string[] {
  if (waiver === undefined) return []
  return waiver.expired
    ? entry(page, 'waiver', span(`${waiver.id} expired ${waiver.expires} and no longer counts`, 'red'))
    : entry(page, 'waived', span(`${waiver.id} until ${waiver.expires}`, 'magenta'))
}

function fixLines(page: Page, block: readonly Finding[]): readonly string[] {
  const steps = [...new Set(block.flatMap(({ next }) => next ?? []))]
  const remediations = [...new Set(block.flatMap(({ remediation }) => remediation ?? []))]
  return [
    ...steps.slice(0, variantsUpTo).flatMap((step) => entry(page, 'fix', span(step, 'green'))),
    ...remediations.slice(0, 1).flatMap((id) => entry(page, 'remedy', span(id))),
  ]
}

function blockLines(page: Page, block: Group<Finding>, targets: number): readonly string[] {
  const [first] = block
  const variants = groupBy(block, variantKey)
  const more = variants.length - variantsUpTo
  const label = `${marks.fail.sign} ${padded(first.control, 7)} ${padded(first.severity.toUpperCase(), 8)}`
  return [
    ...paragraph(page, {
      indent: 2,
      hang: page.width < 70 ? 4 : columnsOf(label) + 3,
      label: span(label, ...severityStyles[first.severity]),
      text: [span(first.title, 'bold')],
    }),
    ...variants.slice(0, variantsUpTo).flatMap((variant) => variantLines(page, variant, targets)),
    ...(more > 0
      ? paragraph(page, {
          indent: 4,
          text: [span(`and ${more} more answers like it: see the JSON result`, 'dim')],
        })
      : []),
    ...fixLines(page, block),
    ...waiverLines(page, first),
    '',
  ]
}

/** Failures grouped by section, the most severe first; one answer on many targets is told once. */
export function failureLines(
  page: Page,
  { findings, targets, summary, benchmarks }: Result,
): readonly string[] {
  const failures = findings.filter(({ verdict }) => verdict === 'fail')
  if (failures.length === 0) return []
  const sections = groupBy(failures, ({ benchmark, benchmarkVersion, section }) =>
    keyOf(benchmark, benchmarkVersion, section),
  )
    .flatMap((section) => groupBy(section.toSorted(byRank), () => 'one'))
    .toSorted(([a], [b]) => byRank(a, b))
  return [
    ...paragraph(page, { text: [span('What fails', 'bold')] }),
    ...sections.flatMap((section) => {
      const [first] = section
      const known = summary.bySection.find(
        (each) => each.benchmark === first.benchmark && each.section === first.section,
      )
      const edition = benchmarks.length > 1 ? ` (${first.benchmark} ${first.benchmarkVersion})` : ''
      return [
        '',
        ...paragraph(page, {
          text: [span(`${[first.section, known?.title].join(' ').trimEnd()}${edition}`, 'bold', 'cyan')],
        }),
        ...groupBy(section, blockKey).flatMap((block) =>
          blockLines(page, block, targets.filter(isSingle).length),
        ),
      ]
    }),
  ]
}
