import { Engine } from 'json-rules-engine'
import { chooseSelections } from '../dist/cli/choose.js'
import { assessNode, prepareTarget } from '../dist/cli/prepare-target.js'
import { readBundle } from '../dist/collect/bundle.js'
import { loadCompiledContent } from '../dist/content/compiled.js'
import { evaluateNode } from '../dist/evaluate/node.js'
import { createSummary } from '../dist/evaluate/summary.js'

const example = new URL('../examples/three-nodes.khard', import.meta.url).pathname
const content = loadCompiledContent()
const choice = await chooseSelections({}, content, {})
const atMs = Date.UTC(2026, 10, 22)

/** Evaluates as many nodes as asked, streaming, and compares with one rule on json-rules-engine. */
export async function benchEvaluation(count) {
  const recorded = []
  for await (const evidence of readBundle(example)) recorded.push(evidence)
  const whole = wholeNodes(recorded, Math.min(count, 300))
  const ready = readyFacts(recorded, count)
  const rule = await engineRule()
  const baseline = { name: 'one rule on json-rules-engine', value: rule }
  return [
    { name: 'one rule on json-rules-engine', value: rule, unit: 'µs' },
    { name: 'a check, facts ready', value: ready.us, unit: 'µs', baseline, ceiling: 10 },
    { name: 'a check, facts derived from raw evidence', value: whole.us, unit: 'µs', baseline },
    { name: 'a node, everything', value: whole.nodeMs, unit: 'ms' },
    { name: 'memory growth over the nodes', value: ready.growth, unit: 'MiB' },
  ]
}

function cpuUs(work) {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function wholeNodes(recorded, count) {
  let findings = 0
  const us = cpuUs(() => {
    for (let index = 0; index < count; index++)
      findings += assessNode(recorded[index % recorded.length], 'node', { content, choice, atMs }).findings
        .length
  })
  return { us: us / findings, nodeMs: us / 1000 / count }
}

/** Facts derived once a recorded node; every evaluation still judges every check and builds every finding. */
function readyFacts(recorded, count) {
  const prepared = recorded.map((evidence) => prepare(evidence))
  const summary = createSummary(prepared.flatMap(({ selection }) => selection.benchmarks))
  for (const node of prepared) summary.add(node.evaluate())
  const memory = heap()
  let findings = 0
  const us = cpuUs(() => {
    for (let index = 0; index < count; index++) {
      const found = prepared[index % prepared.length].evaluate()
      findings += found.length
      summary.add(found)
    }
  })
  return { us: us / findings, growth: Math.max(0, heap() - memory) }
}

function heap() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

function prepare(evidence) {
  const { selection, input } = prepareTarget(evidence, 'node', { content, choice, atMs })
  const known = new Map()
  const derive = (request) => {
    if (!known.has(request)) known.set(request, input.derive(request))
    return known.get(request)
  }
  return { selection, evaluate: () => evaluateNode(selection, { ...input, derive }) }
}

async function engineRule() {
  const times = 2000
  const before = process.cpuUsage()
  for (let index = 0; index < times; index++) {
    const engine = new Engine()
    engine.addRule({
      conditions: { all: [{ fact: 'profiling', operator: 'equal', value: false }] },
      event: { type: 'pass' },
    })
    await engine.run({ profiling: false })
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}
