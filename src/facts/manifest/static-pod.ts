import {
  isRecord,
  type KeyPath,
  lookUp,
  type Parsed,
  parsed,
  type TextDocument,
  unparsable,
} from '../text/document.ts'
import { readYaml } from '../text/yaml-text.ts'

/** One word of a container's command line and the manifest line it stands on. */
export interface ManifestWord {
  readonly text: string
  readonly line: number | undefined
}

/** A path in the container and the path of the host it shows. */
export interface HostMount {
  readonly mountPath: string
  readonly hostPath: string
}

export interface PodContainer {
  readonly name: string
  readonly image: string
  /** `command` followed by `args`; without a command the program is taken from the image's name. */
  readonly words: readonly ManifestWord[]
  readonly environment: ReadonlyMap<string, ManifestWord>
  /** Longest mount path first. */
  readonly mounts: readonly HostMount[]
  /** The container's, else the pod's; undefined when the image decides. */
  readonly runAsUser: number | undefined
}

/** A static pod manifest, as far as components need it. */
export interface StaticPod {
  readonly path: string
  readonly name: string
  readonly containers: readonly PodContainer[]
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function wordsAt(document: TextDocument, path: KeyPath): readonly ManifestWord[] {
  return items(lookUp(document.value, path)).map((word, index) => ({
    text: typeof word === 'string' ? word : JSON.stringify(word),
    line: document.lineOf([...path, index]),
  }))
}

function hostPaths(spec: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const volume of items(lookUp(spec, ['volumes']))) {
    const path = lookUp(volume, ['hostPath', 'path'])
    if (typeof path === 'string') found.set(text(lookUp(volume, ['name'])), path)
  }
  return found
}

function mountsOf(container: unknown, volumes: ReadonlyMap<string, string>): readonly HostMount[] {
  const mounts: HostMount[] = []
  for (const mount of items(lookUp(container, ['volumeMounts']))) {
    const host = volumes.get(text(lookUp(mount, ['name'])))
    const mountPath = text(lookUp(mount, ['mountPath'])).replace(/(?<=.)\/+$/, '')
    const below = text(lookUp(mount, ['subPath']))
    if (host === undefined || mountPath === '') continue
    mounts.push({
      mountPath,
      hostPath: below === '' ? host.replace(/(?<=.)\/+$/, '') : `${host.replace(/\/+$/, '')}/${below}`,
    })
  }
  return mounts.sort((a, b) => b.mountPath.length - a.mountPath.length)
}

function environmentOf(document: TextDocument, path: KeyPath): ReadonlyMap<string, ManifestWord> {
  const found = new Map<string, ManifestWord>()
  for (const [index, entry] of items(lookUp(document.value, [...path, 'env'])).entries()) {
    const value = lookUp(entry, ['value'])
    if (typeof value === 'string')
      found.set(text(lookUp(entry, ['name'])), {
        text: value,
        line: document.lineOf([...path, 'env', index]),
      })
  }
  return found
}

function userOf(container: unknown, spec: unknown): number | undefined {
  for (const holder of [container, spec]) {
    const user = lookUp(holder, ['securityContext', 'runAsUser'])
    if (typeof user === 'number') return user
  }
  return undefined
}

/** The program of a container whose manifest names none: its image decides, and is called what it runs. */
function entrypoint(image: string, line: number | undefined): readonly ManifestWord[] {
  const name = image.replace(/@.*$/, '').replace(/^.*\//, '').replace(/:.*$/, '')
  return name === '' ? [] : [{ text: name.replace(/-(amd64|arm64|arm|ppc64le|s390x)$/, ''), line }]
}

function containerAt(document: TextDocument, spec: unknown, index: number): PodContainer {
  const path: KeyPath = ['spec', 'containers', index]
  const container = lookUp(document.value, path)
  const command = wordsAt(document, [...path, 'command'])
  const image = text(lookUp(container, ['image']))
  const program = command.length > 0 ? command : entrypoint(image, document.lineOf([...path, 'image']))
  return {
    name: text(lookUp(container, ['name'])),
    image,
    words: [...program, ...wordsAt(document, [...path, 'args'])],
    environment: environmentOf(document, path),
    mounts: mountsOf(container, hostPaths(spec)),
    runAsUser: userOf(container, spec),
  }
}

/** Reads a manifest. Anything but a Pod is unparsable. */
export function parseStaticPod(content: string, path: string): Parsed<StaticPod> {
  const document = readYaml(content)
  if (document.kind === 'unparsable') return document
  const { value } = document.value
  if (!isRecord(value) || value['kind'] !== 'Pod') return unparsable('this is not a Pod manifest', 1)
  const spec = value['spec']
  const containers = items(lookUp(spec, ['containers']))
  return parsed({
    path,
    name: text(lookUp(value, ['metadata', 'name'])),
    containers: containers.map((_, index) => containerAt(document.value, spec, index)),
  })
}
