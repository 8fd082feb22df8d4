import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { khard, root } from '../support/khard.ts'
import { audit, expectMistake, filesOf } from './mistake.ts'

const file = filesOf()

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
    expectMistake(await audit(['--content', file('own')]), /own-check\.yaml:3/, /severty/, /severity/)
  })

  it('that is not YAML is a mistake with file and line', async () => {
    file('broken/benchmarks/checks/kube-apiserver/own-check.yaml', 'id: [kube\nx: }')
    expectMistake(await audit(['--content', file('broken')]), /own-check\.yaml:\d/)
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
    const below = file('project/deep')
    mkdirSync(below, { recursive: true })
    file('project/khard.yaml', 'fail-onn: high\n')
    expectMistake(await audit([], { cwd: below }), /project\/khard\.yaml:1/, /fail-onn/, /fail-on/)
  })
})
