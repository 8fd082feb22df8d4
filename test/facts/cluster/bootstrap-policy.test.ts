import { describe, expect, it } from 'vitest'
import { nodeContext } from '../../../src/cli/ask-evidence.ts'
import { isBootstrapRule, makerOf } from '../../../src/facts/cluster/rbac/bootstrap/policy.ts'
import { type Rbac, readRbac } from '../../../src/facts/cluster/rbac/read-rbac.ts'
import { type ApiObject, clusterOf } from '../../support/api/an-rbac.ts'
import type { ApiList, Mode } from '../../support/api/recordings.ts'
import { openRecording } from '../../support/api/recordings.ts'
import { content } from '../../traps/verdict-of.ts'

function recordedRbac(mode: Mode): Rbac {
  const recording = openRecording(mode)
  const list = (resource: string): readonly ApiObject[] => (recording.objects(resource) as ApiList).items
  const evidence = clusterOf({
    roles: [...list('clusterroles'), ...list('roles')],
    bindings: [...list('clusterrolebindings'), ...list('rolebindings')],
  })
  return readRbac(nodeContext(evidence, content, 0))
}

const marked = 'kubernetes.io/bootstrapping'

describe('the bootstrap policy', () => {
  const rbac = recordedRbac('hardened')
  const builtIn = rbac.roles.filter(({ labels }) => labels[marked] === 'rbac-defaults')

  it('holds every rule of every role a fresh API server of 1.36 makes', () => {
    expect(builtIn.length).toBeGreaterThan(70)
    const unknown = builtIn.flatMap((role) =>
      role.rules
        .filter((rule) => !isBootstrapRule(role, rule))
        .map((rule) => `${role.name}: ${rule.verbs} ${rule.resources} ${rule.from}`),
    )
    // A role of the recorded cluster adds this to edit, and with it to admin.
    expect(unknown).toEqual([
      'admin: get,list,create,delete widgets extra-edit',
      'edit: get,list,create,delete widgets extra-edit',
    ])
  })

  it('holds nothing that others made', () => {
    const others = rbac.roles.filter(({ labels }) => labels[marked] === undefined)
    const known = others.flatMap((role) =>
      role.rules.filter((rule) => isBootstrapRule(role, rule)).map(() => role.name),
    )
    // An aggregate of the recorded cluster has no parts but its own.
    expect(known).toEqual([])
  })

  it('holds what other releases gave their controllers, to those alone', () => {
    const rule = { verbs: ['get'], groups: [''], resources: ['secrets'], names: [], urls: [] }
    const isKnown = (name: string): boolean =>
      isBootstrapRule(
        {
          kind: 'ClusterRole',
          name: `system:controller:${name}`,
          rules: [rule],
          isAggregate: false,
          labels: {},
        },
        rule,
      )
    expect(isKnown('expand-controller')).toBe(true)
    expect(isKnown('persistent-volume-binder')).toBe(true)
    expect(isKnown('job-controller')).toBe(false)
  })

  it('holds the bindings it makes, each subject by itself', () => {
    const made = rbac.bindings.flatMap((binding) =>
      binding.subjects.flatMap((subject) =>
        makerOf(binding, subject) === 'the API server' ? [binding.name] : [],
      ),
    )
    expect(made.length).toBeGreaterThan(50)
    expect(made.filter((name) => !/^(system:|cluster-admin$)/.test(name))).toEqual([])
  })
})
