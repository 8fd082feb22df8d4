import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { oneLine } from '../../src/collect/carriers/one-line.ts'
import { clientArguments, remoteCommand } from '../../src/collect/carriers/openssh.ts'
import { opensshTrouble } from '../../src/collect/carriers/openssh-trouble.ts'
import { endingOfExit } from '../../src/collect/carriers/sudo.ts'
import { limits, openssh } from './carrier-under-test.ts'

describe('the openssh client', () => {
  it('is told to ask nothing and forward nothing, the host after --', () => {
    const argv = clientArguments(
      {
        target: 't',
        address: { host: '-evil', user: 'u', port: 7, identityFile: '/k' },
        sudo: null,
        env: {},
        configFile: '/c',
      },
      { ...limits, connectTimeoutMs: 1500 },
    )

    expect(argv.slice(-2)).toEqual(['--', '-evil'])
    expect(argv).toEqual(
      expect.arrayContaining([
        '-T',
        'BatchMode=yes',
        'ConnectTimeout=2',
        'ClearAllForwardings=yes',
        'ControlMaster=no',
        '-F',
        '/c',
        '-l',
        'u',
        '-p',
        '7',
        '-i',
        '/k',
      ]),
    )
    expect(argv.join(' ')).not.toContain('StrictHostKeyChecking')
  })

  it('that is not installed is said', async () => {
    const outcome = await openssh({ address: { host: 'cp-1' }, env: { PATH: '/nonexistent' } }).run(
      'true',
      limits,
    )

    expect(outcome).toMatchObject({
      end: 'tool-missing',
      exitCode: null,
      next: expect.stringContaining('--ssh-client ssh2'),
    })
  })

  it.each([[['sh', '-c', 'printf %s "$1"', 'x', `it's "all" $HOME; \\n`]], [['printf', '%s', 'a b', '']]])(
    'gets its command quoted for any shell: %j',
    (argv) => {
      const [program = '', ...rest] = argv

      const direct = execFileSync(program, rest, { encoding: 'utf8' })

      expect(execFileSync('sh', ['-c', remoteCommand(argv)], { encoding: 'utf8' })).toBe(direct)
    },
  )

  it.each([
    ['ssh: connect to host cp-1 port 22: Connection refused', 'unreachable', 'Connection refused'],
    ['ssh: Could not resolve hostname nope: Name or service not known', 'unreachable', 'Could not resolve'],
    ['ssh: connect to host cp-1 port 22: No route to host', 'unreachable', 'No route'],
    [
      'Warning: Permanently added x\nroot@cp-1: Permission denied (publickey).',
      'permission-denied',
      'Permission denied (publickey)',
    ],
    [
      'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures',
      'permission-denied',
      'Too many',
    ],
    [
      '@@@@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@\nSHA256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nHost key verification failed.',
      'unreachable',
      'HAS CHANGED! (SHA256:aaa',
    ],
    ['Host key verification failed.', 'unreachable', 'cp-1, or of a jump host'],
    ['@ WARNING: REVOKED HOST KEY DETECTED! @\nHost key verification failed.', 'unreachable', 'REVOKED'],
    ['kex_exchange_identification: read: Connection reset by peer', 'unreachable', 'kex_exchange'],
    [
      '/c: line 1: Bad configuration option: nonsense\n/c: terminating, 1 bad configuration options',
      'tool-failed',
      'Bad configuration',
    ],
    ['Bad owner or permissions on /root/.ssh/config', 'tool-failed', 'Bad owner'],
    ['Timeout, server 10.0.0.1 not responding.', 'disconnected', 'Timeout'],
    ['client_loop: send disconnect: Broken pipe', 'disconnected', 'Broken pipe'],
    ['', 'disconnected', 'lost the connection to cp-1'],
  ])('%j', (stderr, end, detail) => {
    const ending = opensshTrouble(stderr, false, 'cp-1')

    expect(ending.end).toBe(end)
    expect(ending.detail).toContain(detail)
    expect(ending.next).not.toContain('HOST')
  })

  it('is disconnected, not unreachable, once output has come', () => {
    expect(opensshTrouble('Connection refused', true, 'cp-1').end).toBe('disconnected')
  })
})

describe('how an exit reads', () => {
  const sudo = { password: null }
  it.each([
    [0, '', null, 'complete'],
    [1, 'sudo: a password is required', null, 'complete'],
    [1, 'sudo: a password is required', sudo, 'sudo-missing'],
    [1, 'sudo: unable to resolve host cp-1: Name or service not known', sudo, 'complete'],
    [
      1,
      'sudo: unable to resolve host cp-1\nsudo: a terminal is required to read the password',
      sudo,
      'sudo-missing',
    ],
    [
      1,
      "Sorry, user auditor is not allowed to execute '/usr/bin/sh -s' as root on cp-1.",
      sudo,
      'sudo-missing',
    ],
    [1, 'auditor is not in the sudoers file.', sudo, 'sudo-missing'],
    [1, 'some script failed', sudo, 'complete'],
    [127, 'env: ‘sudo’: No such file or directory', sudo, 'sudo-missing'],
    [127, 'bash: line 1: sh: command not found', null, 'tool-missing'],
    [126, '', null, 'tool-missing'],
    [3, 'sudo: x', sudo, 'complete'],
  ] as const)('%i with "%s"', (...[code, stderr, asked, end]) => {
    const ending = endingOfExit(code, stderr, asked)

    expect(ending).toMatchObject({ end, exitCode: code })
    expect(ending.next === undefined).toBe(end === 'complete')
  })
})

describe('text from nodes', () => {
  it('is one line, escaped and bounded', () => {
    expect(oneLine(' a\r\n  b\u001b[31m\u202e ')).toBe('a; b\\u001b[31m\\u202e')
    expect(oneLine('x'.repeat(500))).toHaveLength(300)
  })
})
