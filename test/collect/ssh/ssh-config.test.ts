import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveHost } from '../../../src/collect/ssh/config.ts'
import { parseConfigLines, splitWords } from '../../../src/collect/ssh/config-lines.ts'
import { openSshConfig } from '../../../src/collect/ssh/files.ts'
import {
  createHop,
  parseHopAddress,
  parseProxyJump,
  type Surroundings,
} from '../../../src/collect/ssh/hop.ts'
import { matchesPatterns, matchesWildcard } from '../../../src/collect/ssh/host-pattern.ts'
import { planRoute } from '../../../src/collect/ssh/route.ts'
import { cpuMs } from '../../support/cpu-time.ts'

const around: Surroundings = {
  home: '/home/me',
  localUser: 'me',
  env: { SSH_AUTH_SOCK: '/run/agent', KEYS: '/keys' },
}

const noInclude = (): never[] => []
const settingsOf = (text: string, host: string, user?: string) =>
  resolveHost(
    [parseConfigLines(text, 'config')],
    { host, ...(user === undefined ? {} : { user }) },
    noInclude,
  )
const hopOf = (text: string, host: string, surroundings = around) => {
  const hop = createHop({ host }, settingsOf(text, host), surroundings)
  if ('detail' in hop) throw new Error(hop.detail)
  return hop
}

describe('patterns', () => {
  it.each([
    ['*', 'anything', true],
    ['*', '', true],
    ['node-?', 'node-1', true],
    ['node-?', 'node-', false],
    ['node-?', 'node-12', false],
    ['*.example', 'a.b.example', true],
    ['*.example', 'example', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['NODE', 'node', true],
    ['a**', 'a', true],
    ['', 'a', false],
  ])('%s on "%s": %s', (pattern, name, expected) => {
    expect(matchesWildcard(pattern, name)).toBe(expected)
  })

  it('a negated pattern outweighs every other, wherever it stands', () => {
    expect(matchesPatterns(['*', '!bad'], 'bad')).toBe(false)
    expect(matchesPatterns(['!bad', '*'], 'bad')).toBe(false)
    expect(matchesPatterns(['!bad', '*'], 'good')).toBe(true)
    expect(matchesPatterns(['!bad'], 'good')).toBe(false)
  })

  it('a pattern made to be slow is not', () => {
    const match = (): boolean => matchesWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))

    expect(cpuMs(() => expect(match()).toBe(false))).toBeLessThan(1000)
  })
})

describe('lines', () => {
  it('understand comments, quotes, = and Windows line ends', () => {
    expect(
      parseConfigLines(
        '# c\n\n Host  a "b c"\r\nPort=22\n\tUser = x # note\n"IdentityFile" a\\ b\nHostName',
        'f',
      ),
    ).toEqual([
      { keyword: 'host', words: ['a', 'b c'], at: 'f:3' },
      { keyword: 'port', words: ['22'], at: 'f:4' },
      { keyword: 'user', words: ['x'], at: 'f:5' },
      { keyword: 'identityfile', words: ['a b'], at: 'f:6' },
      { keyword: 'hostname', words: [], at: 'f:7' },
    ])
  })

  it.each([
    [`a 'b c' d`, ['a', 'b c', 'd']],
    ['a"b"c', ['abc']],
    ['""', ['']],
    ['"a\\"b"', ['a"b']],
    ['a#b #c', ['a#b']],
    ['a\\\\b', ['a\\b']],
    ['a\\n', ['a\\n']],
    ['\\\\a', ['\\a']],
    [`a''b`, ['ab']],
    [' a  b ', ['a', 'b']],
    ['', []],
  ])('split %s', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it('a line that is no setting is left out', () => {
    expect(parseConfigLines('=', 'f')).toEqual([{ keyword: '', words: [], at: 'f:1' }])
  })
})

describe('resolving a host', () => {
  it('takes the first value of a setting', () => {
    const settings = settingsOf('Host a\n Port 1\nHost *\n Port 2\n User u', 'a')

    expect(settings.values.get('port')).toEqual(['1'])
    expect(settings.values.get('user')).toEqual(['u'])
  })

  it('gathers identity files', () => {
    expect(
      settingsOf('Host a\n IdentityFile one\nHost *\n IdentityFile two\n IdentityFile', 'a').identityFiles,
    ).toEqual(['one', 'two'])
  })

  it.each([
    ['Match all', true],
    ['Match host a.example', true],
    ['Match host b.example', false],
    ['Match originalhost a', true],
    ['Match !originalhost a', false],
    ['Match user root', true],
    ['Match user admin,root host *.example', true],
    ['Match host', false],
  ])('%s: %s', (match, applies) => {
    const settings = settingsOf(`HostName %h.example\nUser root\n${match}\n Port 99`, 'a')

    expect(settings.values.has('port')).toBe(applies)
    expect(settings.warnings).toEqual([])
  })

  it('asks Match user for the user that was given', () => {
    expect(settingsOf('Match user admin\n Port 99', 'a', 'admin').values.has('port')).toBe(true)
    expect(settingsOf('Match user admin\n Port 99', 'a').values.has('port')).toBe(false)
    expect(settingsOf('Match host a\n Port 99', 'a').values.has('port')).toBe(true)
  })

  it('leaves out a Match it does not understand and says so, and only when it could apply', () => {
    const text = 'Match exec "true"\n Port 99\nHost *\n User u'

    expect(settingsOf(text, 'a').values.get('port')).toBeUndefined()
    expect(settingsOf(text, 'a').warnings).toEqual([expect.stringMatching(/^config:1: "Match exec"/)])
  })

  it('stops an Include that includes itself', () => {
    const lines = parseConfigLines('Include me', 'config')

    const settings = resolveHost([lines], { host: 'a' }, () => [lines])

    expect(settings.warnings).toEqual([expect.stringContaining('too deep')])
  })
})

describe('a hop', () => {
  it('has the defaults of ssh when nothing is configured', () => {
    expect(hopOf('', 'cp-1')).toEqual({
      alias: 'cp-1',
      host: 'cp-1',
      port: 22,
      user: 'me',
      identityFiles: ['/home/me/.ssh/id_ed25519', '/home/me/.ssh/id_ecdsa', '/home/me/.ssh/id_rsa'],
      areIdentitiesNamed: false,
      identitiesOnly: false,
      agentSocket: '/run/agent',
      knownHostsName: 'cp-1',
      knownHostsFiles: [
        '/home/me/.ssh/known_hosts',
        '/home/me/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
      acceptInto: '/home/me/.ssh/known_hosts',
      hostKeyCheck: 'strict',
      family: null,
    })
  })

  it('expands what a path may hold', () => {
    const text =
      'HostName %h.example\nPort 2222\nUser root\nIdentityFile ~/%r@%h:%p\nIdentityFile ${KEYS}/%n-%u%%%z\nIdentityFile ${NONE}/x\nUserKnownHostsFile %d/kh1 /kh2'

    const hop = hopOf(text, 'cp-1')

    expect(hop.identityFiles).toEqual(['/home/me/root@cp-1.example:2222', '/keys/cp-1-me%%z', '${NONE}/x'])
    expect(hop.knownHostsFiles.slice(0, 2)).toEqual(['/home/me/kh1', '/kh2'])
    expect(hop.knownHostsName).toBe('[cp-1.example]:2222')
  })

  it.each([
    ['IdentityAgent none', null],
    ['IdentityAgent SSH_AUTH_SOCK', '/run/agent'],
    ['IdentityAgent $KEYS', '/keys'],
    ['IdentityAgent $NONE', null],
    ['IdentityAgent ${KEYS}/agent', '/keys/agent'],
    ['IdentityAgent ~/agent', '/home/me/agent'],
  ])('%s', (text, socket) => {
    expect(hopOf(text, 'a').agentSocket).toBe(socket)
  })

  it('has no agent when there is none', () => {
    expect(hopOf('', 'a', { ...around, env: {} }).agentSocket).toBeNull()
  })

  it.each([
    ['yes', 'strict'],
    ['ask', 'strict'],
    ['accept-new', 'accept-new'],
    ['no', 'off'],
    ['OFF', 'off'],
  ])('StrictHostKeyChecking %s means %s', (value, expected) => {
    expect(hopOf(`StrictHostKeyChecking ${value}`, 'a').hostKeyCheck).toBe(expected)
  })

  it('honours HostKeyAlias, IdentitiesOnly, AddressFamily and none', () => {
    const hop = hopOf(
      'HostKeyAlias Other\nIdentitiesOnly yes\nAddressFamily inet6\nIdentityFile none\nUserKnownHostsFile none',
      'a',
    )

    expect(hop).toMatchObject({
      knownHostsName: 'other',
      identitiesOnly: true,
      family: 6,
      identityFiles: [],
      acceptInto: null,
    })
    expect(hopOf('AddressFamily inet', 'a').family).toBe(4)
  })

  it('puts what the address says above the configuration', () => {
    const hop = createHop(
      { host: 'a', user: 'u', port: 7, identityFile: '~/k' },
      settingsOf('User x\nPort 8\nIdentityFile y', 'a'),
      around,
    )

    expect(hop).toMatchObject({ user: 'u', port: 7, identityFiles: ['/home/me/k', 'y'] })
  })

  it.each([
    'ProxyCommand nc %h %p',
    'RevokedHostKeys /etc/ssh/revoked',
    'CanonicalizeHostname yes',
    'Port nonsense',
    'Port 70000',
  ])('refuses %s', (text) => {
    expect(createHop({ host: 'a' }, settingsOf(text, 'a'), around)).toHaveProperty('detail')
  })

  it('takes none for what it would refuse', () => {
    expect(
      createHop({ host: 'a' }, settingsOf('ProxyCommand none\nCanonicalizeHostname no', 'a'), around),
    ).not.toHaveProperty('detail')
  })
})

describe('addresses and routes', () => {
  it.each([
    ['host', { host: 'host' }],
    ['user@host:2222', { user: 'user', host: 'host', port: 2222 }],
    ['user@realm@host', { user: 'user@realm', host: 'host' }],
    ['[fe80::1]:22', { host: 'fe80::1', port: 22 }],
    ['ssh://u@[::1]/', { user: 'u', host: '::1' }],
    ['-oProxyCommand=x', null],
    ['-l@host', null],
    ['host:0', null],
    ['host:99999', null],
    ['::1', null],
    ['a b', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseHopAddress(text)).toEqual(expected)
  })

  it('reads ProxyJump', () => {
    expect(parseProxyJump('none')).toEqual([])
    expect(parseProxyJump('')).toEqual([])
    expect(parseProxyJump('a,u@b:2')).toEqual([{ host: 'a' }, { user: 'u', host: 'b', port: 2 }])
    expect(parseProxyJump('a,,b')).toBeNull()
  })

  const routeOf = (text: string, host: string) =>
    planRoute({ host }, (query) => settingsOf(text, query.host, query.user), around)
  const hostsOf = (text: string, host: string) => {
    const route = routeOf(text, host)
    return route.kind === 'fault' ? route.detail : route.hops.map((hop) => hop.alias)
  }

  it('goes through jump hosts in order, and through the first one’s own', () => {
    const text = 'Host target\n ProxyJump one,two\nHost one\n ProxyJump zero\nHost two\n ProxyJump ignored'

    expect(hostsOf(text, 'target')).toEqual(['zero', 'one', 'two', 'target'])
  })

  it('does not reach a jump host through itself', () => {
    expect(hostsOf('Host *\n ProxyJump bastion', 'target')).toEqual(['bastion', 'target'])
  })

  it('refuses a circle', () => {
    expect(hostsOf('Host a\n ProxyJump b\nHost b\n ProxyJump a', 'a')).toContain('circle')
  })

  it('refuses a value that is no list of hosts, and faults of jump hosts', () => {
    expect(hostsOf('Host a\n ProxyJump -oX', 'a')).toContain('ProxyJump "-oX"')
    expect(hostsOf('Host a\n ProxyJump b\nHost b\n ProxyCommand x', 'a')).toContain('proxycommand')
  })

  it('carries warnings of every hop once', () => {
    const route = routeOf('Match exec x\n Port 1\nHost a\n ProxyJump u@b', 'a')

    expect(route).toMatchObject({ kind: 'route', warnings: [expect.stringContaining('Match exec')] })
  })
})

describe('what ssh -G says', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'khard-config-'))
    mkdirSync(join(home, 'conf.d'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const config = (): string => `Include ${home}/conf.d/*.conf
Host web !web-9 *.web
  HostName %h.example.org
  Port 2201
Host "quoted host" db-?
  User "dba"
  IdentityFile "/keys/with space"
  ProxyJump jumper@gate:2222,inner
Match host *.example.org user deploy
  IdentityFile /keys/deploy
Match originalhost !web,db-1,*-late
  StrictHostKeyChecking accept-new
Host *
  User = everyone
  IdentityFile=/keys/last
  UserKnownHostsFile /k/one /k/two
  IdentitiesOnly yes
  HostKeyAlias alias-%h
`

  it.each(['web', 'web-9', 'x.web', 'db-1', 'db-22', 'included', 'nested', 'other', 'x-late'])(
    'is what is resolved for %s',
    (host) => {
      writeFileSync(
        join(home, 'conf.d', '10-a.conf'),
        `Host included\n  Port 3301\n  Include ${home}/conf.d/more\nHost nest*\n  User nester\n`,
      )
      writeFileSync(join(home, 'conf.d', '20-b.conf'), 'Host nested included\n  Port 3302\n')
      writeFileSync(join(home, 'conf.d', 'more'), 'User from-more\nHost other\n Port 1\n')
      const file = join(home, 'config')
      writeFileSync(file, config())
      const lookUp = openSshConfig({ home, localUser: 'me', env: {} }, file)
      const said = execFileSync('ssh', ['-T', '-G', '-F', file, host], { encoding: 'utf8' }).split('\n')
      const all = (keyword: string): readonly string[] =>
        said.flatMap((line) => (line.startsWith(`${keyword} `) ? [line.slice(keyword.length + 1)] : []))

      const hop = createHop({ host }, lookUp({ host }), { home, localUser: 'me', env: {} })
      if ('detail' in hop) throw new Error(hop.detail)

      expect({ host: hop.host, port: String(hop.port), user: hop.user }).toEqual({
        host: all('hostname')[0],
        port: all('port')[0],
        user: all('user')[0],
      })
      expect(hop.identityFiles).toEqual(all('identityfile'))
      expect(hop.knownHostsFiles.slice(0, 2).join(' ')).toBe(all('userknownhostsfile')[0])
      expect(lookUp({ host }).values.get('proxyjump')?.[0]).toBe(all('proxyjump')[0])
      expect(hop.hostKeyCheck).toBe(
        all('stricthostkeychecking')[0] === 'accept-new' ? 'accept-new' : 'strict',
      )
    },
  )
})
