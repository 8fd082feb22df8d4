import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { bootParameter } from './kernel-command-line.ts'
import { osRelease, osReleaseProbes, parseOsRelease } from './os-release.ts'
import { splitWords } from './systemd/words.ts'

const modes = ['enforcing', 'permissive', 'disabled']

/** Systems whose vendor ships SELinux switched on; elsewhere another module does that work. */
const selinuxSystems = ['rhel', 'fedora', 'centos', 'amzn', 'rhcos', 'azurelinux', 'bottlerocket']

/** The mode that /etc/selinux/config asks for (`SELINUX=`); null when it names none. */
export function configuredMode(text: string): string | null {
  let found: string | null = null
  for (const line of text.split(/\r?\n/)) {
    const value = /^\s*SELINUX\s*=\s*(\S+)\s*$/.exec(line)?.[1]?.toLowerCase()
    if (value !== undefined && modes.includes(value)) found = value
  }
  return found
}

function configured(view: NodeView): Evidence<string> {
  return mapEvidence(textOf(view.content('/etc/selinux/config')), (text, source) => {
    const mode = configuredMode(text)
    return mode === null ? absent(source, 'the file names no mode') : observed(mode, source)
  })
}

/** What the kernel does now. Without selinuxfs it is off, also inside a container that does not see it. */
function running(view: NodeView): Evidence<string> {
  const enforce = textOf(view.content('/sys/fs/selinux/enforce'))
  if (enforce.kind === 'absent') return observed('disabled', enforce.source)
  return mapEvidence(enforce, (text, source) => {
    if (text.trim() === '1') return observed('enforcing', source)
    return text.trim() === '0'
      ? observed('permissive', source)
      : unavailable('unparsable', source, 'neither 0 nor 1')
  })
}

/** What the boot command line forces, whatever the file asks for. */
function atBoot(view: NodeView): Fact {
  return mapEvidence(textOf(view.content('/proc/cmdline')), (text, source): Fact => {
    if (bootParameter(text, 'selinux') === '0') return observed('disabled', source)
    const enforcing = bootParameter(text, 'enforcing')
    if (enforcing === '0') return observed('permissive', source)
    return enforcing === '1' ? observed('enforcing', source) : absent(source)
  })
}

function supported(view: NodeView, mode: Evidence<string>, config: Evidence<string>): Evidence<boolean> {
  if (mode.kind === 'observed' && mode.fact !== 'disabled') return observed(true, mode.source)
  if (config.kind === 'observed') return observed(true, config.source)
  const os = osRelease(view)
  if (os.kind === 'unavailable') return os
  const variables = parseOsRelease(os.kind === 'observed' ? os.fact : '')
  const family = [variables.get('ID') ?? '', ...splitWords(variables.get('ID_LIKE') ?? '')]
  return observed(
    family.some((id) => selinuxSystems.includes(id)),
    joinSources(config.source, os.source),
  )
}

/** SELinux now, at the next boot, and whether this system is made for it. */
export const selinux: FactKind = {
  kind: 'selinux',
  title: 'SELinux: running mode, configured mode, what the boot command line forces',
  parameters: {},
  fields: () => ['supported', 'mode', 'configured', 'at-boot'],
  probes: () => [
    { kind: 'kernel', pattern: '/sys/fs/selinux/enforce' },
    { kind: 'kernel', pattern: '/proc/cmdline' },
    { kind: 'path', path: '/etc/selinux/config', holds: 'text' },
    ...osReleaseProbes,
  ],
  derive: (_request, node) => {
    const mode = running(node.view)
    const config = configured(node.view)
    const source = joinSources(mode.source, config.source)
    return observed(
      {
        supported: supported(node.view, mode, config),
        mode,
        configured: config,
        'at-boot': atBoot(node.view),
      },
      source,
    )
  },
}
