import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind } from './fact-kind.ts'
import { sourceOf, textOf } from './files/raw-source.ts'

/**
 * Modules whose work shows elsewhere, built in or loaded: that answers both ways. /sys/module lists a
 * built-in module only when it has parameters or a version.
 */
const shownBy: { readonly [module: string]: { readonly filesystem: string } | { readonly path: string } } = {
  overlay: { filesystem: 'overlay' },
  br_netfilter: { path: '/proc/sys/net/bridge/bridge-nf-call-iptables' },
}

function moduleName(name: string): string {
  return name.replaceAll('-', '_')
}

/** True when a /proc/modules text lists a module as loaded. */
export function listsModule(text: string, name: string): boolean {
  return text.split('\n').some((line) => line.startsWith(`${name} `))
}

/** True when a modules.builtin text names a module (`kernel/fs/overlayfs/overlay.ko`). */
export function namesBuiltin(text: string, name: string): boolean {
  return text.split('\n').some((line) => moduleName(/([^/]+)\.ko$/.exec(line.trim())?.[1] ?? '') === name)
}

/** True when a /proc/filesystems text lists a file system. */
export function listsFilesystem(text: string, name: string): boolean {
  return text.split('\n').some((line) => line.split('\t').at(-1) === name)
}

function shownElsewhere(view: NodeView, name: string): Evidence<boolean> | null {
  const where = Object.hasOwn(shownBy, name) ? shownBy[name] : undefined
  if (where === undefined) return null
  if ('path' in where) {
    const item = view.content(where.path)
    const source = sourceOf(item)
    if (item.state === 'unavailable') return unavailable(item.reason, source, item.detail)
    return observed(item.state === 'observed', source)
  }
  const text = textOf(view.content('/proc/filesystems'))
  if (text.kind === 'observed') return observed(listsFilesystem(text.fact, where.filesystem), text.source)
  return text.kind === 'unavailable' && text.reason === 'offline' ? text : null
}

function builtinText(view: NodeView): Evidence<string> {
  const release = textOf(view.content('/proc/sys/kernel/osrelease'))
  return release.kind === 'observed'
    ? textOf(view.content(`/lib/modules/${release.fact.trim()}/modules.builtin`))
    : release
}

function loadedFact(view: NodeView, name: string): Evidence<boolean> {
  const elsewhere = shownElsewhere(view, name)
  if (elsewhere !== null) return elsewhere
  const modules = textOf(view.content('/proc/modules'))
  const directory = view.file(`/sys/module/${name}`)
  const source = joinSources(modules.source, sourceOf(directory))
  if (directory.state === 'observed') return observed(true, sourceOf(directory))
  if (modules.kind === 'observed' && listsModule(modules.fact, name)) return observed(true, modules.source)
  if (directory.state === 'unavailable') return unavailable(directory.reason, source, directory.detail)
  const builtin = builtinText(view)
  if (builtin.kind === 'observed') {
    return observed(namesBuiltin(builtin.fact, name), joinSources(source, builtin.source))
  }
  return unavailable('ambiguous', source, `${name} is not loaded; whether it is built in cannot be told`)
}

function derive(name: string, view: NodeView): Fact {
  const loaded = loadedFact(view, name)
  return loaded.kind === 'observed'
    ? observed({ name: observed(name, loaded.source), loaded }, loaded.source)
    : loaded
}

function probes(name: string): readonly Probe[] {
  const where = Object.hasOwn(shownBy, name) ? shownBy[name] : undefined
  const elsewhere: Probe = {
    kind: 'kernel',
    pattern: where && 'path' in where ? where.path : '/proc/filesystems',
  }
  const general: readonly Probe[] = [
    { kind: 'kernel', pattern: '/proc/modules' },
    { kind: 'kernel', pattern: '/proc/sys/kernel/osrelease' },
    { kind: 'path', path: `/sys/module/${name}`, holds: 'file' },
    { kind: 'glob', pattern: '/lib/modules/*/modules.builtin', holds: 'text' },
  ]
  return where === undefined ? general : [elsewhere]
}

/** Whether the kernel has a module: loaded, or built in. */
export const kernelModule: FactKind = {
  kind: 'kernel-module',
  title: 'Whether a kernel module is loaded or built in',
  parameters: { name: { means: 'name of the module: overlay, br_netfilter' } },
  fields: () => ['name', 'loaded'],
  faults: ({ name }) =>
    typeof name === 'string' && /^[A-Za-z0-9_-]+$/.test(name)
      ? []
      : [`"${String(name)}" is no name of a kernel module`],
  probes: ({ name }) => probes(moduleName(String(name))),
  derive: ({ name }, node) => derive(moduleName(String(name)), node.view),
}
