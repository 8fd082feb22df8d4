import type { AnsibleGroup, Complain, Variables } from './ansible.ts'

/** Groups of an Ansible inventory in YAML form, already parsed. */
export function readAnsibleYaml(document: object, complain: Complain): readonly AnsibleGroup[] {
  const groups = new Map<string, AnsibleGroup>()
  const read = (name: string, value: unknown): void => {
    const fields = mapping(value, `group "${name}"`, complain)
    const children = mapping(fields.get('children'), `children of "${name}"`, complain)
    const hosts = mapping(fields.get('hosts'), `hosts of "${name}"`, complain)
    const earlier = groups.get(name)
    groups.set(name, {
      name,
      hosts: [
        ...(earlier?.hosts ?? []),
        ...[...hosts].map(([pattern, variables]) => ({
          pattern,
          variables: mapping(variables, `host "${pattern}"`, complain),
        })),
      ],
      children: [...(earlier?.children ?? []), ...children.keys()],
      variables: new Map([
        ...(earlier?.variables ?? []),
        ...mapping(fields.get('vars'), `vars of "${name}"`, complain),
      ]),
    })
    for (const [child, below] of children) read(child, below)
  }
  for (const [name, value] of Object.entries(document)) read(name, value)
  return [...groups.values()]
}

function mapping(value: unknown, what: string, complain: Complain): Variables {
  if (value === undefined || value === null) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) return complain(`${what} is not a mapping`)
  return new Map(Object.entries(value))
}
