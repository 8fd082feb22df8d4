import { readHost } from '../values/host.ts'
import { textOrTexts } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The host part of `host:port` or of a URL is none of the given hosts. */
export const matchesNoHost = defineOperator({
  name: 'matches-no-host',
  expects: textOrTexts,
  phrase: (text) => `host other than ${text}`,
  test: (observed, expected) =>
    decide(typeof observed === 'string' ? readHost(observed) : null, (host) => !expected.includes(host)),
})
