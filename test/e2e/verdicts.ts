import { readFileSync } from 'node:fs'
import { type Finding, isSingle, type Result, type Target } from '../../src/model/finding.ts'
import type { Verdict } from '../../src/model/verdict.ts'

export function readResult(file: string): Result {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** What a finding answers, without the target. */
export function question({ benchmark, control, check }: Finding): string {
  return `${benchmark} ${control} ${check ?? '(a person)'}`
}

/** The nodes of a run, without the groups they are in. */
export function nodesOf(result: Result): readonly Target[] {
  return result.targets.filter(isSingle)
}

/** True for a question to nodes together; whether it is asked depends on who else is in the run. */
export function isAboutGroup({ benchmark }: Finding): boolean {
  return benchmark === 'fleet'
}

/** Verdict by question, of one target. */
export function verdictsOf(result: Result, target: string): ReadonlyMap<string, Verdict> {
  return new Map(
    result.findings
      .filter((one) => one.target === target && !isAboutGroup(one))
      .map((one) => [question(one), one.verdict]),
  )
}

/** One line a question to nodes together: the group and its verdict. */
function groupRows(result: Result): readonly string[] {
  const cell = (one: Finding): string => (hostDecides.has(one.check ?? '') ? 'host' : one.verdict)
  return result.findings
    .filter(isAboutGroup)
    .map((one) => `${question(one)}  ${one.target}  ${cell(one)}`)
    .sort(new Intl.Collator('en', { numeric: true }).compare)
}

/** `question: before → after` for everything answered differently. */
export function differences(
  before: ReadonlyMap<string, Verdict>,
  after: ReadonlyMap<string, Verdict>,
): readonly string[] {
  const questions = new Set([...before.keys(), ...after.keys()])
  return [...questions]
    .filter((one) => before.get(one) !== after.get(one))
    .map((one) => `${one}: ${before.get(one) ?? 'not asked'} → ${after.get(one) ?? 'not asked'}`)
}

/** Checks whose answer depends on the machine the lab runs on: its kernel, clock, swap and limits. */
export const hostDecides: ReadonlySet<string> = new Set([
  'containerd.apparmor-kept',
  'fleet.clocks-agree',
  'node.runtime-labels-containers',
  'node.apparmor-enabled',
  'node.br-netfilter-loaded',
  'node.bridge-ip6tables-on',
  'node.bridge-iptables-on',
  'node.cgroup-version-2',
  'node.cgroup-version-accepted',
  'node.inotify-instances-enough',
  'node.inotify-watches-enough',
  'node.iptables-sound',
  'node.memory-controller-on',
  'node.memory-enough',
  'node.overlay-available',
  'node.processors-enough',
  'node.product-uuid-valid',
  'node.selinux-enforcing',
  'node.selinux-stays-enforcing',
  'node.swap-off-or-allowed',
  'node.time-synchronized',
])

/** One line a control and check: its verdict on each target. Cells the lab's host decides read `host`. */
export function verdictTable(result: Result): string {
  const nodes = nodesOf(result)
  const targets = nodes.map(({ id }) => id)
  const cells = targets.map((target) => verdictsOf(result, target))
  const questions: string[] = []
  for (const one of result.findings)
    if (!isAboutGroup(one) && !questions.includes(question(one))) questions.push(question(one))
  const order = new Map(result.benchmarks.map(({ id }, index) => [id, index]))
  const natural = new Intl.Collator('en', { numeric: true })
  questions.sort(
    (a, b) =>
      (order.get(a.split(' ')[0] ?? '') ?? 0) - (order.get(b.split(' ')[0] ?? '') ?? 0) ||
      natural.compare(a, b),
  )
  const width = Math.max(...questions.map((one) => one.length))
  const rows = questions.map((one) => {
    const isHost = hostDecides.has(one.split(' ')[2] ?? '')
    const answers = cells.map((cell) => (isHost ? 'host' : (cell.get(one) ?? '-')).padEnd(14))
    return `${one.padEnd(width)}  ${answers.join('').trimEnd()}`
  })
  const head = `${''.padEnd(width)}  ${nodes
    .map((target) => target.id.padEnd(14))
    .join('')
    .trimEnd()}`
  const profiles = `${'profile'.padEnd(width)}  ${nodes
    .map((target) => target.profile.padEnd(14))
    .join(' ')
    .trimEnd()}`
  return `${[head, profiles, ...rows, ...groupRows(result)].join('\n')}\n`
}
