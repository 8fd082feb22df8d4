import { readMode, showMode } from '../values/mode.ts'
import { aMode } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** No permission bit, set-uid and sticky included, outside the given ones. */
export const modeAtMost = defineOperator({
  name: 'mode-at-most',
  expects: aMode,
  bareInText: true,
  phrase: (text) => `${text} or stricter`,
  shows: (observed) => {
    const mode = readMode(observed)
    return mode === null ? observed : showMode(mode)
  },
  test: (observed, expected) => decide(readMode(observed), (mode) => (mode & ~expected) === 0),
})
