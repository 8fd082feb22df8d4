import { describe, expect, it } from 'vitest'
import { loadWholeContent } from '../../src/cli/content-language.ts'

const { benchmarks } = loadWholeContent(['.'])

/** `5.2.9 2 check` for each control of section 5.2 in one edition. */
function controls(version: string, id = 'cis-kubernetes') {
  const edition = benchmarks.find((one) => one.id === id && one.version === version)
  return (edition?.controls ?? [])
    .filter(({ section }) => section === '5.2')
    .map(({ id: control, level, checks }) => `${control} ${level} ${checks.join()}`)
}

const first = [
  '5.2.1 1 cluster.pod-admission-active',
  '5.2.2 1 cluster.privileged-containers-refused',
  '5.2.3 1 cluster.host-pid-refused',
  '5.2.4 1 cluster.host-ipc-refused',
  '5.2.5 1 cluster.host-network-refused',
  '5.2.6 1 cluster.privilege-escalation-refused',
  '5.2.7 2 cluster.root-containers-refused',
  '5.2.8 1 cluster.net-raw-refused',
]
const last = [
  '5.2.10 1 cluster.windows-host-process-refused',
  '5.2.11 1 cluster.host-path-refused',
  '5.2.12 1 cluster.host-ports-refused',
]

describe('pod security in the editions of CIS Kubernetes', () => {
  it('has twelve controls in 1.12', () => {
    expect(controls('1.12')).toEqual([...first, '5.2.9 1 cluster.capabilities-dropped', ...last])
    expect(controls('1.12', 'rke2-cis')).toEqual(controls('1.12'))
    expect(controls('1.12', 'k3s-cis')).toEqual(controls('1.12'))
  })

  it.each(['1.10', '1.11'])(
    'has added capabilities as one more in %s, and other numbers after it',
    (version) => {
      expect(controls(version)).toEqual([
        ...first,
        '5.2.9 1 cluster.added-capabilities-refused',
        '5.2.10 2 cluster.capabilities-dropped',
        '5.2.11 1 cluster.windows-host-process-refused',
        '5.2.12 1 cluster.host-path-refused',
        '5.2.13 1 cluster.host-ports-refused',
      ])
    },
  )

  it('has dropped capabilities at level 2 from 2.0.1 on, and /proc in 2.1', () => {
    expect(controls('2.0.1')).toEqual([...first, '5.2.9 2 cluster.capabilities-dropped', ...last])
    expect(controls('2.1')).toEqual([...controls('2.0.1'), '5.2.13 1 cluster.unmasked-proc-refused'])
  })

  it('refers to other documents by what a control asks, not by its number', () => {
    const references = (version: string, control: string) =>
      benchmarks
        .find((one) => one.id === 'cis-kubernetes' && one.version === version)
        ?.controls.find(({ id }) => id === control)?.references
    expect(references('1.11', '5.2.12')).toEqual(references('1.12', '5.2.11'))
    expect(references('1.11', '5.2.13')).toEqual(references('1.12', '5.2.12'))
    expect(references('1.11', '5.2.11')).toBeUndefined()
  })

  it('takes no default for granted where RKE2 sets one in a file', () => {
    const rke2 = benchmarks.find(({ id }) => id === 'rke2-cis')
    const own = rke2?.controls.filter(({ section }) => section === '5.2').map(({ parameters }) => parameters)
    expect(new Set(own?.map((one) => one?.['default-level']))).toEqual(new Set(['unknown']))
  })
})
