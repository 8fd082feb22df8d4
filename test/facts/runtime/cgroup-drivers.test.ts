import { describe, expect, it } from 'vitest'
import { cgroup } from '../../../src/facts/cgroup.ts'
import { content, directory, file, runningProcess } from '../node/fake-node.ts'
import { containerd, crio, derive, docker, kubelet } from './nodes.ts'

const v2 = content('/sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory pids\n')
const v1 = content('/proc/self/cgroup', '2:memory:/\n1:name=systemd:/\n')
const systemd = file('/run/systemd/system', { type: 'directory' })
const crioSocket = 'unix:///var/run/crio/crio.sock'
const dockerSocket = 'unix:///run/cri-dockerd.sock'
const conf = (name: string, text: string) => content(`/etc/crio/crio.conf.d/${name}`, text)

describe('the cgroup driver of CRI-O', () => {
  it('is systemd unless somebody says otherwise', () => {
    expect(
      derive(cgroup, v2, systemd, ...kubelet(crioSocket, 'cgroupDriver: systemd'), ...crio()),
    ).toMatchObject({
      runtime: 'cri-o',
      'runtime-driver': 'systemd',
      'drivers-agree': true,
    })
  })

  it('is what the last drop-in by name says, whatever the file is called, over crio.conf', () => {
    const files = [
      content('/etc/crio/crio.conf', '[crio.runtime]\ncgroup_manager = "systemd"\n'),
      directory('/etc/crio/crio.conf.d', ['/etc/crio/crio.conf.d/01-a.conf', '/etc/crio/crio.conf.d/99-b']),
      conf('01-a.conf', '[crio.runtime]\ncgroup_manager = "systemd"\n'),
      conf('99-b', '[crio.runtime]\ncgroup_manager = "cgroupfs"\nconmon_cgroup = "pod"\n'),
    ]
    const on = (argv: readonly string[], env = {}) =>
      derive(
        cgroup,
        v2,
        systemd,
        ...kubelet(crioSocket, 'cgroupDriver: systemd', '1.27.1'),
        ...files,
        ...crio(argv, { env }),
      )

    expect(on([])).toMatchObject({ 'runtime-driver': 'cgroupfs', 'drivers-agree': false })
    expect(on(['--cgroup-manager', 'systemd'])).toMatchObject({ 'drivers-agree': true })
    expect(on([], { CONTAINER_CGROUP_MANAGER: 'systemd' })).toMatchObject({ 'drivers-agree': true })
  })

  it('is what the kubelet uses from 1.31 on, and CRI-O 1.28', () => {
    const on = (kubeletVersion: string, version: string) =>
      derive(
        cgroup,
        v2,
        systemd,
        ...kubelet(crioSocket, 'cgroupDriver: cgroupfs', kubeletVersion),
        ...crio([], { version }),
      )

    expect(on('1.31.0', '1.28.0')).toMatchObject({ 'effective-driver': 'systemd', 'drivers-agree': true })
    expect(on('1.31.0', '1.27.6')).toMatchObject({ 'effective-driver': 'cgroupfs', 'drivers-agree': false })
    expect(on('1.30.9', '1.30.1')).toMatchObject({ 'drivers-agree': false })
  })

  it.each([
    ['1.28.0', 'KubeletCgroupDriverFromCRI: true', true],
    ['1.30.0', 'AllAlpha: true', true],
    ['1.30.0', 'AllAlpha: true\n  KubeletCgroupDriverFromCRI: false', false],
    ['1.33.0', 'AllBeta: false', false],
    ['1.33.0', 'AllBeta: false\n  KubeletCgroupDriverFromCRI: true', true],
    ['1.34.0', 'AllBeta: false', true],
    ['1.27.0', 'KubeletCgroupDriverFromCRI: true', false],
  ])('of a kubelet %s with gates %j is taken from the runtime: %s', (version, gates, taken) => {
    const told = kubelet(crioSocket, `cgroupDriver: cgroupfs\nfeatureGates:\n  ${gates}`, version)
    expect(derive(cgroup, v2, systemd, ...told, ...crio())).toMatchObject({ 'drivers-agree': taken })
  })
})

describe('the cgroup driver of Docker', () => {
  const on = (...items: Parameters<typeof derive> extends [unknown, ...infer Rest] ? Rest : never) =>
    derive(cgroup, ...items, ...kubelet(dockerSocket, 'cgroupDriver: systemd', '1.30.1'))

  it('is the first native.cgroupdriver it was given, in daemon.json or as a flag', () => {
    const json = '{"exec-opts": ["other=1", "native.cgroupdriver=cgroupfs", "native.cgroupdriver=systemd"]}'
    expect(on(v2, systemd, ...docker(json))).toMatchObject({
      runtime: 'cri-dockerd',
      'runtime-driver': 'cgroupfs',
      'drivers-agree': false,
    })
    expect(on(v2, systemd, ...docker(null, ['--exec-opt', 'native.cgroupdriver=cgroupfs']))).toMatchObject({
      'runtime-driver': 'cgroupfs',
    })
  })

  it('is systemd by default only with cgroup version 2 and systemd as init', () => {
    expect(on(v2, systemd, ...docker('{}'))).toMatchObject({
      'runtime-driver': 'systemd',
      'drivers-agree': true,
    })
    expect(on(v1, systemd, ...docker(null))).toMatchObject({ 'runtime-driver': 'cgroupfs' })
    expect(on(v2, ...docker(null))).toMatchObject({ 'runtime-driver': 'cgroupfs' })
  })

  it('is not guessed where daemon.json could not be read', () => {
    const [daemon, shim] = docker(null)
    const denied = {
      kind: 'content',
      id: 'content:/etc/docker/daemon.json',
      path: '/etc/docker/daemon.json',
      state: 'unavailable',
      reason: 'permission-denied',
    } as const
    if (daemon === undefined || shim === undefined) throw new Error('no docker')
    expect(on(v2, systemd, daemon, shim, denied)).toMatchObject({
      'drivers-agree': 'unavailable: permission-denied',
    })
  })

  it.each([
    ['0.3.18', true],
    ['0.3.16', 'unavailable: version-unknown'],
    ['0.3.15', false],
  ])('is told to the kubelet by cri-dockerd %s: %s', (shim, agree) => {
    const told = kubelet(dockerSocket, 'cgroupDriver: cgroupfs', '1.34.1')
    expect(derive(cgroup, v2, systemd, ...told, ...docker('{}', [], { shim }))).toMatchObject({
      'drivers-agree': agree,
    })
  })

  it('is the one of Docker also where Docker is not the only runtime installed', () => {
    const bundled = containerd('disabled_plugins = ["cri"]\n')
    expect(on(v2, systemd, ...docker('{}'), ...bundled, ...crio())).toMatchObject({
      runtime: 'cri-dockerd',
      'runtime-driver': 'systemd',
    })
  })

  it('is missed where Docker itself is not there', () => {
    expect(on(v2, systemd)).toMatchObject({ 'drivers-agree': 'unavailable: ambiguous' })
  })
})

describe('a kubelet whose own driver could not be read', () => {
  it('has the one of a runtime it asks', () => {
    const k3s = runningProcess(50, 'k3s', ['/usr/local/bin/k3s server'])
    expect(derive(cgroup, v2, systemd, k3s, ...containerd('version = 3\n'))).toMatchObject({
      runtime: 'containerd',
      'runtime-driver': 'cgroupfs',
      'drivers-agree': 'unavailable: not-collected',
    })
  })
})
