import { describe, expect, it } from 'vitest'
import { aNode, file, shapes, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const path = '/etc/kubernetes/audit.yaml'
const policyFlag = `--audit-policy-file=${path}`
const logFlag = '--audit-log-path=/var/log/kubernetes/audit.log'
const keep = ['--audit-log-maxage=30', '--audit-log-maxbackup=10', '--audit-log-maxsize=100'] as const
const retention = ['audit-log-max-age', 'audit-log-max-backup', 'audit-log-max-size'] as const

const policy = (...rules: readonly string[]) =>
  `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules.map((rule) => `- ${rule}\n`).join('')}`
const everything = policy('level: Metadata')
const nothing = policy('level: None')

describe.each(shapes)('the audit log of the API server as %s', (_, start) => {
  const ask = (check: string, text: string, ...flags: readonly string[]) =>
    verdictOf(aNode(start('kube-apiserver', flags), file(path, { text })), `kube-apiserver.${check}`)

  it('is written only where a path and a policy say so', () => {
    expect(ask('audit-log-written', everything, policyFlag, logFlag).verdict).toBe('pass')
    expect(ask('audit-log-written', everything, logFlag)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('policy'),
    })
    expect(ask('audit-log-written', nothing, policyFlag, logFlag).verdict).toBe('fail')
  })

  it('is no file when it goes to standard output', () => {
    expect(ask('audit-log-written', everything, policyFlag, '--audit-log-path=-').verdict).toBe('fail')
  })

  it('may go to a webhook in place of a file', () => {
    const flags = [policyFlag, '--audit-webhook-config-file=/etc/kubernetes/webhook.yaml'] as const
    expect(ask('audit-log-written', everything, ...flags).verdict).toBe('pass')
    for (const check of retention) expect(ask(check, everything, ...flags).verdict).toBe('notApplicable')
  })

  it.each(retention)('is not kept by numbers alone: %s', (check) => {
    expect(ask(check, everything, policyFlag, logFlag, ...keep).verdict).toBe('pass')
    expect(ask(check, everything, policyFlag, ...keep).verdict).toBe('fail')
    expect(ask(check, everything, policyFlag, '--audit-log-path=-', ...keep).verdict).toBe('fail')
    expect(ask(check, everything, logFlag, ...keep).verdict).toBe('fail')
    expect(ask(check, nothing, policyFlag, logFlag, ...keep).verdict).toBe('fail')
  })

  it.each(['maxage', 'maxbackup', 'maxsize'])(
    'has no limit when %s is set to 0, and that is enough',
    (flag) => {
      const check = `audit-log-max-${flag.slice(3)}`
      expect(ask(check, everything, policyFlag, logFlag, `--audit-log-${flag}=0`).verdict).toBe('pass')
      expect(ask(check, everything, policyFlag, logFlag, `--audit-log-${flag}=5`).verdict).toBe('fail')
    },
  )

  it('holds nothing when its policy is one rule that drops everything', () => {
    expect(ask('audit-policy-records-events', nothing, policyFlag, logFlag).verdict).toBe('fail')
    expect(
      ask('audit-policy-records-events', policy('level: None', 'level: Metadata'), policyFlag, logFlag)
        .verdict,
    ).toBe('fail')
    expect(ask('audit-policy-records-events', everything, policyFlag, logFlag).verdict).toBe('pass')
  })
})

describe('an audit policy', () => {
  const ask = (text: string) =>
    verdictOf(
      aNode(unit('kube-apiserver', [policyFlag, logFlag]), file(path, { text })),
      'kube-apiserver.audit-policy-covers-sensitive',
    )

  it('is decided by the first rule that matches, not by any', () => {
    const late = policy(
      '{ level: None, resources: [{ group: "", resources: [secrets] }] }',
      '{ level: Metadata, resources: [{ group: "", resources: [secrets] }] }',
      'level: Metadata',
    )
    expect(ask(late).verdict).toBe('fail')
    expect(ask(everything).verdict).toBe('pass')
  })

  it('fails when bodies of secrets are written down', () => {
    expect(
      ask(
        policy(
          '{ level: RequestResponse, resources: [{ group: "", resources: [secrets] }] }',
          'level: Metadata',
        ),
      ).verdict,
    ).toBe('fail')
  })

  it('fails when it exempts a namespace, a group or reads from the record', () => {
    const secrets = 'resources: [{ group: "", resources: [secrets] }]'
    expect(
      ask(policy(`{ level: None, verbs: [get, list, watch], ${secrets} }`, 'level: Metadata')).verdict,
    ).toBe('fail')
    expect(
      ask(policy(`{ level: None, userGroups: ["system:masters"], ${secrets} }`, 'level: Metadata')).verdict,
    ).toBe('fail')
    expect(
      ask(policy(`{ level: None, namespaces: [kube-system], ${secrets} }`, 'level: Metadata')).verdict,
    ).toBe('fail')
  })

  it('fails when a shell in a pod leaves no trace', () => {
    expect(
      ask(policy('{ level: None, resources: [{ group: "", resources: [pods/exec] }] }', 'level: Metadata'))
        .verdict,
    ).toBe('fail')
  })
})
