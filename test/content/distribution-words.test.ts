import { describe, expect, it } from 'vitest'
import { explain } from '../../src/content/describe.ts'
import { factKinds } from '../../src/facts/index.ts'
import type { Check } from '../../src/model/check.ts'
import { content } from '../traps/verdict-of.ts'

/** The checks that some profile for this distribution alone asks, whatever the level. */
function askedOn(distribution: string): readonly Check[] {
  const profiles = content.profiles.filter(({ distributions }) => distributions.join() === distribution)
  const ids = new Set(profiles.map(({ id }) => id as string))
  const controls = content.benchmarks.flatMap((benchmark) =>
    benchmark.controls.map((control) => `${benchmark.id}@${benchmark.version}:${control.id}`),
  )
  const checks = controls.flatMap((control) => {
    const found = explain(content, Object.values(factKinds), control)
    const places = found.kind === 'control' ? found.places : []
    return (
      places
        .filter((place) => place.control.notApplicable === undefined)
        .filter((place) => place.profiles.some((id) => ids.has(id)))
        .flatMap((place) => place.checks)
        // Objects of the API are the same everywhere.
        .filter(({ about }) => about === undefined)
    )
  })
  return [...new Map(checks.map((check) => [check.id, check])).values()]
}

/** Levers of other distributions: flags and keys that nobody gives a component by hand here. */
const notHere = [
  /(?<!sysctl )--[a-z]/,
  /the kubelet configuration/,
  /(?<![a-z])\/etc\/containerd\//,
  /\/etc\/kubernetes\//,
  /kubeadm/,
  /\b(?!memorySwap|swapBehavior|externalIPs)[a-z]+[A-Z]\w+/,
]

describe.each(['rke2', 'k3s'])('how to fix a check on %s', (distribution) => {
  const checks = askedOn(distribution)

  it('names nothing that only other distributions have', () => {
    const wrong = checks.flatMap(({ id, say }) => {
      const text = say.nextOn?.[distribution] ?? say.next
      return notHere.some((pattern) => pattern.test(text)) ? [`${id}: ${text}`] : []
    })
    expect(wrong).toEqual([])
  })

  it('names the lever of every setting of a component that runs as a part of it', () => {
    const facts = ['component-settings', 'authorizers', 'admission-plugins', 'anonymous-access']
    const settings = checks.filter(
      ({ id, evidence, over }) =>
        over === undefined &&
        !/^(crio|docker|rke2)\./.test(id) &&
        Object.values(evidence).some(({ fact }) => [...facts, 'encryption-at-rest'].includes(fact)),
    )
    expect(settings.length).toBeGreaterThan(50)
    expect(
      settings.filter(({ say }) => say.nextOn?.[distribution] === undefined).map(({ id }) => id),
    ).toEqual([])
  })
})

const fileFacts = [
  'component-files',
  'cni-files',
  'admin-kubeconfigs',
  'pki-files',
  'etcd-data-files',
  'static-pod-files',
]

describe.each([...content.distributions.keys()])('files on %s', (distribution) => {
  it('are named for every check that looks at files', () => {
    const files = content.distributions.get(distribution)?.files ?? []
    const requests = askedOn(distribution)
      .flatMap(({ evidence }) => Object.values(evidence))
      .filter(({ fact }) => fileFacts.includes(fact))
    const unnamed = requests.filter(
      (request) =>
        !files.some((one) => Object.entries(one.request).every(([name, value]) => request[name] === value)),
    )
    expect(requests.length).toBeGreaterThan(10)
    expect(unnamed).toEqual([])
  })

  it('are those of facts there are', () => {
    const files = content.distributions.get(distribution)?.files ?? []
    expect(files.filter(({ request }) => !Object.hasOwn(factKinds, request.fact))).toEqual([])
  })
})
