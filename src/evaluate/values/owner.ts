import type { Json } from '../../model/finding.ts'

/** `user:group` with id 0 written as root, which it is on every Linux; null when the text has another form. */
export function readOwner(value: Json): string | null {
  const match = typeof value === 'string' ? /^([^:\s]+):([^:\s]+)$/.exec(value) : null
  if (match === null) return null
  return match
    .slice(1)
    .map((name) => (name === '0' ? 'root' : name))
    .join(':')
}
