import type { Check } from '../model/check.ts'
import type { Distribution } from '../model/distribution.ts'
import type { CheckId } from '../model/ids.ts'
import { suggest } from '../model/nearest.ts'
import { settingsAsked } from '../model/settings-asked.ts'
import type { Content } from './content.ts'
import type { ContentFiles } from './content-files.ts'
import type { Fault } from './faults.ts'
import { takenFault } from './taken-fault.ts'

/** What a distribution may name. */
export interface DistributionScope extends Pick<Content, 'components' | 'checks'> {
  readonly base?: Content
  /** Distributions khard tells apart; any when absent. */
  readonly distributions?: readonly string[]
}

type Placed = ContentFiles['distributions'][number]

/** The distributions of the files on top of those of the base, by id. */
export function compileDistributions(
  { distributions }: ContentFiles,
  scope: DistributionScope,
  faults: Fault[],
): ReadonlyMap<string, Distribution> {
  const found = new Map<string, Distribution>(scope.base?.distributions)
  for (const placed of distributions) {
    const { value } = placed.file
    faults.push(...idFaults(placed, scope), ...nameFaults(placed, scope), ...fixFaults(placed, scope))
    if (found.has(value.id)) faults.push(takenFault(placed.file, 'distribution'))
    found.set(value.id, value)
  }
  return found
}

function idFaults({ path, file: { source, value } }: Placed, scope: DistributionScope): readonly Fault[] {
  const wanted = `benchmarks/distributions/${value.id}.yaml`
  const place = `distribution "${value.id}" stands in ${path}`
  const moved =
    path === wanted ? [] : [source.fault({ path: ['id'] }, place, `Move it to ${wanted}, or correct the id.`)]
  const known = scope.distributions
  if (known === undefined || known.includes(value.id)) return moved
  const unknown = `khard detects no distribution "${value.id}"`
  return [...moved, source.fault({ path: ['id'] }, unknown, suggest(value.id, known))]
}

function nameFaults(
  { file: { source, value } }: Placed,
  { components }: DistributionScope,
): readonly Fault[] {
  return Object.keys(value.components)
    .filter((name) => !components.has(name))
    .map((name) =>
      source.fault(
        { path: ['components', name], key: true },
        `unknown component "${name}"`,
        suggest(name, components.keys()),
      ),
    )
}

/** A fix of a check that is not there helps nobody; of two fixes one would be lost. */
function fixFaults({ file: { source, value } }: Placed, { checks }: DistributionScope): readonly Fault[] {
  const known = new Set<string>([...checks.values()].map(({ id }) => id))
  const seen = new Set<string>()
  return (value.fixes ?? []).flatMap((fix, index) =>
    fix.checks.flatMap((id, position) => {
      const place = { path: ['fixes', index, 'checks', position] }
      if (!known.has(id)) return [source.fault(place, `unknown check "${id}"`, suggest(id, known))]
      if (seen.has(id)) return [source.fault(place, `check "${id}" has a fix already`, 'Keep one of them.')]
      seen.add(id)
      return []
    }),
  )
}

/** The checks with the words each distribution has for how they are fixed there. */
export function withFixes(
  checks: ReadonlyMap<CheckId, Check>,
  distributions: Iterable<Distribution>,
): ReadonlyMap<CheckId, Check> {
  const fixes = new Map<string, { [distribution: string]: string }>()
  for (const { id, fixes: given = [] } of distributions)
    for (const fix of given)
      for (const check of fix.checks) fixes.set(check, { ...fixes.get(check), [id]: fix.do })
  return new Map([...checks].map(([id, check]) => [id, withNextOn(check, fixes.get(id))]))
}

function withNextOn(check: Check, words: { readonly [distribution: string]: string } | undefined): Check {
  if (words === undefined) return check
  const settings = new Set([...settingsAsked(check).values()].flatMap((names) => [...names]))
  const named = [...settings].join(', ')
  const nextOn = Object.entries(words).map(
    ([id, text]) => [id, text.replaceAll('{settings}', named)] as const,
  )
  return { ...check, say: { ...check.say, nextOn: Object.fromEntries(nextOn) } }
}
