import type { YamlPath } from '../../content/yaml-source.ts'
import type { AnsibleGroup, Complain, Variables } from './ansible.ts'

/** Says what is wrong at a place of a document. */
export type ComplainAt = (path: YamlPath) => Complain

/** Groups of an Ansible inventory in YAML form, already parsed. */
export function readAnsibleYaml(document: object, complainAt: ComplainAt): readonly AnsibleGroup[] {
  const groups = new Map<string, AnsibleGroup>()
  const read = (name: string, value: unknown, at: YamlPath): void => {
    const fields = mapping(value, `group "${name}"`, complainAt(at))
    const part = (key: string): Variables =>
      mapping(fields.get(key), `${key} of "${name}"`, complainAt([...at, key]))
    const children = part('children')
    const hosts = part('hosts')
    const earlier = groups.get(name)
    groups.set(name, {
      name,
      hosts: [
        ...(earlier?.hosts ?? []),
        ...[...hosts].map(([pattern, variables]) => {
          const complain = complainAt([...at, 'hosts', pattern])
          return { pattern, variables: mapping(variables, `host "${pattern}"`, complain), complain }
        }),
      ],
      children: [...(earlier?.children ?? []), ...children.keys()],
      variables: new Map([...(earlier?.variables ?? []), ...part('vars')]),
      complain: earlier?.complain ?? complainAt(at),
    })
    for (const [child, below] of children) read(child, below, [...at, 'children', child])
  }
  for (const [name, value] of Object.entries(document)) read(name, value, [name])
  return [...groups.values()]
}

function mapping(value: unknown, what: string, complain: Complain): Variables {
  if (value === undefined || value === null) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) return complain(`${what} is not a mapping`)
  return new Map(Object.entries(value))
}
