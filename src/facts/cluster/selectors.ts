import type { Json } from '../../model/finding.ts'
import { compact, listAt, textAt, textsAt, wordsAt } from './json.ts'

/** A label selector as it is kept: `labels` and `expressions`; empty selects everything. */
export function cutSelector(selector: unknown): { readonly [field: string]: Json } {
  return compact({
    labels: wordsAt(selector, 'matchLabels'),
    expressions: listAt(selector, 'matchExpressions').map((one) =>
      compact({ key: textAt(one, 'key'), operator: textAt(one, 'operator'), values: textsAt(one, 'values') }),
    ),
  })
}

type Labels = { readonly [key: string]: string }

/** True where an object with these labels meets one expression of a kept selector. */
export function expressionHolds(expression: unknown, labels: Labels): boolean {
  const key = textAt(expression, 'key') ?? ''
  const values = textsAt(expression, 'values')
  const held = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (textAt(expression, 'operator')) {
    case 'In':
      return held !== undefined && values.includes(held)
    case 'NotIn':
      return held === undefined || !values.includes(held)
    case 'Exists':
      return held !== undefined
    case 'DoesNotExist':
      return held === undefined
    default:
      return false
  }
}

/** True when a kept selector selects an object with these labels. */
export function selects(selector: unknown, labels: Labels): boolean {
  return (
    Object.entries(wordsAt(selector, 'labels')).every(
      ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
    ) && listAt(selector, 'expressions').every((expression) => expressionHolds(expression, labels))
  )
}

/** True for a kept selector without any condition. */
export function selectsAll(selector: unknown): boolean {
  return Object.keys(wordsAt(selector, 'labels')).length === 0 && listAt(selector, 'expressions').length === 0
}
