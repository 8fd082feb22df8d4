import type { Content } from '../content/content.ts'
import { loadContent } from '../content/load-content.ts'
import { checkFaults } from '../evaluate/check.ts'
import { operators } from '../evaluate/operators/index.ts'
import { factKinds } from '../facts/index.ts'
import { signalRules } from '../facts/node/signals.ts'
import { KhardError } from '../model/errors.ts'

/** What content may name: facts, operators, and the distributions that detection can answer. */
export const contentLanguage = {
  factKinds: Object.values(factKinds),
  operators: Object.values(operators),
  distributions: [
    ...new Set(signalRules.map(({ distribution }) => distribution)),
    'none',
    'unknown',
  ].toSorted(),
} as const

/** Loads content and claims that every check of it can be evaluated. */
export function loadWholeContent(roots: readonly string[], base?: Content): Content {
  const content = loadContent({ ...contentLanguage, roots, ...(base === undefined ? {} : { base }) })
  const faults = [...content.checks.values()]
    .filter(({ id }) => base?.checks.has(id) !== true)
    .flatMap((check) => checkFaults(check).map((fault) => `${check.file}: ${fault}`))
  if (faults.length === 0) return content
  throw new KhardError({
    code: 'content-invalid',
    message: faults.join('\n'),
    next: 'Correct the checks named.',
  })
}
