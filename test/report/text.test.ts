import { describe, expect, it } from 'vitest'
import { columnsOf, paragraph, span } from '../../src/report/text/layout.ts'
import { renderText } from '../../src/report/text.ts'
import { cpuMs } from '../support/cpu-time.ts'
import { finding, fleet, resultOf, rows, samples, target, unreached } from './results.ts'

const plain = { color: false, width: 100, show: 'failures' } as const
const sequence = /\u001b\[\d+m/g
const names = Object.keys(samples) as (keyof typeof samples)[]

describe('the text report', () => {
  it.each(names.flatMap((name) => [40, 60, 100, 160].map((width) => [name, width] as const)))(
    'keeps %s within %i columns',
    async (name, width) => {
      for (const show of ['failures', 'all'] as const) {
        const text = renderText(await samples[name](), { color: false, width, show })

        expect(text.split('\n').filter((line) => columnsOf(line) > width)).toEqual([])
        expect(text).not.toMatch(/[ \t]\n|\n\n\n/)
        expect(text.endsWith('\n')).toBe(true)
      }
    },
  )

  it.each(names)('says the same with colour as without for %s', async (name) => {
    const result = await samples[name]()
    const colored = renderText(result, { ...plain, color: true })

    expect(colored).toMatch(sequence)
    expect(colored.replace(sequence, '')).toBe(renderText(result, plain))
  })

  it('tells the answer first and again at the end', async () => {
    const lines = renderText(await samples['kubeadm-default'](), plain)
      .trimEnd()
      .split('\n')

    expect(lines.findIndex((line) => line.startsWith('Gate'))).toBeLessThan(lines.indexOf('What fails'))
    expect(lines.at(-1)).toBe('Gate ✗ NOT MET (fail-on high, max-errors 0, exit 1)')
  })

  it('lists the most severe section and failure first', async () => {
    const text = renderText(await samples['kubeadm-default'](), plain)
    const at = ['4.2.6   CRITICAL', '1.2.1   HIGH', '1.2.16  MEDIUM', '1.2.15  LOW'].map((each) =>
      text.indexOf(each),
    )

    expect(at).not.toContain(-1)
    expect(at).toEqual(at.toSorted((a, b) => a - b))
  })

  it('tells one answer of many targets once', async () => {
    const text = renderText(await samples['kubeadm-default'](), plain)

    expect(text.match(/kube-apiserver answers anonymous requests/g)).toHaveLength(1)
    expect(text).toContain('on        cp-1, cp-2')
    expect(text).toContain('on        all 3 targets')
  })

  it('tells different answers to one check apart', async () => {
    const targets = [target('cp-1'), target('cp-2')]
    const other = {
      ...rows.audit('cp-2'),
      observed: '-',
      reason: 'kube-apiserver writes its audit log to standard output.',
    }
    const result = await resultOf({ targets, findings: [rows.audit('cp-1'), other] })

    const text = renderText(result, plain)

    expect(text.match(/1\.2\.16 {2}MEDIUM/g)).toHaveLength(1)
    expect(text).toMatch(
      /audit-log-path is not set[\s\S]*on {8}cp-1\n[\s\S]*standard output[\s\S]*on {8}cp-2\n/,
    )
  })

  it('counts answers to one check beyond the fourth', async () => {
    const names = ['w-1', 'w-2', 'w-3', 'w-4', 'w-5', 'w-6']
    const findings = names.map((name) => ({ ...rows.kernelDefaults(name), reason: `${name} says no.` }))

    const text = renderText(await resultOf({ targets: names.map((name) => target(name)), findings }), plain)

    expect(text.match(/w-\d says no\./g)).toHaveLength(4)
    expect(text).toContain('and 2 more answers like it')
    expect(text.match(/fix +Set protectKernelDefaults/g)).toHaveLength(1)
  })

  it('counts reasons beyond the third', async () => {
    const findings = ['a', 'b', 'c', 'd'].map((name, index) =>
      rows.denied('cp-1', `4.1.${index}`, `/etc/${name}`),
    )

    const text = renderText(await resultOf({ targets: [target('cp-1')], findings }), plain)

    expect(text).toContain('! 4 checks could not complete')
    expect(text).toContain('and 1 more reason')
  })

  it('names the benchmark of a section when there are two, and does not repeat a title as reason', async () => {
    const one = finding({
      control: '1.2.1',
      target: 'cp-1',
      verdict: 'fail',
      title: 'Said once.',
      reason: 'Said once.',
    })
    const result = await resultOf({
      targets: [target('cp-1')],
      findings: [one, { ...one, benchmark: 'other' }],
    })
    const benchmarks = [...result.benchmarks, { id: 'other', version: '1.12', title: 'Another' }]

    const text = renderText({ ...result, benchmarks }, plain)

    expect(text).toContain('1.2 API server (cis-kubernetes 1.12)')
    expect(text).toContain('1.2 API server (other 1.12)')
    expect(text.match(/Said once\./g)).toHaveLength(2)
  })

  it('shows where a value comes from, drift, fix and remediation', async () => {
    const text = renderText(await samples.hardway(), plain)

    expect(text).toContain('set by    argument of kube-apiserver (pid 812)')
    expect(text).toContain('drift     ! the running process has true')
    expect(text).toContain('fix       Set --anonymous-auth=false.')
    expect(text).toContain('observed  true → expected false')
  })

  it('names each object of a cluster once, with what it does', async () => {
    const offending = ['a', 'b'].map((name) => ({
      name: `Namespace ${name}`,
      kind: 'Namespace',
      because: 'has none',
    }))
    const one = {
      ...finding({
        control: '5.3.2',
        target: 'admin',
        verdict: 'fail',
        title: 'Policies',
        reason: 'These have no policy: Namespace a, Namespace b.',
      }),
      provenance: [{ kind: 'api' as const, at: 'v1/namespaces' }],
      objects: { offending },
    }
    const cluster = { ...target('admin'), kind: 'cluster' as const }
    const text = renderText(await resultOf({ targets: [cluster], findings: [one] }), plain)

    expect(text).toContain('These have no policy:\n')
    expect(text).toMatch(/^ +Namespace a: has none\n +Namespace b: has none$/m)
    expect(text).toContain('seen in   API v1/namespaces')
    expect(text).toMatch(/admin {2}cluster · /)

    const other = { ...one, reason: 'These have no policy: Namespace a, and 2 that could not be looked at.' }
    const whole = renderText(await resultOf({ targets: [cluster], findings: [other] }), plain)
    expect(whole).toContain(other.reason)
    const many = Array.from({ length: 22 }, (_, index) => ({
      name: `User ${index}`,
      kind: 'User',
      because: 'may',
    }))
    const first = many.slice(0, 20).map(({ name }) => name)
    const counted = {
      ...one,
      reason: `Too many: ${first.join(', ')} and 2 more.`,
      objects: { offending: many },
    }
    const short = renderText(await resultOf({ targets: [cluster], findings: [counted] }), plain)
    expect(short).toContain('Too many:\n')
    expect(short).toContain('and 12 more: see the JSON result')
  })

  it('groups what could not be assessed by what to do about it', async () => {
    const text = renderText(await samples.hardway(), plain)

    expect(text).toContain('! 3 checks could not complete')
    expect(text).toContain('/var/lib/kubelet/config.yaml: permission denied for "audit". (2 checks)')
    expect(text).toContain('controls  4.1.5, 4.1.9, 4.1.10')
    expect(text.match(/Run again with --sudo/g)).toHaveLength(1)
    expect(text).toContain('? 1 check gave an unclear answer')
  })

  it('says why a target was not reached', async () => {
    const text = renderText(await samples.unreachable(), plain)

    expect(text).toContain('w-2   ! not reached: connection refused by 10.0.0.7 port 22')
    expect(text).toContain('1 of 2 targets')
    expect(text).toContain('! NO CLAIM: could not complete')
  })

  it('counts questions and shows them only when asked', async () => {
    const result = await samples['kubeadm-hardened']()

    const short = renderText(result, plain)
    expect(short).toContain('○ 1 question only a person can answer')
    expect(short).toContain('--show all')
    expect(short).not.toContain('reads the log?')

    const long = renderText(result, { ...plain, show: 'all' })
    expect(long).toContain('reads the log?')
    expect(long).toContain('kube-proxy runs as a pod and has no kubeconfig on the node.')
  })

  it('names waivers that have run out or match nothing', async () => {
    expect(renderText(await samples['expired-waiver'](), plain)).toContain(
      '! W-007 expired 2026-01-31: 1.2.1 on cp-1 counts again',
    )
    expect(renderText(await samples['kubeadm-default'](), plain)).toContain(
      '! W-020 matches no failing finding',
    )
  })

  it('never rounds a score up to 100 %', async () => {
    const findings = Array.from({ length: 300 }, (_, index) =>
      finding({
        control: `1.2.${index}`,
        target: 'cp-1',
        verdict: index === 0 ? 'fail' : 'pass',
        severity: 'low',
      }),
    )

    const text = renderText(await resultOf({ targets: [target('cp-1')], findings }), plain)

    expect(text).toContain('░ 99 %')
  })

  it('stays readable and quick for a thousand targets', async () => {
    const result = await fleet(1000)
    let text = ''

    const spent = cpuMs(() => {
      text = renderText(result, plain)
    })

    expect(spent).toBeLessThan(2000)
    expect(text.split('\n').length).toBeLessThan(45)
    expect(text).toContain('980 targets')
    expect(text).toMatch(/20 targets +! not reached: no answer within 10 s/)
    expect(text).toContain('653 targets: w-0002, w-0003, w-0005, w-0006 and 649 more')
  })
})

describe('what a run may lack', () => {
  it('says that nothing was found and no benchmark asked', async () => {
    const result = await resultOf({ targets: [unreached('w-1', 'no answer')], findings: [] })

    const text = renderText({ ...result, benchmarks: [] }, plain)

    expect(text).toContain('· no benchmark ·')
    expect(text).toContain('no findings')
  })

  it('says that a target without a profile has none', async () => {
    const bare = target('w-1', { profile: '', chosenBecause: '' })

    const text = renderText(await resultOf({ targets: [bare], findings: [] }), plain)

    expect(text).toContain('profile none\n')
  })

  it.each([
    ['w-1', [], '! 2 checks could not be asked: not reached, see Targets'],
    ['w-1, w-2', ['w-2', 'w-3'], '! 2 checks of w-1, w-2 could not be asked: not reached, see Targets'],
  ])('tells once that the checks of %s could not be asked', async (_, others, line) => {
    const down = ['w-1', ...others.filter((name) => name === 'w-2')]
    const targets = ['w-1', ...others].map((name) =>
      down.includes(name) ? unreached(name, 'no answer') : target(name),
    )
    const findings = down.flatMap((name) =>
      ['4.1.5', '4.1.9'].map((control) => rows.denied(name, control, '/x')),
    )

    const text = renderText(await resultOf({ targets, findings }), plain)

    expect(text).toContain(line)
    expect(text).not.toContain('could not read /x')
  })

  it('labels a wanted value as such when nothing was seen', async () => {
    const { observed: _, ...unseen } = rows.profiling('cp-1')

    const text = renderText(await resultOf({ targets: [target('cp-1')], findings: [unseen] }), plain)

    expect(text).toContain('    expected  false\n')
  })

  it('names a section without a title by its number', async () => {
    const result = await resultOf({ targets: [target('cp-1')], findings: [rows.profiling('cp-1')] })

    const text = renderText({ ...result, summary: { ...result.summary, bySection: [] } }, plain)

    expect(text).toContain('\n1.2\n')
  })

  it('says what to do about what is only for information', async () => {
    const told = finding({
      control: '4.2.14',
      target: 'cp-1',
      verdict: 'informational',
      next: 'Turn it on for new nodes first.',
    })
    const result = await resultOf({ targets: [target('cp-1')], findings: [told] })

    expect(renderText(result, { ...plain, show: 'all' })).toContain('Turn it on for new nodes first.')
  })
})

describe('laying out', () => {
  const page = { width: 20, color: false }

  it('counts columns, not characters', () => {
    expect(columnsOf('東京')).toBe(4)
    expect(columnsOf('e\u0301')).toBe(1)
    expect(columnsOf('✗ 1')).toBe(3)
  })

  it('wraps behind the label and cuts a word that no line can hold', () => {
    const lines = paragraph(page, {
      indent: 2,
      hang: 8,
      label: span('set'),
      text: [span('a bb ccccccccccccccccccc')],
    })

    expect(lines).toEqual(['  set   a bb', '        cccccccccccc', '        ccccccc'])
  })

  it('leaves a label alone on its line when the first word does not fit beside it', () => {
    const lines = paragraph(page, { hang: 4, label: span('ten-column'), text: [span('fifteen-columns')] })

    expect(lines).toEqual(['ten-column', '    fifteen-columns'])
  })

  it('lets a label join the text when it takes half of the line', () => {
    const lines = paragraph(page, {
      indent: 2,
      hang: 8,
      label: span('a-very-long-name'),
      text: [span('text')],
    })

    expect(lines).toEqual(['  a-very-long-na', '      me text'])
  })

  it('escapes labels and text', () => {
    expect(paragraph(page, { label: span('\u001b'), text: [span('\u202e')] })).toEqual(['\\x1b \\u{202e}'])
  })

  it.each([
    ['::error::forged', '\\x3a:error::forged'],
    ['::stop-commands', '\\x3a:stop-commands'],
    ['##vso[task.complete', '#\\x23vso[task.complete'],
    ['##[error]', '#\\x23[error]'],
    ['::1', '::1'],
    ['::', '::'],
  ])('gives a pipeline no order by %s', (word, shown) => {
    expect(paragraph({ ...page, width: 60 }, { text: [span(word)] })).toEqual([shown])
  })
})

describe('what is left out', () => {
  const leaving = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      benchmark: 'cis-kubernetes',
      version: '1.12',
      control: `1.2.${index + 1}`,
      because: 'probes need it',
      profile: 'kubeadm-cis-l1',
    }))
  const tailorings = [
    { id: 'payments', version: '1', digest: 'sha256:0', says: ['file-mode is 0644: so be it'] },
  ]

  it('is counted, and listed with its reasons when all is shown', async () => {
    const result = { ...(await samples.nothing()), leftOut: [...leaving(2), ...leaving(1)] }
    expect(renderText(result, plain)).toMatch(
      /Left out\n.*2 controls not judged \(probes need it\).*--show.all/,
    )
    const [first, ...rest] = leaving(2)
    const two = {
      ...result,
      leftOut: [...rest, ...(first === undefined ? [] : [{ ...first, because: 'other' }])],
    }
    expect(renderText(two, plain)).toMatch(/2 controls not judged see/)
    expect(renderText(result, { ...plain, show: 'all' })).toMatch(
      /1\.2\.2 \(cis-kubernetes\).*probes need it/,
    )
  })

  it('goes with every change of a site', async () => {
    const changed = { ...(await samples.nothing()), tailorings }
    expect(renderText(changed, plain)).toMatch(/Left out\n.*payments 1: file-mode is 0644: so be it/)
    expect(renderText(changed, plain)).not.toMatch(/not judged/)
  })
})

describe('what needs no action', () => {
  const passing = (benchmark: string) => ({
    ...finding({
      control: '1.2.15',
      target: 'cp-1',
      verdict: 'pass',
      title: 'No profiling',
      observed: false,
    }),
    benchmark,
  })

  it('names the benchmark of a control where there are several', async () => {
    const findings = ['cis-kubernetes', 'stig-kubernetes'].map(passing)
    const result = await resultOf({ targets: [target('cp-1')], findings })
    const shown = (more: Partial<typeof result>) =>
      renderText({ ...result, ...more }, { ...plain, show: 'all' })
    const [first] = result.benchmarks
    const benchmarks = [
      first ?? { id: '', version: '', title: '' },
      { id: 'stig-kubernetes', version: '2', title: '' },
    ]
    expect(shown({ benchmarks })).toContain('1.2.15  No profiling (cis-kubernetes 1.12)\n')
    expect(shown({ benchmarks })).toContain('1.2.15  No profiling (stig-kubernetes 1.12)\n')
    expect(shown({})).toContain('1.2.15  No profiling\n')
  })
})

describe('a pass that will not last', () => {
  it('says what the disk has in its place, when all is shown', async () => {
    const drift = 'the manifest has --profiling=true'
    const passing = finding({ control: '1.2.15', target: 'cp-1', verdict: 'pass', drift, observed: false })
    const result = await resultOf({ targets: [target('cp-1')], findings: [passing] })
    expect(renderText(result, { ...plain, show: 'all' })).toContain(drift)
  })
})
