import { describe, expect, it } from 'vitest'
import { aNode, denied, file, pod, unit } from './a-node.ts'
import { answerTo, findingsOf } from './stig-answers.ts'
import { verdictOf } from './verdict-of.ts'

const config = '/var/lib/kubelet/config.yaml'
const dropIns = '/etc/kubernetes/kubelet.conf.d'
const header = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
const anonymousOff = 'authentication: { anonymous: { enabled: false } }\n'

/** A kubelet with a configuration file, and more flags. */
function configured(settings: string, ...flags: readonly string[]) {
  return aNode(
    unit('kubelet', [`--config=${config}`, ...flags]),
    file(config, { text: `${header}${settings}` }),
  )
}

/** Rule, key in the file with the value asked for, and the flag of the same meaning. */
const rules = [
  ['V-242391', anonymousOff, '--anonymous-auth=false'],
  ['V-242392', 'authorization: { mode: Webhook }\n', '--authorization-mode=Webhook'],
  ['V-242420', 'authentication: { x509: { clientCAFile: /ca.crt } }\n', '--client-ca-file=/ca.crt'],
  ['V-242424', 'tlsPrivateKeyFile: /k.key\n', '--tls-private-key-file=/k.key'],
  ['V-242425', 'tlsCertFile: /k.crt\n', '--tls-cert-file=/k.crt'],
  ['V-242434', 'protectKernelDefaults: true\n', '--protect-kernel-defaults=true'],
  ['V-245541', 'streamingConnectionIdleTimeout: 5m\n', '--streaming-connection-idle-timeout=5m'],
] as const

describe.each(rules)('%s', (rule, key, flag) => {
  it('is met by the configuration file', () => {
    expect(answerTo(configured(key), rule)).toBe('pass')
  })

  it('is met by a file of the drop-in directory', () => {
    const node = aNode(
      unit('kubelet', [`--config=${config}`, `--config-dir=${dropIns}`]),
      file(config, { text: header }),
      file(`${dropIns}/10.conf`, { text: `${header}${key}` }),
    )
    expect(answerTo(node, rule)).toBe('pass')
  })

  it('takes the flag for a finding even with the right value', () => {
    expect(answerTo(configured('', flag), rule)).toBe('fail')
    expect(answerTo(configured(key, flag), rule)).toBe('fail')
    expect(answerTo(aNode(unit('kubelet', [flag])), rule)).toBe('fail')
  })

  it('takes what nobody set for a finding, whatever the default', () => {
    expect(answerTo(configured(''), rule)).toBe('fail')
  })

  it('is an error where the file may not be read', () => {
    expect(answerTo(aNode(unit('kubelet', [`--config=${config}`]), denied(config)), rule)).toBe('error')
  })
})

describe('V-242387, the read-only port', () => {
  it.each([
    ['left out of the file', configured(''), 'pass'],
    ['zero in the file', configured('readOnlyPort: 0\n'), 'pass'],
    ['open in the file', configured('readOnlyPort: 10255\n'), 'fail'],
    ['zero by a flag', configured('', '--read-only-port=0'), 'fail'],
    [
      'zero in a file that a flag overrules',
      configured('readOnlyPort: 0\n', '--read-only-port=10255'),
      'fail',
    ],
  ] as const)('%s', (_, node, verdict) => {
    expect(answerTo(node, 'V-242387')).toBe(verdict)
  })

  it('is open where only a drop-in directory is given, as it was on RKE2 and K3s 1.32 (CVE-2025-46599)', () => {
    const node = aNode(
      unit('kubelet', [`--config-dir=${dropIns}`]),
      file(`${dropIns}/10.conf`, { text: header }),
    )
    expect(answerTo(node, 'V-242387')).toBe('fail')
  })
})

describe('V-245541, idle streams', () => {
  it.each([
    ['zero in the file is four hours', configured('streamingConnectionIdleTimeout: 0s\n'), 'fail'],
    ['zero by a flag is never', configured('', '--streaming-connection-idle-timeout=0'), 'fail'],
    ['a second short of five minutes', configured('streamingConnectionIdleTimeout: 4m59s\n'), 'fail'],
    ['300 seconds are five minutes', configured('streamingConnectionIdleTimeout: 300s\n'), 'pass'],
    ['four hours, written down', configured('streamingConnectionIdleTimeout: 4h0m0s\n'), 'pass'],
  ] as const)('%s', (_, node, verdict) => {
    expect(answerTo(node, 'V-245541')).toBe(verdict)
  })
})

describe('V-242424 and V-242425, the serving certificate', () => {
  it('are findings where the kubelet requests it from the cluster: CIS asks for just that', () => {
    const node = configured('serverTLSBootstrap: true\n')
    expect(answerTo(node, 'V-242424')).toBe('fail')
    expect(answerTo(node, 'V-242425')).toBe('fail')
    expect(findingsOf(node, 'V-242425')[0]?.next).toContain('serverTLSBootstrap')
  })
})

describe('V-242404, the node name', () => {
  it('is a finding when given, also when it is the name the host has', () => {
    expect(answerTo(configured('', '--hostname-override=cp-1'), 'V-242404')).toBe('fail')
    expect(answerTo(configured(''), 'V-242404')).toBe('pass')
  })
})

describe('V-242397, pods from files', () => {
  const path = 'staticPodPath: /etc/kubernetes/manifests\n'

  it('is a finding on a worker, where installers leave the path set', () => {
    expect(answerTo(configured(path), 'V-242397')).toBe('fail')
    expect(answerTo(configured(''), 'V-242397')).toBe('pass')
  })

  it('cannot be met where the control plane is started that way', () => {
    const node = aNode(
      unit('kubelet', [`--config=${config}`]),
      file(config, { text: `${header}${path}` }),
      pod('kube-apiserver'),
    )
    expect(answerTo(node, 'V-242397')).toBe('notApplicable')
  })

  it('is a finding beside a control plane of units', () => {
    const node = aNode(
      unit('kubelet', [`--config=${config}`]),
      file(config, { text: `${header}${path}` }),
      unit('kube-apiserver'),
    )
    expect(answerTo(node, 'V-242397')).toBe('fail')
  })
})

describe('V-242398, V-242399 and V-242400, feature gates', () => {
  it('do not ask for gates that Kubernetes removed long ago', () => {
    expect(answerTo(configured(''), 'V-242398')).toBe('notApplicable')
    expect(answerTo(configured(''), 'V-242399')).toBe('notApplicable')
  })

  it('ask for them where they are still known', () => {
    const old = (gates: string, release: string) =>
      aNode(unit('kubelet', [`--feature-gates=${gates}`], { release: `Kubernetes v${release}` }))
    expect(answerTo(old('DynamicAuditing=T', '1.18.20'), 'V-242398')).toBe('fail')
    expect(answerTo(old('DynamicKubeletConfig=false', '1.25.3'), 'V-242399')).toBe('pass')
    expect(answerTo(old('NodeSwap=true', '1.25.3'), 'V-242399')).toBe('fail')
  })

  it.each([
    ['in the file', configured('featureGates: { AllAlpha: true }\n'), 'fail'],
    ['by a flag', configured('', '--feature-gates=AllAlpha=true'), 'fail'],
    ['in another spelling', configured('', '--feature-gates=NodeSwap=true,AllAlpha=1'), 'fail'],
    ['switched off', configured('featureGates: { AllAlpha: false }\n'), 'pass'],
    ['a gate of a longer name', configured('', '--feature-gates=NotAllAlpha=true'), 'pass'],
    ['nothing said', configured(''), 'pass'],
  ] as const)('alpha features %s', (_, node, verdict) => {
    expect(answerTo(node, 'V-242400')).toBe(verdict)
  })
})

describe('modes of files', () => {
  it('are 644 in the STIG where CIS wants 600: what meets CIS meets the STIG, not the reverse', () => {
    const node = aNode(unit('kubelet', [`--config=${config}`]), file(config, { text: header, mode: 0o644 }))
    expect(verdictOf(node, 'kubelet.configuration-mode').verdict).toBe('fail')
    for (const rule of ['V-242407', 'V-242456']) expect(answerTo(node, rule)).toBe('pass')
    const tight = aNode(unit('kubelet', [`--config=${config}`]), file(config, { text: header }))
    expect(verdictOf(tight, 'kubelet.configuration-mode').verdict).toBe('pass')
    expect(answerTo(tight, 'V-242407')).toBe('pass')
  })

  it('are compared bit by bit: 466 is a smaller number than 644 and lets others write', () => {
    const node = aNode(unit('kubelet', [`--config=${config}`]), file(config, { text: header, mode: 0o466 }))
    expect(answerTo(node, 'V-242407')).toBe('fail')
  })
})

describe('V-242405 and V-242408, the directory of static pods', () => {
  const manifests = '/etc/kubernetes/manifests'
  const vip = '{ apiVersion: v1, kind: Pod, metadata: { name: vip } }'
  const kubelet = [
    ...unit('kubelet', [`--config=${config}`]),
    ...file(config, { text: `${header}staticPodPath: ${manifests}/\n` }),
  ]

  it('look at every file in it, not only at those of the control plane', () => {
    const node = aNode(
      kubelet,
      pod('kube-apiserver'),
      file(`${manifests}/vip.yaml`, { owner: 'kube:root', mode: 0o666, text: vip }),
    )
    expect(answerTo(node, 'V-242405')).toBe('fail')
    expect(answerTo(node, 'V-242408')).toBe('fail')
    expect(answerTo(node, 'V-242444')).toBe('pass')
  })

  it('are met where all of them are root’s', () => {
    const node = aNode(
      kubelet,
      pod('kube-apiserver'),
      file(`${manifests}/vip.yaml`, { mode: 0o644, text: vip }),
    )
    expect(answerTo(node, 'V-242405')).toBe('pass')
    expect(answerTo(node, 'V-242408')).toBe('pass')
  })

  it('do not apply where no pods come from files, and say when the directory is closed', () => {
    expect(answerTo(configured(''), 'V-242405')).toBe('notApplicable')
    expect(answerTo(aNode(kubelet, denied(manifests)), 'V-242405')).toBe('error')
  })
})
