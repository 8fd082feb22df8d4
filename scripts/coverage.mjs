// Writes docs/coverage.md: how each control is answered on each distribution, from the verdicts pinned on lab nodes
// (test/golden/distributions) and the controls of the benchmarks. Usage: npm run coverage
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const file = join(root, 'docs', 'coverage.md')

/** A distribution, the benchmark it is held to, and how it is headed. */
const cis = [
  { name: 'rke2', benchmark: 'rke2-cis', title: 'RKE2' },
  { name: 'k3s', benchmark: 'k3s-cis', title: 'K3s' },
  { name: 'kubeadm', benchmark: 'cis-kubernetes', title: 'kubeadm' },
  { name: 'hardway', benchmark: 'cis-kubernetes', title: 'hard way' },
  { name: 'kubespray', benchmark: 'cis-kubernetes', title: 'Kubespray' },
  { name: 'kops', benchmark: 'cis-kubernetes', title: 'kOps' },
]
const stig = cis.slice(2).map((one) => ({ ...one, benchmark: 'stig-kubernetes' }))
const rke2Stig = [{ ...cis[0], benchmark: 'stig-rke2' }]

/** Asked of nodes without a control plane, which the lab has of kubeadm: its worker answers for those of the others. */
const ofWorkers = new Set(['node.ssh-stopped', 'node.ssh-disabled', 'kubelet.static-pods-off'])

const words = ['automated', 'partial', 'manual', 'not applicable', 'not met']
const person = '(a person)'

/** Rows of a pinned table: benchmark, control, check, and a verdict a node. */
function rowsOf(distribution) {
  const path = join(root, 'test', 'golden', 'distributions', `${distribution}.txt`)
  const row = /^(\S+) (\S+) (\(a person\)|\S+) +(.+)$/
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [, benchmark, control, check, cells] = row.exec(line) ?? []
      return cells === undefined ? [] : [{ benchmark, control, check, verdicts: cells.trim().split(/ +/) }]
    })
}

/** How one control is answered: by what its checks said on any of the nodes. */
function answerOf(rows) {
  const checks = rows.filter(({ check }) => check !== person)
  const asks = rows.length > checks.length
  const verdicts = new Set(checks.flatMap((row) => row.verdicts))
  const decided = ['pass', 'fail', 'informational', 'host'].some((verdict) => verdicts.has(verdict))
  if (decided) return asks ? 'partial' : 'automated'
  if (checks.length === 0) {
    const cells = new Set(rows.flatMap((row) => row.verdicts))
    return cells.size === 1 && cells.has('notApplicable') ? 'not applicable' : 'manual'
  }
  // A broken node may keep even that from being told.
  return verdicts.has('notApplicable') ? 'not applicable' : 'not met'
}

function answersOf({ name, benchmark }) {
  const byControl = new Map()
  const workers = rowsOf('kubeadm').filter(({ check }) => ofWorkers.has(check))
  for (const row of [...rowsOf(name), ...workers]) {
    if (row.benchmark !== benchmark) continue
    byControl.set(row.control, [...(byControl.get(row.control) ?? []), row])
  }
  return new Map([...byControl].map(([control, rows]) => [control, answerOf(rows)]))
}

function percent(part, whole) {
  return whole === 0 ? '–' : `${Math.floor((100 * part) / whole)} %`
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** What a cluster is asked is the same on every distribution: what of it a node answers as well stands beside it. */
function throughApi(answer, { checks, ask }, ofCluster) {
  if (!checks.some((id) => ofCluster.has(id))) return answer ?? '–'
  const cluster = ask === undefined ? 'cluster' : 'cluster, partial'
  return answer === undefined || answer === 'not applicable' ? cluster : `${cluster}, node ${answer}`
}

/** How the controls of one edition are answered on these distributions: counted, then one by one. */
function tablesOf(content, { id, version }, distributions) {
  // A list when it comes from the build, a map when it was just loaded.
  const ofCluster = new Set(
    [...content.checks.values()].filter(({ about }) => about === 'cluster').map(({ id: check }) => check),
  )
  const { controls } = content.benchmarks.find((one) => one.id === id && one.version === version)
  const answered = distributions.map((one) => ({ ...one, answers: answersOf(one) }))
  const counted = answered.map(({ title, answers }) => {
    const all = [...answers.values()]
    const counts = words.map((word) => all.filter((answer) => answer === word).length)
    const [automated, partial, manual, away] = counts
    return [title, ...counts, percent(automated + partial, all.length - manual - away)]
  })
  const rows = controls.map((control) => [
    control.id,
    control.title,
    ...answered.map(({ answers }) => throughApi(answers.get(control.id), control, ofCluster)),
  ])
  return `${table(['Distribution', ...words, 'automated of decidable'], counted)}

${table(['Control', 'Title', ...distributions.map(({ title }) => title)], rows)}`
}

/** The text of docs/coverage.md. `content`: what khard loads, compiled. */
export function coverageText(content) {
  return `# Coverage

How khard answers the controls of each benchmark on each distribution. Made by \`npm run coverage\` from the verdicts on lab
nodes that are pinned in test/golden/distributions; \`npm run check\` fails when it is stale.

- **automated**: a check decides it from evidence.
- **partial**: a check decides part of it, a person answers the rest.
- **manual**: only a person can answer it; khard asks.
- **not applicable**: it says nothing about this distribution, and the finding says why.
- **not met**: khard cannot decide it there yet.
- **cluster**: a check decides it from what the API server shows (\`--cluster\`); it is not among the counts of nodes.

## CIS Kubernetes 1.12

${tablesOf(content, { id: 'cis-kubernetes', version: '1.12' }, cis)}

## DISA Kubernetes STIG V2R6

${tablesOf(content, { id: 'stig-kubernetes', version: 'v2r6' }, stig)}

## DISA RGS RKE2 STIG V2R7

${tablesOf(content, { id: 'stig-rke2', version: 'v2r7' }, rke2Stig)}
`
}

/** What is wrong with docs/coverage.md; empty when it is up to date. */
export function coverageFaults(content) {
  const held = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return held === coverageText(content) ? [] : ['docs/coverage.md is stale']
}

if (process.argv[1] === import.meta.filename) {
  const content = JSON.parse(readFileSync(join(root, 'dist', 'content.json'), 'utf8')).content
  writeFileSync(file, coverageText(content))
}
