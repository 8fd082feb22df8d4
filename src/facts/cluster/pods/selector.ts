import { listAt, nameAt, textAt, textsAt, wordsAt } from '../json.ts'

type Labels = { readonly [key: string]: string }

function holds(requirement: unknown, labels: Labels): boolean {
  const key = nameAt(requirement, 'key')
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  const values = textsAt(requirement, 'values')
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}

/** True where a label selector, as it was kept, takes an object with these labels. An empty one takes all. */
export function selects(selector: unknown, labels: Labels): boolean {
  const wanted = Object.entries(wordsAt(selector, 'labels'))
  return (
    wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    listAt(selector, 'expressions').every((one) => holds(one, labels))
  )
}
