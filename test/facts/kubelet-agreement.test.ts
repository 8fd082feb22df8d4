import { describe, expect, it } from 'vitest'
import { kubeletAgreement } from '../../src/facts/kubelet-agreement.ts'
import { kubeletPath } from '../../src/facts/through-api/kept.ts'
import type { Json } from '../../src/model/finding.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { shippedComponents } from '../support/components.ts'
import { content, fakeNode, processes, runningProcess, unit } from './node/fake-node.ts'
import { shownContext } from './through-api/a-shown-node.ts'

const header = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

function answered(body: Json): RawItem {
  const question = `GET ${kubeletPath('n', 'configz')}`
  return { kind: 'answer', id: `answer:${question}`, question, state: 'observed', status: 200, body }
}

function derive(file: string, ...more: readonly RawItem[]) {
  const items = [
    processes([7]),
    runningProcess(7, 'kubelet', ['/usr/bin/kubelet', '--config=/k.yaml', '--node-ip=10.0.0.1']),
    unit('kubelet.service', { ActiveState: 'active' }),
    content('/k.yaml', `${header}${file}`),
    ...more,
  ]
  const components = [...shippedComponents().values()]
  const node = fakeNode(items, { components, otherwise: more.length > 0 ? 'absent' : 'not-collected' })
  return kubeletAgreement.derive({ fact: 'kubelet-agreement' }, node)
}

describe('a kubelet seen both ways', () => {
  it('agrees where it says what its file says, in its own spelling', () => {
    const fact = derive(
      'streamingConnectionIdleTimeout: 5m\nauthentication: {anonymous: {enabled: false}}',
      answered({
        streamingConnectionIdleTimeout: '5m0s',
        authentication: { anonymous: { enabled: false } },
      }),
    )
    expect(fact).toMatchObject({ kind: 'observed', fact: { differences: { kind: 'absent' } } })
  })

  it('disagrees where it was not restarted after a change', () => {
    const fact = derive(
      'authentication: {anonymous: {enabled: false}}',
      answered({
        authentication: { anonymous: { enabled: true } },
      }),
    )
    expect(fact).toMatchObject({
      fact: {
        differences: {
          kind: 'observed',
          fact: [{ fact: 'anonymous-auth: false on the node, true in the kubelet' }],
        },
      },
    })
  })

  it('is not compared in what nobody set: that default is only what is known of a release', () => {
    const fact = derive('port: 10250', answered({ authentication: { anonymous: { enabled: true } } }))
    expect(fact).toMatchObject({ fact: { differences: { kind: 'absent' } } })
  })

  it('is not compared where it was seen one way only', () => {
    expect(derive('port: 10250')).toMatchObject({ kind: 'absent' })
    const shown = shownContext({ configz: {} })
    expect(kubeletAgreement.derive({ fact: 'kubelet-agreement' }, shown)).toMatchObject({ kind: 'absent' })
  })
})
