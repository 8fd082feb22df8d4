import type { AnsibleGroup, AnsibleHost, Complain } from './ansible.ts'

interface OpenGroup extends AnsibleGroup {
  readonly hosts: AnsibleHost[]
  readonly children: string[]
  readonly variables: Map<string, unknown>
}

/** Groups of an Ansible inventory in INI form. */
export function parseAnsibleIni(
  text: string,
  complainAt: (line: number) => Complain,
): readonly AnsibleGroup[] {
  const groups = new Map<string, OpenGroup>()
  const open = (name: string, complain: Complain): OpenGroup => {
    const group = groups.get(name) ?? { name, hosts: [], children: [], variables: new Map(), complain }
    groups.set(name, group)
    return group
  }
  let group = open('ungrouped', complainAt(1))
  let part = 'hosts'
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || /^[#;]/.test(line)) continue
    const complain = complainAt(index + 1)
    const section = /^\[([^\]:]+)(?::([a-z]+))?\]\s*(?:[#;].*)?$/.exec(line)
    if (section !== null) {
      const [, name = '', kind = 'hosts'] = section
      group = open(name, complain)
      part = kind
      if (!['hosts', 'children', 'vars'].includes(part))
        complain(`[${name}:${part}] is not a kind of section`)
    } else if (part === 'children') group.children.push(line.replace(/\s+#.*$/, ''))
    else if (part === 'vars') group.variables.set(...assignment(line, complain))
    else group.hosts.push(host(line, complain))
  }
  return [...groups.values()]
}

function host(line: string, complain: Complain): AnsibleHost {
  const [pattern = '', ...words] = shellWords(line, complain)
  return {
    pattern: pattern.replace(/:\d+$/, ''),
    variables: new Map([...portOf(pattern), ...words.map((word) => assignment(word, complain))]),
    complain,
  }
}

function portOf(pattern: string): readonly [string, string][] {
  const port = /:(\d+)$/.exec(pattern)?.[1]
  return port === undefined ? [] : [['ansible_port', port]]
}

function assignment(text: string, complain: Complain): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) return complain(`"${text}" is not key=value`)
  const value = text.slice(at + 1).trim()
  return [text.slice(0, at).trim(), /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value]
}

/** Words as Ansible splits a host line: quotes group, `#` starts a comment. */
function shellWords(line: string, complain: Complain): readonly string[] {
  const word = /(?:[^\s"'#]|"[^"]*"|'[^']*'|(?<=\S)#)+|#.*$/g
  if (line.replaceAll(word, '').trim() !== '') complain('a quote is not closed')
  const words = [...line.matchAll(word)].map(([found]) => found)
  const comment = words.findIndex((word) => word.startsWith('#'))
  return comment < 0 ? words : words.slice(0, comment)
}
