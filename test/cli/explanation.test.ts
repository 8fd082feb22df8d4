import { describe, expect, it } from 'vitest'
import { describeCondition } from '../../src/cli/explain-text.ts'
import { explanationText } from '../../src/cli/explanation.ts'
import { explain } from '../../src/content/describe.ts'
import { factKinds } from '../../src/facts/index.ts'
import type { Condition } from '../../src/model/check.ts'
import { content } from '../traps/verdict-of.ts'

function explained(id: string, profileId?: string): string {
  const found = explain(content, Object.values(factKinds), id)
  if (found.kind === 'nothing') throw new Error(`nothing is called ${id}`)
  const profile = content.profiles.find((one) => one.id === profileId)
  return explanationText(found, { id, content, ...(profile && { profile }) })
}

describe('a control explained for a profile', () => {
  it('says where the value comes from on its distribution, and how it is changed there', () => {
    const text = explained('1.2.15', 'kubespray-cis')
    expect(text).toContain('On Kubespray\n  kube-apiserver is read from the arguments of the running process')
    expect(text).toContain('to change it: profiling under kube_kubeadm_apiserver_extra_args')
    expect(text).not.toContain('rke2-cis 1.12')
  })

  it('gives the words of the distribution on how to fix it, and no others', () => {
    const text = explained('4.2.4', 'rke2-cis')
    expect(text).toContain('How to fix on RKE2\n  Take read-only-port out of kubelet-arg')
    expect(text).not.toContain('readOnlyPort')
    expect(text).not.toContain('to change it')
    expect(explained('1.2.27', 'k3s-cis')).toContain(
      'Set secrets-encryption: true in /etc/rancher/k3s/config.yaml',
    )
    expect(explained('1.2.27', 'rke2-cis')).toContain('encryption is always on in RKE2')
  })

  it('gives the words of each distribution where no profile says which', () => {
    const text = explained('4.2.4')
    expect(text).toMatch(/How to fix\n {2}Set readOnlyPort: 0/)
    expect(text).toContain('How to fix on K3s\n')
    expect(text).toContain('How to fix on RKE2\n')
    expect(explained('rke2-cis:4.2.10')).not.toMatch(/How to fix on K3s/)
  })

  it('gives no advice on settings where the check looks at none itself', () => {
    const text = explained('1.1.1', 'rke2-cis')
    expect(text).not.toContain('kube-apiserver is read from')
    expect(text).not.toContain('to change it')
  })

  it('names the files that are looked at', () => {
    const manifest = 'looks at /var/lib/rancher/rke2/agent/pod-manifests/kube-apiserver.yaml'
    expect(explained('1.1.1', 'rke2-cis')).toContain(`On RKE2\n  ${manifest}`)
    expect(explained('4.1.9', 'kubeadm-cis-l1')).toContain('looks at /var/lib/kubelet/config.yaml')
    expect(explained('V-242406', 'kubernetes-stig')).toMatch(/On kOps\n {2}looks at /)
  })

  it('gives no advice that its own strictness contradicts', () => {
    const text = explained('v-242390', 'kubernetes-stig')
    expect(text).toContain('anonymous.scope equals none')
    expect(text).toContain('Set --anonymous-auth=false. ')
    expect(text).not.toContain('livez')
  })

  it('says so where what it is about is no part of the distribution', () => {
    expect(explained('crio.monitor-cgroup-fits', 'rke2-cis')).toContain(
      'On RKE2\n  crio does not run as a part of it\n',
    )
  })

  it('says the value that is wanted where its fix speaks of it', () => {
    expect(explained('1.1.21', 'kubeadm-cis-l1')).toContain('How to fix\n  chmod 0600 the files named, and')
    expect(explained('1.1.20', 'k3s-cis')).toContain('How to fix\n  chmod 0644 the files named.')
  })

  it('is found whatever the case of its id', () => {
    expect(explained('v-254553', 'rke2-stig')).toBe(explained('V-254553', 'rke2-stig'))
    expect(explained('Kubelet.Pod-Pids-Limited')).toBe(explained('kubelet.pod-pids-limited'))
    expect(explained('STIG-Kubernetes@V2R6:v-242390')).toBe(explained('stig-kubernetes@v2r6:V-242390'))
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
      'default-level, which is "unknown" (pod security level of namespaces without a label',
    )
    expect(explained('1.1.1', 'kubeadm-cis-l1')).not.toContain('A profile may set')
  })

  it('is refused when the profile does not ask for it', () => {
    expect(() => explained('V-242376', 'rke2-cis')).toThrow(/profile rke2-cis does not ask for V-242376/)
  })
})

describe('what must hold', () => {
  it('keeps together what is one alternative of several', () => {
    expect(explained('4.2.11', 'kubeadm-cis-l1')).toContain(
      [
        '  any of',
        '    settings.feature-gates includes RotateKubeletServerCertificate=true',
        '    all of',
        '      settings.feature-gates excludes RotateKubeletServerCertificate=false',
        '      settings.feature-gates excludes AllBeta=false',
      ].join('\n'),
    )
  })

  it('has no line of its own for an alternative that is one thing, and one for what must not hold together', () => {
    const one: Condition = { fact: 'a', operator: 'set', value: true }
    const two: Condition = { fact: 'b', operator: 'set', value: true }
    expect(describeCondition({ any: [{ all: [one] }, two] }, {})).toBe(
      '  any of\n    a set true\n    b set true\n',
    )
    expect(describeCondition({ not: { all: [one, two] } }, {})).toBe(
      '  not\n    all of\n      a set true\n      b set true\n',
    )
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
