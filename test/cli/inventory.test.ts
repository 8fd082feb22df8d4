import { describe, expect, it } from 'vitest'
import { parseInventory } from '../../src/cli/inventory/inventory.ts'
import { expandRanges } from '../../src/cli/inventory/ranges.ts'
import { KhardError } from '../../src/model/errors.ts'

const faultOf = (text: string, path = 'hosts'): string => {
  try {
    parseInventory(text, path)
  } catch (error) {
    if (error instanceof KhardError && error.code === 'content-invalid') return error.message
    throw error
  }
  return 'no fault'
}

describe('ranges', () => {
  it.each([
    ['node', ['node']],
    ['node[1:3]', ['node1', 'node2', 'node3']],
    ['node[08:10].example', ['node08', 'node09', 'node10'].map((name) => `${name}.example`)],
    ['[a:c]', ['a', 'b', 'c']],
    // The order of letters is Ansible's.
    ['[y:B]', ['y', 'z', 'A', 'B']],
    ['[Z:a]', null],
    ['[c:a]', null],
    ['n[1:9:4]', ['n1', 'n5', 'n9']],
    ['r[a:b]-[1:2]', ['ra-1', 'ra-2', 'rb-1', 'rb-2']],
    ['n[3:1]', null],
    ['n[1:2:0]', null],
    ['n[a:3]', null],
    ['n[1', null],
    ['n[1:99999999]', null],
    ['[0:999][0:999]', null],
    ['n[1:2][x]', null],
  ])('%s', (pattern, names) => {
    expect(expandRanges(pattern)).toEqual(names)
  })
})

describe('an inventory of our own', () => {
  it('names targets', () => {
    const text = `targets:
  - { name: cp-1, address: "ssh://audit@10.0.0.1:2222", sudo: true, identity-file: ~/.ssh/audit }
  - ssh://w-1
  - { address: "root:/mnt", sudo: no }
`
    expect(parseInventory(text, 'nodes.yaml')).toEqual([
      {
        name: 'cp-1',
        address: { kind: 'ssh', user: 'audit', host: '10.0.0.1', port: 2222, identityFile: '~/.ssh/audit' },
        sudo: true,
      },
      { name: 'ssh://w-1', address: { kind: 'ssh', host: 'w-1' } },
      { name: 'root:/mnt', address: { kind: 'root', directory: '/mnt' }, sudo: false },
    ])
  })

  it('may be JSON', () => {
    expect(parseInventory('{"targets":[{"name":"a","address":"ssh://a"}]}', 'nodes.json')).toEqual([
      { name: 'a', address: { kind: 'ssh', host: 'a' } },
    ])
  })

  it.each([
    ['targets: x', '"targets" is not a list'],
    ['targets: []', 'no target'],
    ['targets: [1]', 'target 1: it is neither'],
    ['targets: [{name: a}]', 'address is missing'],
    ['targets: [{address: "ssh://a", user: x}]', '"user" is not a key'],
    ['targets: [{address: "ssh://a", sudo: 1}]', 'sudo is neither'],
    ['targets: [{address: 5}]', 'address is not text'],
    ['targets: [{address: local, identity-file: /k}]', 'identity-file goes with'],
  ])('%s', (text, message) => {
    expect(faultOf(text, 'nodes.yaml')).toContain(message)
    expect(faultOf(text, 'nodes.yaml')).toContain('nodes.yaml')
  })

  it('is refused at the line of the target', () => {
    expect(faultOf('targets:\n  - ssh://a\n  - { address: 5 }\n', 'nodes.yaml')).toBe(
      'nodes.yaml:3:5: target 2: address is not text',
    )
  })
})

const expected = [
  { name: 'bastion', address: { kind: 'ssh', host: '192.0.2.1', port: 2200, user: 'core' } },
  {
    name: 'cp01',
    address: { kind: 'ssh', host: 'cp01', port: 2222, user: 'audit', identityFile: '/keys/cp' },
    sudo: true,
  },
  {
    name: 'cp02',
    address: { kind: 'ssh', host: 'cp02', port: 2222, user: 'special', identityFile: '/keys/cp' },
    sudo: false,
  },
  { name: 'w1', address: { kind: 'ssh', host: '2001:db8::7', port: 22, user: 'audit' }, sudo: true },
]

describe('an Ansible inventory', () => {
  it('in INI form', () => {
    const text = `# hosts
bastion:2200 ansible_host=192.0.2.1 ansible_user=core

[control_plane]
cp[01:02] ansible_port=2222 ansible_ssh_private_key_file="/keys/cp" # the key
[workers]
w1 ansible_host=2001:db8::7 ansible_port=22
[kube:children]
control_plane
workers
[kube:vars]
ansible_user=audit
ansible_become = yes
[control_plane:vars]
ansible_user=audit
[special]
cp02 ansible_user='special' ansible_become=false
`
    expect(parseInventory(text, 'hosts.ini')).toEqual(expected)
  })

  it('in YAML form', () => {
    const text = `all:
  hosts:
    bastion: { ansible_host: 192.0.2.1, ansible_port: 2200, ansible_user: core }
  children:
    kube:
      vars: { ansible_user: audit, ansible_become: yes }
      children:
        control_plane:
          hosts:
            cp[01:02]: { ansible_port: 2222, ansible_ssh_private_key_file: /keys/cp }
        workers:
          hosts:
            w1: { ansible_host: "2001:db8::7", ansible_port: 22 }
special:
  hosts:
    cp02: { ansible_user: special, ansible_become: false }
`
    expect(parseInventory(text, 'hosts.yml')).toEqual(expected)
  })

  it('lets nearer groups win over farther ones, and hosts over groups', () => {
    const text =
      '[all:vars]\nansible_user=all\nansible_port=1\n[a:children]\nb\n[a:vars]\nansible_user=a\n[b]\nh1\nh2 ansible_user=own\n[b:vars]\nansible_port=2\n'

    expect(parseInventory(text, 'hosts')).toEqual([
      { name: 'h1', address: { kind: 'ssh', host: 'h1', user: 'a', port: 2 } },
      { name: 'h2', address: { kind: 'ssh', host: 'h2', user: 'own', port: 2 } },
    ])
  })

  it('may be only a list of names', () => {
    expect(parseInventory('a\nb\n', 'hosts')).toHaveLength(2)
  })

  it('knows a local connection', () => {
    expect(parseInventory('here ansible_connection=local\n', 'hosts')).toEqual([
      { name: 'here', address: { kind: 'local' } },
    ])
  })

  it.each([
    ['a ansible_host="{{ ip }}"\n', 'a: ansible_host is a template'],
    ['a ansible_become=yes ansible_become_method=doas\n', 'doas'],
    ['a ansible_user=-x\n', 'not a user name'],
    ['a ansible_host=-oProxyCommand=x\n', 'not an address'],
    ['a ansible_port=0\n', 'not an address'],
    ['a[1:0]\n', 'not a host name or range'],
    ['a b\n', 'hosts:1: "b" is not key=value'],
    ['"\n', 'hosts:1: a quote is not closed'],
    ['a ansible_user="b c\n', 'hosts:1: a quote is not closed'],
    ['\na ansible_user=-x\n', 'hosts:2: a: "-x" is not a user name'],
    ['x\n[a:children]\na\n', 'hosts:2: group "a" contains itself'],
    ['[a:stuff]\nx\n', 'hosts:1: [a:stuff]'],
    ['[a:children]\nb\n[b:children]\na\n', 'contains itself'],
    ['\n# nothing\n', 'no target'],
  ])('%s', (text, message) => {
    expect(faultOf(text)).toContain(message)
  })

  it.each([
    ['all: { hosts: [a] }', 'hosts of "all" is not a mapping'],
    ['all: 5', 'group "all" is not a mapping'],
    ['all: { hosts: { a: x } }', 'host "a" is not a mapping'],
    ['all: {', 'hosts.yaml'],
  ])('%s', (text, message) => {
    expect(faultOf(text, 'hosts.yaml')).toContain(message)
  })

  it.each([
    ['all:\n  hosts:\n    a: { ansible_port: 0 }\n', 'hosts.yaml:3:8: a: "a" with port 0 is not an address'],
    ['all:\n  children:\n    b: { hosts: [a] }\n', 'hosts.yaml:3:17: hosts of "b" is not a mapping'],
    ['a: &x\n  hosts: { h: 1 }\nb: *x\n', 'hosts.yaml:2:15: host "h" is not a mapping'],
    // What stands behind an alias is placed at the alias.
    ['all: { vars: { v: &x { hosts: 1 } }, children: { c: *x } }\n', 'hosts.yaml:1:53: hosts of "c" is not'],
    ['all:\n  hosts: {\n', 'hosts.yaml:3:1: '],
  ])('is refused at the place in %j', (text, message) => {
    expect(faultOf(text, 'hosts.yaml')).toContain(message)
  })
})
