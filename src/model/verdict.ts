/** The closed answers of a check, with XCCDF's meanings. */
export type Verdict =
  | 'pass'
  | 'fail'
  | 'error'
  | 'unknown'
  | 'notApplicable'
  | 'notChecked'
  | 'informational'
  | 'fixed'

/** How each verdict is written for people. */
export const verdictLabel = {
  pass: 'Pass',
  fail: 'Fail',
  error: 'Could not complete',
  unknown: 'Unclear answer',
  notApplicable: 'Not applicable',
  notChecked: 'Not checked',
  informational: 'Information',
  fixed: 'Fixed',
} as const satisfies Record<Verdict, string>

/** All verdicts, in the order reports list them: what needs action first. */
export const verdicts = [
  'fail',
  'error',
  'unknown',
  'notChecked',
  'pass',
  'fixed',
  'informational',
  'notApplicable',
] as const satisfies readonly Verdict[]

/** Severity of a check, lowest first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** True when `severity` is at least `threshold`. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(threshold)
}
