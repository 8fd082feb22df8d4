import { describe, expect, it } from 'vitest'
import { renderSarif } from '../../src/report/sarif.ts'
import { finding, resultOf, rows, samples, tailoredOut, target, unreached } from './results.ts'

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly kind: string
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string }
        readonly region?: { readonly startLine: number }
      }
    },
  ]
  readonly partialFingerprints: { readonly 'khard/v1': string }
  readonly suppressions: readonly object[]
  readonly taxa: readonly {
    readonly id: string
    readonly toolComponent: { readonly name: string; readonly index: number }
  }[]
}

interface Run {
  readonly properties: object
  readonly tool: {
    readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] }
  }
  readonly taxonomies: readonly { readonly name: string; readonly taxa: readonly { readonly id: string }[] }[]
  readonly invocations: readonly {
    readonly executionSuccessful: boolean
    readonly startTimeUtc: string
    readonly endTimeUtc: string
  }[]
  readonly results: readonly SarifResult[]
}

interface Log {
  readonly version: string
  readonly runs: readonly [Run]
}

const failures = { color: false, width: 100, show: 'failures' } as const
const all = { ...failures, show: 'all' } as const

async function sarif(
  sample: keyof typeof samples,
  options: typeof failures | typeof all = all,
): Promise<Run> {
  const log = JSON.parse(renderSarif(await samples[sample](), options)) as Log
  expect(log).toMatchObject({ version: '2.1.0', runs: [expect.anything()] })
  return log.runs[0]
}

const names = Object.keys(samples) as (keyof typeof samples)[]

describe('the SARIF report', () => {
  it.each(names)('keeps the rules of SARIF 2.1.0 for %s', async (name) => {
    const run = await sarif(name)
    const { rules } = run.tool.driver

    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    expect(run.tool.driver.name).toBe('khard')
    for (const { executionSuccessful, startTimeUtc, endTimeUtc } of run.invocations) {
      expect(typeof executionSuccessful).toBe('boolean')
      expect(`${startTimeUtc} ${endTimeUtc}`).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ?){2}$/)
    }
    for (const result of run.results) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId)
      expect(result.message.text).not.toBe('')
      expect(['pass', 'fail', 'open', 'review', 'notApplicable', 'informational']).toContain(result.kind)
      // 3.27.10: a level other than `none` needs the kind `fail`.
      expect(result.level === 'none').toBe(result.kind !== 'fail')
      // 3.27.23: all results of a run have suppressions, or none has.
      expect(Array.isArray(result.suppressions)).toBe(true)
      const [{ physicalLocation }] = result.locations
      expect(() => decodeURIComponent(physicalLocation.artifactLocation.uri)).not.toThrow()
      // RFC 3986, and readers refuse anything but a relative reference.
      expect(physicalLocation.artifactLocation.uri).toMatch(/^[A-Za-z0-9][A-Za-z0-9\-._~!*'()%/]*$/)
      if (physicalLocation.region) expect(physicalLocation.region.startLine).toBeGreaterThan(0)
      for (const { id, toolComponent } of result.taxa) {
        const taxonomy = run.taxonomies[toolComponent.index]
        expect(taxonomy?.name).toBe(toolComponent.name)
        expect(taxonomy?.taxa.map((taxon) => taxon.id)).toContain(id)
      }
    }
  })

  it.each(names)(
    'gives every result of %s a fingerprint of its own that another run repeats',
    async (name) => {
      const prints = (run: Run): string[] =>
        run.results.map((result) => result.partialFingerprints['khard/v1'])
      const first = prints(await sarif(name))
      const later = {
        ...(await samples[name]()),
        startedAt: '2027-01-01T00:00:00.000Z',
        finishedAt: '2027-01-01T00:00:01.000Z',
      }

      expect(new Set(first).size).toBe(first.length)
      expect(prints((JSON.parse(renderSarif(later, all)) as Log).runs[0])).toEqual(first)
    },
  )

  it('raises what fails or could not be assessed, and the rest only when asked', async () => {
    const kinds = (run: Run): string[] => [...new Set(run.results.map(({ kind }) => kind))].sort()

    expect(kinds(await sarif('kubeadm-hardened', failures))).toEqual(['fail'])
    expect(kinds(await sarif('kubeadm-hardened', all))).toEqual([
      'fail',
      'informational',
      'notApplicable',
      'pass',
      'review',
    ])
    expect(kinds(await sarif('hardway', failures))).toEqual(['fail', 'open'])
  })

  it.each([
    ['low', 'note'],
    ['medium', 'warning'],
    ['high', 'error'],
    ['critical', 'error'],
  ] as const)('gives a failure of severity %s the level %s', async (severity, level) => {
    const failing = finding({ control: '1.2.1', target: 'cp-1', verdict: 'fail', severity })
    const result = await resultOf({ targets: [target('cp-1')], findings: [failing] })

    const log = JSON.parse(renderSarif(result, failures)) as Log

    expect(log.runs[0].results[0]).toMatchObject({ kind: 'fail', level })
  })

  it('points at the file and line on the target', async () => {
    const run = await sarif('kubeadm-default')
    const audit = run.results.find(({ ruleId }) => ruleId === 'kube-apiserver.audit-log-written')

    expect(audit?.locations[0]).toMatchObject({
      physicalLocation: {
        artifactLocation: { uri: 'cp-1/etc/kubernetes/manifests/kube-apiserver.yaml' },
        region: { startLine: 14 },
      },
      logicalLocations: [{ name: 'cp-1' }],
    })
  })

  it('suppresses a failure with a waiver in force, with its justification, and no other', async () => {
    const waived = (await sarif('kubeadm-hardened')).results.filter(
      ({ suppressions }) => suppressions.length > 0,
    )
    expect(waived).toHaveLength(1)
    expect(waived[0]?.suppressions[0]).toEqual({
      kind: 'external',
      status: 'accepted',
      justification: 'waiver W-014, until 2026-06-30',
    })

    const expired = (await sarif('expired-waiver')).results.find(({ taxa }) => taxa[0]?.id === '1.2.1')
    expect(expired?.suppressions).toEqual([])
    expect(expired?.message.text).toContain('Waiver W-007 expired 2026-01-31.')
  })

  it('does not suppress a missing answer by a waiver', async () => {
    const open = {
      ...rows.denied('cp-1', '4.1.5', '/x'),
      waiver: { id: 'W-1', expires: '2027-01-01', expired: false },
    }
    const result = await resultOf({ targets: [target('cp-1')], findings: [open] })

    const log = JSON.parse(renderSarif(result, failures)) as Log

    expect(log.runs[0].results[0]?.suppressions).toEqual([])
  })

  it('says that a run did not complete, and which target is missing', async () => {
    const result = await resultOf({ targets: [unreached('w-2', 'connection refused')], findings: [] })

    const [{ invocations, results }] = (JSON.parse(renderSarif(result, failures)) as Log).runs

    expect(results).toEqual([])
    expect(invocations[0]).toMatchObject({
      executionSuccessful: false,
      exitCode: 3,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'w-2 could not be reached: connection refused' } },
      ],
    })
  })

  it('has a taxonomy without a title for a benchmark that the result does not list', async () => {
    const result = await resultOf({ targets: [target('cp-1')], findings: [rows.profiling('cp-1')] })

    const log = JSON.parse(renderSarif({ ...result, benchmarks: [] }, failures)) as Log

    expect(log.runs[0].taxonomies).toEqual([
      { name: 'cis-kubernetes', version: '1.12', taxa: [expect.objectContaining({ id: '1.2.15' })] },
    ])
  })

  it('says what a site leaves out and changes, each with its reason', async () => {
    const result = await samples['kubeadm-default']()
    const log = JSON.parse(renderSarif({ ...result, ...tailoredOut }, failures)) as Log
    expect(log.runs[0].properties).toMatchObject(tailoredOut)
    const plain = JSON.parse(renderSarif(result, failures)) as Log
    expect(Object.keys(plain.runs[0].properties)).toEqual(['gate', 'profile'])
  })

  it('makes no link of what a node says', async () => {
    const run = await sarif('hostile')

    expect(JSON.stringify(run.results.map(({ message }) => message))).not.toContain('](')
  })

  it('has a rule for a control without a check', async () => {
    const run = await sarif('nothing')

    expect(run.tool.driver.rules.map(({ id }) => id)).toContain('cis-kubernetes/3.2.2')
  })
})
