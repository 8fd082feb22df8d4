import type { Content } from '../content/content.ts'
import { type ChosenEdition, editionFor, versionsToTry } from '../evaluate/edition.ts'
import { type SelectionOptions as Narrowing, type Selection, selectControls } from '../evaluate/select.ts'
import { byKubernetes, type Profile } from '../model/benchmark.ts'
import { KhardError } from '../model/errors.ts'

/** What a profile selects for each Kubernetes version a node may have. */
export interface Editions {
  /** Every selection that can come of it. */
  readonly all: readonly Selection[]
  /** The selection for a node, and why: the reason for the profile, then those for its editions. */
  forVersion(
    because: string,
    kubernetes: string | undefined,
  ): { readonly selection: Selection; readonly because: string }
}

/** What a profile selects, worked out once for each set of editions. */
export function editionsOf(profile: Profile, content: Content, wanted: Narrowing): Editions {
  const taken = profile.benchmarks
    .filter(({ version }) => version === byKubernetes)
    .flatMap(({ id }) => {
      const [first, ...others] = content.benchmarks.filter((one) => one.id === id)
      return first === undefined ? [] : [[first, ...others] as const]
    })
  const made = new Map<string, Selection>()
  const select = (kubernetes: string | undefined, chosen: readonly ChosenEdition[]): Selection => {
    const key = chosen.map(({ benchmark }) => benchmark.version).join(' ')
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = selectKnown(content, profile, kubernetes === undefined ? wanted : { ...wanted, kubernetes })
    made.set(key, fresh)
    return fresh
  }
  const forVersion: Editions['forVersion'] = (because, kubernetes) => {
    const chosen = taken.map((editions) => editionFor(editions, kubernetes))
    const reasons = chosen.map((one) => one.because)
    return { selection: select(kubernetes, chosen), because: [because, ...reasons].join(' ') }
  }
  const all = versionsToTry(taken.flat()).map((version) => forVersion('', version).selection)
  return { all: [...new Set(all)], forVersion }
}

/** The same profile with every edition an entry can mean, to look ids up in. */
export function withAllEditions(profile: Profile, content: Content): Profile {
  const benchmarks = profile.benchmarks.flatMap((entry) =>
    entry.version === byKubernetes
      ? content.benchmarks.filter(({ id }) => id === entry.id).map(({ version }) => ({ ...entry, version }))
      : [entry],
  )
  return { ...profile, benchmarks }
}

/** As far as this profile knows what is asked for: an id of one profile need not be one of another. */
function selectKnown(content: Content, profile: Profile, wanted: Narrowing): Selection {
  const version = wanted.kubernetes === undefined ? {} : { kubernetes: wanted.kubernetes }
  // A control of a level that is asked for is known, whatever level the profile has by itself.
  const level = wanted.level === undefined ? {} : { level: wanted.level }
  const isKnown = (word: string, key: 'benchmarks' | 'only'): boolean =>
    trySelect(content, profile, { ...version, ...level, [key]: [word] }) !== null
  const known = (words: readonly string[], key: 'benchmarks' | 'only'): readonly string[] =>
    words.filter((word) => isKnown(word, key))
  const { benchmarks, only, skip, tailored } = wanted
  const selection = trySelect(content, profile, {
    ...wanted,
    ...(benchmarks === undefined ? {} : { benchmarks: known(benchmarks, 'benchmarks') }),
    ...(only === undefined ? {} : { only: known(only, 'only') }),
    ...(skip === undefined ? {} : { skip: known(skip, 'only') }),
    ...(tailored === undefined ? {} : { tailored: tailored.filter((one) => isKnown(one.control, 'only')) }),
  })
  // Nothing of it is asked of such nodes; the gate says when that leaves nothing at all.
  return selection ?? { ...selectControls(content, profile, version), controls: [], checks: [], skipped: [] }
}

function trySelect(content: Content, profile: Profile, wanted: Narrowing): Selection | null {
  try {
    return selectControls(content, profile, wanted)
  } catch (fault) {
    if (fault instanceof KhardError) return null
    throw fault
  }
}
