import type { ComponentSpec } from '../../model/component.ts'
import {
  absent,
  type Evidence,
  joinSources,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { type Manifests, noManifest, readManifests } from '../manifest/manifests.ts'
import type { PodContainer, StaticPod } from '../manifest/static-pod.ts'
import { type UnitOnDisk, unitDirectories, unitOnDisk } from '../systemd/unit.ts'
import type { UnitEntry } from '../systemd/unit-file.ts'
import { splitWords } from '../systemd/words.ts'
import { filePlace } from '../text/placed.ts'
import { type Argument, baseName, launches, runsComponent } from './command-line.ts'

/** The static pod that runs a component, and the container in it that is the component. */
export interface ComponentPod {
  readonly pod: StaticPod
  readonly container: PodContainer
  /** The container starts the component as its child. */
  readonly isLauncher: boolean
  readonly source: Source
}

/** Words of the container's command line with their places in the manifest. */
export function podArguments(found: ComponentPod): readonly Argument[] {
  return found.container.words.map((word) => ({
    text: word.text,
    at: filePlace(found.pod.path, word.line),
  }))
}

/** Words of a unit's ExecStart with the line each stands on, in the unit or in what set its variable. */
export function unitArguments(unit: UnitOnDisk): readonly Required<Argument>[] {
  const start = unit.execStart
  if (start === undefined) return []
  return start.line.argv.map((text) => ({
    text,
    at: { kind: 'file', ...wordPlace(text, unit, start.entry) },
  }))
}

function wordPlace(
  word: string,
  unit: UnitOnDisk,
  entry: UnitEntry,
): { readonly at: string; readonly line: number } {
  const offset = entry.raw.findIndex((line) => line.includes(word))
  if (offset >= 0) return { at: entry.file, line: entry.line + offset }
  const variable = [...unit.environment.values()].find((one) => splitWords(one.value).includes(word))
  return variable === undefined
    ? { at: entry.file, line: entry.line }
    : { at: variable.file, line: variable.line }
}

/** Every static pod with a container that runs the component, whatever its file is called. */
export function podsAmong(spec: ComponentSpec, manifests: Manifests): readonly ComponentPod[] {
  return manifests.pods.flatMap(({ pod, source }) =>
    pod.containers.flatMap((container): readonly ComponentPod[] => {
      const isLauncher = launches(container.words, spec)
      return isLauncher || runsComponent(container.words, spec)
        ? [{ pod, container, isLauncher, source }]
        : []
    }),
  )
}

/** The same straight from the raw evidence, for directories chosen by the caller. */
export function podsOf(
  view: NodeView,
  spec: ComponentSpec,
  directories: readonly string[],
): readonly ComponentPod[] {
  return podsAmong(spec, readManifests(view, directories))
}

/** The one static pod of a component on disk. Two different ones are ambiguous. */
export function configuredPod(
  view: NodeView,
  spec: ComponentSpec,
  manifests: Manifests,
): Evidence<ComponentPod> {
  if (spec.staticPod === undefined) return absent({ items: [], at: [] })
  const found = podsAmong(spec, manifests)
  const [first] = found
  if (first === undefined) return noManifest(view, manifests)
  const named = found.filter((pod) => baseName(pod.pod.path).split('.')[0] === spec.staticPod?.manifest)
  const only = found.length === 1 ? first : named.length === 1 ? named[0] : undefined
  const source = joinSources(...found.map((pod) => pod.source))
  if (only !== undefined) return observed(only, only.source)
  return unavailable(
    'ambiguous',
    source,
    `${found.length} static pods run ${spec.id}: ${found.map((pod) => pod.pod.path).join(', ')}`,
  )
}

/** A unit of the component that is started at boot or runs now. */
export function configuredUnit(view: NodeView, spec: ComponentSpec): Evidence<UnitOnDisk> {
  let answer: Evidence<UnitOnDisk> = absent({ items: [], at: [] })
  for (const name of spec.units) {
    const unit = unitOnDisk(view, name)
    if (unit.kind === 'observed' && isEnabled(view, name)) return unit
    if (unit.kind === 'unavailable' && answer.kind !== 'unavailable') answer = unit
    if (unit.kind !== 'unavailable' && answer.kind === 'absent')
      answer = absent(joinSources(answer.source, unit.source))
  }
  return answer
}

const startingStates = ['enabled', 'enabled-runtime', 'linked', 'generated', 'static', 'alias']

/** True when systemd starts the unit: by its own word, or by a link in a `.wants` directory of an image. */
export function isEnabled(view: NodeView, name: string): boolean {
  const unit = view.unit(name)
  if (unit.state === 'observed') {
    const { UnitFileState, ActiveState } = unit.properties
    return (
      startingStates.includes(UnitFileState ?? '') || ActiveState === 'active' || ActiveState === 'activating'
    )
  }
  const links = view.all('file').filter((file) => file.state === 'observed' && baseName(file.path) === name)
  return links.some((link) =>
    unitDirectories.some(
      (directory) => link.path.startsWith(`${directory}/`) && /\.(wants|requires)\/[^/]+$/.test(link.path),
    ),
  )
}
