import { describe, expect, it } from 'vitest'
import { anonymousAccessOf } from '../../../src/facts/anonymous-access.ts'
import { auditBackends } from '../../../src/facts/audit-policy.ts'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { recordsEvents } from '../../../src/facts/policies/audit-levels.ts'
import { readAuditPolicy } from '../../../src/facts/policies/audit-policy-document.ts'
import { yamlValue } from '../../../src/facts/policies/document.ts'
import type { EffectiveSettings } from '../../../src/facts/settings/effective.ts'
import { effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import type { Fact } from '../../../src/model/evidence.ts'
import { absent, noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import { factOf, kubeadmNode } from '../files/kubeadm-node.ts'

/** The node with every setting of its API server replaced, or taken out of its description. */
function nodeWhere(change: (name: string, value: Fact) => readonly (readonly [string, Fact])[]): NodeContext {
  const node = kubeadmNode()
  const settings = effectiveSettings(node, 'kube-apiserver')
  if (settings.kind !== 'observed') throw new Error(settings.kind)
  const values = Object.fromEntries(
    Object.entries(settings.fact.values).flatMap(([name, value]) => change(name, value)),
  )
  const changed = observed<EffectiveSettings>({ ...settings.fact, values }, settings.source)
  return {
    ...node,
    memo: (key, make) => (key === 'effective-settings kube-apiserver' ? (changed as never) : make()),
  }
}

const unread = unavailable('version-unknown', noSource)
const facts = ['encryption-at-rest', 'audit-policy', 'anonymous-access', 'authorizers'] as const

describe('an API server whose settings are not known', () => {
  it.each(facts)('gives no answer to %s', (fact) => {
    expect(
      factOf(
        { fact },
        nodeWhere((name) => [[name, unread]]),
      ),
    ).toEqual({ unavailable: 'version-unknown' })
    expect(
      factOf(
        { fact },
        nodeWhere(() => []),
      ),
    ).toEqual({ unavailable: 'not-collected' })
  })

  it('gives no plugins, field by field', () => {
    const gap = { unavailable: 'version-unknown' }

    expect(
      factOf(
        { fact: 'admission-plugins' },
        nodeWhere((name) => [[name, unread]]),
      ),
    ).toEqual({
      enabled: gap,
      disabled: gap,
      'event-rate-limit-configured': gap,
    })
  })

  it('keeps what is known of the policy when only the backend is not', () => {
    const node = nodeWhere((name, value) => [
      [
        name,
        name === 'audit-log-path'
          ? unread
          : name === 'audit-policy-file'
            ? observed('/etc/kubernetes/pki/audit.yaml', noSource)
            : value,
      ],
    ])

    expect(factOf({ fact: 'audit-policy' }, node)).toMatchObject({
      configured: true,
      backend: { unavailable: 'version-unknown' },
      'records-events': { unavailable: 'version-unknown' },
    })
  })

  it('says nothing of anonymous requests when the flag says neither, or the authorizers are not known', () => {
    const none = absent(noSource)
    const modes = observed({ modes: ['RBAC'], decidedBy: 'flag' } as const, noSource)

    expect(anonymousAccessOf(observed('maybe', noSource), none, modes)).toMatchObject({
      reason: 'unparsable',
    })
    expect(anonymousAccessOf(unread, none, modes)).toMatchObject({ reason: 'version-unknown' })
    expect(anonymousAccessOf(observed(true, noSource), none, unread)).toMatchObject({
      reason: 'version-unknown',
    })
  })

  it('has no backend when both settings are unset', () => {
    expect(auditBackends(absent(noSource), absent(noSource))).toMatchObject({ fact: [] })
    expect(auditBackends(absent(noSource), unread)).toMatchObject({ reason: 'version-unknown' })
  })
})

describe('recordsEvents', () => {
  const records = (rules: string): boolean => {
    const policy = readAuditPolicy(
      yamlValue(observed(`apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}`, noSource)),
    )
    if (policy.kind !== 'observed') throw new Error(policy.kind)
    return recordsEvents(policy.fact)
  }

  it.each([
    ['- {level: Metadata, nonResourceURLs: ["*"]}', true],
    ['- {level: Metadata, nonResourceURLs: ["/api*", "/version"]}', true],
    ['- {level: None, nonResourceURLs: ["*"]}\n- {level: Metadata, nonResourceURLs: ["/version"]}', false],
    ['- {level: Metadata, namespaces: [apps]}', true],
    ['- {level: Metadata, resources: [{group: apps}]}', true],
    ['- {level: Metadata, resources: [{group: "", resources: ["*"]}]}', true],
    ['- {level: Metadata, resources: [{group: "", resources: ["*/scale"]}]}', true],
    ['- {level: Metadata, resources: [{group: "", resources: ["pods/*"]}]}', true],
    ['- {level: Metadata, resources: [{resources: [configmaps], resourceNames: [one]}]}', true],
    [
      '- {level: None, resources: [{group: ""}]}\n- {level: Metadata, resources: [{group: "", resources: [pods/exec]}]}',
      false,
    ],
    ['- {level: Metadata, verbs: [create], userGroups: [dev]}', true],
    ['- {level: None, verbs: [create]}\n- {level: Metadata, verbs: [create]}', false],
  ])('%s: %s', (rules, expected) => {
    expect(records(rules)).toBe(expected)
  })
})
