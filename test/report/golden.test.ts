import { describe, expect, it } from 'vitest'
import { formats, reporters } from '../../src/report/index.ts'
import { samples } from './results.ts'

/** Named `<result>.<exit code>.<format>`; read in review. Written anew by `vitest run -u test/report`. */
const names = Object.keys(samples) as (keyof typeof samples)[]

describe('the reports of', () => {
  it.each(names.flatMap((name) => formats.map((format) => [name, format] as const)))(
    '%s as %s are unchanged',
    async (name, format) => {
      const result = await samples[name]()

      const text = reporters[format](result, { color: false, width: 100, show: 'failures' })

      await expect(text).toMatchFileSnapshot(`../golden/${name}.${result.gate.exitCode}.${format}`)
    },
  )

  it('a hardened node in full are unchanged', async () => {
    const result = await samples['kubeadm-hardened']()

    const text = reporters.text(result, { color: false, width: 60, show: 'all' })

    await expect(text).toMatchFileSnapshot('../golden/kubeadm-hardened-all.0.text')
  })
})
