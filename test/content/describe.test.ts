import { describe, expect, it } from 'vitest'
import { explain, listBenchmarks, listChecks, listProfiles } from '../../src/content/describe.ts'
import { factKinds, goodTree, load } from './content-tree.ts'

const content = load(goodTree)

describe('listing content', () => {
  it('counts controls, and those that checks answer', () => {
    expect(listBenchmarks(content)).toEqual([
      {
        id: 'cis',
        version: '1.0',
        title: 'A benchmark',
        kubernetes: null,
        isProvisional: false,
        controls: 1,
        checked: 1,
      },
    ])
  })

  it('says how many controls a profile selects', () => {
    expect(listProfiles(content)).toEqual([expect.objectContaining({ id: 'base', controls: 1 })])
  })

  it('names the controls that map a check', () => {
    expect(listChecks(content)).toEqual([
      expect.objectContaining({ id: 'kube-apiserver.profiling-off', controls: ['cis@1.0:1.2.1'] }),
    ])
  })
})

describe('explaining an id', () => {
  it('says why a section is left out as a whole', () => {
    const notAsked = [{ section: '5', title: 'Policies', because: 'Nobody can tell.' }]
    const [first, ...others] = content.benchmarks.map((one) => ({ ...one, notAsked }))
    const left = { ...content, benchmarks: [first, ...others].flatMap((one) => one ?? []) }
    expect(explain(left, factKinds, '5.1.1')).toMatchObject({
      kind: 'notAsked',
      places: [{ section: '5', because: 'Nobody can tell.', benchmark: 'cis' }],
    })
    expect(explain(left, factKinds, '6.1')).toMatchObject({ kind: 'nothing' })
  })

  it('knows a check', () => {
    expect(explain(content, factKinds, 'kube-apiserver.profiling-off')).toMatchObject({
      kind: 'check',
      mappedBy: [{ benchmark: 'cis', section: 'API server' }],
      asks: [
        {
          name: 'settings',
          fact: 'component-settings',
          title: 'Settings of a component',
          with: { of: 'kube-apiserver' },
        },
      ],
    })
  })

  it.each(['1.2.1', 'cis:1.2.1', 'cis@1.0:1.2.1'])('knows a control as %s', (id) => {
    expect(explain(content, factKinds, id)).toMatchObject({
      kind: 'control',
      places: [{ benchmark: 'cis', checks: [{ severity: 'low' }], profiles: ['base'] }],
    })
  })

  it.each(['other:1.2.1', 'cis@2.0:1.2.1', 'kube-apiserver.profiling-on'])(
    'offers what is near to %s',
    (id) => {
      const explained = explain(content, factKinds, id)

      expect(explained.kind).toBe('nothing')
      if (id.startsWith('kube'))
        expect(explained).toMatchObject({ nearest: ['kube-apiserver.profiling-off'] })
    },
  )
})
