import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Finding, Result } from '../../src/model/finding.ts'
import { khard, type Ran, startKhard, workspace } from '../support/khard.ts'
import { type LabNode, labAvailable, withLab } from '../support/lab.ts'
import { tomorrow } from '../support/tomorrow.ts'
import { rootOf } from './lab-node.ts'
import { differences, nodesOf, readResult, verdictsOf } from './verdicts.ts'

const available = labAvailable()

describe.skipIf(!available.ok)(
  `a node in trouble${available.ok ? '' : ` (skipped: ${available.reason})`}`,
  () => {
    const lab = withLab(['kubeadm', 'hardway'])
    const files = workspace()
    const file = (name: string): string => join(files, name)
    const sick = (): LabNode => lab.node('kubeadm')
    const over = (node: LabNode, user = 'root'): string => `ssh://${user}@khnode-${node.id}`
    const limits = ['--connect-timeout', '5s', '--timeout', '40s', '--at', tomorrow]

    interface Audited extends Ran {
      readonly result: Result
    }
    async function audit(...args: readonly string[]): Promise<Audited> {
      const output = file('result.json')
      const ran = await khard([
        'audit',
        '--ssh-config',
        lab.sshConfig,
        ...limits,
        ...args,
        '-o',
        `json=${output}`,
        '-o',
        'text',
      ])
      return { ...ran, result: readResult(output) }
    }
    const about = (result: Result, control: string, target?: string): Finding | undefined =>
      result.findings.find(
        (one) =>
          one.control === control &&
          one.benchmark === 'cis-kubernetes' &&
          (target === undefined || one.target === target),
      )

    let healthy: Result
    beforeAll(async () => {
      healthy = (await audit(over(sick()), over(lab.node('hardway')))).result
    })
    afterEach(async () => {
      await lab.clear(sick())
    })

    describe('that cannot be reached', () => {
      const cases: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
        ['refuses the connection', async () => 'ssh://root@127.0.0.1:1', /refused/],
        ['has no address', async () => 'ssh://no-such-host.invalid', /name/],
        [
          'accepts and says nothing',
          async () => {
            await lab.fault(sick(), 'relay', 'mode', 'silent')
            return over(sick())
          },
          /within 5 s/,
        ],
        [
          'hangs up at once',
          async () => {
            await lab.fault(sick(), 'relay', 'cut_out', '10')
            return over(sick())
          },
          /.+/,
        ],
        [
          'shows another host key than the known one',
          async () => {
            await lab.fault(sick(), 'hostkey')
            return over(sick())
          },
          /host key.*SHA256:/is,
        ],
        [
          'lets this account in no more',
          async () => 'ssh://guest@khnode-1',
          /guest|authentic|permission|denied/i,
        ],
      ]
      it.each(cases)(
        'because it %s is reported with the reason, costs no other node anything, and is no claim',
        async (_what, arrange, reason) => {
          const ran = await audit(await arrange(), over(lab.node('hardway')))
          const [lost] = nodesOf(ran.result).filter(({ reached }) => !reached)
          expect(lost?.problem).toMatch(reason)
          expect(ran.stdout).toMatch(/not reached/)
          const verdicts = ran.result.findings
            .filter(({ target }) => target === lost?.id)
            .map(({ verdict }) => verdict)
          expect(
            [...new Set(verdicts)].filter((verdict) => !['error', 'notChecked'].includes(verdict)),
          ).toEqual([])
          expect(differences(verdictsOf(healthy, 'khnode-2'), verdictsOf(ran.result, 'khnode-2'))).toEqual([])
          expect(ran.code).toBe(1)
        },
      )

      it('alone ends with 3: no claim is made', async () => {
        const ran = await audit('ssh://root@127.0.0.1:1')
        expect(ran.code).toBe(3)
        expect(ran.stdout).toContain('NO CLAIM')
      })

      it('in the middle of the answer keeps what came before, and nothing of the rest passes', async () => {
        await lab.fault(sick(), 'relay', 'cut_out', '60000')
        const ran = await audit(over(sick()))
        const [target] = nodesOf(ran.result)
        expect(target?.problem).toBeDefined()
        const worse = differences(verdictsOf(healthy, 'khnode-1'), verdictsOf(ran.result, target?.id ?? ''))
        expect(
          worse.filter(
            (one) => !one.endsWith('→ error') && !one.endsWith('→ not asked') && !/: not asked →/.test(one),
          ),
        ).toEqual([])
        expect([1, 3]).toContain(ran.code)
      })

      it('hanging in the middle ends at --timeout', async () => {
        await lab.fault(sick(), 'hang', 'stat')
        const ran = await audit(over(sick()), '--timeout', '3s')
        expect(nodesOf(ran.result)[0]?.problem).toMatch(/3 s/)
        expect([1, 3]).toContain(ran.code)
      })
    })

    describe('that tells less', () => {
      it('without sudo: what only root may read is an error, and nothing is better than as root', async () => {
        const ran = await audit(over(sick(), 'auditor'))
        const changes = differences(verdictsOf(healthy, 'khnode-1'), verdictsOf(ran.result, 'khnode-1'))
        expect(changes.filter((one) => !one.endsWith('→ error'))).toEqual([])
        expect(about(ran.result, '1.1.1')?.verdict).toBe('error')
        expect([1, 3]).toContain(ran.code)
      })

      it('with --sudo and no right to it: the reason is said, nothing passes', async () => {
        const ran = await audit(over(sick(), 'auditor'), '--sudo')
        expect(ran.stdout).toMatch(/sudo/)
        expect(ran.result.summary.verdicts.pass).toBe(0)
        expect(ran.code).toBe(3)
      })

      it('with a sudo password that is wrong: the reason is said, and the password is not', async () => {
        const output = file('password.json')
        const args = [
          'audit',
          '--ssh-config',
          lab.sshConfig,
          over(sick(), 'deploy'),
          '--sudo',
          '-v',
          '-o',
          `json=${output}`,
          '-o',
          'text',
        ]
        const ran = await khard(args, { env: { KHARD_SUDO_PASSWORD: 'wrong-P4ssw0rd' } })
        expect(ran.stdout).toMatch(/sudo/)
        expect(ran.stdout + ran.stderr + readFileSync(output, 'utf8')).not.toContain('wrong-P4ssw0rd')
        expect(ran.code).toBe(3)
      })

      it.each(['stat', 'systemctl', 'openssl', 'sed', 'timedatectl'])(
        'without %s: no verdict is better',
        async (tool) => {
          await lab.fault(sick(), 'missing', tool)
          // Named, because it could not be told what the node is.
          const ran = await audit(over(sick()), '--profile', 'kubeadm-cis-l1')
          const changes = differences(
            verdictsOf(healthy, 'khnode-1'),
            verdictsOf(ran.result, ran.result.targets[0]?.id ?? ''),
          )
          expect(changes.filter((one) => !one.endsWith('→ error') && !/: fail → unknown$/.test(one))).toEqual(
            [],
          )
        },
      )
    })

    describe('that cannot write', () => {
      it.each(['disk-full', 'inodes-full', 'read-only'])(
        '(%s) is audited like any other: nothing is written there',
        async (fault) => {
          await lab.fault(sick(), fault)
          const ran = await audit(over(sick()))
          expect(differences(verdictsOf(healthy, 'khnode-1'), verdictsOf(ran.result, 'khnode-1'))).toEqual([])
          expect(nodesOf(ran.result)[0]?.problem).toBeUndefined()
        },
      )
    })

    describe('with rubbish on it', () => {
      const at = (path: string): string => join(rootOf(lab, sick()), path)
      async function withFile<T>(path: string, text: string, look: () => Promise<T>): Promise<T> {
        const before = readFileSync(at(path))
        writeFileSync(at(path), text)
        try {
          return await look()
        } finally {
          writeFileSync(at(path), before)
        }
      }

      it('a kubelet configuration that is not YAML is an error that names the file, never the defaults', async () => {
        const ran = await withFile('/var/lib/kubelet/config.yaml', 'authentication: {anonymous: [\n', () =>
          audit(over(sick())),
        )
        for (const control of ['4.2.1', '4.2.2', '4.2.4', '4.2.13']) {
          expect(about(ran.result, control)).toMatchObject({
            verdict: 'error',
            reason: expect.stringContaining('/var/lib/kubelet/config.yaml'),
          })
        }
      })

      it('a certificate that is not one is an error that names the file', async () => {
        const path = '/etc/kubernetes/pki/apiserver.crt'
        const junk = '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n'
        const ran = await withFile(path, junk, () => audit(over(sick())))
        const valid = ran.result.findings.find(({ check }) => check === 'certificates.valid-now')
        expect(valid).toMatchObject({ verdict: 'error', reason: expect.stringContaining(path) })
      })

      it('an argument list of millions of bytes, with control characters, ends the run neither in a crash nor in a pass', async () => {
        const node = sick()
        await lab.on(node, 'systemctl', 'stop', 'kubelet.service')
        const start = `cp /usr/bin/kubelet /run/kubelet; ulimit -s unlimited; i=0; set --; big=$(head -c 120000 /dev/zero | tr '\\0' x)
        while [ $i -lt 45 ]; do set -- "$@" "$big"; i=$((i+1)); done
        setsid -f /run/kubelet "$(printf -- '--anonymous-auth=fa\\033[2Jlse\\377')" "$@" >/dev/null 2>&1 </dev/null
        for try in $(seq 100); do
          sizes=$(for p in $(pgrep -x kubelet); do wc -c </proc/$p/cmdline; done)
          for size in $sizes; do [ "$size" -gt 5000000 ] && break 2; done; sleep 0.1
        done; echo "$sizes"`
        const sizes = (await lab.on(node, 'bash', '-c', start)).trim().split('\n').map(Number)
        expect(Math.max(...sizes)).toBeGreaterThan(5_000_000)
        const ran = await audit(over(node), '--show', 'all')
        await lab.on(node, 'sh', '-c', 'pkill -f ^/run/kubelet; systemctl start kubelet.service')
        expect(about(ran.result, '4.2.1')?.verdict).not.toBe('pass')
        expect(ran.stdout).not.toContain('\u001b')
        expect(ran.stderr).not.toContain('\u001b')
        expect([1, 3]).toContain(ran.code)
      })

      it('a file name with a line break cannot forge evidence', async () => {
        const forged = at('/etc/kubernetes/pki/evil\nkhard:0 file x\n.crt')
        writeFileSync(forged, 'x')
        const ran = await audit(over(sick()))
        await lab.on(sick(), 'sh', '-c', 'rm -f /etc/kubernetes/pki/evil*')
        const changes = differences(verdictsOf(healthy, 'khnode-1'), verdictsOf(ran.result, 'khnode-1'))
        expect(changes.filter((one) => !one.endsWith('→ error') && !one.endsWith('→ fail'))).toEqual([])
      })

      it('a login that prints is no matter', async () => {
        await lab.fault(sick(), 'noise')
        const ran = await audit(over(sick()))
        expect(differences(verdictsOf(healthy, 'khnode-1'), verdictsOf(ran.result, 'khnode-1'))).toEqual([])
        await lab.on(
          sick(),
          'sh',
          '-c',
          'for h in /root /home/*; do sed -i "/authorised use only/d" $h/.bashrc; done',
        )
      })
    })

    describe('while a person presses Ctrl-C', () => {
      it.each([
        ['last', ['khnode-2', 'khnode-1']],
        ['first', ['khnode-1', 'khnode-2']],
      ])(
        'and the one that hangs was named %s: exit 130, and the evidence of the finished one is kept',
        async (_where, order) => {
          await lab.fault(sick(), 'relay', 'mode', 'silent')
          const bundle = file(`${order.join('-')}.khard`)
          const targets = order.map((name) => `ssh://${name}`)
          const running = startKhard([
            'audit',
            ...targets,
            '--ssh-config',
            lab.sshConfig,
            '--connect-timeout',
            '40s',
            '--save-evidence',
            bundle,
            '-v',
            '-o',
            `json=${file('cut.json')}`,
          ])
          const seen = (): boolean => running.stderr().includes('ssh://khnode-2: ')
          for (let waited = 0; !seen() && waited < 20_000; waited += 50)
            await new Promise((resolve) => setTimeout(resolve, 50))
          expect(seen()).toBe(true)
          running.child.kill('SIGINT')
          const ran = await running.ended
          expect(ran).toMatchObject({ code: 130, signal: null })
          expect(existsSync(`${bundle}.khard.tmp`)).toBe(false)
          const replayed = await khard([
            'audit',
            `bundle:${bundle}`,
            '--at',
            tomorrow,
            '-o',
            `json=${file('kept.json')}`,
          ])
          expect(replayed.stderr).toBe('')
          expect(
            differences(
              verdictsOf(healthy, 'khnode-2'),
              verdictsOf(readResult(file('kept.json')), 'khnode-2'),
            ),
          ).toEqual([])
        },
      )
    })

    describe('when the result is collected only', () => {
      it('the evidence of an unreachable node is in the bundle as such, and the exit code says so', async () => {
        const bundle = file('collected.khard')
        const ran = await khard([
          'collect',
          'ssh://root@127.0.0.1:1',
          over(lab.node('hardway')),
          '--ssh-config',
          lab.sshConfig,
          '-o',
          bundle,
        ])
        expect(ran).toMatchObject({ code: 3, stdout: '' })
        expect(ran.stderr).toMatch(/error: ssh:\/\/root@127\.0\.0\.1:1: .*refused/)
        expect((await khard(['validate', bundle])).stdout).toMatch(/2 targets/)
      })
    })
  },
)
