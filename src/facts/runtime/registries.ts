import {
  absent,
  type Evidence,
  type Fact,
  joinSources,
  mapEvidence,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { RawContent, RawItem } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { NodeContext } from '../fact-kind.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import { effectiveSettings, settingTexts } from '../settings/of-node.ts'
import { describeFault, isRecord, lookUp, type Parsed, type TextDocument } from '../text/document.ts'
import { readToml } from '../text/toml-text.ts'
import { readYaml } from '../text/yaml-text.ts'
import { hostsFiles, type Registry, registriesAt } from './hosts-files.ts'
import type { RuntimeName } from './in-use.ts'
import { mainFile } from './main-file.ts'
import { insecure, plainHttp, unverified } from './registry-text.ts'

const systemRegistries = '/etc/containers/registries.conf'
const systemDropIns = '/etc/containers/registries.conf.d'
const certificates = ['/etc/containerd/certs.d', '/etc/docker/certs.d'] as const
const rancher = ['k3s', 'rke2'] as const

/** Registry files no setting names. */
export const registryProbes: readonly Probe[] = [
  { kind: 'path', path: systemRegistries, holds: 'configuration' },
  { kind: 'glob', pattern: `${systemDropIns}/*.conf`, holds: 'configuration' },
  ...certificates.flatMap((directory): readonly Probe[] => [
    { kind: 'glob', pattern: `${directory}/*`, holds: 'directory' },
    { kind: 'glob', pattern: `${directory}/*/hosts.toml`, holds: 'configuration' },
  ]),
  ...rancher.map((name): Probe => {
    return { kind: 'path', path: `/etc/rancher/${name}/registries.yaml`, holds: 'configuration' }
  }),
]

/** What a list setting says, each item through `sentence`. */
function fromSetting(
  node: NodeContext,
  [component, setting]: readonly [component: string, setting: string],
  sentence: (text: string) => string | undefined,
): readonly Registry[] {
  return settingTexts(node, component, setting).flatMap((text): readonly Registry[] => {
    if (text.kind === 'absent') return []
    if (text.kind === 'unavailable') return [text]
    const said = sentence(text.fact)
    return said === undefined ? [] : [observed(said, text.source)]
  })
}

type Read = (document: TextDocument, path: string, source: Source) => readonly Registry[]

/** What one file says; nothing when it is not there. */
function fromFile(
  content: RawContent,
  parse: (text: string) => Parsed<TextDocument>,
  read: Read,
): readonly Registry[] {
  if (content.state === 'absent') return []
  if (content.state === 'unavailable') return [gapOf(content, content.path)]
  const document = parse(content.text)
  const source = sourceOf(content)
  return document.kind === 'unparsable'
    ? [unavailable('unparsable', source, describeFault(content.path, document))]
    : read(document.value, content.path, source)
}

/** registries.yaml of K3s and RKE2, which becomes containerd's files at the next start. */
const inRancherFile: Read = ({ value, lineOf }, path, source) => {
  const mirrors = lookUp(value, ['mirrors'])
  const configs = lookUp(value, ['configs'])
  return registriesAt(
    [
      ...(isRecord(mirrors) ? Object.entries(mirrors) : []).flatMap(([registry, mirror]) => {
        const endpoints = lookUp(mirror, ['endpoint'])
        const list = Array.isArray(endpoints) ? endpoints : []
        return list.map(
          (one, index) =>
            [plainHttp(String(one), registry), lineOf(['mirrors', registry, 'endpoint', index])] as const,
        )
      }),
      ...(isRecord(configs) ? Object.entries(configs) : []).map(([host, about]) => {
        const skips = lookUp(about, ['tls', 'insecure_skip_verify']) === true
        return [skips ? unverified(host) : undefined, lineOf(['configs', host, 'tls'])] as const
      }),
    ],
    path,
    source,
  )
}

/** registries.conf of containers/image: entries and their mirrors, and the tables of version 1. */
const inSystemFile: Read = ({ value, lineOf }, path, source) => {
  const entries = lookUp(value, ['registry'])
  const older = lookUp(value, ['registries', 'insecure', 'registries'])
  const isInsecure = (entry: unknown): boolean => lookUp(entry, ['insecure']) === true
  const name = (entry: unknown): string =>
    String(lookUp(entry, ['location']) ?? lookUp(entry, ['prefix']) ?? 'a registry')
  return registriesAt(
    [
      ...(Array.isArray(entries) ? entries : []).flatMap((entry, index) => {
        const mirrors = lookUp(entry, ['mirror'])
        const all = [entry, ...(Array.isArray(mirrors) ? mirrors : [])]
        const line = lineOf(['registry', index])
        return all.map((one) => [isInsecure(one) ? insecure(name(one)) : undefined, line] as const)
      }),
      ...(Array.isArray(older) ? older : []).map((one) => {
        return [insecure(String(one)), lineOf(['registries', 'insecure', 'registries'])] as const
      }),
    ],
    path,
    source,
  )
}

function ofContainerd(node: NodeContext): readonly Registry[] {
  const { view } = node
  const directories = settingTexts(node, 'containerd', 'registry-config-path').flatMap(
    (path): readonly Registry[] => {
      if (path.kind === 'absent') return []
      if (path.kind === 'unavailable') return [path]
      return path.fact
        .split(':')
        .filter((directory) => directory !== '')
        .flatMap((directory) => hostsFiles(view, directory.replace(/(?<=.)\/+$/, '')))
    },
  )
  return [
    ...fromSetting(node, ['containerd', 'registry-endpoints'], (text) => {
      const at = text.indexOf('=')
      return plainHttp(text.slice(at + 1), text.slice(0, at))
    }),
    ...fromSetting(node, ['containerd', 'registry-unverified-hosts'], unverified),
    ...directories,
    ...rancherContents(node).flatMap((content) => fromFile(content, readYaml, inRancherFile)),
  ]
}

function rancherContents(node: NodeContext): readonly RawContent[] {
  const main = mapEvidence(effectiveSettings(node, 'containerd'), mainFile)
  return main.kind === 'observed' ? rancherFiles(main.fact).map((path) => node.view.content(path)) : []
}

/** Below whose directory the configuration lies; a data directory of one's own tells neither. */
function rancherFiles(main: string): readonly string[] {
  if (!main.includes('/agent/etc/containerd/')) return []
  const named = rancher.filter((name) => main.includes(`/${name}/`))
  return (named.length > 0 ? named : rancher).map((name) => `/etc/rancher/${name}/registries.yaml`)
}

function ofCrio(node: NodeContext): readonly Registry[] {
  const { view } = node
  const listing = view.directory(systemDropIns)
  const dropIns = listing.state === 'observed' ? listing.entries.filter((path) => path.endsWith('.conf')) : []
  return [
    ...fromSetting(node, ['crio', 'insecure-registries'], insecure),
    ...(listing.state === 'unavailable' ? [gapOf(listing, systemDropIns)] : []),
    ...[systemRegistries, ...dropIns].flatMap((path) => fromFile(view.content(path), readToml, inSystemFile)),
  ]
}

function ofDocker(node: NodeContext): readonly Registry[] {
  return [
    ...fromSetting(node, ['docker', 'insecure-registry'], insecure),
    ...fromSetting(node, ['docker', 'registry-mirror'], (text) => plainHttp(text, 'docker.io')),
  ]
}

function all(node: NodeContext, name: RuntimeName): readonly Registry[] {
  switch (name) {
    case 'containerd':
      return ofContainerd(node)
    case 'cri-o':
      return ofCrio(node)
    case 'cri-dockerd':
      return ofDocker(node)
    default:
      return name satisfies never
  }
}

/** Settings that lead to registries, of each runtime. */
const settings: Readonly<Record<RuntimeName, readonly [component: string, ...names: string[]]>> = {
  containerd: ['containerd', 'registry-endpoints', 'registry-unverified-hosts', 'registry-config-path'],
  'cri-o': ['crio', 'insecure-registries'],
  'cri-dockerd': ['docker', 'insecure-registry', 'registry-mirror'],
}

/** Files and directories beside the settings, whether they are there or not. */
function placesBeside(node: NodeContext, name: RuntimeName): readonly RawItem[] {
  const { view } = node
  if (name === 'cri-o') return [view.content(systemRegistries), view.directory(systemDropIns)]
  if (name === 'cri-dockerd') return []
  const directories = settingTexts(node, 'containerd', 'registry-config-path').flatMap((path) =>
    path.kind === 'observed' ? path.fact.split(':').filter((directory) => directory !== '') : [],
  )
  return [...directories.map((path) => view.directory(path)), ...rancherContents(node)]
}

/** Where registries would stand. */
function lookedAt(node: NodeContext, name: RuntimeName): Source {
  const [component, ...names] = settings[name]
  const texts = names.flatMap((setting) => settingTexts(node, component, setting))
  return joinSources(...texts.map(({ source }) => source), ...placesBeside(node, name).map(sourceOf))
}

/** Registries the runtime trusts without TLS or without looking at certificates; absent when there are none. */
export function insecureRegistries(node: NodeContext, name: RuntimeName, source: Source): Fact {
  const found = all(node, name)
  const seen = found.filter((one): one is Extract<Evidence<string>, { kind: 'observed' }> => {
    return one.kind === 'observed'
  })
  if (seen.length > 0) {
    const unique = [...new Map(seen.map((one) => [one.fact, one])).values()]
    return observed(unique, joinSources(source, ...unique.map((one) => one.source)))
  }
  const gap = found.find((one) => one.kind === 'unavailable')
  return gap ?? absent(lookedAt(node, name), 'none is set up')
}
