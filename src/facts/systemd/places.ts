import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'

/** Where systemd looks for units, strongest first (systemd.unit(5)). */
export const unitDirectories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const

/** `a-b-c.service` is also `a-b-.service` and `a-.service`, the more specific first. */
function withPrefixes(unit: string): readonly string[] {
  const dot = unit.lastIndexOf('.')
  const stem = unit.slice(0, dot)
  const dashes = [...stem.matchAll(/-/g)].map(({ index }) => index)
  const prefixes = dashes.filter((at) => at > 0 && at < stem.length - 1).reverse()
  return [unit, ...prefixes.map((at) => `${stem.slice(0, at + 1)}${unit.slice(dot)}`)]
}

/**
 * Directories with drop-ins of a unit, strongest first: in each place those of its own name, then those of its
 * prefixes; those of its type last of all (dropin.c unit_file_find_dropin_paths).
 */
export function dropInDirectories(unit: string): readonly string[] {
  const names = withPrefixes(unit)
  const type = unit.slice(unit.lastIndexOf('.') + 1)
  return [
    ...unitDirectories.flatMap((directory) => names.map((name) => `${directory}/${name}.d`)),
    ...unitDirectories.map((directory) => `${directory}/${type}.d`),
  ]
}

/** Files that may make a unit, and its drop-ins, as they lie on disk. */
export function unitFileProbes(unit: string): readonly Probe[] {
  return [
    ...unitDirectories.map(
      (directory): Probe => ({ kind: 'path', path: `${directory}/${unit}`, holds: 'unit' }),
    ),
    ...dropInDirectories(unit).map(
      (directory): Probe => ({ kind: 'glob', pattern: `${directory}/*.conf`, holds: 'unit' }),
    ),
  ]
}

/** True for a link to /dev/null and for an empty file: systemd takes both for "masked" (null_or_empty). */
export function isMasked(view: NodeView, path: string): boolean {
  const file = view.file(path)
  const content = view.content(path)
  if (content.state === 'observed' && content.text === '') return true
  if (file.state !== 'observed') return false
  return file.stat.type === 'character' || (file.stat.type === 'file' && file.stat.size === 0)
}
