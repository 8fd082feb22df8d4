import type { ComponentSpec } from '../../model/component.ts'
import {
  absent,
  type Drift,
  type Evidence,
  type Fact,
  mapEvidence,
  observed,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { listedName } from '../manifest/listed-name.ts'
import {
  type Manifests,
  noManifests,
  readManifests,
  usualManifestDirectories,
} from '../manifest/manifests.ts'
import { configurationDrift } from '../rancher/drift.ts'
import { rancherService } from '../rancher/service.ts'
import { withoutOtherContainerds } from '../runtime/serving-containerd.ts'
import { socketNames } from '../runtime/socket-path.ts'
import type { UnitOnDisk } from '../systemd/unit.ts'
import { isThroughApi } from '../through-api/node-object.ts'
import { shownSettings } from '../through-api/shown-settings.ts'
import { shownState } from '../through-api/shown-state.ts'
import { type ComponentState, restingState, stateOf } from './component-state.ts'
import { type EffectiveSettings, settingsOf } from './effective.ts'
import { hostPathCandidates, hostPathOf } from './paths.ts'
import { installedUnit, restingUnit } from './resting.ts'
import { sniPaths, sniSetting } from './sni.ts'

/** Directories static pods come from: the kubelet's own and the usual ones. */
export function manifestDirectories(node: NodeContext): readonly string[] {
  const settings = effectiveSettings(node, 'kubelet')
  const path = settings.kind === 'observed' ? settings.fact.values['pod-manifest-path'] : undefined
  const own =
    path?.kind === 'observed' && typeof path.fact === 'string' ? [listedName(node.view, path.fact)] : []
  return [...new Set([...own, ...usualManifestDirectories])]
}

/** Every static pod manifest of the node, read once. */
export function staticPods(node: NodeContext): Manifests {
  return node.memo('static-pods', () => {
    const manifests = readManifests(node.view, manifestDirectories(node))
    const settings = effectiveSettings(node, 'kubelet')
    const path = settings.kind === 'observed' ? settings.fact.values['pod-manifest-path'] : settings
    return path?.kind === 'unavailable' ? { ...manifests, directoryGap: path } : manifests
  })
}

/** Absent: the node neither runs the component nor is set up to. Unavailable: that cannot be told. */
export function componentState(node: NodeContext, id: string): Evidence<ComponentState> {
  return node.memo(`component-state ${id}`, () => {
    const spec = node.components.get(id)
    if (spec === undefined)
      return unavailable('not-collected', { items: [], at: [] }, `khard has no description of ${id}`)
    if (isThroughApi(node.view)) return shownState(node.view, spec)
    const pods = spec.staticPod === undefined ? noManifests : staticPods(node)
    const found = id === 'containerd' ? servingContainerd(node, spec) : stateOf(node.view, spec, pods)
    const state = found.kind === 'absent' && found.detail === undefined ? atRest(node, spec, found) : found
    return state.kind === 'absent' && mayComeFromCluster(node, id)
      ? unavailable(
          'offline',
          state.source,
          `a DaemonSet may run ${id}; an image does not show what those run`,
        )
      : state
  })
}

/** Nothing starts it: then it may have been stopped and kept from starting, on a machine that used it. */
function atRest(node: NodeContext, spec: ComponentSpec, found: Evidence<never>): Evidence<ComponentState> {
  const unit = isRuntime(spec.id) ? runtimeAtRest(node, spec) : restingUnit(node.view, spec)
  if (unit.kind === 'observed') return observed(restingState(spec, unit.fact, unit.source), unit.source)
  if (unit.kind === 'unavailable') return unit
  return spec.id === 'kubelet' ? ofStoppedRke2(node.view, found) : found
}

/** RKE2 starts a kubelet with arguments of its own making, which nothing on the disk holds. */
function ofStoppedRke2(view: NodeView, found: Evidence<never>): Evidence<never> {
  const service = rancherService(view, 'rke2')
  if (service.kind !== 'observed' || service.fact.isRunning) return found
  return unavailable(
    'offline',
    service.source,
    'RKE2 does not run; what it starts the kubelet with shows then',
  )
}

/** A runtime that nothing starts counts where the kubelet would use it; another one was merely installed. */
function runtimeAtRest(node: NodeContext, spec: ComponentSpec): Evidence<UnitOnDisk> {
  return mapEvidence(installedUnit(node.view, spec), (unit, source) => {
    const needed = spec.id === 'docker' ? componentState(node, 'cri-dockerd') : usedByKubelet(node, spec.id)
    return mapEvidence<unknown, UnitOnDisk>(needed, () => observed(unit, source))
  })
}

function isRuntime(id: string): boolean {
  return id === 'docker' || Object.hasOwn(socketNames, id)
}

/** The kubelet's endpoint, when it is this runtime's; a kubelet that was given none uses containerd, in any version. */
function usedByKubelet(node: NodeContext, id: string): Evidence<string> {
  const endpoint = settingText(node, 'kubelet', 'container-runtime-endpoint')
  const isDefault = endpoint.kind === 'unavailable' && endpoint.reason === 'version-unknown'
  const used = isDefault ? observed('/run/containerd/containerd.sock', endpoint.source) : endpoint
  return mapEvidence(used, (path, source) => {
    const owner = Object.entries(socketNames).find(([, name]) => name.test(path))
    return owner?.[0] === id ? used : absent(source)
  })
}

/** Installers leave kube-proxy to a DaemonSet (kubeadm), which leaves no trace on the disk of a node. */
function mayComeFromCluster(node: NodeContext, id: string): boolean {
  return (
    id === 'kube-proxy' && node.view.evidence.offline && componentState(node, 'kubelet').kind !== 'absent'
  )
}

/** Of several containerds the one that serves the kubelet is the node's. */
function servingContainerd(node: NodeContext, spec: ComponentSpec): Evidence<ComponentState> {
  if (node.view.processesNamed(spec.id).length < 2) return stateOf(node.view, spec, noManifests)
  const kubelet = effectiveSettings(node, 'kubelet')
  const endpoint = mapEvidence(kubelet, ({ values }, source): Fact => {
    return values['container-runtime-endpoint'] ?? absent(source)
  })
  if (endpoint.kind !== 'unavailable') {
    const used = endpoint.kind === 'observed' ? String(endpoint.fact) : undefined
    const view = used === undefined ? node.view : withoutOtherContainerds(node.view, used)
    return stateOf(view, spec, noManifests)
  }
  const why = 'several containerds run, and which of them serves the kubelet is not known'
  return unavailable(endpoint.reason, endpoint.source, why)
}

/** Every setting of a component in force on the node; absent and unavailable as `componentState` has it. */
export function effectiveSettings(node: NodeContext, id: string): Evidence<EffectiveSettings> {
  return node.memo(`effective-settings ${id}`, () =>
    mapEvidence(componentState(node, id), (state) =>
      isThroughApi(node.view)
        ? shownSettings(node.view, state)
        : observed(settingsOf(node.view, state), state.source),
    ),
  )
}

/** How the disk and the running process disagree on a setting; undefined when they agree. */
export function settingDrift(node: NodeContext, component: string, setting: string): Drift | undefined {
  const settings = effectiveSettings(node, component)
  if (settings.kind !== 'observed') return undefined
  const { state, drift } = settings.fact
  const configured = node.memo(`configuration-drift ${component}`, () => configurationDrift(node.view, state))
  return drift.get(setting) ?? configured.get(setting)
}

/** A path-valued (or text) setting in force, as the component was given it. Lists: see `settingTexts`. */
export function settingText(node: NodeContext, component: string, setting: string): Evidence<string> {
  const [first] = settingTexts(node, component, setting)
  return first ?? absent({ items: [], at: [] })
}

/** The texts of a setting: one for a scalar, one per item of a list; a single absent or unavailable otherwise. */
export function settingTexts(
  node: NodeContext,
  component: string,
  setting: string,
): readonly Evidence<string>[] {
  const settings = effectiveSettings(node, component)
  if (settings.kind !== 'observed') return [settings]
  const value = settings.fact.values[setting]
  if (value === undefined)
    return [unavailable('not-collected', settings.source, `${component} has no setting ${setting}`)]
  if (value.kind !== 'observed') return [value]
  if (!Array.isArray(value.fact)) return [observed(String(value.fact), value.source)]
  return value.fact.flatMap((item) => {
    if (item.kind !== 'observed') return [item]
    const texts = setting === sniSetting ? sniPaths([String(item.fact)]) : [String(item.fact)]
    return texts.map((text) => observed(text, item.source))
  })
}

/** The host's path for a path a component was given (container paths go through hostPath mounts). */
export function hostPath(node: NodeContext, component: string, path: string): string {
  const state = componentState(node, component)
  return state.kind === 'observed' ? hostPathOf(node.view, state.fact, path) : path
}

/** Every host path under which a component's path may have been collected, best first. */
export function hostPaths(node: NodeContext, component: string, path: string): readonly string[] {
  const state = componentState(node, component)
  return state.kind === 'observed' ? hostPathCandidates(state.fact, path) : [path]
}
