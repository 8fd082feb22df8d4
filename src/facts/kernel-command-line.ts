import type { Fact, Source } from '../model/evidence.ts'
import { absent, mapEvidence, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'

/** The last value of a kernel parameter: `true` for a bare word, null when it is not given. */
export function bootParameter(text: string, name: string): string | true | null {
  let found: string | true | null = null
  for (const [word] of text.matchAll(/(?:[^\s"]|"[^"]*")+/g)) {
    const plain = word.replaceAll('"', '')
    if (plain === name) found = true
    else if (plain.startsWith(`${name}=`)) found = plain.slice(name.length + 1)
  }
  return found
}

/** A boot parameter as a fact; absent when the kernel was started without it. */
export function bootParameterFact(text: string, name: string, source: Source): Fact {
  const value = bootParameter(text, name)
  return value === null
    ? absent(source, `${name} is not on the kernel command line`)
    : observed(value, source)
}

/** One parameter of the kernel command line. */
export const kernelCommandLine: FactKind = {
  kind: 'kernel-command-line',
  title: 'One parameter the kernel was started with',
  parameters: { name: { means: 'parameter: selinux, fips, systemd.unified_cgroup_hierarchy' } },
  fields: () => ['value'],
  probes: () => [{ kind: 'kernel', pattern: '/proc/cmdline' }],
  derive: ({ name }, node) =>
    mapEvidence(textOf(node.view.content('/proc/cmdline')), (text, source): Fact => {
      return observed({ value: bootParameterFact(text, String(name), source) }, source)
    }),
}
