import type { ComponentSpec } from '../../model/component.ts'
import type { Evidence, Fact } from '../../model/evidence.ts'
import { absent, joinSources, observed } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import type { SettingFile } from '../files/setting-files.ts'
import { settingFiles } from '../files/setting-files.ts'
import { wordsOf } from '../policies/api-server.ts'
import { configured, serverConfiguration } from '../rancher/configuration.ts'
import { dataDirectory } from '../rancher/datastore.ts'
import { rancherPrograms } from '../rancher/program.ts'
import { componentState } from '../settings/of-node.ts'
import { sniSetting } from '../settings/sni.ts'
import { usualPath } from './rancher-layout.ts'

/**
 * Files a certificate, key or kubeconfig setting names. Where a component runs inside K3s and the log that tells its
 * settings is gone, they are where K3s keeps them, unless its configuration says otherwise.
 */
export function usedFiles(
  node: NodeContext,
  component: string,
  setting: string,
): readonly Evidence<SettingFile>[] {
  const files = settingFiles(node, component, setting)
  if (files[0]?.kind !== 'unavailable') return files
  const state = componentState(node, component)
  if (state.kind !== 'observed') return files
  const { spec, startedAs, commandLine } = state.fact
  const isEmbedded = startedAs.kind === 'observed' && startedAs.fact === 'embedded'
  const isLost = isEmbedded && commandLine.kind === 'unavailable'
  const known = isLost ? fileOfK3s(node, spec, setting) : undefined
  return known === undefined ? files : [known]
}

/** Undefined: what the operator gave the component is not known either. */
function fileOfK3s(
  node: NodeContext,
  spec: ComponentSpec,
  setting: string,
): Evidence<SettingFile> | undefined {
  const component = spec.id
  const configuration = serverConfiguration(node.view, 'k3s')
  const directory = dataDirectory(configuration, rancherPrograms.k3s.dataDirectory)
  const extra = configured(configuration, `${component}-arg`)
  if (directory.kind !== 'observed' || extra.kind === 'unavailable') return undefined
  const flags = spec.settings.filter(({ name }) => name === setting).flatMap((one) => one.flags)
  const own = ownValue(extra, flags)
  if (own !== undefined && setting === sniSetting) return undefined
  const usual = usualPath(component, setting)
  const source = joinSources(extra.source, directory.source)
  const path = own ?? (usual === undefined ? undefined : `${directory.fact}/${usual}`)
  if (path === undefined) return absent(source, `K3s gives ${component} no ${setting}`)
  const file = node.view.file(path)
  const both = joinSources(sourceOf(file), source)
  if (file.state === 'unavailable') return gapOf(file, path)
  // The certificates of an etcd are there only where K3s runs one.
  const isEtcds = own === undefined && path.includes('/server/tls/etcd/')
  if (file.state === 'absent' && isEtcds) return absent(both, `${path} does not exist`)
  return observed({ path, source: both }, both)
}

/** What the operator's `<component>-arg` gives a setting; the last one counts. */
function ownValue(extra: Fact, flags: readonly string[]): string | undefined {
  const words = extra.kind === 'observed' ? wordsOf(extra) : []
  const given = words.flatMap((word) => {
    const [, name = '', value] = /^-{0,2}([^=]+)=(.*)$/s.exec(word) ?? []
    return value !== undefined && flags.includes(name) ? [value] : []
  })
  return given.at(-1)
}
