import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { khard, root } from '../support/khard.ts'
import { audit, expectMistake, filesOf, recorded } from './mistake.ts'

const file = filesOf()
const examples = join(root, 'examples')

describe('validating', () => {
  it('says of each file what it is', async () => {
    const saved = file('saved.json')
    await audit(['--only', '1.2.1', '-o', `json=${saved}`])
    const inventory = join(examples, 'nodes.yaml')
    const tailoring = join(examples, 'tailoring.yaml')
    const waivers = join(examples, 'waivers.yaml')
    const profile = file(
      'mine.yaml',
      'id: mine\nversion: "1"\ntitle: M\ndescription: D.\nextends: kubeadm-cis-l1\n',
    )
    const own = join(examples, 'own-checks')
    const ran = await khard(['validate', saved, inventory, tailoring, waivers, profile, own, recorded])
    expect(ran).toMatchObject({ stderr: '', code: 0 })
    expect(ran.stdout.split('\n').map((line) => line.slice(line.indexOf(': ') + 2))).toEqual([
      expect.stringMatching(/^a valid result: 3 findings on \d targets$/),
      'a valid inventory of 3 targets',
      'a valid tailoring: payments-cluster 1',
      '1 valid waiver',
      expect.stringMatching(/^a valid profile: \d+ controls$/),
      'valid: 1 check with 5 examples, 0 benchmarks, 0 profiles',
      expect.stringMatching(/^an intact bundle: \d+ items of 3 targets$/),
      '',
    ])
  })

  it('names the kinds there are when a file is none of them', async () => {
    const readme = join(root, 'README.md')
    expectMistake(
      await khard(['validate', readme]),
      /README\.md is no file that khard validates/,
      /tailorings/,
    )
  })

  it('names a file once in what is wrong with it', async () => {
    const ran = await khard(['validate', file('t1.json', '{}')])
    expect(ran.stderr.match(/t1\.json/g)).toHaveLength(1)
    expect(ran.code).toBe(2)
  })

  it('of a check outside a content directory says where checks stand', async () => {
    const check = readFileSync(
      join(examples, 'own-checks/benchmarks/checks/kube-apiserver/audit-log-json.yaml'),
      'utf8',
    )
    expectMistake(
      await khard(['validate', file('stray.yaml', check)]),
      /outside a content directory/,
      /--content/,
    )
  })

  it('of a tailoring that leaves out what nobody asks names the nearest', async () => {
    const site = 'tailoring: s\nversion: "1"\nskip: [{ control: "1.2.199", because: So. }]\n'
    expectMistake(await khard(['validate', file('site.yaml', site)]), /"1\.2\.199" is no control/, /1\.2\.19/)
  })
})

describe('a check of one’s own', () => {
  const content = join(examples, 'own-checks')
  const id = 'kube-apiserver.audit-log-json'

  it('runs by its name, without a benchmark or a profile', async () => {
    const ran = await audit(['--content', content, '--only', id, '-o', 'json'])
    const { findings } = JSON.parse(ran.stdout)
    expect(findings).toHaveLength(3)
    for (const one of findings)
      expect(one).toMatchObject({ benchmark: 'named-checks', control: id, check: id, verdict: 'pass' })
    expect(ran.code).toBe(0)
  })

  it('is explained with what was seen', async () => {
    const ran = await khard([
      'explain',
      id,
      '--content',
      content,
      '--evidence',
      recorded,
      '--at',
      '2026-11-22',
    ])
    expect(ran.stdout).toMatch(/khnode-1: Pass[\s\S]*seen: json[\s\S]*set by: default of kube-apiserver/)
    expect(ran).toMatchObject({ stderr: '', code: 0 })
  })

  it('that still says CHANGE is refused in each place', async () => {
    const check = readFileSync(join(content, 'benchmarks/checks/kube-apiserver/audit-log-json.yaml'), 'utf8')
    const place = 'blank/benchmarks/checks/kube-apiserver/audit-log-json.yaml'
    const blank = file(
      place,
      check.replace(/^title: .*$/m, 'title: CHANGE').replace(/^why: .*$/m, 'why: CHANGE'),
    )
    mkdirSync(join(file('blank'), 'profiles'), { recursive: true })
    expectMistake(await khard(['validate', blank]), /"title" still says CHANGE/, /"why" still says CHANGE/)
  })
})
