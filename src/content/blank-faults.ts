import type { Fault } from './faults.ts'
import type { RawCheck } from './raw.ts'
import type { Validated } from './schemas.ts'
import type { YamlPath } from './yaml-source.ts'

/** What a new check is written with where somebody has to write something. */
const blank = /\bCHANGE\b/

/** Texts of a check that still say CHANGE: it would be shown to people as it stands. */
export function blankFaults({ source, value: raw }: Validated<RawCheck>): readonly Fault[] {
  const texts: readonly (readonly [YamlPath, string])[] = [
    [['title'], raw.title],
    [['why'], raw.why],
    ...Object.entries(raw.say).map(([key, text]) => [['say', key], text] as const),
    ...(raw.sources ?? []).map((text, index) => [['sources', index], text] as const),
  ]
  return texts
    .filter(([, text]) => blank.test(text))
    .map(([path]) => {
      const [name = '', part] = path
      const shown = typeof part === 'number' ? `${name}[${part + 1}]` : path.join('.')
      return source.fault({ path }, `"${shown}" still says CHANGE`, 'Write in its place what it is about.')
    })
}
