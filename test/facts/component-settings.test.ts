import { describe, expect, it } from 'vitest'
import { componentSettings } from '../../src/facts/component-settings.ts'
import { settingText, settingTexts } from '../../src/facts/settings/of-node.ts'
import { componentProbes, requestProbes } from '../../src/facts/settings/probes.ts'
import { noSource, observed, unavailable } from '../../src/model/evidence.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { shipped, shippedComponents } from '../support/components.ts'
import { nodeWith, noManifests, noUnits, plain, process } from '../support/settings-node.ts'

const components = shippedComponents()
const ofApiServer = { fact: 'component-settings', of: 'kube-apiserver' }

function node(...flags: readonly string[]) {
  const running: RawItem = process({ name: 'kube-apiserver', argv: ['kube-apiserver', ...flags] })
  return nodeWith([...noUnits, ...noManifests, running])
}

describe('settings as a fact', () => {
  it('names a field per setting, and none for a component nobody describes', () => {
    expect(componentSettings.fields(ofApiServer, { components })).toContain('anonymous-auth')
    expect(componentSettings.fields({ fact: 'component-settings' }, { components })).toEqual([])
  })

  it.each([
    [ofApiServer, 0],
    [{ ...ofApiServer, defaults: 'ignore' }, 0],
    [{ ...ofApiServer, defaults: 'keep' }, 1],
    [{ fact: 'component-settings', of: 'nginx' }, 1],
    [{ fact: 'component-settings', of: 5 }, 1],
  ])('of the request %j has %i faults', (request, count) => {
    expect(componentSettings.faults?.(request, { components })).toHaveLength(count)
  })

  it('is absent where the component is not on the node', () => {
    expect(componentSettings.derive(ofApiServer, nodeWith([...noUnits, ...noManifests])).kind).toBe('absent')
  })

  it('without defaults keeps what somebody set, and what may have been set', () => {
    const request = { ...ofApiServer, defaults: 'ignore' }
    expect(plain(componentSettings.derive(request, node('--profiling=false')))).toMatchObject({
      profiling: false,
    })
    expect(plain(componentSettings.derive(request, node()))).toMatchObject({ 'anonymous-auth': undefined })
    const hidden = process({ name: 'kube-apiserver', argv: ['sh', '-c', 'kube-apiserver'] })
    expect(
      plain(componentSettings.derive(request, nodeWith([...noUnits, ...noManifests, hidden]))),
    ).toMatchObject({ profiling: { unavailable: 'unparsable' } })
  })
})

describe('settings in an example', () => {
  const given = observed({ profiling: observed(false, noSource) }, noSource)
  const complete = (request: object, example: { version?: string; mode?: string }): unknown =>
    plain(componentSettings.complete?.({ ...ofApiServer, ...request }, given, { components }, example))

  it('are filled up with the defaults of the version it names', () => {
    expect(complete({}, { version: 'v1.31.0' })).toMatchObject({ profiling: false, 'anonymous-auth': true })
  })

  it('are only what it gives when defaults do not count', () => {
    expect(complete({ defaults: 'ignore' }, { version: '1.31.0' })).toMatchObject({
      profiling: false,
      'anonymous-auth': undefined,
    })
  })

  it('are left as they are when they are no record, or of no component', () => {
    const list = observed([], noSource)
    expect(componentSettings.complete?.(ofApiServer, list, { components }, {})).toBe(list)
    expect(complete({ of: 'nginx' }, {})).toEqual({ profiling: false })
  })

  it('depend on the first way of starting a component when it names none', () => {
    const kubelet = (example: { mode?: string }): unknown =>
      plain(componentSettings.complete?.({ ...ofApiServer, of: 'kubelet' }, given, { components }, example))
    expect(kubelet({})).toEqual(kubelet({ mode: shipped('kubelet').modes[0] ?? '' }))
  })
})

describe('the texts of a setting', () => {
  /** A kube-apiserver with one setting in force as told. */
  function told(value: ReturnType<typeof unavailable> | ReturnType<typeof observed<never[]>>) {
    const items = [observed('/a', noSource), unavailable('not-text', noSource)]
    const fact = value.kind === 'observed' ? observed(value.fact, noSource) : observed(items, noSource)
    const settings = observed({ values: { files: fact } }, noSource)
    return { ...node(), memo: () => settings as never }
  }

  it('keep the gaps of a list', () => {
    const texts = settingTexts(told(unavailable('not-text', noSource)), 'kube-apiserver', 'files')
    expect(texts).toMatchObject([{ fact: '/a' }, { reason: 'not-text' }])
  })

  it('of an empty list are none, which is absent', () => {
    expect(settingText(told(observed([], noSource)), 'kube-apiserver', 'files').kind).toBe('absent')
  })
})

describe('probes of a component', () => {
  it('ask for no files of units it does not have', () => {
    const spec = { ...shipped('kubelet'), units: [] }
    const paths = componentProbes(spec).flatMap((probe) => (probe.kind === 'path' ? [probe.path] : []))
    expect(paths).not.toContain('/etc/default/kubelet')
  })

  it('are none when the request names no component', () => {
    expect(requestProbes({ of: 5 }, components)).toEqual([])
  })
})
