import { describe, expect, it } from 'vitest'
import { type DescribedCluster, evidenceOfCluster } from '../facts/cluster/described-cluster.ts'
import { daemonSet, named, namespace, networkPolicy, node, pod } from '../facts/cluster/objects.ts'
import { verdictOn } from './verdict-of.ts'

const nodes = { 'v1/nodes': [node('n1'), node('n2')] }
const flannel = daemonSet('kube-flannel', 'kube-flannel-ds', {
  container: 'kube-flannel',
  image: 'ghcr.io/flannel-io/flannel:v0.27.0',
})
const calico = { container: 'calico-node', image: 'quay.io/calico/node:v3.30.1' }

function enforced(cluster: DescribedCluster) {
  return verdictOn(evidenceOfCluster({ ...nodes, ...cluster }), 'cluster.network-policies-enforced')
}

describe('traps of 5.3.1', () => {
  it('an enforcer is recognised and has to be ready on every node', () => {
    const sets = (ready: number) => ({
      'apps/v1/daemonsets': [daemonSet('kube-system', 'calico-node', { ...calico, ready })],
    })
    expect(enforced(sets(2))).toMatchObject({ verdict: 'pass' })
    expect(enforced(sets(1))).toMatchObject({
      verdict: 'fail',
      objects: {
        offending: [
          {
            name: 'DaemonSet kube-system/calico-node',
            because: 'Calico enforces policies and is ready on 1 of 2 nodes',
          },
        ],
      },
    })
  })

  it('K3s with its own policy controller is no false failure', () => {
    const server = ['server', '--flannel-backend', 'vxlan']
    expect(
      enforced({ 'v1/nodes': [node('n1', { args: server }), node('n2', { args: ['agent'] })] }),
    ).toMatchObject({
      verdict: 'pass',
    })
  })

  it('K3s with the controller switched off fails, in either spelling of the flag', () => {
    for (const flag of [
      ['--disable-network-policy'],
      ['--disable-network-policy=true'],
      ['--disable-network-policy', 'true'],
    ])
      expect(enforced({ 'v1/nodes': [node('n1', { args: ['server', ...flag] })] })).toMatchObject({
        verdict: 'fail',
      })
    expect(
      enforced({ 'v1/nodes': [node('n1', { args: ['server', '--disable-network-policy=false'] })] }),
    ).toMatchObject({ verdict: 'pass' })
  })

  it('a CNI nobody knows does not pass: it is told what was seen', () => {
    const unknown = daemonSet('net', 'some-cni', { container: 'agent', image: 'example.org/cni:1' })
    const { verdict, reason } = enforced({ 'apps/v1/daemonsets': [unknown] })
    expect(verdict).toBe('error')
    expect(reason).toContain('net/some-cni')
  })

  it('a name that only contains calico is no Calico', () => {
    const alike = daemonSet('x', 'my-calico-node', { ...calico })
    const other = daemonSet('x', 'calico-node', { container: 'calico-node', image: 'example.org/web:1' })
    expect(enforced({ 'apps/v1/daemonsets': [alike, other] })).toMatchObject({ verdict: 'error' })
  })

  it('flannel alone fails; flannel with a policy-only agent is fine', () => {
    expect(enforced({ 'apps/v1/daemonsets': [flannel] })).toMatchObject({ verdict: 'fail' })
    const agent = daemonSet('kube-system', 'kube-network-policies', {
      container: 'kube-network-policies',
      image: 'registry.k8s.io/networking/kube-network-policies:v0.8.0',
    })
    const canal = daemonSet('kube-system', 'canal', calico)
    for (const set of [agent, canal])
      expect(enforced({ 'apps/v1/daemonsets': [flannel, set] })).toMatchObject({ verdict: 'pass' })
  })

  it('the AWS agent and kube-router count only while they are switched on', () => {
    const aws = (flag: string) =>
      daemonSet('kube-system', 'aws-node', {
        container: 'aws-eks-nodeagent',
        image: 'eks/amazon/aws-network-policy-agent:v1.2.1',
        args: [flag],
      })
    const router = (flag: string) =>
      daemonSet('kube-system', 'kube-router', {
        container: 'kube-router',
        image: 'docker.io/cloudnativelabs/kube-router:v2.5.0',
        args: ['--run-router=true', flag],
      })
    const verdicts = [
      aws('--enable-network-policy=true'),
      aws('--enable-network-policy=false'),
      router('--run-firewall=true'),
      router('--run-firewall=false'),
    ].map((set) => enforced({ 'apps/v1/daemonsets': [set] }).verdict)
    expect(verdicts).toEqual(['pass', 'fail', 'pass', 'fail'])
  })

  it('a refused list is not read as nothing there', () => {
    expect(enforced({ 'apps/v1/daemonsets': 'forbidden' })).toMatchObject({ verdict: 'error' })
    const set = daemonSet('kube-system', 'calico-node', calico)
    expect(enforced({ 'v1/nodes': 'forbidden', 'apps/v1/daemonsets': [set] })).toMatchObject({
      verdict: 'error',
    })
  })

  it('an enforcer that skips a node that takes no pods is for a person to judge', () => {
    const set = daemonSet('kube-system', 'calico-node', { ...calico, desired: 1 })
    const cluster = { 'v1/nodes': [node('n1'), node('n2', { cordoned: true })], 'apps/v1/daemonsets': [set] }
    expect(enforced(cluster)).toMatchObject({ verdict: 'error' })
    expect(enforced({ 'v1/nodes': [], 'apps/v1/daemonsets': [set] })).toMatchObject({ verdict: 'error' })
  })
})

const dev = {
  'v1/namespaces': [namespace('dev')],
  'v1/pods': [pod('dev', 'web', { labels: { app: 'web' } })],
}

function isolated(cluster: DescribedCluster, parameters: Readonly<Record<string, boolean>> = {}) {
  return verdictOn(evidenceOfCluster({ ...dev, ...cluster }), 'cluster.pods-isolated', { parameters })
}
const policies = (...specs: readonly Readonly<Record<string, unknown>>[]) => ({
  'networking.k8s.io/v1/networkpolicies': specs.map((spec, index) => networkPolicy('dev', `p${index}`, spec)),
})

describe('traps of 5.3.2', () => {
  it('no policy at all fails', () => {
    expect(isolated({})).toMatchObject({
      verdict: 'fail',
      objects: { offending: [{ name: 'Namespace dev', because: 'no policy limits traffic to its one pod' }] },
    })
  })

  it('an allow-all policy is told, and with every-pod-isolated it fails', () => {
    const open = policies({ policyTypes: ['Ingress'], ingress: [{}] })
    expect(isolated(open)).toMatchObject({
      verdict: 'pass',
      objects: {
        noted: [{ name: 'Namespace dev', because: 'traffic from everywhere is allowed for one pod of 1' }],
      },
    })
    expect(isolated(open, { 'every-pod-isolated': true })).toMatchObject({ verdict: 'fail' })
  })

  it('a default-deny beside an allow-all closes nothing: policies add up', () => {
    const both = policies({ policyTypes: ['Ingress'] }, { policyTypes: ['Ingress'], ingress: [{ from: [] }] })
    expect(isolated(both, { 'every-pod-isolated': true })).toMatchObject({ verdict: 'fail' })
  })

  it('every address without exceptions is everybody, with an exception or a port it is not', () => {
    const rule = (peer: Readonly<Record<string, unknown>>, more = {}) =>
      policies({ policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: peer }], ...more }] })
    const strict = { 'every-pod-isolated': true }
    expect(isolated(rule({ cidr: '0.0.0.0/0' }), strict)).toMatchObject({ verdict: 'fail' })
    expect(isolated(rule({ cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }), strict)).toMatchObject({
      verdict: 'pass',
    })
    expect(isolated(rule({ cidr: '::/0' }, { ports: [{ port: 443 }] }), strict)).toMatchObject({
      verdict: 'pass',
    })
  })

  it('a policy that selects none of the pods isolates none', () => {
    const other = policies({ podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] })
    expect(isolated(other)).toMatchObject({ verdict: 'fail' })
  })

  it('pods that no policy selects are told', () => {
    const some = {
      'v1/pods': [pod('dev', 'web', { labels: { app: 'web' } }), pod('dev', 'db', { labels: { app: 'db' } })],
      ...policies({
        podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] },
        policyTypes: ['Ingress'],
      }),
    }
    expect(isolated(some)).toMatchObject({
      verdict: 'pass',
      objects: { noted: [{ because: 'no policy limits traffic to one pod of 2' }] },
    })
  })

  it('unset policyTypes mean ingress, and egress only where there are rules for it', () => {
    const strict = { 'isolate-egress': true }
    expect(isolated(policies({}))).toMatchObject({ verdict: 'pass' })
    expect(isolated(policies({}), strict)).toMatchObject({ verdict: 'fail' })
    expect(isolated(policies({ egress: [{ to: [{ podSelector: {} }] }] }), strict)).toMatchObject({
      verdict: 'pass',
    })
    expect(isolated(policies({ policyTypes: ['Egress'] }))).toMatchObject({ verdict: 'fail' })
  })

  it('namespaces without pods need none, and pods on the host network or finished are out of reach', () => {
    expect(isolated({ 'v1/pods': [] })).toMatchObject({ verdict: 'notApplicable' })
    const out = [pod('dev', 'a', { hostNetwork: true }), pod('dev', 'b', { phase: 'Succeeded' })]
    expect(isolated({ 'v1/pods': out })).toMatchObject({ verdict: 'notApplicable' })
  })

  it('cluster-wide policies of the network plugin count where they cover everything', () => {
    const cilium = (spec: Readonly<Record<string, unknown>>) => ({
      'cilium.io/v2/ciliumclusterwidenetworkpolicies': [named('all', undefined, { spec })],
    })
    const calicoGlobal = (spec: Readonly<Record<string, unknown>>) => ({
      'crd.projectcalico.org/v1/globalnetworkpolicies': [named('all', undefined, { spec })],
    })
    expect(isolated(cilium({ endpointSelector: {}, ingress: [{}] }))).toMatchObject({ verdict: 'pass' })
    expect(isolated(cilium({ nodeSelector: {}, ingress: [{}] }))).toMatchObject({ verdict: 'fail' })
    expect(
      isolated(cilium({ endpointSelector: {}, ingress: [{}], enableDefaultDeny: { ingress: false } })),
    ).toMatchObject({ verdict: 'fail' })
    expect(isolated(calicoGlobal({ selector: 'all()', types: ['Ingress'] }))).toMatchObject({
      verdict: 'pass',
    })
    expect(isolated(calicoGlobal({ egress: [{ action: 'Deny' }] }))).toMatchObject({ verdict: 'fail' })
  })

  it('one whose selector is not read is for a person: neither a pass nor a failure', () => {
    const policy = named('web', 'dev', {
      spec: { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [] },
    })
    const { verdict, reason } = isolated({ 'cilium.io/v2/ciliumnetworkpolicies': [policy] })
    expect(verdict).toBe('error')
    expect(reason).toContain('CiliumNetworkPolicy dev/web')
    const admin = named('deny', undefined, { spec: { ingress: [{ action: 'Deny', from: [] }] } })
    expect(isolated({ 'policy.networking.k8s.io/v1alpha1/adminnetworkpolicies': [admin] })).toMatchObject({
      verdict: 'error',
    })
  })

  it('a refused list is not read as nothing there', () => {
    expect(isolated({ 'networking.k8s.io/v1/networkpolicies': 'forbidden' })).toMatchObject({
      verdict: 'error',
    })
    expect(isolated({ 'cilium.io/v2/ciliumnetworkpolicies': 'forbidden' })).toMatchObject({
      verdict: 'error',
    })
  })

  it('a policy in a form that is none is a gap', () => {
    expect(isolated({ 'networking.k8s.io/v1/networkpolicies': [named('p', 'dev')] })).toMatchObject({
      verdict: 'error',
    })
  })
})
