import type { ComponentSpec } from '../../model/component.ts'
import {
  absent,
  type Evidence,
  observed,
  type Provenance,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { flagAt, listAt, textAt, textsAt } from '../cluster/json.ts'
import { sourceOf } from '../files/raw-source.ts'
import { type Argument, parseCommandLine, runsComponent, usesOf } from '../settings/command-line.ts'
import type { ComponentState } from '../settings/component-state.ts'
import { imageVersion, versionIn } from '../settings/version.ts'
import { staticPodList } from './kept.ts'
import { kubeletAnswer, nodeObject } from './node-object.ts'
import { hasStaticPods } from './shown-node.ts'

const nowhere = { process: undefined, pod: undefined, unit: undefined }

function notShown(source: Source, detail: string) {
  return unavailable('not-shown', source, detail)
}

/** The component as the API shows it. Absent only where it would be seen if it were there. */
export function shownState(view: NodeView, spec: ComponentSpec): Evidence<ComponentState> {
  if (spec.id === 'kubelet') return shownKubelet(view, spec)
  const embedded = ofK3s(view, spec)
  if (embedded !== undefined) return embedded
  if (spec.staticPod === undefined)
    return notShown(sourceOf(view.list('v1/nodes')), `the API does not show how ${spec.id} runs`)
  return shownPod(view, spec)
}

/** Every node runs a kubelet: its object is the kubelet’s work. */
function shownKubelet(view: NodeView, spec: ComponentSpec): Evidence<ComponentState> {
  const source = sourceOf(kubeletAnswer(view, 'configz'))
  const version = versionIn(textAt(nodeObject(view), 'kubelet') ?? '')
  const hidden = notShown(source, 'the API does not show how the kubelet was started')
  return observed(
    {
      ...nowhere,
      spec,
      startedAs: hidden,
      running: observed(true, source),
      version: version === undefined ? unavailable('version-unknown', source) : observed(version, source),
      // A kubelet prints its configuration with the defaults of a file, whatever it was started with.
      mode: observed('config', source),
      commandLine: hidden,
      source,
    },
    source,
  )
}

interface Mirror {
  readonly name: string
  readonly container: unknown
}

/** Words of a container with the pod they are written in. */
function wordsOf({ name, container }: Mirror): readonly Argument[] {
  return textsAt(container, 'words').map((text) => {
    const flag = text.startsWith('-') ? ` ${text.replace(/=[\s\S]*$/, '')}` : ''
    return { text, at: { kind: 'api', at: `Pod ${name}${flag}` } }
  })
}

function mirrorsOf(objects: readonly Json[], spec: ComponentSpec): readonly Mirror[] {
  return objects.flatMap((pod) =>
    listAt(pod, 'containers')
      .map((container) => ({
        name: `${textAt(pod, 'namespace') ?? ''}/${textAt(pod, 'name') ?? ''}`,
        container,
      }))
      .filter((mirror) => runsComponent(wordsOf(mirror), spec)),
  )
}

function shownPod(view: NodeView, spec: ComponentSpec): Evidence<ComponentState> {
  const list = view.list(staticPodList)
  const source = sourceOf(list)
  if (list.state !== 'observed')
    return list.state === 'absent' ? absent(source) : unavailable(list.reason, source, list.detail)
  const [first, ...others] = mirrorsOf(list.objects, spec)
  if (others.length > 0) return unavailable('ambiguous', source, `several static pods run ${spec.id}`)
  if (first !== undefined) return observed(mirrored(spec, first, source), source)
  return hasStaticPods(view)
    ? absent(source)
    : notShown(source, `no static pod runs ${spec.id}; whether something else does is not shown`)
}

function mirrored(spec: ComponentSpec, mirror: Mirror, list: Source): ComponentState {
  const source: Source = { items: list.items, at: [{ kind: 'api', at: `Pod ${mirror.name}` }] }
  const line = parseCommandLine(wordsOf(mirror), spec)
  const commandLine =
    line.kind === 'parsed' ? observed(line.value, source) : unavailable('unparsable', source, line.detail)
  const version = imageVersion(textAt(mirror.container, 'image') ?? '')
  const configuration = spec.settings.find(({ name }) => name === spec.configuration?.setting)
  const isGiven =
    line.kind === 'parsed' && configuration !== undefined && usesOf(line.value, configuration).length > 0
  return {
    ...nowhere,
    spec,
    startedAs: observed('static-pod', source),
    running: observed(true, source),
    version: version === undefined ? unavailable('version-unknown', source) : observed(version, source),
    mode: spec.modes.length === 0 ? absent(source) : observed(isGiven ? 'config' : 'flags', source),
    commandLine,
    environment:
      flagAt(mirror.container, 'hasEnvironment') === true
        ? notShown(source, 'values of environment variables are not taken from the API')
        : observed(new Map(), source),
    source,
  }
}

const k3sMark = 'k3s.io/node-args'

/** Arguments a K3s server was given for one of the components it runs inside itself. */
function passedOn(words: readonly string[], { id }: ComponentSpec): readonly string[] {
  const option = `--${id}-arg`
  return words.flatMap((word, index) => {
    if (word.startsWith(`${option}=`)) return [`--${word.slice(option.length + 1)}`]
    return words[index - 1] === option ? [`--${word}`] : []
  })
}

/** What K3s runs inside itself: only what it was told to pass on shows; the rest is its own doing. */
function ofK3s(view: NodeView, spec: ComponentSpec): Evidence<ComponentState> | undefined {
  const object = nodeObject(view)
  if (spec.staticPod === undefined || !textsAt(object, 'annotated').includes(k3sMark)) return undefined
  const list = sourceOf(view.list('v1/nodes'))
  const at: Provenance = { kind: 'api', at: `annotation ${k3sMark}` }
  const source: Source = { items: list.items, at: [at] }
  const words = textsAt(object, 'arguments')
  if (words[0] !== 'server')
    return words.length === 0 ? notShown(source, 'the node does not say how K3s was started') : absent(source)
  const line = parseCommandLine(
    [spec.binaries[0] ?? spec.id, ...passedOn(words, spec)].map((text) => ({ text, at })),
    spec,
  )
  const hidden = notShown(
    source,
    `K3s starts ${spec.id} with arguments of its own, which the API does not show`,
  )
  const version = versionIn(textAt(object, 'kubelet') ?? '')
  return observed(
    {
      ...nowhere,
      spec,
      startedAs: observed('embedded', source),
      running: observed(true, source),
      version: version === undefined || !spec.id.startsWith('kube') ? hidden : observed(version, source),
      mode: spec.modes.length === 0 ? absent(source) : hidden,
      commandLine: line.kind === 'parsed' ? observed(line.value, source) : hidden,
      environment: hidden,
      source,
    },
    source,
  )
}
