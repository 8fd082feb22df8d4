import { describe, expect, it } from 'vitest'
import { explanationText } from '../../src/cli/explanation.ts'
import { explain } from '../../src/content/describe.ts'
import { factKinds } from '../../src/facts/index.ts'
import { content } from '../traps/verdict-of.ts'

function explained(id: string, profileId?: string): string {
  const found = explain(content, Object.values(factKinds), id)
  if (found.kind === 'nothing') throw new Error(`nothing is called ${id}`)
  const profile = content.profiles.find((one) => one.id === profileId)
  return explanationText(found, { id, content, ...(profile && { profile }) })
}

describe('a control explained for a profile', () => {
  it('says where the value comes from on its distribution, and how it is changed there', () => {
    const text = explained('1.2.15', 'rke2-cis')
    expect(text).toContain('On RKE2\n  kube-apiserver is read from the arguments of the running process')
    expect(text).toContain('kube-apiserver-arg: [profiling=VALUE] in /etc/rancher/rke2/config.yaml')
    expect(text).not.toContain('cis-kubernetes 1.12')
  })

  it('gives no advice on settings where the check looks at none itself', () => {
    const text = explained('1.1.1', 'rke2-cis')
    expect(text).toContain('kube-apiserver is read from')
    expect(text).not.toContain('to change it')
    expect(text).toContain('How to fix, in general')
  })

  it('shows the severity of the control where it has one of its own', () => {
    expect(explained('V-254553', 'rke2-stig')).toMatch(/\(high\)/)
  })

  it('says the key of a configuration file where there is one', () => {
    expect(explained('4.2.13', 'kubeadm-cis-l1')).toContain('podPidsLimit in /var/lib/kubelet/config.yaml')
  })

  it('says so of a control that the document does not apply', () => {
    expect(explained('1.1.12', 'k3s-cis')).toContain('Does not apply\n  etcd runs inside k3s and as root')
  })

  it('shows the values of each edition apart', () => {
    const text = explained('1.1.20')
    expect(text).toContain('file-mode, which is "0644"')
    expect(text).toContain('file-mode, which is "0600"')
  })

  it('lists the same requirement elsewhere', () => {
    expect(explained('1.1.1', 'kubeadm-cis-l1')).toMatch(/The same elsewhere\n {2}nist-800-53: CM-6/)
  })

  it('about a cluster says so, and what a profile may tell it', () => {
    const text = explained('5.2.2', 'cluster-cis')
    expect(text).toContain('Applies\n  every cluster\n')
    expect(text).toMatch(/A profile may set\n {2}system-namespaces, which is \["kube-system",/)
    expect(text).toContain(
      'default-level, which is "privileged" (pod security level of namespaces without a label',
    )
    expect(explained('1.1.1', 'kubeadm-cis-l1')).not.toContain('A profile may set')
  })

  it('is refused when the profile does not ask for it', () => {
    expect(() => explained('V-242376', 'rke2-cis')).toThrow(/profile rke2-cis does not ask for V-242376/)
  })
})

describe('a check explained for a profile', () => {
  it('is explained on each of its distributions', () => {
    const text = explained('kubelet.pod-pids-limited', 'kubernetes-stig')
    for (const title of ['kubeadm', 'Kubespray', 'kOps']) expect(text).toContain(`On ${title}\n`)
  })

  it('has the profile’s values', () => {
    expect(explained('certificates.days-left-enough', 'node-readiness')).toContain('which is 30 (')
  })

  it('says nothing of places where no component is meant', () => {
    expect(explained('node.hostname-valid', 'rke2-cis')).not.toContain('On RKE2')
  })
})
