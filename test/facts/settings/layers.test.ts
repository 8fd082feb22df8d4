import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../../src/facts/settings/configuration.ts'
import { defaultFor } from '../../../src/facts/settings/defaults.ts'
import { environmentOf } from '../../../src/facts/settings/environment.ts'
import {
  componentState,
  effectiveSettings,
  hostPath,
  hostPaths,
  settingDrift,
  settingText,
} from '../../../src/facts/settings/of-node.ts'
import { hostPathCandidates, type PathContext } from '../../../src/facts/settings/paths.ts'
import { documentAt, referencedDocument } from '../../../src/facts/settings/referenced-document.ts'
import type { SettingSpec } from '../../../src/model/component.ts'
import { absent, noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shipped } from '../../support/components.ts'
import {
  content,
  directory,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
  unit,
} from '../../support/settings-node.ts'
import { denied } from '../files/kubeadm-node.ts'

const nothing = [...noUnits, ...noManifests]
const kind = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml'

const kubeletRuns = (...flags: readonly string[]): RawItem =>
  process({
    name: 'kubelet',
    argv: ['/usr/bin/kubelet', ...flags],
    version: 'Kubernetes v1.31.4',
    cgroup: '0::/system.slice/kubelet.service',
  })

const apiServerRuns = (...flags: readonly string[]): RawItem =>
  process({ name: 'kube-apiserver', argv: ['kube-apiserver', ...flags], version: 'Kubernetes v1.31.4' })

function pod(command: readonly string[], container: object = {}, volumes: readonly object[] = []): RawItem {
  const spec = { containers: [{ name: 'c', image: 'k:v1.31.4', command, ...container }], volumes }
  return content(manifest, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }))
}

function settings(component: string, ...items: readonly RawItem[]) {
  const byId = new Map([...nothing, ...items].map((item) => [item.id, item]))
  const found = effectiveSettings(nodeWith([...byId.values()]), component)
  if (found.kind !== 'observed') throw new Error(JSON.stringify(found))
  return found.fact
}

const value = (component: string, setting: string, ...items: readonly RawItem[]): unknown =>
  plain(settings(component, ...items).values[setting])

describe('the configuration file of a component', () => {
  const given = '--config=/k.yaml'

  it.each([
    ['no mapping', '[1]', '/k.yaml:1: a mapping is expected here'],
    ['empty', '', '/k.yaml: a mapping is expected here'],
    [
      'of another kind',
      'kind: Pod\n',
      '/k.yaml:1: kubelet.config.k8s.io/KubeletConfiguration is expected, this is Pod',
    ],
    [
      'of no kind',
      'a: 1\n',
      '/k.yaml:1: kubelet.config.k8s.io/KubeletConfiguration is expected, this is no kind',
    ],
  ])('that is %s cannot be judged', (_, text, detail) => {
    const found = settings('kubelet', kubeletRuns(given), content('/k.yaml', text))
    expect(found.values['read-only-port']).toMatchObject({
      kind: 'unavailable',
      reason: 'unparsable',
      detail,
    })
  })

  it('may be of a kind whose group does not count', () => {
    const kubelet = shipped('kubelet')
    const spec = { ...kubelet, configuration: { ...kubelet.configuration, kind: 'KubeletConfiguration' } }
    expect(parseConfiguration('kind: KubeletConfiguration', spec as typeof kubelet).kind).toBe('parsed')
  })

  it('is none when the flag names nothing', () => {
    expect(settings('kubelet', kubeletRuns('--config=')).configurationFiles).toEqual([])
  })

  it('is the one the environment names', () => {
    const run = (file: string) =>
      process({
        name: 'etcd',
        argv: ['etcd'],
        version: 'etcd Version: 3.5.9',
        env: { ETCD_CONFIG_FILE: file },
      })
    const text = content('/e.yml', 'client-transport-security: {client-cert-auth: true}\n')

    expect(value('etcd', 'client-cert-auth', run('/e.yml'), text)).toBe(true)
    expect(value('etcd', 'client-cert-auth', run(''), text)).toBe(false)
  })
})

describe('drop-in files of the kubelet', () => {
  const run = kubeletRuns('--config=/k.yaml', '--config-dir=/k.d/')
  const main = content('/k.yaml', `${kind}readOnlyPort: 1\n`)
  const dropIn = (name: string, port: number) => content(`/k.d/${name}`, `${kind}readOnlyPort: ${port}\n`)

  it('apply in name order, whatever order they were listed in', () => {
    const files = [dropIn('30.conf', 30), dropIn('10.conf', 10), dropIn('20.conf', 20)]
    const listing = directory('/k.d', '30.conf', '10.conf', '20.conf', 'readme.txt')
    const found = settings('kubelet', run, main, listing, ...files)

    expect(plain(found.values['read-only-port'])).toBe(30)
    expect(found.configurationFiles).toEqual(['/k.yaml', '/k.d/10.conf', '/k.d/20.conf', '/k.d/30.conf'])
  })

  it('may lie in directories below', () => {
    const items = [directory('/k.d', 'sub'), directory('/k.d/sub', 'a.conf'), dropIn('sub/a.conf', 7)]
    expect(value('kubelet', 'read-only-port', run, main, ...items)).toBe(7)
  })

  it('are files, not directories of such a name', () => {
    const listing = directory('/k.d', 'a.conf')
    expect(value('kubelet', 'read-only-port', run, main, listing, directory('/k.d/a.conf'))).toBe(1)
  })

  it.each([
    ['the directory does not exist', [missing('directory', '/k.d')], 'ambiguous'],
    ['the directory was not listed', [], 'not-collected'],
    [
      'a directory below may not be listed',
      [directory('/k.d', 'sub'), denied('directory', '/k.d/sub')],
      'permission-denied',
    ],
    [
      'a directory deeper below may not be listed',
      [
        directory('/k.d', 'a'),
        directory('/k.d/a', 'b'),
        { ...denied('directory', '/k.d/a/b'), detail: 'closed' },
      ],
      'permission-denied',
    ],
    ['the directory may not be listed', [denied('directory', '/k.d')], 'permission-denied'],
    [
      'a file may not be read',
      [directory('/k.d', 'a.conf'), denied('content', '/k.d/a.conf')],
      'permission-denied',
    ],
    ['a file is gone', [directory('/k.d', 'a.conf'), missing('content', '/k.d/a.conf')], 'ambiguous'],
  ])('leave settings unknown when %s', (_, items, reason) => {
    expect(value('kubelet', 'read-only-port', run, main, ...items)).toEqual({ unavailable: reason })
  })
})

describe('flags and file of a map', () => {
  const main = (text: string) => content('/k.yaml', `${kind}${text}`)
  const gates = (flags: readonly string[], text: string): unknown =>
    value('kubelet', 'feature-gates', kubeletRuns('--config=/k.yaml', ...flags), main(text))

  it('merge, the flag over the file', () => {
    expect(gates(['--feature-gates=B=false'], 'featureGates: {A: true, B: true}\n')).toEqual([
      'A=true',
      'B=false',
    ])
  })

  it('are whichever of them says something', () => {
    expect(gates(['--feature-gates=B=false'], '')).toEqual(['B=false'])
    expect(gates([], 'featureGates: {A: true}\n')).toEqual(['A=true'])
  })
})

describe('a default that depends on how a component is started', () => {
  const setting: SettingSpec = {
    name: 'x',
    type: 'boolean',
    flags: ['x'],
    repeats: 'last',
    defaults: [
      { value: true, mode: 'flags', source: 'x' },
      { value: false, mode: 'config', source: 'x' },
    ],
  }
  const context = { spec: shipped('kubelet'), version: observed('1.31.4', noSource) }

  it('is not guessed when the mode is not known', () => {
    const mode = unavailable('permission-denied', noSource)
    expect(defaultFor(setting, { ...context, mode })).toMatchObject({ reason: 'permission-denied' })
    const same = { ...setting, defaults: setting.defaults.map((row) => ({ ...row, value: true })) }
    expect(defaultFor(same, { ...context, mode })).toMatchObject({ kind: 'observed', fact: { value: true } })
  })

  it('is the first that fits when the mode does not matter', () => {
    expect(defaultFor(setting, { ...context, mode: absent(noSource) })).toMatchObject({
      fact: { value: true },
    })
  })
})

describe('the environment of a component that does not run', () => {
  function environment(component: string, ...items: readonly RawItem[]): unknown {
    const byId = new Map([...nothing, ...items].map((item) => [item.id, item]))
    const state = componentState(nodeWith([...byId.values()], { offline: true }), component)
    if (state.kind !== 'observed') throw new Error(JSON.stringify(state))
    const found = environmentOf(state.fact)
    if (found.kind !== 'observed') return found
    return [...found.fact].map(([name, one]) => `${name}=${one.value} ${one.at.at}:${one.at.line}`)
  }
  const fragment = '/etc/systemd/system/etcd.service'
  const enabled = (text: string): readonly RawItem[] => [
    unit('etcd.service', { FragmentPath: fragment, UnitFileState: 'enabled', ActiveState: 'inactive' }),
    content(fragment, text),
  ]

  it('is what its pod says', () => {
    const env = [{ name: 'A', value: '1' }]
    expect(environment('kube-apiserver', pod(['kube-apiserver'], { env }))).toEqual([`A=1 ${manifest}:1`])
  })

  it('is what its unit says, with the lines', () => {
    const text = '[Service]\nEnvironment=A=1\nExecStart=/usr/bin/etcd\n'
    expect(environment('etcd', ...enabled(text))).toEqual([`A=1 ${fragment}:2`])
  })

  it('is unknown when a file of it was not read', () => {
    const text = '[Service]\nEnvironmentFile=/e\nExecStart=/usr/bin/etcd\n'
    expect(environment('etcd', ...enabled(text))).toMatchObject({ detail: '/e was not read' })
  })

  it('is empty for a component that nothing of its own starts', () => {
    const state = { ...settings('kubelet', kubeletRuns()).state, process: undefined }
    expect(environmentOf(state)).toMatchObject({ kind: 'observed', fact: new Map() })
  })
})

describe('arguments that cannot be read from the disk', () => {
  it('leave settings unknown when the variable may be set in a file nobody read', () => {
    const fragment = '/etc/systemd/system/kubelet.service'
    const found = settings(
      'kubelet',
      unit('kubelet.service', { FragmentPath: fragment, UnitFileState: 'enabled' }),
      content(fragment, '[Service]\nEnvironmentFile=/e\nExecStart=/usr/bin/kubelet $ARGS\n'),
    )
    expect(found.values['read-only-port']).toMatchObject({
      reason: 'not-collected',
      detail: 'ARGS may be set in /e, which was not read',
    })
  })

  it.each([
    ['a variable of the pod', '--v=$(LEVEL)'],
    ['a specifier', '--v=%n'],
  ])('do not count as disagreement with the process: %s', (_, flag) => {
    expect([
      ...settings('kube-apiserver', apiServerRuns('--v=4'), pod(['kube-apiserver', flag])).drift,
    ]).toEqual([])
  })

  it('do not count either when a shell starts the component', () => {
    const command = ['/bin/sh', '-c', 'exec kube-apiserver --v=2']
    expect([...settings('kube-apiserver', apiServerRuns('--v=4'), pod(command)).drift]).toEqual([])
  })
})

describe('a path a component was given', () => {
  const mounts = [{ mountPath: '/data', hostPath: '/srv' }]
  const container = { name: '', image: '', words: [], environment: new Map(), mounts, runAsUser: undefined }
  const thePod = {
    pod: { path: '/p', name: '', containers: [] },
    container,
    isLauncher: false,
    source: noSource,
  }
  const running = {
    kind: 'process',
    id: 'process:7',
    pid: 7,
    state: 'observed',
    comm: 'x',
    name: 'x',
    argv: [],
  } as const
  const own = { ...running, env: {}, uid: 0, startedAt: null, cgroup: '', contained: false }
  const inside = { ...own, contained: true }
  const service = { ...inside, cgroup: '0::/system.slice/x.service' }

  it.each<[string, PathContext['process'], PathContext['pod'], string, readonly string[]]>([
    ['a contained process, through its mounts', inside, thePod, '/data/x', ['/srv/x', '/proc/7/root/data/x']],
    ['a contained process, elsewhere', inside, thePod, '/etc/x', ['/proc/7/root/etc/x']],
    ['a service in a mount namespace', service, undefined, '/etc/x', ['/proc/7/root/etc/x', '/etc/x']],
    ['a contained process, relative', inside, undefined, 'x', ['/proc/7/root/x']],
    ['a process that sees the host', own, thePod, '/data/x', ['/data/x', '/srv/x']],
    ['a pod that does not run', undefined, thePod, '/data/x', ['/srv/x', '/data/x']],
    ['no pod', own, undefined, '/data/x', ['/data/x']],
  ])('of %s is looked for where it may be', (_, ...[process, pod, path, candidates]) => {
    expect(hostPathCandidates({ process, pod }, path)).toEqual(candidates)
  })

  it('stands for itself where the component is not on the node', () => {
    const node = nodeWith(nothing)
    expect(hostPath(node, 'kubelet', '/x')).toBe('/x')
    expect(hostPaths(node, 'kubelet', '/x')).toEqual(['/x'])
    expect(settingDrift(node, 'kubelet', 'read-only-port')).toBeUndefined()
  })

  it('is absent when a list of them is empty', () => {
    const node = nodeWith([...nothing, apiServerRuns('--enable-admission-plugins=,')])
    expect(settingText(node, 'kube-apiserver', 'disable-admission-plugins').kind).toBe('absent')
  })
})

describe('a document a setting names', () => {
  const file = (text: string) =>
    nodeWith([...nothing, apiServerRuns('--audit-policy-file=/a.yaml'), content('/a.yaml', text)])

  it.each([
    ['', '/a.yaml is empty'],
    ['a: [', expect.stringContaining('/a.yaml:')],
  ])('cannot be judged when it reads %j', (text, detail) => {
    expect(referencedDocument(file(text), 'kube-apiserver', 'audit-policy-file')).toMatchObject({
      reason: 'unparsable',
      detail,
    })
  })

  it('is not looked for when the component is not on the node', () => {
    expect(documentAt(nodeWith(nothing), 'kube-apiserver', '/a.yaml').kind).toBe('absent')
  })
})
