import { describe, expect, it } from 'vitest'
import { effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import {
  content,
  directory,
  missing,
  nodeWith,
  noUnits,
  plain,
  process,
} from '../../support/settings-node.ts'

function containerd(version: string, ...items: readonly RawItem[]) {
  const running = process({
    name: 'containerd',
    argv: ['/usr/bin/containerd'],
    cgroup: '0::/system.slice/containerd.service',
    version: `containerd github.com/containerd/containerd ${version} 8fc6bcff`,
  })
  const settings = effectiveSettings(nodeWith([...noUnits, running, ...items]), 'containerd')
  if (settings.kind !== 'observed') throw new Error(JSON.stringify(settings))
  return settings.fact
}

const main = '/etc/containerd/config.toml'
const v2 = (body: string) => content(main, `version = 2\n${body}`)
const cri = 'plugins."io.containerd.grpc.v1.cri"'

describe('containerd settings', () => {
  it('read the CRI plugin of format 2, with lines', () => {
    const found = containerd(
      '1.6.20~ds1',
      v2(
        `[${cri}]\nsandbox_image = "r/pause:3.10"\n[${cri}.containerd.runtimes.runc.options]\n  SystemdCgroup = true\n`,
      ),
    )

    expect(plain(found.state.version)).toBe('1.6.20')
    expect(plain(found.values['systemd-cgroup'])).toEqual(['runc=true'])
    expect(plain(found.values['sandbox-image'])).toBe('r/pause:3.10')
    expect(found.values['sandbox-image']?.source.at).toEqual([{ kind: 'file', at: main, line: 3 }])
  })

  it('read the halves of format 3 and leave the table of format 2 aside', () => {
    const text = [
      'version = 3',
      '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]',
      'SystemdCgroup = true',
      "[plugins.'io.containerd.cri.v1.images'.pinned_images]",
      "sandbox = 'r/pause:3.10'",
      "[plugins.'io.containerd.cri.v1.runtime'.cni]",
      "conf_dir = '/opt/cni/net.d'",
      "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]",
      "runtime_type = 'io.containerd.runc.v2'",
    ].join('\n')
    const found = containerd('v2.1.1', content(main, text))

    expect(plain(found.values['systemd-cgroup'])).toEqual(['runc=false'])
    expect(plain(found.values['sandbox-image'])).toBe('r/pause:3.10')
    expect(plain(found.values['cni-conf-dir'])).toBe('/opt/cni/net.d')
  })

  it('find the sockets where format 4 keeps them, and where it does not say', () => {
    const plugin = (name: string, address: string) =>
      `[plugins.'io.containerd.server.v1.${name}']\naddress = '${address}'\n`
    const moved = `version = 4\n[grpc]\naddress = '/old.sock'\ntcp_address = '0.0.0.0:1'\nuid = 0\n`
    const found = containerd(
      'v2.3.1',
      content(
        main,
        `${moved}${plugin('grpc', '/new.sock')}${plugin('grpc-tcp', '0.0.0.0:7777')}${plugin('metrics', '0.0.0.0:1338')}[plugins.'io.containerd.server.v1.debug']\nuid = 0\n`,
      ),
    )

    expect(plain(found.values['address'])).toBe('/new.sock')
    expect(plain(found.values['tcp-address'])).toBe('0.0.0.0:7777')
    expect(plain(found.values['metrics-address'])).toBe('0.0.0.0:1338')
    expect(plain(found.values['debug-address'])).toBeUndefined()

    const older = containerd('v2.3.1', content(main, moved))
    expect(plain(older.values['address'])).toBe('/old.sock')
    expect(plain(older.values['tcp-address'])).toBe('0.0.0.0:1')
  })

  it('leave out what a registry table does not say', () => {
    const found = containerd('1.7.23', v2(`[${cri}.registry]\nconfig_path = "/c"\nmirrors = 1\n`))

    expect(plain(found.values['registry-config-path'])).toBe('/c')
    expect(plain(found.values['registry-endpoints'])).toBeUndefined()
  })

  it('are the defaults without a configuration file', () => {
    const found = containerd('1.7.23', missing('content', main))

    expect(plain(found.values['systemd-cgroup'])).toEqual(['runc=false'])
    expect(plain(found.values['cni-conf-dir'])).toBe('/etc/cni/net.d')
    expect(found.configurationFiles).toEqual([])
  })

  it('replace a whole plugin table by an import up to 1.7, and merge it from 2.0', () => {
    const files = [
      v2(`imports = ["/etc/containerd/conf.d/*.toml"]\n[${cri}]\nenable_selinux = true\n`),
      directory('/etc/containerd/conf.d', 'a.toml', 'b.txt'),
      content('/etc/containerd/conf.d/a.toml', `version = 2\n[${cri}.cni]\nconf_dir = "/c"\n`),
    ]

    expect(plain(containerd('1.7.23', ...files).values['enable-selinux'])).toBe(false)
    expect(plain(containerd('2.0.1', ...files).values['enable-selinux'])).toBe(true)
    expect(plain(containerd('2.0.1', ...files).values['cni-conf-dir'])).toBe('/c')
  })

  it('are unavailable when the imports were not listed', () => {
    const found = containerd('1.7.23', v2('imports = ["/etc/containerd/conf.d/*.toml"]\n'))

    expect(plain(found.values['systemd-cgroup'])).toEqual({ unavailable: 'not-collected' })
  })

  it('say where the file does not parse', () => {
    const found = containerd('1.7.23', content(main, 'version = 2\nroot = \n'))

    expect(found.values['root']).toMatchObject({
      kind: 'unavailable',
      reason: 'unparsable',
      detail: expect.stringContaining(`${main}:2:`),
    })
  })

  it('let a flag win over the file', () => {
    const running = process({
      name: 'containerd',
      argv: ['/opt/containerd', '-c', '/x.toml', '--address', '/run/k3s/c.sock', '--root', '/r'],
    })
    const settings = effectiveSettings(
      nodeWith([
        ...noUnits,
        running,
        content('/x.toml', 'version = 2\nroot = "/file"\n[grpc]\naddress = "/a.sock"\n'),
      ]),
      'containerd',
    )
    if (settings.kind !== 'observed') throw new Error(settings.kind)

    expect(plain(settings.fact.values['address'])).toBe('/run/k3s/c.sock')
    expect(plain(settings.fact.values['root'])).toBe('/r')
    expect(settings.fact.configurationFiles).toEqual(['/x.toml'])
  })
})
