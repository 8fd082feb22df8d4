import { statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addKnownHost, openSshConfig, readKnownHosts } from '../../../src/collect/ssh/files.ts'
import { type Fixture, fixture } from '../node-script.ts'

let here: Fixture
beforeEach(() => {
  here = fixture()
})
afterEach(() => here.remove())

const settingOf = (keyword: string, configFile?: string) =>
  openSshConfig(
    { home: here.root, localUser: 'me', env: {} },
    configFile,
  )({ host: 'khard-test-host' })
    .values.get(keyword)
    ?.at(0)

describe('the SSH configuration on disk', () => {
  it('is the person’s own, with what it includes from beside it and from home, in order of names', () => {
    here.put('.ssh/config', 'Include conf.d/*\nInclude ~/more\nPort 5\n')
    here.put('.ssh/conf.d/b', 'HostName from-b\nUser from-b\n')
    here.put('.ssh/conf.d/a', 'HostName from-a\n')
    here.put('more', 'User from-home\nIdentityAgent from-home\n')

    expect(['hostname', 'user', 'identityagent', 'port'].map((keyword) => settingOf(keyword))).toEqual([
      'from-a',
      'from-b',
      'from-home',
      '5',
    ])
  })

  it('is another file altogether where one is named', () => {
    here.put('.ssh/config', 'Port 5\n')
    const other = here.put('other', `Include ${here.put('included', 'Port 7\n')}\n`)

    expect(settingOf('port', other)).toBe('7')
  })

  it('that is not there sets nothing', () => {
    expect(settingOf('port', `${here.root}/none`)).toBeUndefined()
  })
})

describe('known_hosts on disk', () => {
  const line = 'cp-1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

  it('holds a key that was added, and is the person’s alone', () => {
    const file = `${here.root}/known_hosts`

    expect(addKnownHost(file, line)).toBe(true)
    expect(readKnownHosts([`${here.root}/none`, file])).toMatchObject([
      { keyType: 'ssh-ed25519', at: `${file}:1` },
    ])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('that cannot be written is said to be, and trusts nothing', () => {
    const file = `${here.root}/none/known_hosts`

    expect(addKnownHost(file, line)).toBe(false)
    expect(readKnownHosts([file])).toEqual([])
  })
})
