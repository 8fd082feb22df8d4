import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CarrierOutcome, RunOptions } from '../../src/collect/carrier.ts'
import type { Sudo } from '../../src/collect/carriers/sudo.ts'
import { labAvailable, withLab } from '../support/lab.ts'
import { limits, openssh, ssh2, text } from './carrier-under-test.ts'
import { createScene, fingerprintOf, loopback, type Scene } from './ssh-scene.ts'

const available = labAvailable()
const clients = { ssh2, openssh } as const

describe.skipIf(!available.ok)(
  `over a real sshd${available.ok ? '' : ` (skipped: ${available.reason})`}`,
  () => {
    const lab = withLab(['plain', 'plain'])
    let scene: Scene
    beforeEach(() => {
      scene = createScene(lab)
    })
    afterEach(async () => {
      scene.remove()
      for (const node of lab.nodes) await lab.clear(node)
    })

    interface Attempt {
      readonly host?: string
      readonly user?: string
      readonly sudo?: Sudo
      readonly env?: { readonly [name: string]: string }
      readonly options?: Partial<RunOptions>
      readonly port?: number
      readonly warnings?: string[]
    }
    const reach = (
      client: keyof typeof clients,
      script = 'echo hello',
      attempt: Attempt = {},
    ): Promise<CarrierOutcome> => {
      const { host = 'khnode-1', user, sudo, env, port, warnings } = attempt
      const setting = {
        address: { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) },
        configFile: scene.configFile,
        home: scene.home,
        ...(sudo === undefined ? {} : { sudo }),
        ...(env === undefined ? {} : { env }),
        ...(warnings === undefined ? {} : { warnings }),
      }
      return clients[client](setting).run(script, { ...limits, ...attempt.options })
    }
    const expectHello = (outcome: CarrierOutcome): void => {
      expect({ end: outcome.end, detail: outcome.detail, out: text(outcome.stdout) }).toEqual({
        end: 'complete',
        detail: undefined,
        out: 'hello\n',
      })
    }
    const keyOf = (type: string): string =>
      scene
        .trueKeys(lab.node(1))
        .split('\n')
        .find((line) => line.includes(` ${type}`)) ?? ''

    describe.each(['ssh2', 'openssh'] as const)('%s: host keys', (client) => {
      it('refuses a host it does not know', async () => {
        const outcome = await reach(client)

        expect(outcome.end).toBe('unreachable')
        expect(outcome.stdout.length).toBe(0)
        expect(outcome.detail).toContain('not known')
        expect(outcome.next).toContain('ssh-keygen')
      })

      it.each(['ssh-ed25519', 'ecdsa-sha2-nistp256'])(
        'knows a host by its only known key, %s',
        async (type) => {
          scene.knows(keyOf(type))

          expectHello(await reach(client))
        },
      )

      it('knows a host by a hashed name', async () => {
        scene.knows(scene.trueKeys(lab.node(1)))
        execFileSync('ssh-keygen', ['-q', '-H', '-f', scene.knownHosts], { stdio: 'ignore' })

        expect(scene.known()).toMatch(/^\|1\|/)
        expect(scene.known()).not.toContain('127.0.0.1')
        expectHello(await reach(client))
      })

      it('knows a host by a pattern, and honours its exceptions', async () => {
        scene.knows(scene.trueKeys(lab.node(1), '[127.0.0.*]:*'))
        expectHello(await reach(client))

        scene.knows(scene.trueKeys(lab.node(1), `[127.0.0.*]:*,!${loopback(lab.node(1))}`))
        expect((await reach(client)).end).toBe('unreachable')
      })

      it('knows a host by its HostKeyAlias', async () => {
        scene.configure('Host khnode-1', '  HostKeyAlias the-first')
        scene.knows(scene.trueKeys(lab.node(1), 'the-first'))

        expectHello(await reach(client))
      })

      it('refuses a changed key', async () => {
        scene.knows(scene.trueKeys(lab.node(1)))
        await lab.fault(lab.node(1), 'hostkey')

        const outcome = await reach(client)

        expect(outcome.end).toBe('unreachable')
        expect(outcome.detail).toMatch(/changed/i)
        expect(outcome.detail).toMatch(/SHA256:[A-Za-z0-9+/]{43}/)
      })

      it('refuses a revoked key, even one that is also trusted', async () => {
        const keys = scene.trueKeys(lab.node(1))
        scene.knows(
          keys,
          ...keys.split('\n').map((line) => `@revoked * ${line.split(' ').slice(1).join(' ')}`),
        )

        const outcome = await reach(client)

        expect(outcome.end).toBe('unreachable')
        expect(outcome.detail).toMatch(/revoked/i)
      })

      it('accepts a new key once when the configuration says accept-new, and no other after', async () => {
        scene.configure('Host *', '  StrictHostKeyChecking accept-new')

        expectHello(await reach(client))
        expect(scene.known()).toContain(loopback(lab.node(1)))
        expectHello(await reach(client))
        await lab.fault(lab.node(1), 'hostkey')
        expect((await reach(client)).end).toBe('unreachable')
      })
    })

    describe('ssh2: what it says of host keys', () => {
      it('shows the fingerprint of an unknown key and a command that makes it known', async () => {
        const outcome = await reach('ssh2')
        expect(outcome.detail).toContain(fingerprintOf(keyOf('ssh-ed25519')))
        const add = /echo '.*$/.exec(outcome.next ?? '')?.[0] ?? 'false'
        expect(scene.known()).toBe('')
        execFileSync('sh', ['-c', add])

        expectHello(await reach('ssh2'))
      })

      it('shows both fingerprints and the line of a changed key, and a command that replaces it', async () => {
        scene.knows('# a comment', keyOf('ssh-ed25519'))
        const before = fingerprintOf(keyOf('ssh-ed25519'))
        await lab.fault(lab.node(1), 'hostkey')

        const outcome = await reach('ssh2')
        expect(outcome.detail).toContain(before)
        expect(outcome.detail).toContain(`${scene.knownHosts}:2`)
        const replace = /ssh-keygen -R .*$/.exec(outcome.next ?? '')?.[0] ?? 'false'
        execFileSync('sh', ['-c', replace], { stdio: 'ignore' })

        expectHello(await reach('ssh2'))
      })

      it('says that host certificates need the openssh client', async () => {
        scene.knows(
          `@cert-authority * ${keyOf('ssh-ed25519').split(' ').slice(1).join(' ')}`.replace(
            /AAAA\S+/,
            (key) => otherKey(key),
          ),
        )

        const outcome = await reach('ssh2')

        expect(outcome.end).toBe('unreachable')
        expect(outcome.detail).toContain('certificate authority')
        expect(outcome.next).toContain('--ssh-client openssh')
      })

      it('sends no password over a changed key, even where the configuration lets it connect', async () => {
        scene.configure('Host *', '  StrictHostKeyChecking no')
        scene.knows(scene.trueKeys(lab.node(1)))
        await lab.fault(lab.node(1), 'hostkey')

        expectHello(await reach('ssh2'))
        const outcome = await reach('ssh2', 'echo hello', { user: 'deploy', sudo: { password: 'deploy' } })
        expect(outcome.end).toBe('unreachable')
        expect(outcome.detail).toContain('has changed')
      })
    })

    describe.each(['ssh2', 'openssh'] as const)('%s: jump hosts', (client) => {
      const fabric = (): string => lab.node(2).fabricHost
      const jumpOver = (jump: string): void => scene.configure(`Host ${fabric()}`, `  ProxyJump ${jump}`)

      it('reaches a node through another, both verified', async () => {
        jumpOver('khnode-1')
        scene.knows(scene.trueKeys(lab.node(1)), scene.trueKeys(lab.node(2), fabric()))

        const outcome = await reach(client, 'hostname', { host: fabric() })

        expect(text(outcome.stdout)).toBe('khnode-2\n')
      })

      it('refuses a jump host with the wrong key', async () => {
        jumpOver('khnode-1')
        scene.knows(scene.trueKeys(lab.node(2), loopback(lab.node(1))), scene.trueKeys(lab.node(2), fabric()))

        const outcome = await reach(client, 'hostname', { host: fabric() })

        expect(outcome.end).toBe('unreachable')
        expect(outcome.stdout.length).toBe(0)
        expect(outcome.detail).toMatch(/changed/i)
      })

      it('refuses a node behind a jump host that it does not know', async () => {
        jumpOver('khnode-1')
        scene.knows(scene.trueKeys(lab.node(1)))

        const outcome = await reach(client, 'hostname', { host: fabric() })

        expect(outcome.end).toBe('unreachable')
        expect(outcome.detail).toContain(fabric())
      })

      it('says when the jump host cannot reach the node', async () => {
        scene.configure('Host 10.99.0.99', '  ProxyJump khnode-1')
        scene.knows(scene.trueKeys(lab.node(1)))

        const outcome = await reach(client, 'hostname', {
          host: '10.99.0.99',
          options: { connectTimeoutMs: 8000 },
        })

        expect(outcome.end).toBe('unreachable')
      })

      it('follows a chain', async () => {
        jumpOver(`khnode-1,root@${lab.node(1).fabricHost}`)
        scene.knows(
          scene.trueKeys(lab.node(1)),
          scene.trueKeys(lab.node(1), lab.node(1).fabricHost),
          scene.trueKeys(lab.node(2), fabric()),
        )

        const outcome = await reach(client, 'hostname', { host: fabric() })

        expect(text(outcome.stdout)).toBe('khnode-2\n')
      })
    })

    describe.each(['ssh2', 'openssh'] as const)('%s: logging in', (client) => {
      beforeEach(() => scene.knows(scene.trueKeys(lab.node(1))))

      it('is told when the account does not take the key', async () => {
        const outcome = await reach(client, 'echo hello', { user: 'guest' })

        expect(outcome).toMatchObject({ end: 'permission-denied', exitCode: null })
        expect(outcome.next).toContain('ssh-add -l')
      })

      it('uses a key that only the agent holds', async () => {
        const agent = startAgent()
        try {
          execFileSync('ssh-add', ['-q', lab.node(1).key], {
            env: { ...process.env, SSH_AUTH_SOCK: agent.socket },
          })
          scene.configure('Host *', '  IdentityFile none', '  IdentitiesOnly no')

          expectHello(await reach(client, 'echo hello', { env: { SSH_AUTH_SOCK: agent.socket } }))
        } finally {
          agent.stop()
        }
      })
    })

    describe('ssh2: identities', () => {
      beforeEach(() => scene.knows(scene.trueKeys(lab.node(1))))
      const encrypt = (): string => {
        const path = `${scene.home}/encrypted`
        execFileSync('cp', [lab.node(1).key, path])
        execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', path], { stdio: 'ignore' })
        execFileSync('cp', [`${lab.node(1).key}.pub`, `${path}.pub`])
        return path
      }
      const configureEncrypted = (path: string): void => {
        scene.configure(
          `Host khnode-1`,
          '  HostName 127.0.0.1',
          `  Port ${lab.node(1).port}`,
          '  User root',
          `  IdentityFile ${path}`,
          `  IdentitiesOnly yes`,
          `  UserKnownHostsFile ${scene.knownHosts}`,
          'Match all',
        )
        execFileSync('sed', ['-i', '/^Match all/,$d', scene.configFile])
      }

      it('says that an encrypted key file needs the agent', async () => {
        configureEncrypted(encrypt())

        const outcome = await reach('ssh2')

        expect(outcome.end).toBe('permission-denied')
        expect(outcome.detail).toContain('is encrypted')
        expect(outcome.detail).toContain('ssh-agent')
      })

      it('uses the agent for an encrypted key file, and with IdentitiesOnly no other key of it', async () => {
        const agent = startAgent()
        const env = { SSH_AUTH_SOCK: agent.socket }
        const add = (path: string): void =>
          void execFileSync('ssh-add', ['-q', path], { env: { ...process.env, ...env } })
        try {
          for (let i = 0; i < 8; i++) {
            execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${scene.home}/other${i}`])
            add(`${scene.home}/other${i}`)
          }
          add(lab.node(1).key)
          configureEncrypted(encrypt())

          expectHello(await reach('ssh2', 'echo hello', { env }))
        } finally {
          agent.stop()
        }
      })

      it('tells of a Match it does not understand, and leaves its block out', async () => {
        const warnings: string[] = []
        scene.configure('Match exec "true"', '  HostName 192.0.2.1', 'Host *')

        expectHello(await reach('ssh2', 'echo hello', { warnings }))
        expect(warnings).toEqual([expect.stringContaining('Match exec')])
      })

      it('refuses to ignore a ProxyCommand', async () => {
        scene.configure('Host *', '  ProxyCommand nc %h %p')

        const outcome = await reach('ssh2')

        expect(outcome.end).toBe('tool-failed')
        expect(outcome.next).toContain('--ssh-client openssh')
      })
    })

    describe.each(['ssh2', 'openssh'] as const)('%s: sudo', (client) => {
      beforeEach(() => scene.knows(scene.trueKeys(lab.node(1))))

      it('becomes root without a password where the node allows it', async () => {
        const outcome = await reach(client, 'id -u', { user: 'admin', sudo: { password: null } })

        expect(outcome).toMatchObject({ end: 'complete', stderr: '' })
        expect(text(outcome.stdout)).toBe('0\n')
      })

      it('becomes root with the password, which shows up nowhere', async () => {
        const script =
          'id -u; tr "\\0" " " </proc/$PPID/cmdline; cat /proc/[0-9]*/cmdline | tr "\\0" " "; env; echo done >&2'

        const outcome = await reach(client, script, { user: 'deploy', sudo: { password: 'deploy' } })

        expect(outcome).toMatchObject({ end: 'complete', exitCode: 0, stderr: 'done\n' })
        expect(text(outcome.stdout).startsWith('0\n')).toBe(true)
        expect(
          text(outcome.stdout).replaceAll(
            /(USER|LOGNAME|HOME|MAIL|PWD)=\S+|deploy@|-l deploy|sshd: deploy\S*( \[priv\])?/g,
            '',
          ),
        ).not.toContain('deploy')
      })

      it('never hands the password to a shell that needed none', async () => {
        const outcome = await reach(client, 'id -u', {
          user: 'admin',
          sudo: { password: 'touch /tmp/khard-was-here' },
        })

        expect(outcome).toMatchObject({ end: 'complete', stderr: '' })
        expect(await lab.on(lab.node(1), 'sh', '-c', 'ls /tmp/khard-was-here 2>/dev/null || echo none')).toBe(
          'none\n',
        )
      })

      it('says at once that a password is needed', async () => {
        const startedAt = performance.now()

        const outcome = await reach(client, 'id -u', { user: 'deploy', sudo: { password: null } })

        expect(outcome).toMatchObject({ end: 'sudo-missing', detail: 'sudo: a password is required' })
        expect(outcome.next).toContain('KHARD_SUDO_PASSWORD')
        // Well below the time limits it would otherwise wait for.
        expect(performance.now() - startedAt).toBeLessThan(10_000)
      })

      it('says that the password is wrong, without trying it again', async () => {
        const outcome = await reach(client, 'id -u', { user: 'deploy', sudo: { password: 'hunter2' } })

        expect(outcome).toMatchObject({ end: 'sudo-missing', detail: 'sudo refused the password' })
        expect(outcome.stdout.length).toBe(0)
        expect(JSON.stringify(outcome)).not.toContain('hunter2')
      })

      it('says that the account may not use sudo', async () => {
        const outcome = await reach(client, 'id -u', { user: 'auditor', sudo: { password: null } })

        expect(outcome.end).toBe('sudo-missing')
        expect(outcome.stdout.length).toBe(0)
      })

      it('says that there is no sudo', async () => {
        await lab.fault(lab.node(1), 'missing', 'sudo')

        const outcome = await reach(client, 'id -u', { user: 'admin', sudo: { password: null } })

        expect(outcome.end).toBe('sudo-missing')
        expect(outcome.detail).toContain('sudo is not there')
      })

      it('gives up on a sudo that never answers', async () => {
        await lab.fault(lab.node(1), 'hang', 'sudo')

        const outcome = await reach(client, 'id -u', {
          user: 'deploy',
          sudo: { password: 'deploy' },
          options: { connectTimeoutMs: 3000 },
        })

        expect(outcome.end).toBe('sudo-missing')
      })
    })

    describe.each(['ssh2', 'openssh'] as const)('%s: trouble on the line', (client) => {
      const showsItRuns = 'touch /tmp/khard-runs'
      /** Waits until a script got so far, and what it wrote before has arrived. */
      const itRuns = async (): Promise<void> => {
        const poll = 'i=0; while ! [ -e /tmp/khard-runs ] && [ $i -lt 150 ]; do sleep 0.1; i=$((i+1)); done'
        await lab.on(lab.node(1), 'sh', '-c', `${poll}; rm /tmp/khard-runs; sleep 0.5`)
      }
      beforeEach(() => scene.knows(scene.trueKeys(lab.node(1))))

      it('a port nobody listens on', async () => {
        const outcome = await reach(client, 'echo hello', { host: '127.0.0.1', port: 1 })

        expect(outcome.end).toBe('unreachable')
        expect(outcome.detail).toMatch(/refused/i)
      })

      it('a name nobody knows', async () => {
        const outcome = await reach(client, 'echo hello', { host: 'no-such-host.invalid' })

        expect(outcome.end).toBe('unreachable')
      })

      it('a host that accepts and says nothing', async () => {
        await lab.fault(lab.node(1), 'relay', 'mode', 'silent')
        const startedAt = performance.now()

        const outcome = await reach(client, 'echo hello', { options: { connectTimeoutMs: 2000 } })

        expect(outcome.end).toBe('unreachable')
        expect(performance.now() - startedAt).toBeLessThan(12_000)
      })

      it('a host that hangs up at once', async () => {
        await lab.fault(lab.node(1), 'relay', 'mode', 'reset')

        const outcome = await reach(client)

        // ssh at times says only "Connection reset", which it also says of a session
        expect(client === 'ssh2' ? ['unreachable'] : ['unreachable', 'disconnected']).toContain(outcome.end)
        expect(outcome.detail).toMatch(/reset/i)
      })

      it('a cable that is out before the start', async () => {
        await lab.fault(lab.node(1), 'link-down')

        const outcome = await reach(client, 'echo hello', { options: { connectTimeoutMs: 2000 } })

        expect(outcome.end).toBe('unreachable')
      })

      it('a cable pulled in the middle: the time limit counts, the output so far stays', async () => {
        const options = { timeoutMs: 8000 }
        const running = reach(client, `echo before; ${showsItRuns}; sleep 30; echo after`, { options })
        await itRuns()
        await lab.fault(lab.node(1), 'link-down')

        const outcome = await running

        expect(outcome.end).toBe('timed-out')
        expect(text(outcome.stdout)).toBe('before\n')
      })

      it('a frozen host', async () => {
        await lab.fault(lab.node(1), 'freeze')

        const outcome = await reach(client, 'echo hello', {
          options: { connectTimeoutMs: 2000, timeoutMs: 5000 },
        })

        expect(outcome.end).toBe('unreachable')
      })

      it('a connection cut in the middle of the output keeps what came', async () => {
        await lab.fault(lab.node(1), 'relay', 'cut_in', '60000')

        const outcome = await reach(
          client,
          'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done',
        )

        expect(outcome).toMatchObject({ end: 'disconnected', exitCode: null })
        expect(text(outcome.stdout).startsWith('line 0\nline 1\n')).toBe(true)
        expect(outcome.stdout.length).toBeLessThan(60_000)
      })

      it('a connection cut while the script is on its way', async () => {
        await lab.fault(lab.node(1), 'relay', 'cut_out', '9000')

        const outcome = await reach(client, `echo early\n${'# padding padding\n'.repeat(20_000)}echo late\n`)

        expect(outcome.end).toBe('disconnected')
        expect(text(outcome.stdout)).not.toContain('late')
      })

      it('sshd killed under a session', async () => {
        const running = reach(client, `echo before; ${showsItRuns}; sleep 20`)
        await itRuns()
        await lab.fault(lab.node(1), 'ssh-kill')

        const outcome = await running

        expect(outcome.end).toBe('disconnected')
        expect(text(outcome.stdout)).toBe('before\n')
      })
    })

    describe.each(['ssh2', 'openssh'] as const)('%s: the node', (client) => {
      beforeEach(() => scene.knows(scene.trueKeys(lab.node(1)), scene.trueKeys(lab.node(2))))

      it('keeps what .bashrc prints before the script', async () => {
        await lab.fault(lab.node(2), 'noise')

        const outcome = await reach(client, 'echo hello', { host: 'khnode-2' })

        expect(outcome.end).toBe('complete')
        expect(text(outcome.stdout)).toMatch(/authorised use only[\s\S]*hello\n$/)
      })

      it('is told of a login shell that cannot run sh', async () => {
        await lab.on(lab.node(1), 'usermod', '-s', '/usr/bin/no-such-shell', 'auditor')

        const outcome = await reach(client, 'echo hello', { user: 'auditor' })

        expect(outcome.end).not.toBe('complete')
        await lab.on(lab.node(1), 'usermod', '-s', '/bin/bash', 'auditor')
      })

      it('sees one connection, one session, one command', async () => {
        await lab.on(
          lab.node(1),
          'sh',
          '-c',
          'echo LogLevel VERBOSE >/etc/ssh/sshd_config.d/verbose.conf; systemctl reload ssh',
        )
        const before = await sshdLog()

        expectHello(await reach(client))

        const lines = (await sshdLog()).slice(before.length - 1)
        expect(lines.filter((line) => line.includes('Connection from'))).toHaveLength(1)
        expect(lines.filter((line) => line.includes('Accepted publickey'))).toHaveLength(1)
        expect(lines.filter((line) => line.includes('Starting session'))).toEqual([
          expect.stringContaining('command for root'),
        ])
      })
      const sshdLog = async (): Promise<readonly string[]> => {
        await lab.on(lab.node(1), 'journalctl', '--sync')
        return (await lab.on(lab.node(1), 'journalctl', '-u', 'ssh', '-o', 'cat', '--no-pager')).split('\n')
      }
    })
  },
)

/** Another valid ed25519 blob than the one given. */
function otherKey(key: string): string {
  const bytes = Buffer.from(key, 'base64')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return bytes.toString('base64')
}

function startAgent(): { readonly socket: string; stop(): void } {
  const said = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' })
  const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(said)?.[1] ?? ''
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1])
  return { socket, stop: () => void process.kill(pid) }
}
