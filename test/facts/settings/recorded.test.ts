import { describe, expect, it } from 'vitest'
import { componentState, effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import { lookUp } from '../../../src/facts/text/document.ts'
import type { Fact } from '../../../src/model/evidence.ts'
import { shipped } from '../../support/components.ts'
import { recorded, recordedWords } from '../../support/recorded.ts'
import { content, nodeWith, noManifests, noUnits, plain, process } from '../../support/settings-node.ts'

const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'] as const
const editions = ['default', 'hardened'] as const

function nodeOf(edition: string) {
  const running = components.map((name, index) =>
    process({
      name,
      pid: 30 + index,
      argv: recordedWords(`kubernetes-1.36/${edition}/${name}.cmdline`),
      cgroup: '0::/lab',
      version: 'Kubernetes v1.36.2',
    }),
  )
  return nodeWith([
    ...running,
    ...noUnits,
    ...noManifests,
    content('/lab/conf/kubelet.yaml', recorded(`kubernetes-1.36/${edition}/kubelet.yaml`)),
  ])
}

/** `/flagz` separates name and value by a blank, `: ` or `=`; each component has its own. */
function flagz(edition: string, component: string): ReadonlyMap<string, string> {
  const lines = recorded(`kubernetes-1.36/${edition}/${component}.flagz.txt`).split('\n')
  const pairs = lines.flatMap((line) => {
    const match = /^([a-z0-9][a-z0-9-]*)(?:=|: ?| )(.*)$/.exec(line)
    return match?.[1] === undefined ? [] : [[match[1], match[2] ?? ''] as const]
  })
  return new Map(pairs)
}

/** A fact in the words of `/flagz`. */
function asFlagz(fact: Fact | undefined, sample: string): string {
  const value = plain(fact)
  if (value === undefined) return sample === '[]' ? '[]' : ''
  if (Array.isArray(value)) return sample.startsWith('[') ? `[${value.join(',')}]` : value.join(',')
  if (sample.startsWith('unix://')) return `unix://${String(value)}`
  if (typeof value === 'string' && /^\d+s$/.test(value)) return goDuration(Number.parseInt(value, 10))
  return String(value)
}

function goDuration(seconds: number): string {
  return seconds >= 60 ? `${Math.floor(seconds / 60)}m${seconds % 60}s` : `${seconds}s`
}

describe('settings of a recorded Kubernetes 1.36.2', () => {
  for (const edition of editions) {
    for (const component of components.slice(0, 3)) {
      it(`agree with /flagz of the ${edition} ${component} in every flag both know`, () => {
        const settings = effectiveSettings(nodeOf(edition), component)
        if (settings.kind !== 'observed') throw new Error(settings.kind)
        const page = flagz(edition, component)
        const known = shipped(component).settings.filter((setting) =>
          setting.flags.some((flag) => page.has(flag)),
        )

        const ours = known.map((setting) => [
          setting.name,
          asFlagz(settings.fact.values[setting.name], page.get(setting.flags[0] ?? '') ?? ''),
        ])

        expect(known.length).toBeGreaterThan(15)
        expect(ours).toEqual(known.map((setting) => [setting.name, page.get(setting.flags[0] ?? '')]))
      })
    }

    it(`agree with /configz of the ${edition} kubelet in every key both know`, () => {
      const settings = effectiveSettings(nodeOf(edition), 'kubelet')
      if (settings.kind !== 'observed') throw new Error(settings.kind)
      const configz = lookUp(JSON.parse(recorded(`kubernetes-1.36/${edition}/kubelet.configz.json`)), [
        'kubeletconfig',
      ])
      const known = shipped('kubelet').settings.filter(
        (setting) => setting.key !== undefined && lookUp(configz, setting.key.split('.')) !== undefined,
      )

      const ours = known.map((setting) => [setting.name, plain(settings.fact.values[setting.name])])

      // The running kubelet fills in paths of the certificate it made for itself.
      const made = edition === 'default' ? ['tls-cert-file', 'tls-private-key-file'] : []
      const theirs = known.map((setting) => {
        const value = lookUp(configz, setting.key?.split('.') ?? [])
        const text = typeof value === 'string' ? value.replace(/^unix:\/\//, '') : value
        return [setting.name, made.includes(setting.name) ? undefined : text]
      })
      expect(known.length).toBeGreaterThan(30)
      expect(ours.map(sameDuration)).toEqual(theirs.map(sameDuration))
    })
  }

  it('agree with /flagz of the kubelet when it is started with flags only', () => {
    const argv = recordedWords('kubernetes-1.36/default/kubelet.cmdline').filter(
      (word) => !word.startsWith('--config='),
    )
    const settings = effectiveSettings(
      nodeWith([...noUnits, process({ name: 'kubelet', argv, version: 'Kubernetes v1.36.2' })]),
      'kubelet',
    )
    if (settings.kind !== 'observed') throw new Error(settings.kind)
    const page = flagz('default', 'kubelet')
    const known = shipped('kubelet').settings.filter(
      (setting) => setting.name !== 'config' && page.has(setting.flags[0] ?? ''),
    )

    const ours = known.map((setting) => [
      setting.name,
      asFlagz(settings.fact.values[setting.name], page.get(setting.flags[0] ?? '') ?? ''),
    ])

    expect(known.length).toBeGreaterThan(40)
    expect(ours).toEqual(known.map((setting) => [setting.name, page.get(setting.flags[0] ?? '')]))
  })

  it('says kubelet values come from lines of its file', () => {
    const settings = effectiveSettings(nodeOf('hardened'), 'kubelet')
    if (settings.kind !== 'observed') throw new Error(settings.kind)

    const limit = settings.fact.values['pod-max-pids']

    expect(limit?.source.at).toEqual([{ kind: 'file', at: '/lab/conf/kubelet.yaml', line: 31 }])
    expect(limit?.source.items).toContain('content:/lab/conf/kubelet.yaml')
  })

  it('knows the version and start of each', () => {
    const state = componentState(nodeOf('default'), 'kube-apiserver')

    expect(state).toMatchObject({
      fact: { version: { fact: '1.36.2' }, startedAs: { fact: 'process' }, running: { fact: true } },
    })
  })
})

/** `5m` and `5m0s` are one duration. */
function sameDuration([name, value]: readonly unknown[]): readonly unknown[] {
  return [name, typeof value === 'string' ? value.replace(/^(\d+m)$/, '$10s') : value]
}
