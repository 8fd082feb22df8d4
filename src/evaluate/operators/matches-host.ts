import { readHost } from '../values/host.ts'
import { textOrTexts } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The host part of `host:port` or of a URL is one of the given hosts. */
export const matchesHost = defineOperator({
  name: 'matches-host',
  expects: textOrTexts,
  phrase: (text) => `host ${text}`,
  test: (observed, expected) =>
    decide(typeof observed === 'string' ? readHost(observed) : null, (host) => expected.includes(host)),
})
