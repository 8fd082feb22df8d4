import { describe, expect, it } from 'vitest'
import type { CollectFailure } from '../../src/model/evidence.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { aNode, file, type Part, pod, unit } from './a-node.ts'
import { answerTo } from './stig-answers.ts'

/** What systemd says of a unit. */
function shown(name: string, properties: { readonly [name: string]: string }): Part {
  return [{ kind: 'unit', id: `unit:${name}`, name, state: 'observed', properties }]
}

function unanswered(name: string, reason: CollectFailure): RawItem {
  return { kind: 'unit', id: `unit:${name}`, name, state: 'unavailable', reason }
}

const worker = unit('kubelet')
const stopped = { LoadState: 'loaded', ActiveState: 'inactive', UnitFileState: 'disabled' }
const off = ['sshd.service', 'ssh.service', 'sshd.socket', 'ssh.socket'].flatMap((name) =>
  shown(name, stopped),
)

describe('V-242393 and V-242394, SSH on workers', () => {
  it('are met where it neither runs nor starts', () => {
    for (const rule of ['V-242393', 'V-242394']) expect(answerTo(aNode(worker, off), rule)).toBe('pass')
  })

  it('are met where no SSH server is installed', () => {
    for (const rule of ['V-242393', 'V-242394']) expect(answerTo(aNode(worker), rule)).toBe('pass')
  })

  it('tell running from starting at boot', () => {
    const running = aNode(worker, off, shown('sshd.service', { ...stopped, ActiveState: 'active' }))
    expect(answerTo(running, 'V-242393')).toBe('fail')
    expect(answerTo(running, 'V-242394')).toBe('pass')
    const waiting = aNode(worker, off, shown('ssh.service', { ...stopped, UnitFileState: 'enabled' }))
    expect(answerTo(waiting, 'V-242393')).toBe('pass')
    expect(answerTo(waiting, 'V-242394')).toBe('fail')
  })

  it('see the socket that starts a stopped service for its first caller', () => {
    const socket = { ...stopped, ActiveState: 'active', UnitFileState: 'enabled' }
    const node = aNode(worker, off, shown('ssh.socket', socket))
    for (const rule of ['V-242393', 'V-242394']) expect(answerTo(node, rule)).toBe('fail')
  })

  it('see a server that runs although it was masked', () => {
    const masked = { LoadState: 'masked', ActiveState: 'active', UnitFileState: 'masked' }
    expect(answerTo(aNode(worker, off, shown('sshd.service', masked)), 'V-242393')).toBe('fail')
  })

  it('are errors where systemd gives no answer', () => {
    const node = aNode(worker, off, [unanswered('ssh.socket', 'tool-missing')])
    expect(answerTo(node, 'V-242393')).toBe('error')
  })

  it('do not ask it of the control plane', () => {
    const node = aNode(
      worker,
      pod('kube-apiserver'),
      shown('sshd.service', { ...stopped, ActiveState: 'active' }),
    )
    expect(answerTo(node, 'V-242393')).toBe('notApplicable')
  })
})

describe('V-242451, the PKI', () => {
  it('knows no exception for etcd', () => {
    const node = aNode(
      pod('kube-apiserver', ['--etcd-certfile=/etc/kubernetes/pki/etcd/a.crt']),
      file('/etc/kubernetes/pki/etcd/a.crt', { owner: 'etcd:etcd', holds: ['certificate'] }),
    )
    expect(answerTo(node, 'V-242451')).toBe('fail')
  })
})
