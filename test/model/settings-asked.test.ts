import { describe, expect, it } from 'vitest'
import type { Condition } from '../../src/model/check.ts'
import { settingsAsked } from '../../src/model/settings-asked.ts'
import { checkOf } from '../evaluate/support.ts'

const evidence = {
  api: { fact: 'component-settings', of: 'kube-apiserver' },
  kubelet: { fact: 'component-settings', of: 'kubelet' },
  any: { fact: 'component-settings' },
  files: { fact: 'component-files', of: 'kubelet' },
}
const leaf = (fact: string, path?: string): Condition =>
  path === undefined ? { fact, operator: 'set', value: true } : { fact, path, operator: 'set', value: true }

function asked(condition: Condition): { readonly [component: string]: readonly string[] } {
  const found = settingsAsked(checkOf({ evidence, condition }))
  return Object.fromEntries([...found].map(([component, names]) => [component, [...names]]))
}

describe('the settings a check decides on', () => {
  it('are named by component, once each, wherever they stand in the condition', () => {
    const condition: Condition = {
      all: [
        leaf('api', 'profiling'),
        { any: [leaf('api', '"a.b".c'), { not: leaf('kubelet', 'port') }] },
        leaf('api', 'profiling.deep'),
      ],
    }
    expect(asked(condition)).toEqual({ 'kube-apiserver': ['profiling', 'a.b'], kubelet: ['port'] })
  })

  it('are none of a component looked at as a whole, and of what is no setting', () => {
    expect(asked(leaf('kubelet'))).toEqual({ kubelet: [] })
    for (const fact of ['files', 'any', 'gone']) expect(asked(leaf(fact, 'mode'))).toEqual({})
  })
})
