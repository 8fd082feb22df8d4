import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { khard, type Ran, type RunSettings, root, startKhard, workspace } from '../support/khard.ts'
import { readResult } from './verdicts.ts'

const files = workspace()
const recorded = join(root, 'examples', 'three-nodes.khard')
const nodes = [`bundle:${recorded}`, '--at', '2026-11-22']

function file(name: string, text?: string | Uint8Array): string {
  const path = join(files, name)
  mkdirSync(join(path, '..'), { recursive: true })
  if (text !== undefined) writeFileSync(path, text)
  return path
}

/** A mistake: nothing on standard output, one error that says what and where, and one next step; exit code 2. */
function expectMistake(ran: Ran, ...words: readonly (string | RegExp)[]): void {
  expect(ran.stdout).toBe('')
  expect(ran.stderr).toMatch(/^error: /)
  for (const word of words) expect(ran.stderr).toMatch(word)
  expect(ran.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/)
  expect(ran.code).toBe(2)
}

const audit = (args: readonly string[], settings?: RunSettings): Promise<Ran> =>
  khard(['audit', ...nodes, ...args], settings)

describe('a name nobody knows', () => {
  it.each([
    ['target', ['audit', 'cp-1'], [/"cp-1" is not a target/, /next: .*ssh:\/\/cp-1/]],
    ['scheme', ['audit', 'sshh://cp-1'], [/"sshh:\/\/cp-1" is not a target/, /bundle:FILE/]],
    ['directory', ['audit', 'root:/no/such/image'], [/root:\/no\/such\/image/, /is not a directory/]],
    ['bundle', ['audit', 'bundle:/no/such/file'], [/\/no\/such\/file/, /ENOENT/]],
    [
      'profile',
      ['audit', ...nodes, '--profile', 'kubeadm-cis-11'],
      [/no profile "kubeadm-cis-11"/, /next: Did you mean kubeadm-cis-l1/],
    ],
    ['profile file', ['audit', ...nodes, '--profile', './none.yaml'], [/none\.yaml/, /next: /]],
    ['benchmark', ['audit', ...nodes, '--benchmark', 'cis-kubernets'], [/cis-kubernets/, /cis-kubernetes/]],
    [
      'check',
      ['audit', ...nodes, '--only', 'kubelet.anonymous-auth-of'],
      [/kubelet\.anonymous-auth-of/, /kubelet\.anonymous-auth-off/],
    ],
    ['control', ['audit', ...nodes, '--skip', '1.2.999'], [/1\.2\.999/, /next: /]],
    ['format', ['audit', ...nodes, '-o', 'jsn'], [/jsn/, /json/]],
    [
      'format of the contract that is to come',
      ['audit', ...nodes, '-o', 'pdf=x.pdf'],
      [/pdf/, /text.*json.*junit.*sarif/],
    ],
    ['option', ['audit', ...nodes, '--proflie', 'x'], [/--proflie/, /--profile/]],
    ['choice', ['audit', ...nodes, '--fail-on', 'severe'], [/severe/, /critical/]],
    ['command', ['audti'], [/audti/, /audit/]],
    ['command of the contract that is to come', ['harden', '-o', 'x'], [/not built yet/, /next: /]],
    ['list', ['list', 'check'], [/"check"/, /checks/]],
    [
      'explanation',
      ['explain', 'kubelet.anonymous-auth-of'],
      [/kubelet\.anonymous-auth-of/, /kubelet\.anonymous-auth-off/],
    ],
    ['inventory', ['audit', '--inventory', '/no/inventory.yaml'], [/\/no\/inventory\.yaml/, /next: /]],
    [
      'SSH configuration',
      ['audit', 'ssh://x', '--ssh-config', '/no/ssh_config'],
      [/\/no\/ssh_config/, /next: /],
    ],
  ] as const)('is a mistake that names the nearest one: %s', async (_what, args, words) => {
    expectMistake(await khard(args), ...words)
  })

  it('is refused where two spellings name the same target', async () => {
    expectMistake(
      await khard(['audit', 'ssh://cp-1', 'ssh://cp-1']),
      /"ssh:\/\/cp-1" is given twice/,
      /next: /,
    )
  })
})

describe('a value out of range', () => {
  it.each([
    ['--at', 'yesterday', /2026-03-01/],
    ['--max-errors', '-1', /whole number/],
    ['--timeout', '0', /seconds/],
    ['--concurrency', '0', /whole number from 1/],
    ['--level', '3', /1 or 2/],
  ])('is a mistake that says what the option takes: %s %s', async (option, value, word) => {
    expectMistake(await audit([option, value]), option, word)
  })
})

describe('content of the user’s own', () => {
  const check = (edit: (text: string) => string): string => {
    const own = readFileSync(join(root, 'benchmarks/checks/kube-apiserver/profiling-off.yaml'), 'utf8')
    return edit(own.replace('id: kube-apiserver.profiling-off', 'id: kube-apiserver.own-check'))
  }
  it('with a key nobody knows is a mistake with file, line and the nearest key', async () => {
    file(
      'own/benchmarks/checks/kube-apiserver/own-check.yaml',
      check((text) => text.replace(/^severity:/m, 'severty:')),
    )
    expectMistake(await audit(['--content', join(files, 'own')]), /own-check\.yaml:3/, /severty/, /severity/)
  })

  it('that is not YAML is a mistake with file and line', async () => {
    file('broken/benchmarks/checks/kube-apiserver/own-check.yaml', 'id: [kube\nx: }')
    expectMistake(await audit(['--content', join(files, 'broken')]), /own-check\.yaml:\d/)
  })

  it('is refused by validate the same way, and other files are still tried', async () => {
    const bad = file('khard.yaml', 'profle: kubeadm-cis-l1\n')
    const good = file('waivers.yaml', '[]\n')
    const ran = await khard(['validate', bad, good])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/khard\.yaml:1.*profle/s)
    expect(ran.stderr).toMatch(/profile/)
    expect(ran.stdout).toContain('waivers.yaml: ')
  })

  it('in the nearest khard.yaml is held to its keys', async () => {
    const below = join(files, 'project', 'deep')
    mkdirSync(below, { recursive: true })
    file('project/khard.yaml', 'fail-onn: high\n')
    expectMistake(await audit([], { cwd: below }), /project\/khard\.yaml:1/, /fail-onn/, /fail-on/)
  })
})

describe('a waiver', () => {
  const waiver = (edit: string): string =>
    `- { waiver: W-1, control: "1.2.15", targets: [khnode-2], reason: known, owner: platform, approved-by: J. Doe, approved-on: "2026-03-02", ${edit} }\n`

  it.each([
    ['a bad date', waiver('expires: "2026-02-31"'), [/bad\.yaml:1/, /2026-02-31/]],
    ['a missing owner', waiver('expires: "2027-01-01"').replace('owner: platform, ', ''), [/owner/]],
    ['an unknown key', waiver('expire: "2027-01-01"'), [/expire/, /expires/]],
  ])('with %s is a mistake, and nothing is audited', async (_what, text, words) => {
    expectMistake(await audit(['--waivers', file('bad.yaml', text)]), ...words)
  })

  it('that has run out leaves the finding a failure, and says so', async () => {
    const expired = file('expired.yaml', waiver('expires: "2026-11-21"'))
    const ran = await audit([
      '--only',
      '1.2.15',
      '--waivers',
      expired,
      '--fail-on',
      'low',
      '-o',
      `json=${file('expired.json')}`,
      '-o',
      'text',
    ])
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(/W-1.*expired/is)
    const [finding] = readResult(file('expired.json')).findings.filter(({ target }) => target === 'khnode-2')
    expect(finding).toMatchObject({ verdict: 'fail', waiver: { id: 'W-1', expired: true } })
  })

  it('that holds keeps the verdict, and only the gate looks past it', async () => {
    const until = file('until.yaml', waiver('expires: "2026-11-22"'))
    const ran = await khard([
      'audit',
      `bundle:${recorded}`,
      '--at',
      '2026-11-22T23:59:59Z',
      '--only',
      '1.2.15',
      '--waivers',
      until,
      '-o',
      `json=${file('until.json')}`,
    ])
    const result = readResult(file('until.json'))
    expect(result.findings.find(({ target }) => target === 'khnode-2')).toMatchObject({
      verdict: 'fail',
      waiver: { expired: false },
    })
    expect(result.summary.waived).toBe(1)
    expect(ran.code).not.toBe(2)
  })

  it('that matches nothing is reported', async () => {
    const unused = file('unused.yaml', waiver('expires: "2027-01-01"').replace('khnode-2', 'gone-1'))
    const ran = await audit(['--only', '1.2.15', '--waivers', unused])
    expect(ran.stdout).toMatch(/W-1/)
  })
})

describe('a bundle', () => {
  const whole = (): Buffer => readFileSync(recorded)

  it('cut in half is refused, says how much was intact, and no result is made of it', async () => {
    const half = file('half.khard', whole().subarray(0, whole().length / 2))
    const output = file('half.json')
    expectMistake(
      await khard(['audit', `bundle:${half}`, '-o', `json=${output}`]),
      /half\.khard/,
      /ends before/,
      /intact/,
      /next: /,
    )
    expect(existsSync(output)).toBe(false)
  })

  it('in which one byte of evidence was changed is refused, and the item is named', async () => {
    const text = gunzipSync(whole())
      .toString('utf8')
      .replace('--anonymous-auth=false', '--anonymous-auth=true ')
    const edited = file('edited.khard', gzipSync(text))
    expectMistake(
      await khard(['audit', `bundle:${edited}`]),
      /edited\.khard/,
      /was changed after it was collected/,
      /next: /,
    )
  })

  it('from which a whole target was taken is refused', async () => {
    const lines = gunzipSync(whole()).toString('utf8').split('\n')
    const edited = file('fewer.khard', gzipSync(lines.filter((_, index) => index !== 2).join('\n')))
    expectMistake(await khard(['audit', `bundle:${edited}`]), /fewer\.khard/, /digest/)
  })

  it('that is something else is refused as such', async () => {
    expectMistake(
      await khard(['audit', `bundle:${join(root, 'package.json')}`]),
      /package\.json/,
      /not an evidence bundle/,
    )
  })
})

describe('an output', () => {
  it.each([
    ['a directory that is not there', '/no/such/directory/result.json'],
    ['a directory', '/tmp/'],
    ['a directory without its slash', '/tmp'],
    ['nothing', ''],
  ])('that goes to %s is refused before anything is asked', async (_what, path) => {
    expectMistake(await audit(['-o', `json=${path}`]), /cannot write/, /next: /)
  })

  it('given twice for one place is a mistake', async () => {
    expectMistake(await audit(['-o', 'text', '-o', 'json']), /standard output/, /next: /)
  })

  it('that cannot be written costs neither the others nor leaves a half file', async () => {
    const full = '/dev/full'
    const ran = await audit(['--only', '1.2.1', '-o', `json=${file('kept.json')}`, '-o', `junit=${full}`])
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toMatch(/error: .*\/dev\/full/)
    expect(readResult(file('kept.json')).findings.length).toBe(3)
    expect(readdirSync(files).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('to a device is written to it, and never put in its place', async () => {
    const device = join(files, 'device')
    execFileSync('mkfifo', [device])
    const reader = spawn('cat', [device], { stdio: ['ignore', 'pipe', 'inherit'] })
    const read = text(reader.stdout)
    await audit(['--only', '1.2.1', '-o', `json=${device}`])
    expect(JSON.parse(await read).schema).toBe('khard.result/v1')
    expect(statSync(device).isFIFO()).toBe(true)
    expectMistake(await audit(['--save-evidence', device]), /not a regular file/, /next: /)
    expect(statSync(device).isFIFO()).toBe(true)
  })

  it('to several formats at once gives each its file and nothing on standard output', async () => {
    const ran = await audit([
      '-o',
      `json=${file('a.json')}`,
      '-o',
      `junit=${file('a.xml')}`,
      '-o',
      `sarif=${file('a.sarif')}`,
    ])
    expect(ran).toMatchObject({ stdout: '', stderr: '', code: 1 })
    expect(readFileSync(file('a.xml'), 'utf8')).toContain('<testsuites')
    expect(JSON.parse(readFileSync(file('a.sarif'), 'utf8')).version).toBe('2.1.0')
  })

  it('can be made again from the saved result, byte for byte', async () => {
    await audit(['-o', `json=${file('first.json')}`, '-o', `junit=${file('first.xml')}`])
    const ran = await khard([
      'report',
      file('first.json'),
      '-o',
      `json=${file('second.json')}`,
      '-o',
      `junit=${file('second.xml')}`,
    ])
    expect(ran).toMatchObject({ stdout: '', stderr: '', code: 0 })
    for (const kind of ['json', 'xml'])
      expect(readFileSync(file(`second.${kind}`), 'utf8')).toBe(readFileSync(file(`first.${kind}`), 'utf8'))
  })

  it('into a closed pipe ends the run quietly', () => {
    const line = `'${process.execPath}' '${join(root, 'bin/khard.js')}' audit bundle:'${recorded}' --at 2026-11-22 --show all; echo "exit $?" >&2`
    const ran = spawnSync('bash', ['-c', `{ ${line} ; } | head -1`], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: files },
    })
    expect(ran.stdout.split('\n')[0]).toMatch(/^khard /)
    expect(ran.stderr).toBe('exit 1\n')
  })
})

describe('the environment', () => {
  it('sets every option by its name in capitals', async () => {
    const env = {
      KHARD_ONLY: '1.2.1,1.2.15',
      KHARD_OUTPUT: 'json',
      KHARD_AT: '2026-11-22T00:00:00Z',
      KHARD_FAIL_ON: 'none',
    }
    const ran = await khard(['audit', `bundle:${recorded}`], { env })
    const result = JSON.parse(ran.stdout)
    expect(result.findings.length).toBe(6)
    expect(result.evaluatedAt).toBe('2026-11-22T00:00:00.000Z')
    expect(ran.code).toBe(0)
  })

  it('is outranked by the command line, and outranks khard.yaml', async () => {
    const config = file('options/khard.yaml', 'only: ["1.2.1", "1.2.2", "1.2.3"]\noutput: [json]\n')
    const count = async (args: readonly string[], env: Record<string, string>): Promise<number> => {
      const ran = await khard(['audit', ...nodes, '--config', config, ...args], { env })
      return JSON.parse(ran.stdout).findings.length
    }
    expect(await count([], {})).toBe(9)
    expect(await count([], { KHARD_ONLY: '1.2.1,1.2.2' })).toBe(6)
    expect(await count(['--only', '1.2.1'], { KHARD_ONLY: '1.2.1,1.2.2' })).toBe(3)
  })

  it('that is wrong is a mistake that names the variable', async () => {
    expectMistake(await audit([], { env: { KHARD_FAIL_ON: 'severe' } }), /KHARD_FAIL_ON/, /severe/)
  })

  it.each([{ NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '1' }, {}])(
    'without a terminal gets no escape sequences: %o',
    async (env) => {
      const ran = await audit(['--show', 'all'], { env })
      expect(ran.stdout + ran.stderr).not.toContain('\u001b')
    },
  )
})

describe('silence', () => {
  it('is kept on standard error by a run without trouble', async () => {
    expect((await audit([])).stderr).toBe('')
  })

  it('is kept with --quiet but for results and errors', async () => {
    const bundle = file('quiet.khard')
    const empty = join(files, 'image')
    mkdirSync(empty, { recursive: true })
    expect(await khard(['collect', `root:${empty}`, '-o', bundle, '--quiet'])).toMatchObject({
      stdout: '',
      stderr: '',
      code: 0,
    })
    expectMistake(await khard(['audit', 'cp-1', '--quiet']), /"cp-1"/)
  })

  it('is not kept with --verbose: each target is named on standard error, the result stays clean', async () => {
    const ran = await audit(['--verbose', '-o', 'json'])
    expect(ran.stderr).toMatch(/khnode-1: kubeadm/)
    expect(JSON.parse(ran.stdout).schema).toBe('khard.result/v1')
  })
})

describe('what other tools get wrong', () => {
  it('zero evaluated controls are not a pass: a selection that leaves nothing is no success', async () => {
    const ran = await audit(['--benchmark', 'cis-kubernetes', '--only', '3.1.1', '-o', 'json'])
    expect(JSON.parse(ran.stdout).summary.verdicts.pass).toBe(0)
    expect(ran.code).toBe(3)
  })

  it('an empty image is not conformant: nothing applies, and the run says that it claims nothing', async () => {
    const empty = join(files, 'empty-image')
    mkdirSync(empty, { recursive: true })
    const ran = await khard([
      'audit',
      `root:${empty}`,
      '--profile',
      'kubeadm-cis-l1',
      '--benchmark',
      'cis-kubernetes',
      '-o',
      'json',
    ])
    expect(JSON.parse(ran.stdout).summary.verdicts.pass).toBe(0)
    expect(ran.code).toBe(3)
  })

  it('hundreds of failures do not wrap around to exit code 0', async () => {
    const { gunzipSync: unzip } = await import('node:zlib')
    const many = file('many.khard')
    const lines = unzip(readFileSync(recorded)).toString('utf8').split('\n')
    expect(lines.length).toBeGreaterThan(3)
    const args = Array.from({ length: 4 }, (_, index) => {
      const copy = `${many}.${index}`
      writeFileSync(copy, readFileSync(recorded))
      return `bundle:${copy}`
    })
    const ran = await khard([
      'audit',
      ...args,
      '--at',
      '2026-11-22',
      '--fail-on',
      'low',
      '--max-errors',
      'any',
      '-o',
      'json',
    ])
    expect(JSON.parse(ran.stdout).summary.verdicts.fail).toBeGreaterThan(256)
    expect(ran.code).toBe(1)
  })

  it('a fault of khard’s own exits 3, never 0', async () => {
    const ran = await khard(['audit', ...nodes], { env: { NODE_OPTIONS: `--import=${crash}` } })
    expect(ran.stderr).toMatch(/error: khard failed: /)
    expect(ran.code).toBe(3)
  })

  it('a file that may not be read is no empty file', async () => {
    const secret = file('unreadable.yaml', '[]\n')
    chmodSync(secret, 0o000)
    const mayReadAnyway = process.getuid?.() === 0
    const ran = await audit(['--only', '1.2.1', '--waivers', secret])
    expect(ran.code).toBe(mayReadAnyway ? 1 : 2)
  })
})

/** Makes a part of Node.js that evaluation uses throw, as a fault of khard would. */
const crash = file(
  'crash.mjs',
  "import crypto from 'node:crypto'\nimport { syncBuiltinESMExports } from 'node:module'\ncrypto.createHash = () => { throw new Error('a fault on purpose') }\nsyncBuiltinESMExports()\n",
)

describe('interrupting', () => {
  it('the first Ctrl-C of a run that hangs ends it with 130', async () => {
    const listener = startSilentServer()
    const port = await listener.port
    const running = startKhard(['audit', `ssh://127.0.0.1:${port}`, '--connect-timeout', '30s', '-o', 'json'])
    await listener.connected
    running.child.kill('SIGINT')
    const ran = await running.ended
    listener.close()
    expect(ran).toMatchObject({ code: 130, signal: null })
  })
})

function startSilentServer(): {
  readonly port: Promise<number>
  readonly connected: Promise<void>
  close(): void
} {
  const { promise: port, resolve: listening } = Promise.withResolvers<number>()
  const { promise: connected, resolve: heard } = Promise.withResolvers<void>()
  const open: import('node:net').Socket[] = []
  const ready = import('node:net').then(({ createServer }) => {
    const server = createServer((socket) => {
      open.push(socket)
      heard()
    })
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address !== null && typeof address === 'object') listening(address.port)
    })
    return server
  })
  return {
    port,
    connected,
    close: () => {
      for (const socket of open) socket.destroy()
      void ready.then((server) => server.close())
    },
  }
}
