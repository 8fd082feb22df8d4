import type { X509Certificate } from 'node:crypto'
import type { Fact } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import type { RawContent, RawFile } from '../../model/node-evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { mayBeRegular } from '../files/file-record.ts'
import { pemKindsOf, pkiDirectories, treeOf } from '../files/pki-tree.ts'
import { gapOf, sourceOf, textOf } from '../files/raw-source.ts'
import { bundleGaps, readBundle } from './bundle.ts'
import { describeCertificate } from './certificate.ts'
import { certificatesInUse } from './in-use.ts'
import { ownFields } from './record.ts'
import { isKubeletPair } from './renewal.ts'

type SeenFile = Extract<RawFile, { state: 'observed' }>

/** Fields of the record of a certificate that no component names. */
export const leftoverFields = [
  'path',
  'subject',
  'issuer',
  'common-name',
  'organizations',
  'names',
  'days-left',
  'not-before',
  'not-after',
  'valid-now',
  'lifetime-days',
  'is-ca',
  'self-signed',
  'key-algorithm',
  'key-bits',
  'key-strength',
  'signature-algorithm',
  'key-fingerprint',
] as const

/** Everything in use, by content: a copy or a link under another name is the same certificate. */
function usedFingerprints(node: NodeContext): ReadonlySet<string> {
  const blocks = certificatesInUse(node).certificates.flatMap(({ text }) =>
    text.kind === 'observed' ? readBundle(text.fact).certificates : [],
  )
  return new Set(blocks.flatMap((one) => one?.fingerprint256 ?? []))
}

/** What lies in the PKI directories: certificate files, without the pairs the kubelet keeps of the past, and gaps. */
interface Lying {
  readonly files: readonly SeenFile[]
  /** Files of which nobody knows whether they hold a certificate, and directories that could not be listed. */
  readonly gaps: readonly Fact[]
}

function lyingIn(node: NodeContext, root: string): Lying {
  const directory = node.view.directory(root)
  if (directory.state === 'absent') return { files: [], gaps: [] }
  if (directory.state === 'unavailable') return { files: [], gaps: [gapOf(directory, root)] }
  const tree = treeOf(node.view, root)
  const files: SeenFile[] = []
  const gaps: Fact[] = tree.gaps.map((gap) => gapOf(gap, gap.path))
  for (const path of tree.paths) {
    const file = node.view.file(path)
    if (file.state === 'unavailable') gaps.push(gapOf(file, path))
    if (file.state !== 'observed' || !mayBeRegular(file)) continue
    const kinds = pemKindsOf(node.view, file)
    if (kinds.kind === 'unavailable') gaps.push(kinds)
    if (kinds.kind === 'observed' && kinds.fact.includes('certificate') && !isKubeletPair(path))
      files.push(file)
  }
  return { files, gaps }
}

function recordOf(certificate: X509Certificate, content: RawContent, atMs: number): Fact {
  const source = sourceOf(content)
  const details = describeCertificate(certificate)
  if (details === undefined) return unavailable('unparsable', source, `${content.path}: dates cannot be read`)
  return observed(
    {
      path: observed(content.path, source),
      ...ownFields({ certificate, source }, details, atMs),
    },
    source,
  )
}

function fileRecords(node: NodeContext, file: SeenFile, used: ReadonlySet<string>): readonly Fact[] {
  const content = node.view.content(file.path)
  const text = textOf(content)
  if (text.kind !== 'observed') return [text]
  const bundle = readBundle(text.fact)
  // Behind the first stands its chain, which belongs to it.
  const [first] = bundle.certificates
  const isUsed = first === undefined || used.has(first.fingerprint256)
  const records = isUsed ? [] : [recordOf(first, content, node.atMs)]
  return [...records, ...bundleGaps(bundle, text, file.path)]
}

/** Records of certificates that lie among the keys of the cluster and that nothing on the node names. */
export function leftovers(node: NodeContext): readonly Fact[] {
  const used = usedFingerprints(node)
  const lying = pkiDirectories(node).map((root) => lyingIn(node, root))
  const files = new Map(lying.flatMap((one) => one.files).map((file) => [file.path, file]))
  const records = [...files.values()].flatMap((file) => fileRecords(node, file, used))
  return [...records, ...lying.flatMap(({ gaps }) => gaps)]
}
