import type { Provenance } from '../model/evidence.ts'

const words = {
  'process-argument': 'argument of',
  file: '',
  environment: 'environment of',
  default: 'default of',
  api: 'API',
  command: 'output of',
} as const satisfies Record<Provenance['kind'], string>

/** Where a value was set, for a person: `/etc/x.yaml:12`, `argument of kube-apiserver`, `default of kubelet 1.34`. */
export function placeOf({ kind, at, line, target }: Provenance): string {
  const place = line === undefined ? at : `${at}:${line}`
  const word = words[kind]
  // The one who found the value may have said it already.
  const said = word === '' || place.startsWith(word) ? place : `${word} ${place}`
  return target === undefined ? said : `${said} on ${target}`
}
