import { listAt, nameAt, textsAt, wordsAt } from '../json.ts'
import { expressionHolds } from '../selectors.ts'

/** A label selector of an aggregated ClusterRole, as it was kept. */
interface Requirement {
  readonly key: string
  readonly operator: string
  readonly values: readonly string[]
}

type Labels = { readonly [key: string]: string }

function requirementsOf(selector: unknown): readonly Requirement[] {
  const equal = Object.entries(wordsAt(selector, 'labels'))
  return [
    ...equal.map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...listAt(selector, 'expressions').map((one) => ({
      key: nameAt(one, 'key'),
      operator: nameAt(one, 'operator'),
      values: textsAt(one, 'values'),
    })),
  ]
}

/** What can be selected: a name and labels. */
interface Labelled {
  readonly name: string
  readonly labels: Labels
}

/** Finds what label selectors select, without going through everything for each of them. */
export class LabelIndex {
  readonly #all: readonly Labelled[]
  readonly #byKey = new Map<string, Labelled[]>()

  constructor(all: readonly Labelled[]) {
    this.#all = all
    for (const one of all) for (const key of Object.keys(one.labels)) this.#add(key, one)
  }

  #add(key: string, one: Labelled): void {
    const known = this.#byKey.get(key)
    if (known === undefined) this.#byKey.set(key, [one])
    else known.push(one)
  }

  /** Names of all that the selector selects; an empty selector selects everything. */
  selected(selector: unknown): readonly string[] {
    const requirements = requirementsOf(selector)
    const telling = requirements.find(({ operator }) => operator === 'In' || operator === 'Exists')
    const candidates = telling === undefined ? this.#all : (this.#byKey.get(telling.key) ?? [])
    return candidates
      .filter(({ labels }) => requirements.every((one) => expressionHolds(one, labels)))
      .map(({ name }) => name)
  }
}
