import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { clusterRoleFor } from '../../src/cli/cluster-role.ts'

const rulesOf = (lists: readonly string[], questions: readonly string[]) =>
  parse(clusterRoleFor({ lists, questions, asksNodes: false })).rules

describe('the role an audit of a cluster needs', () => {
  it('lists each resource of a group once, and nothing else', () => {
    expect(
      rulesOf(
        ['v1/nodes', 'v1/serviceaccounts', 'rbac.authorization.k8s.io/v1/roles', 'v9/unknown'],
        ['GET /version'],
      ),
    ).toEqual([
      { apiGroups: [''], resources: ['nodes', 'serviceaccounts'], verbs: ['list'] },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['list'] },
      { nonResourceURLs: ['/version'], verbs: ['get'] },
    ])
  })

  it('gets what it asks by path', () => {
    expect(
      rulesOf(
        [],
        [
          'GET /apis',
          'GET /api/v1/nodes/n1/proxy/configz',
          'GET /api/v1/namespaces/kube-system/pods/p',
          'GET /apis/apps/v1/namespaces/x/deployments/d/scale',
          'anonymous GET /api',
          'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
        ],
      ),
    ).toEqual([
      { apiGroups: [''], resources: ['nodes/proxy', 'pods'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get'] },
      { nonResourceURLs: ['/apis', '/version'], verbs: ['get'] },
    ])
  })

  it('lists static pods and asks kubelets where nodes are looked at', () => {
    expect(parse(clusterRoleFor({ lists: [], questions: [], asksNodes: true })).rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get'] },
      { nonResourceURLs: ['/version'], verbs: ['get'] },
    ])
  })

  it('says above the rule what asking kubelets opens, and what is lost without it', () => {
    const lines = clusterRoleFor({ lists: ['v1/nodes'], questions: [], asksNodes: true }).split('\n')
    const at = lines.findIndex((line) => line.includes('[nodes/proxy]'))
    expect(lines.slice(at - 3, at - 1)).toEqual([
      expect.stringMatching(/^ {2}# .*nodes\/proxy.* run commands in any pod/),
      expect.stringMatching(/^ {2}# Without it the settings of kubelets are not seen/),
    ])
    const without = clusterRoleFor({ lists: ['v1/nodes'], questions: [], asksNodes: false })
    expect(without).not.toContain('run commands')
  })

  it('lists everything in a namespace whose contents are asked for, and nowhere else', () => {
    const text = clusterRoleFor({ lists: ['namespace/default'], questions: [], asksNodes: false })
    const [cluster, inside, ...others] = parseAllDocuments(text).map((document) => document.toJS())
    expect(others).toEqual([])
    expect(JSON.stringify(cluster)).not.toContain('*')
    expect(inside).toMatchObject({
      kind: 'Role',
      metadata: { namespace: 'default' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['list'] }],
    })
  })

  it('does not list Secrets, which would be to read them all, and says what is not known then', () => {
    const text = clusterRoleFor({
      lists: ['v1/pods', 'v1/secrets#tokens'],
      questions: [],
      asksNodes: false,
    })
    expect(parse(text).rules[0]).toEqual({ apiGroups: [''], resources: ['pods'], verbs: ['list'] })
    expect(text).toMatch(/^# The right to list secrets is left out/m)
    expect(clusterRoleFor({ lists: ['v1/pods'], questions: [], asksNodes: false })).not.toContain('secrets')
  })

  it('lists a resource once, however many look at it', () => {
    expect(rulesOf(['v1/pods', 'v1/pods#labels'], [])[0]).toEqual({
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['list'],
    })
  })
})
