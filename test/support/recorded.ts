import { readFileSync } from 'node:fs'

const folder = new URL('../recorded/', import.meta.url)

/** Text of a recorded file, e.g. `kubernetes-1.36/default/kubelet.yaml`. */
export function recorded(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8')
}

/** A recorded command line: one word a line. */
export function recordedWords(path: string): readonly string[] {
  return recorded(path).replace(/\n$/, '').split('\n')
}
