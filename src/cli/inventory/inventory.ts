import { parseDocument } from 'yaml'
import { KhardError } from '../../model/errors.ts'
import type { TargetSpec } from '../targets.ts'
import { ansibleTargets, type Complain } from './ansible.ts'
import { parseAnsibleIni } from './ansible-ini.ts'
import { readAnsibleYaml } from './ansible-yaml.ts'
import { readOwnInventory } from './own.ts'

/** The targets an inventory names: khard's own form (YAML or JSON), or Ansible's (YAML or INI). `path` is for messages. */
export function parseInventory(text: string, path: string): readonly TargetSpec[] {
  const complain: Complain = (message) => fail(path, message)
  const targets = readDocument(text, path, complain)
  return targets.length === 0 ? complain('no target is in it') : targets
}

function readDocument(text: string, path: string, complain: Complain): readonly TargetSpec[] {
  // Ansible reads YAML 1.1: `ansible_become: yes`.
  const document = parseDocument(text, { version: '1.1', uniqueKeys: true, logLevel: 'error' })
  const [fault] = document.errors
  const value: unknown = fault === undefined ? document.toJS({ maxAliasCount: 100 }) : undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return 'targets' in value
      ? readOwnInventory(value.targets, complain)
      : ansibleTargets(readAnsibleYaml(value, complain), complain)
  }
  if (fault !== undefined && /\.(ya?ml|json)$/i.test(path)) return complain(fault.message)
  return ansibleTargets(
    parseAnsibleIni(text, (line) => (message) => fail(`${path}:${line}`, message)),
    complain,
  )
}

function fail(at: string, message: string): never {
  throw new KhardError({
    code: 'content-invalid',
    message: `${at}: ${message}`,
    next: 'An inventory is a list of targets (see the documentation), or an Ansible inventory in YAML or INI form.',
  })
}
