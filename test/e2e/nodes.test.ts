import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '../../src/model/finding.ts'
import { khard, type Ran, root, workspace } from '../support/khard.ts'
import { type LabNode, labAvailable, withLab } from '../support/lab.ts'
import { tomorrow } from '../support/tomorrow.ts'
import { initOf, installOn, rootOf } from './lab-node.ts'
import { differences, nodesOf, readResult, verdictsOf, verdictTable } from './verdicts.ts'

const available = labAvailable()
const hasStrace = (): boolean => spawnSync('strace', ['-V']).status === 0
const golden = join(root, 'test', 'golden', 'lab-verdicts.txt')
const everything = ['--profile', 'kubeadm-cis-l2', '--profile', 'hardway-cis']

describe.skipIf(!available.ok)(
  `three real nodes${available.ok ? '' : ` (skipped: ${available.reason})`}`,
  () => {
    const lab = withLab(['kubeadm-hardened', 'kubeadm', 'hardway-commented'])
    const files = workspace()
    const file = (name: string): string => join(files, name)
    const over = (node: LabNode): string => `ssh://khnode-${node.id}`
    let live: Ran
    let result: Result

    async function audit(name: string, ...args: readonly string[]): Promise<Result> {
      const ran = await khard(['audit', ...args, '-o', `json=${file(name)}`])
      expect([0, 1, 3], ran.stderr).toContain(ran.code)
      return readResult(file(name))
    }
    const ssh = (): readonly string[] => ['--ssh-config', lab.sshConfig]

    beforeAll(async () => {
      const outputs = ['-o', 'text', '-o', `json=${file('live.json')}`, '--save-evidence', file('live.khard')]
      live = await khard(['audit', ...lab.nodes.map(over), ...ssh(), ...outputs])
      result = readResult(file('live.json'))
    }, 60_000)

    it('are audited over SSH in one run with one result', () => {
      expect(live).toMatchObject({ code: 1, stderr: '' })
      expect(
        nodesOf(result).map(({ id, reached, distribution, profile }) => ({
          id,
          reached,
          distribution,
          profile,
        })),
      ).toEqual([
        { id: 'khnode-1', reached: true, distribution: 'kubeadm', profile: 'kubeadm-cis-l1' },
        { id: 'khnode-2', reached: true, distribution: 'kubeadm', profile: 'kubeadm-cis-l1' },
        { id: 'khnode-3', reached: true, distribution: 'hardway', profile: 'hardway-cis' },
      ])
      expect(nodesOf(result).every(({ problem }) => problem === undefined)).toBe(true)
      expect(result.gate).toMatchObject({ met: false, exitCode: 1 })
    })

    it('are shown on the screen with the same score and gate as in the JSON result', () => {
      expect(live.stdout).toMatch(/khnode-1 .*kubeadm v1\.34\.2/)
      expect(live.stdout).toContain(`✗ ${result.summary.verdicts.fail} fail`)
      expect(live.stdout).toContain('NOT MET')
    })

    // Update with UPDATE_GOLDEN=1; every changed cell needs a reason found on the node.
    it('get the verdicts pinned in test/golden/lab-verdicts.txt', async () => {
      const all = await audit('all.json', ...lab.nodes.map(over), ...ssh(), ...everything)
      const table = verdictTable(all)
      if (process.env['UPDATE_GOLDEN'] === '1' || !existsSync(golden)) writeFileSync(golden, table)
      expect(table).toBe(readFileSync(golden, 'utf8'))
    })

    it('give the same findings again from the evidence that was saved', async () => {
      const replayed = await audit(
        'replayed.json',
        `bundle:${file('live.khard')}`,
        '--at',
        result.evaluatedAt,
      )
      expect(JSON.stringify(replayed.findings)).toBe(JSON.stringify(result.findings))
      const { targets, summary, gate, profiles, benchmarks } = result
      expect(replayed).toMatchObject({ targets, summary, gate, profiles, benchmarks })
    })

    describe.each([1, 2, 3])('node %i', (id) => {
      let bySsh2: Result
      const asked = [...everything, '--at', tomorrow]

      beforeAll(async () => {
        bySsh2 = await audit(`ssh2-${id}.json`, over(lab.node(id)), ...ssh(), ...asked)
      })
      const name = `khnode-${id}`
      const expected = () => verdictsOf(bySsh2, name)

      it('gets the same verdicts through the system’s ssh', async () => {
        const openssh = await audit(
          `openssh-${id}.json`,
          over(lab.node(id)),
          ...ssh(),
          '--ssh-client',
          'openssh',
          ...asked,
        )
        expect(differences(expected(), verdictsOf(openssh, name))).toEqual([])
      })

      it('gets the same verdicts with an account that becomes root by sudo', async () => {
        const admin = await audit(`sudo-${id}.json`, `ssh://admin@khnode-${id}`, ...ssh(), '--sudo', ...asked)
        expect(differences(expected(), verdictsOf(admin, name))).toEqual([])
      })

      it('gets the same verdicts when khard runs on it', async () => {
        const command = installOn(lab, lab.node(id))
        // sh: a gate that is not met must not count as a failed command here.
        const line = [...command, 'audit', 'local', ...asked, '-o', 'json=/run/khard.json'].join(' ')
        await lab.on(lab.node(id), 'sh', '-c', `HOME=/root ${line} || [ $? = 1 ] || [ $? = 3 ]`)
        const local = readResult(join(rootOf(lab, lab.node(id)), 'run', 'khard.json'))
        expect(differences(expected(), verdictsOf(local, name))).toEqual([])
      })

      it('is never better or worse off as an image: what needs a running node is not answered', async () => {
        const image = await audit(`root-${id}.json`, `root:${rootOf(lab, lab.node(id))}`, ...asked)
        const target = image.targets[0]?.id ?? ''
        const answers = verdictsOf(image, target)
        const contradictions = differences(expected(), answers).filter((one) =>
          /: fail → pass|: pass → fail/.test(one),
        )
        expect(
          contradictions.filter((one) => !imageMayDiffer.some((check) => one.includes(` ${check}:`))),
        ).toEqual([])
        expect([...answers.values()].filter((verdict) => verdict === 'pass').length).toBeGreaterThan(20)
      })
    })

    it('are each asked over one connection by one command', async () => {
      const node = lab.node(1)
      await lab.on(
        node,
        'sh',
        '-c',
        'echo LogLevel VERBOSE >/etc/ssh/sshd_config.d/verbose.conf; systemctl restart ssh.service',
      )
      const since = (await lab.on(node, 'date', '+%s')).trim()
      for (const client of ['ssh2', 'openssh'])
        await audit('connections.json', over(node), ...ssh(), '--ssh-client', client)
      const log = await lab.on(
        node,
        'journalctl',
        '-t',
        'sshd',
        '--since',
        `@${since}`,
        '-o',
        'cat',
        '--no-pager',
      )
      const lines = log.split('\n')
      expect(lines.filter((line) => line.startsWith('Connection from ')).length).toBe(2)
      expect(
        lines
          .filter((line) => line.startsWith('Starting session: '))
          .map((line) => line.replace(/ for root.*/, '')),
      ).toEqual(['Starting session: command', 'Starting session: command'])
    })

    // strace counts what the script starts itself; threads are no processes.
    it.skipIf(!hasStrace())(
      `are asked by a shell that starts at most 40 processes, however many others run${hasStrace() ? '' : ' (skipped: no strace)'}`,
      async () => {
        const script = await khard(['collect', '--print-script', '--profile', 'kubeadm-cis-l2'])
        // A node as kubeadm leaves it; each further key or round of references costs a few more.
        const node = lab.node('kubeadm')
        writeFileSync(join(rootOf(lab, node), 'run', 'khard-script'), script.stdout)
        const quiet = forksOf(node)
        await lab.on(
          node,
          'sh',
          '-c',
          'i=0; while [ $i -lt 1000 ]; do sleep 600 >/dev/null 2>&1 & i=$((i+1)); done',
        )
        const busy = forksOf(node)
        await lab.on(node, 'sh', '-c', 'pkill -x sleep || true')
        const sent = readFileSync(join(rootOf(lab, node), 'run', 'khard-out'), 'utf8')
        expect(sent).toMatch(/\nkhard:<random for each run> complete\n/)
        expect(quiet).toBeLessThanOrEqual(40)
        expect(busy).toBe(quiet)
      },
    )

    function forksOf(node: LabNode): number {
      const trace = file('strace')
      const inNode = [
        'nsenter',
        '-t',
        String(initOf(lab, node)),
        '-a',
        '/bin/sh',
        '-c',
        'exec /bin/sh -s </run/khard-script >/run/khard-out',
      ]
      execFileSync('strace', ['-f', '-qq', '-e', 'trace=clone,clone3,fork,vfork', '-o', trace, ...inNode])
      // nsenter starts the shell itself: what counts is what the shell starts.
      return processesIn(readFileSync(trace, 'utf8')) - 1
    }
  },
)

/** Calls that made a process. One that another interrupted stands on two lines: its flags on the first, the answer on the second. */
function processesIn(trace: string): number {
  const begun = new Map<string, boolean>()
  let processes = 0
  for (const line of trace.split('\n')) {
    const [pid = ''] = line.split(' ', 1)
    const isThread = line.includes(' resumed>') ? begun.get(pid) === true : line.includes('CLONE_THREAD')
    if (line.includes('<unfinished')) begun.set(pid, isThread)
    else if (/ = [0-9]+$/.test(line) && !isThread) processes += 1
  }
  return processes
}

/**
 * What an image cannot know and answers from its files, with the reason. Everything else that differs must be
 * `error`, `unknown` or `notApplicable`.
 */
const imageMayDiffer: readonly string[] = []
