import { absent, type Evidence, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import {
  type Manifests,
  noManifests,
  readManifests,
  usualManifestDirectories,
} from '../manifest/manifests.ts'
import { type ComponentState, stateOf } from './component-state.ts'
import { type EffectiveSettings, settingsOf } from './effective.ts'
import { hostPathCandidates, hostPathOf } from './paths.ts'
import { sniPaths, sniSetting } from './sni.ts'

/** Directories static pods come from: the kubelet's own and the usual ones. */
export function manifestDirectories(node: NodeContext): readonly string[] {
  const settings = effectiveSettings(node, 'kubelet')
  const path = settings.kind === 'observed' ? settings.fact.values['pod-manifest-path'] : undefined
  const own =
    path?.kind === 'observed' && typeof path.fact === 'string' ? [path.fact.replace(/(?<=.)\/+$/, '')] : []
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
    return stateOf(node.view, spec, spec.staticPod === undefined ? noManifests : staticPods(node))
  })
}

/** Every setting of a component in force on the node; absent and unavailable as `componentState` has it. */
export function effectiveSettings(node: NodeContext, id: string): Evidence<EffectiveSettings> {
  return node.memo(`effective-settings ${id}`, () =>
    mapEvidence(componentState(node, id), (state) => observed(settingsOf(node.view, state), state.source)),
  )
}

/** One sentence when the disk and the running process disagree on a setting; undefined when they agree. */
export function settingDrift(node: NodeContext, component: string, setting: string): string | undefined {
  const settings = effectiveSettings(node, component)
  return settings.kind === 'observed' ? settings.fact.drift.get(setting) : undefined
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
