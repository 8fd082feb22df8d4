import { textOrTexts } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The scheme of a URL (`https` of `https://127.0.0.1:2379`) is one of the given schemes. */
export const urlScheme = defineOperator({
  name: 'url-scheme',
  expects: textOrTexts,
  phrase: (text) => `scheme ${text}`,
  test: (observed, expected) =>
    decide(
      typeof observed === 'string' ? (/^([a-z][a-z0-9+.-]*):\/\//i.exec(observed)?.[1] ?? null) : null,
      (scheme) => expected.includes(scheme.toLowerCase()),
    ),
})
