import { describe, expect, it } from 'vitest'
import { parseCommandLine, runsComponent } from '../../../src/facts/settings/command-line.ts'
import { shipped } from '../../support/components.ts'

const words = (...texts: readonly string[]) => texts.map((text) => ({ text }))

function read(component: string, ...texts: readonly string[]) {
  const line = parseCommandLine(words(...texts), shipped(component))
  if (line.kind !== 'parsed') throw new Error(line.detail)
  const { uses, positional } = line.value
  return { uses: uses.map((use) => `${use.flag}=${use.value}`), positional }
}

describe('a command line', () => {
  it.each([
    [['kube-apiserver'], true],
    [['hyperkube', 'kube-apiserver', '--x'], true],
    [['hyperkube', 'kubelet'], false],
    [['hyperkube'], false],
    [['go-runner', '--log-file=x', '/usr/local/bin/kube-apiserver'], true],
    [['tail', '/var/log/kube-apiserver'], false],
    [['sh', '-c', 'exec kube-apiserver --x; true'], true],
    [['sh', '-c', 'true'], false],
    [[], false],
  ])('%j starts the API server: %s', (texts, runs) => {
    expect(runsComponent(words(...texts), shipped('kube-apiserver'))).toBe(runs)
  })

  it('of another program, or of a shell, is not taken apart', () => {
    expect(parseCommandLine(words('nginx'), shipped('kubelet'))).toMatchObject({ kind: 'unparsable' })
    expect(parseCommandLine(words('sh', '-c', 'kubelet --x'), shipped('kubelet'))).toMatchObject({
      detail: expect.stringContaining('a shell script starts it'),
    })
  })

  it('begins behind the program that starts it', () => {
    expect(read('kube-apiserver', 'hyperkube', 'kube-apiserver', '--profiling=false').uses).toEqual([
      'profiling=false',
    ])
  })

  it('of a Kubernetes component takes two dashes, -v, and underscores', () => {
    expect(read('kubelet', 'kubelet', '-v', '4', '-v=5', '--read_only_port=0', '-x', 'word')).toEqual({
      uses: ['v=4', 'v=5', 'read-only-port=0'],
      positional: ['-x', 'word'],
    })
  })

  it('gives an unknown flag the next word unless that is a flag, and a boolean none', () => {
    expect(
      read('kube-apiserver', 'kube-apiserver', '--unknown', 'a', '--other', '--profiling', 'b', '--last'),
    ).toEqual({ uses: ['unknown=a', 'other=true', 'profiling=true', 'last=true'], positional: ['b'] })
  })

  it('ends its flags at two dashes', () => {
    expect(read('kubelet', 'kubelet', '--read-only-port=0', '--', '--read-only-port=1')).toEqual({
      uses: ['read-only-port=0'],
      positional: ['--read-only-port=1'],
    })
  })

  it('of a Go program takes one dash, passes a dash alone by, and ends at the first plain word', () => {
    expect(read('etcd', 'etcd', '-data-dir', '/d', '-', '--name=a=b', 'stop', '--data-dir=/other')).toEqual({
      uses: ['data-dir=/d', 'name=a=b'],
      positional: ['-', 'stop'],
    })
  })
})
