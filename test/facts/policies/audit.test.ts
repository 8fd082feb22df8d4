import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditPolicyFact, auditPolicyFields } from '../../../src/facts/policies/audit-fact.ts'
import { areaLevels, exemptions, recordsEvents } from '../../../src/facts/policies/audit-levels.ts'
import { levelOf } from '../../../src/facts/policies/audit-match.ts'
import type { AuditRule } from '../../../src/facts/policies/audit-policy-document.ts'
import { readAuditPolicy } from '../../../src/facts/policies/audit-policy-document.ts'
import { yamlValue } from '../../../src/facts/policies/document.ts'
import type { Evidence } from '../../../src/model/evidence.ts'
import { absent, noSource, observed, unavailable } from '../../../src/model/evidence.ts'

const policy = (rules: string, more = ''): string =>
  `apiVersion: audit.k8s.io/v1\nkind: Policy\n${more}rules:\n${rules}`
const read = (text: string): Evidence<readonly AuditRule[]> =>
  readAuditPolicy(yamlValue(observed(text, noSource)))
const rulesOf = (text: string): readonly AuditRule[] => {
  const evidence = read(text)
  if (evidence.kind !== 'observed') throw new Error(JSON.stringify(evidence))
  return evidence.fact
}
const field = (
  rules: Evidence<readonly AuditRule[]>,
  name: string,
  backends = ['file'] as readonly 'file'[],
): unknown => {
  const fact = auditPolicyFact({ rules, backends: observed(backends, noSource) })
  if (fact.kind !== 'observed' || typeof fact.fact !== 'object' || Array.isArray(fact.fact))
    throw new Error(fact.kind)
  const value = (fact.fact as { readonly [name: string]: Evidence<unknown> })[name]
  if (value?.kind !== 'observed') return value?.kind
  return Array.isArray(value.fact) ? value.fact.map((item: { fact: unknown }) => item.fact) : value.fact
}
const secrets = '{group: "", resources: [secrets]}'

/** A policy as a cluster operator writes it: exempts the noise, records secrets at Metadata, the rest as well. */
const sound = policy(
  `
- level: None
  users: ["system:kube-scheduler", "system:kube-controller-manager", "system:apiserver"]
  verbs: [get, list, watch]
- level: None
  nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]
- level: Metadata
  resources:
  - group: ""
    resources: [secrets, configmaps, serviceaccounts/token]
  - group: authentication.k8s.io
    resources: [tokenreviews]
- level: RequestResponse
  verbs: [create, update, patch, delete, deletecollection]
  resources: [{group: rbac.authorization.k8s.io}]
- level: Request
  resources: [{group: "", resources: [pods/exec, pods/portforward, pods/proxy, services/proxy]}]
- level: Metadata
`,
  'omitStages: [RequestReceived]\n',
)

describe('a sound audit policy', () => {
  it.each([
    ['configured', true],
    ['backend', 'file'],
    ['records-events', true],
    ['catch-all-level', 'Metadata'],
    ['secrets-levels', ['Metadata']],
    ['configmaps-levels', ['Metadata']],
    ['tokenreviews-levels', ['Metadata']],
    ['exec-levels', ['Metadata', 'Request']], // pods/attach and nodes/proxy fall to the last rule
    ['exec-level', 'Metadata'],
    ['pods-write-level', 'Metadata'],
    ['deployments-write-level', 'Metadata'],
    ['rbac-write-level', 'RequestResponse'],
  ])('has %s %j', (name, value) => {
    expect(field(read(sound), name)).toEqual(value)
  })

  it('lists for people whom it leaves out', () => {
    expect(exemptions(rulesOf(sound))).toContain('user system:apiserver: secrets at None')
  })

  it('gives every field it promises and no other', () => {
    const fact = auditPolicyFact({ rules: read(sound), backends: observed(['file'], noSource) })

    expect(fact.kind === 'observed' && Object.keys(fact.fact).sort()).toEqual([...auditPolicyFields].sort())
  })
})

describe('exemptions', () => {
  it('are listed up to a bound', () => {
    const users = Array.from({ length: 60 }, (_, index) => `u${index}`).join(', ')

    expect(
      exemptions(rulesOf(policy(`- {level: None, users: [${users}]}\n- {level: Metadata}`))),
    ).toHaveLength(50)
  })

  it('name groups as well as users', () => {
    expect(
      exemptions(rulesOf(policy('- {level: None, userGroups: ["system:nodes"]}\n- {level: Metadata}'))),
    ).toContain('group system:nodes: secrets at None')
  })
})

describe('audit policies that look right', () => {
  it.each([
    ['one rule of level None, as RKE2 writes it', '- level: None\n'],
    [
      'a None rule first that shadows all others',
      `- level: None\n- level: Metadata\n  resources: [${secrets}]\n- level: RequestResponse\n`,
    ],
    [
      'a None rule for everyone who is logged in',
      '- level: None\n  userGroups: ["system:authenticated"]\n- level: Metadata\n',
    ],
    [
      'a None rule for any resource and any path',
      '- level: None\n  nonResourceURLs: ["*"]\n- level: None\n  resources: [{group: ""}]\n',
    ],
  ])('%s: secrets are not recorded', (_, rules) => {
    expect(field(read(policy(rules)), 'secrets-level')).toBe('None')
  })

  it('records nothing with one rule of level None', () => {
    expect(recordsEvents(rulesOf(policy('- level: None\n')))).toBe(false)
    expect(recordsEvents(rulesOf(policy('- level: None\n- level: RequestResponse\n')))).toBe(false)
  })

  it('records something when only one user is recorded', () => {
    expect(recordsEvents(rulesOf(policy('- level: Metadata\n  users: [jane]\n- level: None\n')))).toBe(true)
  })

  it('records nothing when all stages are left out', () => {
    const rules = '- level: Metadata\n  omitStages: [ResponseComplete, ResponseStarted]\n'

    expect(field(read(policy(rules, 'omitStages: [RequestReceived]\n')), 'records-events')).toBe(false)
    expect(field(read(policy(rules)), 'records-events')).toBe(true)
  })

  it('counts a namespace that is left out', () => {
    const rules = `- level: None\n  namespaces: [kube-system]\n- level: Metadata\n`

    expect(field(read(policy(rules)), 'secrets-levels')).toEqual(['None', 'Metadata'])
  })

  it('does not take a rule for one object for a rule for all', () => {
    const rules = `- level: None\n  resources: [{group: "", resources: [configmaps], resourceNames: [controller-leader]}]\n- level: Metadata\n`

    expect(field(read(policy(rules)), 'configmaps-levels')).toEqual(['Metadata'])
  })

  it('sees that a rule for pods leaves out pods/exec', () => {
    const rules = '- level: Metadata\n  resources: [{group: "", resources: [pods]}]\n- level: None\n'

    expect(field(read(policy(rules)), 'exec-level')).toBe('None')
    expect(field(read(policy(rules)), 'pods-write-level')).toBe('Metadata')
  })

  it('sees that reads of secrets are left out', () => {
    const rules = `- level: Metadata\n  verbs: [create, update, patch, delete]\n  resources: [${secrets}]\n`

    expect(field(read(policy(rules)), 'secrets-levels')).toEqual(['None', 'Metadata'])
  })

  it('sees that request bodies of secrets are written to the log', () => {
    expect(field(read(policy('- level: RequestResponse\n')), 'secrets-levels')).toEqual(['RequestResponse'])
  })

  it('records nothing without a backend, whatever the policy says', () => {
    expect(field(read(sound), 'records-events', [])).toBe(false)
    expect(field(read(sound), 'secrets-levels', [])).toEqual(['None'])
    expect(field(read(sound), 'backend', [])).toBe('none')
  })

  it('records nothing without a policy, and says that none is configured', () => {
    expect(field(absent(noSource), 'configured')).toBe(false)
    expect(field(absent(noSource), 'records-events')).toBe(false)
    expect(field(absent(noSource), 'catch-all-level')).toBe('None')
  })

  it('tells nothing of a policy that cannot be read, but that there is one', () => {
    const unreadable = unavailable('permission-denied', noSource)

    expect(field(unreadable, 'configured')).toBe(true)
    expect(field(unreadable, 'records-events')).toBe('unavailable')
    expect(field(unreadable, 'secrets-levels')).toBe('unavailable')
  })
})

describe('rule matching', () => {
  const request = { user: 'jane', groups: ['dev'], verb: 'get', namespace: 'apps' }
  const pods = { ...request, resource: { group: '', name: 'pods' } }
  const exec = { ...request, resource: { group: '', name: 'pods', subresource: 'exec' } }
  const path = { ...request, namespace: '', path: '/healthz/etcd' }
  const selectors = (text: string): readonly AuditRule[] => rulesOf(policy(`- level: Metadata\n  ${text}\n`))

  it.each([
    ['resources: [{group: "", resources: [pods]}]', pods, true],
    ['resources: [{group: "", resources: [pods]}]', exec, false],
    ['resources: [{group: "", resources: [pods/exec]}]', exec, true],
    ['resources: [{group: "", resources: ["pods/*"]}]', exec, true],
    ['resources: [{group: "", resources: ["pods/*"]}]', pods, true],
    ['resources: [{group: "", resources: ["*/exec"]}]', exec, true],
    ['resources: [{group: "", resources: ["*/exec"]}]', pods, false],
    ['resources: [{group: "", resources: ["*"]}]', exec, true],
    ['resources: [{group: ""}]', exec, true],
    ['resources: [{group: apps}]', pods, false],
    ['resources: [{group: "*"}]', pods, false],
    ['resources: [{group: "", resources: [pods], resourceNames: [web]}]', { ...pods, name: 'web' }, true],
    ['resources: [{group: "", resources: [pods], resourceNames: [web]}]', pods, false],
    ['namespaces: [apps]', pods, true],
    ['namespaces: [""]', pods, false],
    ['namespaces: [""]', { ...pods, namespace: '' }, true],
    ['namespaces: [apps]', path, false],
    ['users: [jane]', pods, true],
    ['users: [joe]', pods, false],
    ['userGroups: [ops, dev]', pods, true],
    ['userGroups: [ops]', pods, false],
    ['verbs: [get]', pods, true],
    ['verbs: ["*"]', pods, false],
    ['nonResourceURLs: ["/healthz*"]', path, true],
    ['nonResourceURLs: ["/healthz"]', path, false],
    ['nonResourceURLs: ["*"]', path, true],
    ['nonResourceURLs: ["*"]', pods, false],
  ])('%s takes %j: %s', (selector, asked, taken) => {
    expect(levelOf(selectors(selector), asked)).toBe(taken ? 'Metadata' : 'None')
  })

  it('gives a rule that is never reached no say', () => {
    const level = fc.constantFrom('None', 'Metadata', 'Request', 'RequestResponse')
    fc.assert(
      fc.property(level, fc.array(level, { maxLength: 5 }), (first, others) => {
        const rules = rulesOf(policy([first, ...others].map((one) => `- level: ${one}`).join('\n')))

        expect(areaLevels(rules, 'secrets')).toEqual([first])
        expect(recordsEvents(rules)).toBe(first !== 'None')
      }),
    )
  })
})

describe('policies the API server refuses', () => {
  it.each([
    ['an empty file', ''],
    ['a list', '- level: None'],
    ['an old version', policy('- level: None\n').replace('v1\n', 'v1beta1\n')],
    ['no version', 'kind: Policy\nrules: [{level: None}]'],
    ['another kind', policy('- level: None\n').replace('Policy', 'PolicyList')],
    ['no rules', policy('').replace('rules:\n', 'rules: []\n')],
    ['a rule without level', policy('- users: [x]\n')],
    ['an unknown level', policy('- level: Everything\n')],
    ['a level in lower case', policy('- level: metadata\n')],
    [
      'paths and resources in one rule',
      policy('- level: None\n  nonResourceURLs: ["/x"]\n  resources: [{group: ""}]\n'),
    ],
    ['a path with a star inside', policy('- level: None\n  nonResourceURLs: ["/x*/y"]\n')],
    ['an unknown stage', policy('- level: None\n', 'omitStages: [Everything]\n')],
    ['names without resources', policy('- level: None\n  resources: [{group: "", resourceNames: [x]}]\n')],
    ['a rule that is no mapping', policy('- Metadata\n')],
    ['resources that are no list', policy('- level: None\n  resources: secrets\n')],
    ['a group that is no name', policy('- level: None\n  resources: [{group: /x}]\n')],
    ['users that are no words', policy('- level: None\n  users: [1]\n')],
    ['users that are no list', policy('- level: None\n  users: jane\n')],
  ])('%s is unavailable, never "records nothing"', (_, text) => {
    expect(read(text)).toMatchObject({ kind: 'unavailable', reason: 'unparsable' })
  })

  it('does not simulate a policy of absurd size', () => {
    expect(read(policy('- level: Metadata\n'.repeat(501)))).toMatchObject({ reason: 'truncated' })
  })
})
