import { openFleet } from '../../../src/evaluate/fleet/fleet.ts'
import { type Library, selectControls } from '../../../src/evaluate/select.ts'
import type { Check, Condition, LeafCondition, Role } from '../../../src/model/check.ts'
import type { Evidence, Fact } from '../../../src/model/evidence.ts'
import { noSource, observed } from '../../../src/model/evidence.ts'
import type { Finding } from '../../../src/model/finding.ts'
import { benchmarkOf, checkOf, controlOf, fact, inputOf, profileOf } from '../support.ts'

/** One claim of a check over nodes. */
export function claim(operator: string, path = 'value', more: Partial<LeafCondition> = {}): Condition {
  return { fact: 'seen', path, operator: `nodes:${operator}`, value: true, ...more }
}

/** A check over nodes whose one evidence is called `seen`. */
export function over(claims: Condition | readonly Condition[], parts: Partial<Check> = {}): Check {
  return checkOf({
    over: { group: 'all' },
    evidence: { seen: { fact: 'seen' } },
    say: { fail: 'It is so: {observed}, not {expected}.', next: 'Do this.' },
    condition: { all: Array.isArray(claims) ? claims : [claims] },
    ...parts,
  })
}

export interface SceneNode {
  readonly name: string
  /** What the node has under `seen`, as examples write it. */
  readonly seen: unknown
  readonly roles?: Evidence<readonly Role[]>
}

/** Nodes `a`, `b`, `c`, … with these values. */
export function nodesWith(...values: readonly unknown[]): readonly SceneNode[] {
  return values.map((value, index) => ({ name: 'abcdefgh'[index] ?? `n${index}`, seen: { value } }))
}

/** A fact with a source of its own, so that what a finding rests on can be told. */
function placed(plain: unknown, node: string): Fact {
  const whole = fact(plain)
  if (whole.kind !== 'observed' || typeof whole.fact !== 'object' || Array.isArray(whole.fact)) return whole
  const source = { items: [`item:${node}`], at: [{ kind: 'file' as const, at: `/etc/${node}` }] }
  const fields = Object.entries(whole.fact).map(([name, field]: [string, Fact]) => [
    name,
    { ...field, source },
  ])
  return observed(Object.fromEntries(fields), source)
}

const workers: Evidence<readonly Role[]> = observed(['worker'], noSource)

/** Runs one check over nodes, through selection, as a run does. */
export function run(check: Check, nodes: readonly SceneNode[], parameters = {}) {
  const benchmark = benchmarkOf([controlOf('1.2.1', { checks: [check.id] })])
  const library: Library = { checks: new Map([[check.id, check]]), benchmarks: [benchmark] }
  const selection = selectControls(library, profileOf({ parameters }))
  const fleet = openFleet()
  for (const { name, seen, roles = workers } of nodes) {
    const itemDigests = (ids: readonly string[]) => ids.map((id) => `sha256:${id}`)
    const input = inputOf({ seen: placed(seen, name) }, { roles })
    fleet.add(selection, { target: name, roles, itemDigests }, input)
  }
  return fleet.finish()
}

/** The one finding of a run over one group. */
export function only(check: Check, nodes: readonly SceneNode[], parameters = {}): Finding {
  const { groups } = run(check, nodes, parameters)
  const [finding, more] = groups.flatMap(({ findings }) => findings)
  if (finding === undefined || more !== undefined) throw new Error(`${groups.length} groups were judged`)
  return finding
}
