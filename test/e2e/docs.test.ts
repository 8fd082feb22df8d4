import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { khard, root, workspace } from '../support/khard.ts'
import { audit, filesOf } from './mistake.ts'

const directory = workspace()
const file = filesOf(directory)

/** The YAML a document shows, in order. */
function yamlIn(document: string): readonly string[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)
}

describe('what the documentation shows', () => {
  it.each([
    ['README.md', 2],
    ['docs/site.md', 2],
    ['docs/inventory.md', 1],
  ])('is valid as it stands: %s', async (document, count) => {
    const blocks = yamlIn(document).map((block, index) => file(`${document}/${index}.yaml`, block))
    expect(blocks).toHaveLength(count)
    expect(await khard(['validate', ...blocks])).toMatchObject({ stderr: '', code: 0 })
  })

  it('of khard.yaml is valid as it stands', async () => {
    const [block] = yamlIn('docs/options.md')
    expect((await khard(['validate', file('options/khard.yaml', block)])).stdout).toMatch(
      /a valid configuration/,
    )
  })

  it('of checks of one’s own makes a profile that runs', async () => {
    cpSync(join(root, 'examples', 'own-checks'), file('my-content'), { recursive: true })
    const check = 'my-content/benchmarks/checks/kube-apiserver/audit-log-json.yaml'
    file(check, readFileSync(file(check), 'utf8').replace(/^spare: .*\n/m, ''))
    const text = readFileSync(join(root, 'docs', 'own-checks.md'), 'utf8')
    for (const [, name = '', block = ''] of text.matchAll(
      /`(my-content\/\S+\.yaml)`:\n\n```yaml\n([\s\S]*?)```/g,
    ))
      file(name, block)
    const ran = await audit([
      '--content',
      file('my-content'),
      '--profile',
      'house',
      '--only',
      '1.1',
      '-o',
      'json',
    ])
    const houses = JSON.parse(ran.stdout).findings.filter(
      (one: { benchmark: string }) => one.benchmark === 'house',
    )
    expect(houses).toHaveLength(3)
  })
})
