import { posix } from 'node:path'
import { type Evidence, observed, unavailable } from '../../model/evidence.ts'
import { isRecord } from '../text/document.ts'
import { type Mapping, mappingList, readDocument } from './document.ts'

/** Where an AdmissionConfiguration keeps the configuration of one plugin. */
export type PluginPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'inline'; readonly configuration: Mapping }
  | { readonly kind: 'path'; readonly path: string }

/** Finds the entry of a plugin; a path counts from the directory of the configuration file. */
export function findPlugin(
  file: Evidence<unknown>,
  { plugin: name, at }: { readonly plugin: string; readonly at: string },
): Evidence<PluginPlace> {
  const document = readDocument(file, {
    kind: 'AdmissionConfiguration',
    apiVersions: [
      'apiserver.config.k8s.io/v1',
      'apiserver.k8s.io/v1alpha1',
      'apiserver.config.k8s.io/v1alpha1',
    ],
  })
  if (document.kind !== 'observed') return document
  const { source } = document
  const plugins = mappingList(document.fact['plugins'])
  if (plugins === undefined) return unavailable('unparsable', source, 'plugins is not a list')
  const entry = plugins.find((plugin) => plugin['name'] === name)
  if (entry === undefined) return observed({ kind: 'none' }, source)
  const { configuration, path } = entry
  // An embedded configuration wins over a path (k8s.io/apiserver/pkg/admission/config.go).
  if (isRecord(configuration)) return observed({ kind: 'inline', configuration }, source)
  if (typeof path !== 'string' || path === '') return observed({ kind: 'none' }, source)
  const full = path.startsWith('/') ? path : posix.normalize(`${at.slice(0, at.lastIndexOf('/'))}/${path}`)
  return observed({ kind: 'path', path: full }, source)
}
