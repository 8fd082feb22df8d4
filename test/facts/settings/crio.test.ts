import { describe, expect, it } from 'vitest'
import { componentFiles } from '../../../src/facts/component-files.ts'
import { effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { content, directory, file, missing, nodeWith, plain, process } from '../../support/settings-node.ts'

const main = '/etc/crio/crio.conf'
const usual = '/etc/crio/crio.conf.d'
const noUnit: RawItem = { kind: 'unit', id: 'unit:crio.service', name: 'crio.service', state: 'absent' }

function nodeOf(argv: readonly string[], ...items: readonly RawItem[]) {
  const running = process({
    name: 'crio',
    argv: ['/usr/bin/crio', ...argv],
    cgroup: '0::/system.slice/crio.service',
  })
  return nodeWith([noUnit, running, missing('content', main), missing('directory', usual), ...items])
}

function crio(argv: readonly string[], ...items: readonly RawItem[]) {
  const settings = effectiveSettings(nodeOf(argv, ...items), 'crio')
  if (settings.kind !== 'observed') throw new Error(JSON.stringify(settings))
  return settings.fact
}

const manager = (name: string) => `[crio.runtime]\ncgroup_manager = "${name}"\n`

describe('CRI-O settings', () => {
  it('are the defaults without any file', () => {
    const found = crio([])
    expect(plain(found.values['listen'])).toBe('/var/run/crio/crio.sock')
    expect(found.configurationFiles).toEqual([])
    expect(found.configured).toBeUndefined()
  })

  it('come from every file of the drop-in directory and those below it, in name order', () => {
    const found = crio(
      [],
      content(main, `${manager('cgroupfs')}pids_limit = 1\n`),
      directory(usual, '10-a.conf', 'b', 'README'),
      directory(`${usual}/b`, 'x'),
      content(`${usual}/10-a.conf`, manager('cgroupfs')),
      content(`${usual}/b/x`, manager('systemd')),
      content(`${usual}/README`, ''),
    )
    expect(plain(found.values['cgroup-manager'])).toBe('systemd')
    expect(plain(found.values['pids-limit'])).toBe(1)
    expect(found.configurationFiles).toEqual([main, `${usual}/10-a.conf`, `${usual}/README`, `${usual}/b/x`])
  })

  it('may come from another directory, which need not be there', () => {
    const other = [directory('/o', 'a'), content('/o/a', manager('cgroupfs'))]
    expect(plain(crio(['-d', '/o'], ...other).values['cgroup-manager'])).toBe('cgroupfs')
    expect(plain(crio(['--config-dir=/o'], missing('directory', '/o')).values['stream-address'])).toBe(
      '127.0.0.1',
    )
  })

  it('are not known where the directory was not listed or a file in it does not parse', () => {
    expect(plain(crio(['-d', '/o']).values['listen'])).toEqual({ unavailable: 'not-collected' })
    const broken = [directory(usual, 'a'), content(`${usual}/a`, 'x = ')]
    expect(plain(crio([], ...broken).values['listen'])).toEqual({ unavailable: 'unparsable' })
  })

  it('have files whose modes count, whatever they are called', () => {
    const items = [
      content(main, ''),
      directory(usual, 'a'),
      content(`${usual}/a`, ''),
      file(main, 1),
      file(`${usual}/a`, 1),
    ]
    const fact = componentFiles.derive(
      { fact: 'component-files', of: 'crio', which: 'configuration' },
      nodeOf([], ...items),
    )
    expect(plain(fact)).toMatchObject([{ path: main }, { path: `${usual}/a` }])
  })
})
