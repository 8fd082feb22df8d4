import { describe, expect, it } from 'vitest'
import { aNode, denied, file, kernel, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const config = '/var/lib/kubelet/config.yaml'
const dropIns = '/etc/kubernetes/kubelet.conf.d'
const header = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

/** A kubelet with a configuration file, and more flags. */
function configured(settings: string, ...flags: readonly string[]) {
  return aNode(
    unit('kubelet', [`--config=${config}`, ...flags]),
    file(config, { text: `${header}${settings}` }),
  )
}

/** A kubelet that is started by flags alone, which keeps the older defaults. */
function byFlags(...flags: readonly string[]) {
  return aNode(unit('kubelet', flags))
}

describe('settings of the kubelet', () => {
  it('are safe when unset only where it has a configuration file', () => {
    for (const check of ['anonymous-auth-off', 'authorization-webhook', 'read-only-port-closed']) {
      expect(verdictOf(configured(''), `kubelet.${check}`)).toMatchObject({
        verdict: 'pass',
        provenance: expect.arrayContaining([expect.objectContaining({ kind: 'default' })]),
      })
      expect(verdictOf(byFlags(), `kubelet.${check}`).verdict).toBe('fail')
    }
    expect(verdictOf(byFlags(), 'kubelet.read-only-port-closed').reason).toContain('10255')
  })

  it('are not made safe by a drop-in directory alone', () => {
    const node = aNode(
      unit('kubelet', [`--config-dir=${dropIns}`]),
      file(`${dropIns}/10.conf`, { text: header }),
    )
    expect(verdictOf(node, 'kubelet.read-only-port-closed').verdict).toBe('fail')
  })

  it('may be opened again by a drop-in', () => {
    const text = `${header}authentication:\n  anonymous:\n    enabled: true\n`
    const node = aNode(
      unit('kubelet', [`--config=${config}`, `--config-dir=${dropIns}`]),
      file(config, { text: `${header}authentication:\n  anonymous:\n    enabled: false\n` }),
      file(`${dropIns}/90-open.conf`, { text }),
    )
    expect(verdictOf(node, 'kubelet.anonymous-auth-off')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: `${dropIns}/90-open.conf` })]),
    })
  })

  it('are those of the node, and an unreadable file is an error', () => {
    const node = aNode(unit('kubelet', [`--config=${config}`]), denied(config))
    for (const check of [
      'anonymous-auth-off',
      'authorization-webhook',
      'client-ca-set',
      'read-only-port-closed',
      'client-rotation-on',
      'cipher-suites-strong',
    ])
      expect(verdictOf(node, `kubelet.${check}`).verdict).toBe('error')
  })

  it('are those it was started with, when the flag says something else than the file', () => {
    const node = configured('authentication:\n  anonymous:\n    enabled: false\n', '--anonymous-auth=true')
    expect(verdictOf(node, 'kubelet.anonymous-auth-off')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ kind: 'process-argument' })]),
    })
  })

  it('are compared whole: a mode that contains Webhook is not Webhook', () => {
    expect(
      verdictOf(configured('authorization:\n  mode: WebhookOrAllow\n'), 'kubelet.authorization-webhook')
        .verdict,
    ).not.toBe('pass')
    expect(
      verdictOf(
        configured('', '--authentication-token-webhook=true', '--authorization-mode=AlwaysAllow'),
        'kubelet.authorization-webhook',
      ).verdict,
    ).toBe('fail')
  })
})

describe('the read-only port', () => {
  it('cannot be closed by a drop-in that leaves out a zero, but by a flag', () => {
    const open = 'readOnlyPort: 10255\n'
    const withDropIn = aNode(
      unit('kubelet', [`--config=${config}`, `--config-dir=${dropIns}`]),
      file(config, { text: `${header}${open}` }),
      file(`${dropIns}/10.conf`, { text: header }),
    )
    expect(verdictOf(withDropIn, 'kubelet.read-only-port-closed').verdict).toBe('fail')
    expect(verdictOf(configured(open, '--read-only-port=0'), 'kubelet.read-only-port-closed').verdict).toBe(
      'pass',
    )
    expect(verdictOf(configured('', '--read-only-port=10255'), 'kubelet.read-only-port-closed').verdict).toBe(
      'fail',
    )
  })
})

describe('a configuration file the kubelet refuses', () => {
  it.each([
    ['a boolean in quotes', 'authentication: { anonymous: { enabled: "false" } }', 'anonymous-auth-off'],
    ['a number in quotes', 'readOnlyPort: "0"', 'read-only-port-closed'],
    ['a fault in another setting', 'readOnlyPort: 0\nserverTLSBootstrap: "true"', 'read-only-port-closed'],
    ['a duration that is a number', 'streamingConnectionIdleTimeout: 300', 'streaming-idle-timeout-set'],
    ['a duration without a unit', 'streamingConnectionIdleTimeout: "300"', 'streaming-idle-timeout-set'],
    ['a list in one text', 'tlsCipherSuites: TLS_AES_128_GCM_SHA256', 'cipher-suites-strong'],
  ])('says nothing of what is in force: %s', (_what, settings, check) => {
    expect(verdictOf(configured(`${settings}\n`), `kubelet.${check}`)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('kubelet refuses the file'),
    })
  })

  it.each([
    ['authentication: { anonymous: { enabled: no } }', 'anonymous-auth-off'],
    ['readOnlyPort: 0', 'read-only-port-closed'],
    ['readOnlyPort: null', 'read-only-port-closed'],
    ['streamingConnectionIdleTimeout: 5m', 'streaming-idle-timeout-set'],
  ])('is not one with %s', (settings, check) => {
    expect(verdictOf(configured(`${settings}\n`), `kubelet.${check}`).verdict).toBe('pass')
  })

  it('is told apart from a flag, which is text', () => {
    expect(verdictOf(configured('', '--anonymous-auth=false'), 'kubelet.anonymous-auth-off').verdict).toBe(
      'pass',
    )
  })
})

describe('the streaming timeout', () => {
  it.each(['0', '0s', '0m', '0h0m0s'])('of %s is four hours in a file, and none at all in a flag', (zero) => {
    expect(
      verdictOf(
        configured(`streamingConnectionIdleTimeout: "${zero}"\n`),
        'kubelet.streaming-idle-timeout-set',
      ),
    ).toMatchObject({ verdict: 'pass', observed: expect.stringContaining('4h') })
    expect(
      verdictOf(
        configured('', `--streaming-connection-idle-timeout=${zero}`),
        'kubelet.streaming-idle-timeout-set',
      ).verdict,
    ).toBe('fail')
  })

  it('passes for any real duration', () => {
    expect(
      verdictOf(configured('streamingConnectionIdleTimeout: 5m\n'), 'kubelet.streaming-idle-timeout-set')
        .verdict,
    ).toBe('pass')
  })
})

describe('the node’s name', () => {
  const named = (...flags: readonly string[]) =>
    aNode(
      unit('kubelet', flags),
      file('/etc/hostname', { text: 'cp-1\n' }),
      kernel('/proc/sys/kernel/hostname', 'cp-1\n'),
    )

  it('may be overridden with the name the host has anyway', () => {
    expect(verdictOf(named('--hostname-override=cp-1'), 'kubelet.hostname-not-overridden').verdict).toBe(
      'pass',
    )
    expect(verdictOf(named('--hostname-override=CP-1'), 'kubelet.hostname-not-overridden').verdict).toBe(
      'pass',
    )
    expect(verdictOf(named('--hostname-override=other'), 'kubelet.hostname-not-overridden').verdict).toBe(
      'fail',
    )
    expect(verdictOf(named(), 'kubelet.hostname-not-overridden').verdict).toBe('pass')
  })
})

describe('values that are there and mean nothing', () => {
  it('are judged for events: one a second is too few, none a second is no limit', () => {
    expect(verdictOf(configured('eventRecordQPS: 1\n'), 'kubelet.event-rate-captured').verdict).toBe('fail')
    expect(verdictOf(configured('eventRecordQPS: 0\n'), 'kubelet.event-rate-captured').verdict).toBe('pass')
    expect(verdictOf(configured(''), 'kubelet.event-rate-captured')).toMatchObject({
      verdict: 'pass',
      observed: 50,
    })
  })

  it.each([-1, 0])('are judged for process ids: %s is no limit', (limit) => {
    expect(verdictOf(configured(`podPidsLimit: ${limit}\n`), 'kubelet.pod-pids-limited').verdict).toBe('fail')
    expect(verdictOf(configured('podPidsLimit: 4096\n'), 'kubelet.pod-pids-limited').verdict).toBe('pass')
  })

  it('are judged for seccomp: false is not true', () => {
    expect(verdictOf(configured('seccompDefault: false\n'), 'kubelet.seccomp-default-on').verdict).toBe(
      'fail',
    )
    expect(verdictOf(configured('seccompDefault: true\n'), 'kubelet.seccomp-default-on').verdict).toBe('pass')
    expect(verdictOf(configured('', '--seccomp-default'), 'kubelet.seccomp-default-on').verdict).toBe('pass')
  })
})

describe('rotation', () => {
  it('of the client certificate is off unless somebody asked for it', () => {
    expect(verdictOf(configured(''), 'kubelet.client-rotation-on').verdict).toBe('fail')
    expect(verdictOf(byFlags(), 'kubelet.client-rotation-on').verdict).toBe('fail')
    expect(verdictOf(configured('rotateCertificates: true\n'), 'kubelet.client-rotation-on').verdict).toBe(
      'pass',
    )
  })

  it('of the serving certificate needs serverTLSBootstrap, not just a gate that is on anyway', () => {
    expect(
      verdictOf(
        configured('featureGates:\n  RotateKubeletServerCertificate: true\n'),
        'kubelet.server-rotation-on',
      ).verdict,
    ).toBe('fail')
    expect(verdictOf(configured('serverTLSBootstrap: true\n'), 'kubelet.server-rotation-on').verdict).toBe(
      'pass',
    )
    expect(
      verdictOf(
        configured('serverTLSBootstrap: true\nfeatureGates:\n  RotateKubeletServerCertificate: false\n'),
        'kubelet.server-rotation-on',
      ).verdict,
    ).toBe('fail')
    expect(
      verdictOf(
        configured('serverTLSBootstrap: true\nfeatureGates:\n  AllBeta: false\n'),
        'kubelet.server-rotation-on',
      ).verdict,
    ).toBe('fail')
  })

  it('of the serving certificate is as good as a certificate in files', () => {
    expect(
      verdictOf(configured('serverTLSBootstrap: true\n'), 'kubelet.serving-certificate-issued').verdict,
    ).toBe('pass')
    expect(
      verdictOf(
        configured('tlsCertFile: /k.crt\ntlsPrivateKeyFile: /k.key\n'),
        'kubelet.serving-certificate-issued',
      ).verdict,
    ).toBe('pass')
    expect(verdictOf(configured('tlsCertFile: /k.crt\n'), 'kubelet.serving-certificate-issued').verdict).toBe(
      'fail',
    )
    expect(verdictOf(configured(''), 'kubelet.serving-certificate-issued').verdict).toBe('fail')
  })

  it.each([
    ['AllBeta: false', 'fail'],
    ['AllBeta: false\n  RotateKubeletServerCertificate: true', 'pass'],
    ['AllAlpha: false', 'pass'],
  ])('of the serving certificate goes with all beta features (%s)', (gates, verdict) => {
    const node = configured(`serverTLSBootstrap: true\nfeatureGates:\n  ${gates}\n`)

    expect(verdictOf(node, 'kubelet.serving-certificate-issued').verdict).toBe(verdict)
  })
})
