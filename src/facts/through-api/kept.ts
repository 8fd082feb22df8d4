import type { Json } from '../../model/finding.ts'
import { listAt, textAt, textsAt } from '../cluster/json.ts'
import { isRecord, lookUp } from '../text/document.ts'

/** Resource id of the static pods of one node: what their mirrors in the API say. */
export const staticPodList = 'static-pods'

/** Path by which the API server passes a question on to a node’s kubelet. */
export function kubeletPath(node: string, what: 'configz' | 'flagz'): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}/proxy/${what}`
}

/** Programs whose arguments are kept; arguments of any other container are nobody's business. */
const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd']

const secretFlag =
  /^--?(?:vpn-auth|(?:[a-z0-9.-]*-)?token|[a-z0-9.-]*(?:password|passwd|secret)[a-z0-9.-]*)$/i
const redacted = '<redacted>'

function isPlain(value: string): boolean {
  return (
    value === '' || value === 'true' || value === 'false' || value.startsWith('/') || value.startsWith('-')
  )
}

/** Arguments with the values of flags that hold secrets replaced; paths and truth values are none. */
export function withoutSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, index) => {
    const before = words[index - 1]
    if (before !== undefined && secretFlag.test(before)) return isPlain(word) ? word : redacted
    const [flag = '', ...value] = word.split('=')
    return value.length > 0 && secretFlag.test(flag) && !isPlain(value.join('='))
      ? `${flag}=${redacted}`
      : word
  })
}

function cutContainer(container: unknown): { readonly [field: string]: Json } {
  const words = [...textsAt(container, 'command'), ...textsAt(container, 'args')]
  const isProgram = words.some((word) => programs.includes(word.slice(word.lastIndexOf('/') + 1)))
  return {
    image: textAt(container, 'image') ?? '',
    ...(isProgram ? { words: [...withoutSecrets(words)] } : {}),
    hasEnvironment: listAt(container, 'env').length + listAt(container, 'envFrom').length > 0,
  }
}

/** What is kept of a mirror of a static pod; null of any other pod. */
export function cutStaticPod(pod: unknown): { readonly [field: string]: Json } | null {
  const annotations = lookUp(pod, ['metadata', 'annotations'])
  if (!isRecord(annotations) || !Object.hasOwn(annotations, 'kubernetes.io/config.mirror')) return null
  return {
    name: textAt(pod, 'metadata', 'name') ?? '',
    namespace: textAt(pod, 'metadata', 'namespace') ?? '',
    node: textAt(pod, 'spec', 'nodeName') ?? '',
    containers: listAt(pod, 'spec', 'containers').map(cutContainer),
  }
}

/** A kubelet's configuration without the one key that may hold a credential. */
export function cutConfigz(body: unknown): Json {
  const found = lookUp(body, ['kubeletconfig'])
  return isRecord(found) ? plain(found, 'staticPodURLHeader') : null
}

function plain(value: unknown, without?: string): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((one) => plain(one))
  if (!isRecord(value)) return null
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (key === without ? [] : [[key, plain(one)] as const])),
  )
}

const flagLine = /^([a-z0-9-]+)[=:](.*)$/

/** `flagz` as pairs of flag and value; secrets are not among a kubelet's flags but are left out all the same. */
export function cutFlagz(body: unknown): Json {
  if (typeof body !== 'string') return null
  const pairs = body.split('\n').flatMap((line) => {
    const [, flag, value] = flagLine.exec(line) ?? []
    if (flag === undefined || value === undefined) return []
    return [[flag, secretFlag.test(`--${flag}`) && !isPlain(value) ? redacted : value] as const]
  })
  return Object.fromEntries(pairs)
}

/** Arguments a server of RKE2 or K3s was started with, as it writes them on its node; it masks secrets itself. */
export function cutNodeArguments(annotation: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(annotation)
    return Array.isArray(words) ? withoutSecrets(words.filter((word) => typeof word === 'string')) : []
  } catch {
    return []
  }
}
