import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { sourceOf } from './files/raw-source.ts'
import { entryProblems } from './node/entry-problems.ts'
import { environmentProblems } from './node/environment-problems.ts'
import { inUseProbes, loadedUnit, systemdProbe, unitInUse, unitNames } from './node/service-units.ts'
import type { UnitProblem } from './node/unit-problem.ts'
import { unitFileProbes } from './systemd/places.ts'
import { unitOnDisk } from './systemd/unit.ts'
import type { UnitFile } from './systemd/unit-file.ts'
import { listEntries } from './systemd/unit-file.ts'

/** Problems of fragment and drop-ins, in the order the files apply. */
export function unitFileProblems(files: readonly UnitFile[]): readonly UnitProblem[] {
  const entries = files.flatMap((file) => file.entries)
  const last = new Map(entries.map((entry) => [`${entry.section}.${entry.key}`, entry]))
  return files.flatMap((file) => [
    ...file.entries.flatMap((entry) =>
      entryProblems(entry, last.get(`${entry.section}.${entry.key}`) === entry),
    ),
    ...file.strays.map(({ line, text }): UnitProblem => {
      const effect = 'the line is outside of a section or has no =; it is ignored'
      return { file: file.path, line, text, problem: 'stray-line', effect }
    }),
  ])
}

function environmentFact(view: NodeView, files: readonly UnitFile[]): Evidence<readonly UnitProblem[]> {
  const problems: UnitProblem[] = []
  const sources: Source[] = []
  for (const entry of listEntries(files, 'Service', 'EnvironmentFile')) {
    const path = entry.value.replace(/^-/, '')
    // A name with a comment in it is a problem of its own; patterns and specifiers are not followed.
    if (!/^\/[^\s%*?]+$/.test(path)) continue
    const content = view.content(path)
    if (content.state === 'unavailable') {
      return unavailable(content.reason, sourceOf(content), content.detail ?? `${path} could not be read`)
    }
    sources.push(sourceOf(content))
    if (content.state === 'observed') problems.push(...environmentProblems(content.text, path))
  }
  return observed(problems, joinSources(...sources))
}

function problemFact(problem: UnitProblem, unit: string, items: readonly string[]): Fact {
  const { file, line, text } = problem
  const source: Source = { items, at: [{ kind: 'file', at: file, line }] }
  return observed(
    {
      unit: observed(unit, source),
      file: observed(file, source),
      line: observed(line, source),
      text: observed(text, source),
      problem: observed(problem.problem, source),
      effect: observed(problem.effect, source),
    },
    source,
  )
}

/** What the lines say; of lines that are all in order, the files they stand in. */
function sentences(problems: readonly UnitProblem[], clean: Source): Fact {
  if (problems.length === 0) return absent(clean, 'every line does what it says')
  const at = problems.map(({ file, line }) => ({ kind: 'file' as const, at: file, line }))
  const source: Source = { items: clean.items, at }
  return observed(
    problems.map(({ file, line, text, effect }) => observed(`${file}:${line} "${text}": ${effect}`, source)),
    source,
  )
}

function derive(service: string, node: NodeContext): Fact {
  const { name, properties } = loadedUnit(service, node.view, node)
  if (properties.kind === 'absent') return properties
  if (properties.kind === 'unavailable' && properties.reason !== 'offline') return properties
  const unit = unitOnDisk(node.view, name)
  if (unit.kind !== 'observed') return unit
  const environment = environmentFact(node.view, unit.fact.files)
  const source = joinSources(properties.source, unit.source, environment.source)
  const at = unit.fact.files.map(({ path }) => ({ kind: 'file' as const, at: path }))
  const problems = [
    ...unitFileProblems(unit.fact.files),
    ...(environment.kind === 'observed' ? environment.fact : []),
  ]
  const isPartial = environment.kind !== 'observed' && problems.length === 0
  return observed(
    {
      unit: observed(name, source),
      // Nothing runs in an image; its units are judged as they would start.
      'in-use':
        properties.kind === 'unavailable'
          ? observed(true, source)
          : unitInUse(node, service, { name, properties: properties.fact, source }),
      count: isPartial ? environment : observed(problems.length, source),
      found: isPartial ? environment : sentences(problems, joinSources(source, { items: [], at })),
      problems:
        problems.length > 0
          ? observed(
              problems.map((problem) => problemFact(problem, name, source.items)),
              source,
            )
          : isPartial
            ? environment
            : absent(source),
    },
    source,
  )
}

function probes(service: string, units: readonly string[]): readonly Probe[] {
  const files: Probe[] = units.flatMap((unit) => [{ kind: 'unit', name: unit }, ...unitFileProbes(unit)])
  const environment = [`/etc/default/${service}`, `/etc/sysconfig/${service}`]
  return [
    systemdProbe,
    ...files,
    ...environment.map((path): Probe => ({ kind: 'path', path, holds: 'environment' })),
  ]
}

/** Lines of a service's unit, drop-in and environment files that do not do what they say. */
export const unitProblems: FactKind = {
  kind: 'unit-problems',
  title:
    'Lines of a unit, its drop-ins and environment files that systemd reads differently from what they say.',
  parameters: { of: { means: 'service: kubelet, containerd, etcd, docker, …' } },
  fields: () => [
    'unit',
    'in-use',
    'count',
    'found',
    'problems',
    ...['unit', 'file', 'line', 'text', 'problem', 'effect'].map((field) => `problems.${field}`),
  ],
  probes: (request, knowledge) => [
    ...probes(String(request.of), unitNames(String(request.of), knowledge)),
    ...inUseProbes(String(request.of), knowledge),
  ],
  derive: (request, node) => derive(String(request.of), node),
}
