import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/content/config.ts'
import { loadWaivers } from '../../src/content/waivers.ts'
import { faultsOf } from './content-tree.ts'

const waiver = `# accepted until June
- { waiver: W-014, control: "1.2.1", targets: [cp-1], reason: "The probe needs it, until June", owner: platform,
    approved-by: J. Doe, approved-on: "2026-03-02", expires: "2026-06-30" }
`

describe('a waiver file', () => {
  it('is read with the line each waiver stands on', () => {
    expect(loadWaivers(waiver, 'waivers.yaml')).toEqual([
      {
        id: 'W-014',
        control: '1.2.1',
        targets: ['cp-1'],
        reason: 'The probe needs it, until June',
        owner: 'platform',
        approvedBy: 'J. Doe',
        approvedOn: '2026-03-02',
        expires: '2026-06-30',
        at: 'waivers.yaml:2',
      },
    ])
  })

  it('may waive one check of one benchmark', () => {
    const text = waiver.replace('control: "1.2.1"', 'benchmark: cis, check: kube-apiserver.profiling-off')

    expect(loadWaivers(text, 'w.yaml')).toEqual([
      expect.objectContaining({ benchmark: 'cis', check: 'kube-apiserver.profiling-off' }),
    ])
  })

  it('may name the benchmark together with the control', () => {
    const text = waiver.replace('control: "1.2.1"', 'control: "cis-kubernetes:1.2.1"')
    const twice = text.replace('control:', 'benchmark: cis-kubernetes, control:')

    for (const one of [text, twice])
      expect(loadWaivers(one, 'w.yaml')).toEqual([
        expect.objectContaining({ benchmark: 'cis-kubernetes', control: '1.2.1' }),
      ])
  })

  it.each([
    [
      'two benchmarks for one control',
      waiver.replace('control: "1.2.1"', 'benchmark: cis, control: "k3s-cis:1.2.1"'),
      'waivers.yaml:2:45: waiver "W-014" names two benchmarks, cis and k3s-cis. Name one.',
    ],
    [
      'a day that does not exist',
      waiver.replace('2026-06-30', '2026-06-31'),
      'waivers.yaml:3:62: 2026-06-31 is not a day of the calendar. Correct the date.',
    ],
    [
      'a month that does not exist',
      waiver.replace('2026-06-30', '2026-13-01'),
      'waivers.yaml:3:62: 2026-13-01 is not a day of the calendar. Correct the date.',
    ],
    [
      'another form of date',
      waiver.replace('2026-06-30', '30.6.2026'),
      'waivers.yaml:3:62: "[1].expires" is "30.6.2026". It has to be a date like "2026-06-30".',
    ],
    [
      'an unquoted date',
      waiver.replace('"2026-06-30"', '2026-06-30'),
      'waivers.yaml:3:62: unquoted date 2026-06-30 is not text to every YAML reader. Write it in quotes, "2026-06-30", or as the plain value that is meant.',
    ],
    [
      'an expiry before the approval',
      waiver.replace('2026-06-30', '2026-03-01'),
      'waivers.yaml:3:62: waiver "W-014" expires 2026-03-01, before it was approved on 2026-03-02. Correct one of the two dates.',
    ],
    [
      'nothing to waive',
      waiver.replace('control: "1.2.1", ', ''),
      'waivers.yaml:2:3: waiver "W-014" names neither a control nor a check. Add control or check.',
    ],
    [
      'no owner',
      waiver.replace(' owner: platform,', ''),
      'waivers.yaml:2:3: "owner" is missing in "[1]". Add "owner".',
    ],
    [
      'the same id twice',
      waiver + waiver,
      'waivers.yaml:5:13: waiver "W-014" is in this file twice. Give each waiver an id of its own.',
    ],
  ])('is refused for %s', (_, text, message) => {
    expect(faultsOf(() => loadWaivers(text, 'waivers.yaml'))).toEqual([message])
  })

  it('is refused as waiver-invalid', () => {
    expect(() => loadWaivers('- {}\n', 'waivers.yaml')).toThrow(
      expect.objectContaining({ code: 'waiver-invalid' }),
    )
  })
})

describe('khard.yaml', () => {
  it('is read as options by their long names', () => {
    expect(
      loadConfig(
        'profile: [kubeadm-cis-l1]\nmax-errors: any\nsudo: true\ntimeout: 90s\nlevel: 1\n',
        'khard.yaml',
      ),
    ).toEqual({
      profile: ['kubeadm-cis-l1'],
      'max-errors': 'any',
      sudo: true,
      timeout: '90s',
      level: 1,
    })
  })

  it.each([
    [
      'an unknown option',
      'profiles: [x]\n',
      'khard.yaml:1:1: unknown key "profiles". Did you mean "profile"?',
    ],
    [
      'a word that is not one of the choices',
      'fail-on: hihg\n',
      'khard.yaml:1:10: "fail-on" is hihg, not one of none, low, medium, high, critical. Did you mean "high"?',
    ],
    [
      'text where a number is wanted',
      'concurrency: "5"\n',
      'khard.yaml:1:14: "concurrency" is the text "5" where a whole number is wanted. Write 5 without quotes.',
    ],
    [
      'a quoted choice',
      'level: "1"\n',
      'khard.yaml:1:8: "level" is 1, not one of 1, 2. Write it without quotes.',
    ],
    [
      'an unknown word for errors',
      'max-errors: all\n',
      'khard.yaml:1:13: "max-errors" is "all". It has to be a whole number, or any.',
    ],
    [
      'a password',
      'sudo-password: x\n',
      'khard.yaml:1:1: unknown key "sudo-password". Known: baseline, benchmark, cluster, color, concurrency, connect-timeout, content, context, distribution, fail-on, fail-on-new, inventory, ….',
    ],
    ['a number below the least', 'concurrency: 0\n', 'khard.yaml:1:14: "concurrency" is 0. It must be >= 1.'],
    [
      'a time that is none',
      'timeout: 0\n',
      'khard.yaml:1:10: "timeout" is 0. It has to be seconds, or a time like 90s or 5m.',
    ],
    [
      'a tab',
      'output:\n\t- text\n',
      'khard.yaml:2:1: Tabs are not allowed as indentation. Indent with spaces.',
    ],
    [
      'nothing after a key',
      'inventory:\n',
      'khard.yaml:1:1: nothing is written for "inventory". Write text, or leave the key out.',
    ],
  ])('is refused for %s', (_, text, message) => {
    expect(faultsOf(() => loadConfig(text, 'khard.yaml'))).toEqual([message])
  })
})
