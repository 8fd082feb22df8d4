import { setFlagsFromString } from 'node:v8'

/**
 * Lists of a large cluster leave much behind that is of no use as soon as it was looked at: collected late, that is
 * most of the memory of a run. From here on it is collected early, at the cost of time.
 */
export function keepMemorySmall(): void {
  setFlagsFromString('--optimize-for-size')
}
