import { LineCounter, type ParsedNode, parseDocument } from 'yaml'
import { locate, type Position, position } from '../../content/yaml-source.ts'
import { KhardError } from '../../model/errors.ts'
import type { TargetSpec } from '../targets.ts'
import { ansibleTargets, type Complain } from './ansible.ts'
import { parseAnsibleIni } from './ansible-ini.ts'
import { type ComplainAt, readAnsibleYaml } from './ansible-yaml.ts'
import { readOwnInventory } from './own.ts'

/** The targets an inventory names: khard's own form (YAML or JSON), or Ansible's (YAML or INI). `path` is for messages. */
export function parseInventory(text: string, path: string): readonly TargetSpec[] {
  const targets = readDocument(text, path)
  return targets.length === 0 ? fail(path, 'no target is in it') : targets
}

function readDocument(text: string, path: string): readonly TargetSpec[] {
  const lines = new LineCounter()
  // Ansible reads YAML 1.1: `ansible_become: yes`.
  const document = parseDocument<ParsedNode>(text, {
    version: '1.1',
    uniqueKeys: true,
    logLevel: 'error',
    lineCounter: lines,
    prettyErrors: false,
  })
  const at =
    ({ line, column }: Position): Complain =>
    (message) =>
      fail(`${path}:${line}:${column}`, message)
  const [fault] = document.errors
  const value: unknown = fault === undefined ? document.toJS({ maxAliasCount: 100 }) : undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const complainAt: ComplainAt = (place) => at(locate({ document, lines }, { path: place }))
    return 'targets' in value
      ? readOwnInventory(value.targets, complainAt)
      : ansibleTargets(readAnsibleYaml(value, complainAt))
  }
  if (fault !== undefined && /\.(ya?ml|json)$/i.test(path))
    return at(position(lines, fault.pos[0]))(fault.message)
  return ansibleTargets(parseAnsibleIni(text, (line) => (message) => fail(`${path}:${line}`, message)))
}

function fail(at: string, message: string): never {
  throw new KhardError({
    code: 'content-invalid',
    message: `${at}: ${message}`,
    next: 'An inventory is targets: [ssh://cp-1, …] (khard audit --help shows it), or an Ansible inventory in YAML or INI form.',
  })
}
