import { describe, expect, it } from 'vitest'
import { serverConfigurationKind } from '../../../src/facts/server-configuration.ts'
import { settingDrift } from '../../../src/facts/settings/of-node.ts'
import type { Fact } from '../../../src/model/evidence.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import {
  content,
  directory,
  file,
  missing,
  nodeWith,
  plain,
  process,
  unit,
} from '../../support/settings-node.ts'
import { config, type K3s, k3s, said } from './k3s-node.ts'

const told = (items: readonly RawItem[], of = 'k3s'): Fact =>
  serverConfigurationKind.derive({ fact: 'server-configuration', of }, nodeWith(items))
const values = (about: K3s, more: readonly RawItem[] = []): Record<string, unknown> =>
  plain(told([...k3s(about), ...more])) as Record<string, unknown>
const place = (fact: Fact, key: string): unknown =>
  fact.kind === 'observed' && (fact.fact as Record<string, Fact>)[key]?.source.at

const unitFile = '/etc/systemd/system/k3s.service'
const environment = (text: string): readonly RawItem[] => [content('/etc/default/k3s', text)]
const blind = (id: string): RawItem => {
  const [kind = '', path = ''] = id.split(':')
  return { kind, id, path, state: 'unavailable', reason: 'permission-denied' } as RawItem
}

describe('what K3s was told', () => {
  it('is every key with its kind of value, and which keys nobody gives', () => {
    const configuration = [
      'selinux: true',
      'etcd-snapshot-retention: 5',
      'write-kubeconfig-mode: "0600"',
      'tls-san: [a.example, b.example]',
      'kubelet-arg: pod-max-pids=4096',
      'node-name:',
      'cluster-dns: "010"',
      'egress-selector-mode: {odd: 1}',
    ].join('\n')

    expect(values({ configuration })).toMatchObject({
      selinux: true,
      'etcd-snapshot-retention': 5,
      'write-kubeconfig-mode': '0600',
      'tls-san': ['a.example', 'b.example'],
      'kubelet-arg': ['pod-max-pids=4096'],
      'node-name': undefined,
      'cluster-dns': '010',
      'egress-selector-mode': '{"odd":1}',
      'protect-kernel-defaults': undefined,
      role: 'server',
    })
  })

  it('has a mode without quotes as the program reads it: octal once for YAML and once more', () => {
    expect(values({ configuration: 'write-kubeconfig-mode: 0644' })).toMatchObject({
      'write-kubeconfig-mode': '0420',
    })
    expect(values({ configuration: 'write-kubeconfig-mode: rw' })).toMatchObject({
      'write-kubeconfig-mode': 'rw',
    })
  })

  it('knows the line of each', () => {
    const fact = told(k3s({ configuration: '# mine\nselinux: true\nkubelet-arg:\n- a=1\n- b=2\n' }))

    expect(place(fact, 'selinux')).toEqual([{ kind: 'file', at: config, line: 2 }])
    expect(place(fact, 'kubelet-arg')).toEqual([
      { kind: 'file', at: config, line: 4 },
      { kind: 'file', at: config, line: 5 },
    ])
  })

  it('merges drop-ins by name: the last value wins, and a plus adds', () => {
    const dropIns = [
      directory(`${config}.d`, '20-b.yaml', '10-a.yml', 'notes.txt'),
      content(
        `${config}.d/10-a.yml`,
        'selinux: false\ntls-san+: [b]\nnode-label+: [x=1]\ndisable+: [traefik, ""]\n',
      ),
      content(`${config}.d/20-b.yaml`, 'selinux: true\ntls-san+: c\n'),
    ]

    expect(
      values({ configuration: 'selinux: false\ntls-san: [a]\ndisable: servicelb\n' }, dropIns),
    ).toMatchObject({
      selinux: true,
      'tls-san': ['a', 'b', 'c'],
      'node-label': ['x=1'],
      disable: ['servicelb', 'traefik'],
    })
  })

  it('takes drop-ins without a main file, and an empty file for nothing', () => {
    const dropIns = [directory(`${config}.d`, 'a.yaml'), content(`${config}.d/a.yaml`, 'selinux: true\n')]

    expect(values({}, dropIns)).toMatchObject({ selinux: true })
    expect(values({ configuration: '# nothing\n' })).toMatchObject({ selinux: undefined })
  })

  it('lets the command line win over files, and files over the environment', () => {
    const about = { configuration: 'data-dir: /file\ntoken: t\n', flags: '--data-dir /line --selinux -t "x"' }
    const variables =
      'K3S_DATA_DIR=/env\nK3S_URL=https://a:6443\nK3S_KUBECONFIG_MODE=640\nOTHER=1\nK3S_NODE_NAME=\n'

    expect(values(about, environment(variables))).toMatchObject({
      'data-dir': '/line',
      selinux: true,
      server: 'https://a:6443',
      'write-kubeconfig-mode': '0640',
      token: 'x',
      'node-name': undefined,
    })
    expect(place(told([...k3s(about), ...environment(variables)]), 'server')).toEqual([
      { kind: 'file', at: '/etc/default/k3s', line: 2 },
    ])
  })

  it('takes flags with and without a value of their own, and nothing else for one', () => {
    expect(
      values({ flags: 'stray --disable=traefik --disable servicelb --rootless --log /a.log' }),
    ).toMatchObject({
      disable: ['traefik', 'servicelb'],
      rootless: true,
      log: '/a.log',
    })
    expect(values({ flags: '--debug --selinux' })).toMatchObject({ debug: true, selinux: true })
  })

  it('cannot say which list counts where the command line and a file give one', () => {
    const about = { configuration: 'tls-san: [a]\n', flags: '--tls-san b' }

    expect(values(about)).toMatchObject({ 'tls-san': { unavailable: 'ambiguous' } })
    expect(values({ configuration: 'node-ip: [a]\n', flags: '--node-ip b' })).toMatchObject({
      'node-ip': { unavailable: 'ambiguous' },
    })
  })

  it('is read from the file the environment or the command line names', () => {
    const other = '/etc/other.yaml'
    const moved = (path: string): readonly RawItem[] => [
      content(path, 'selinux: true\n'),
      missing('directory', `${path}.d`),
    ]

    expect(values({ flags: `-c ${other}` }, moved(other))).toMatchObject({ selinux: true })
    expect(
      values({ flags: '--config /no/such' }, [...moved(other), ...environment(`K3S_CONFIG_FILE=${other}\n`)]),
    ).toMatchObject({ selinux: true })
  })

  it.each<[string, readonly RawItem[], string]>([
    ['its file may not be read', [blind(`content:${config}`)], 'permission-denied'],
    ['its drop-ins may not be listed', [blind(`directory:${config}.d`)], 'permission-denied'],
    ['its file is no mapping', [content(config, '- selinux\n')], 'unparsable'],
    ['its file is no YAML', [content(config, 'a: [\n')], 'unparsable'],
    ['its environment file was not read', [blind('content:/etc/default/k3s')], 'permission-denied'],
    ['its unit was not read', [blind(`content:${unitFile}`)], 'permission-denied'],
    ['its unit starts nothing', [content(unitFile, '[Service]\n')], 'not-collected'],
    [
      'its unit starts it through something else',
      [content(unitFile, '[Service]\nExecStart=/usr/bin/start-k3s\n')],
      'not-collected',
    ],
    ['its unit is not there', [unit('k3s.service', { ActiveState: 'active' })], 'not-collected'],
  ])('is not known where %s', (_name, items, reason) => {
    expect(plain(told([...k3s({ configuration: 'selinux: true' }), ...items]))).toEqual({
      unavailable: reason,
    })
  })

  it('is not known of a process that no unit explains: it hides its arguments', () => {
    expect(plain(told(k3s({ unit: null })))).toEqual({ unavailable: 'not-collected' })
  })

  describe('where openrc starts it', () => {
    const script = '/etc/init.d/k3s'
    const installed =
      '#!/sbin/openrc-run\n\nsupervisor=supervise-daemon\ncommand="/usr/local/bin/k3s"\ncommand_args="server \\\n        \'--tls-san\' \\\n        \'say \\"x\\"\' \\\n    >>/var/log/k3s.log 2>&1"\n\noutput_log=/var/log/k3s.log\n'
    const variables = missing('content', '/etc/rancher/k3s/k3s.env')
    const openrc = (text: string, more: readonly RawItem[] = [variables], about: K3s = {}): Fact =>
      told([...k3s({ unit: null, configuration: 'selinux: true', ...about }), content(script, text), ...more])

    it('is what its script, its variables and its files say', () => {
      const set = content('/etc/rancher/k3s/k3s.env', "K3S_DATA_DIR='/srv/k3s'\n")
      const fact = openrc(installed, [set])

      expect(plain(fact)).toMatchObject({ 'tls-san': ['say "x"'], selinux: true, 'data-dir': '/srv/k3s' })
      expect(place(fact, 'tls-san')).toEqual([{ kind: 'file', at: script, line: 5 }])
      const agent = content('/etc/init.d/k3s-agent', 'command_args="agent --node-name=x"\n')
      expect(plain(openrc('', [agent, variables], { role: 'agent' }))).toMatchObject({ 'node-name': 'x' })
    })

    it.each<[string, { readonly text: string; readonly items: readonly RawItem[] }, string]>([
      [
        'its script fills in variables',
        { text: 'command_args="server $ARGS"\n', items: [variables] },
        'not-collected',
      ],
      [
        'its script starts something else',
        { text: 'command_args="start"\n', items: [variables] },
        'not-collected',
      ],
      ['its script is of another form', { text: 'command=k3s\n', items: [variables] }, 'not-collected'],
      [
        'its variables may not be read',
        { text: installed, items: [blind('content:/etc/rancher/k3s/k3s.env')] },
        'permission-denied',
      ],
    ])('is not known where %s', (_name, { text, items }, reason) => {
      expect(plain(openrc(text, items))).toEqual({ unavailable: reason })
    })
  })

  it('is nothing where K3s neither runs nor is set up to', () => {
    const none = ['k3s', 'k3s-agent'].map(
      (name): RawItem => ({ kind: 'unit', id: `unit:${name}.service`, name, state: 'absent' }),
    )

    expect(plain(told(none))).toBeUndefined()
    expect(plain(told([...none, blind('processes')]))).toBeUndefined()
    expect(plain(told([blind('processes')]))).toEqual({ unavailable: 'permission-denied' })
  })

  it('is asked of the program named, and only of those there are', () => {
    const kind = serverConfigurationKind
    const knowledge = { components: new Map() }
    const probes = (of: string) => kind.probes({ fact: kind.kind, of }, knowledge)

    expect(probes('rke2')).toContainEqual({
      kind: 'path',
      path: '/etc/rancher/rke2/config.yaml',
      holds: 'configuration',
    })
    expect(kind.faults?.({ fact: kind.kind, of: 'k0s' }, knowledge)).toHaveLength(1)
    expect(kind.faults?.({ fact: kind.kind, of: 'rke2' }, knowledge)).toEqual([])
    expect(kind.fields({ fact: kind.kind, of: 'rke2' }, knowledge)).toContain('profile')
    expect(kind.fields({ fact: kind.kind, of: 'k3s' }, knowledge)).not.toContain('profile')
  })
})

describe('what RKE2 was told', () => {
  const rke2Unit = '/usr/lib/systemd/system/rke2-server.service'
  const rke2 = (text: string, started = 1000): readonly RawItem[] => [
    process({
      name: 'rke2',
      pid: 60,
      argv: ['/usr/bin/rke2 server'],
      cgroup: '0::/system.slice/rke2-server.service',
      startedAt: started,
    }),
    unit('rke2-server.service', { ActiveState: 'active', LoadState: 'loaded', FragmentPath: rke2Unit }),
    content(
      rke2Unit,
      '[Service]\nEnvironmentFile=-/usr/lib/systemd/system/%N.env\nExecStart=/usr/bin/rke2 server\n',
    ),
    content('/usr/lib/systemd/system/rke2-server.env', 'RKE2_SELINUX=true\nRKE2_CIS_PROFILE=cis\n'),
    content('/etc/rancher/rke2/config.yaml', text),
    missing('directory', '/etc/rancher/rke2/config.yaml.d'),
  ]

  it('has its own variables', () => {
    expect(plain(told(rke2('write-kubeconfig-mode: "0600"\n'), 'rke2'))).toMatchObject({
      profile: 'cis',
      selinux: true,
      'write-kubeconfig-mode': '0600',
      'protect-kernel-defaults': undefined,
    })
  })
})

describe('a component that does not run with what the configuration says', () => {
  const lines = [
    said(
      'Running kube-apiserver --audit-log-maxage=7 --enable-admission-plugins=NodeRestriction,A --profiling=false',
    ),
  ]
  const drift = (
    configuration: string,
    setting: string,
    { more = [], ...about }: K3s & { readonly more?: readonly RawItem[] } = {},
  ): string | undefined =>
    settingDrift(nodeWith([...k3s({ lines, configuration, ...about }), ...more]), 'kube-apiserver', setting)
      ?.says

  const newer = file(config, 4_000_000_000)

  it('says so, with the line, and that k3s was not started since where the file is newer', () => {
    const configuration = 'kube-apiserver-arg:\n- profiling=false\n- audit-log-maxage=30\n'

    expect(drift(configuration, 'audit-log-maxage', { more: [newer] })).toBe(
      `${config}:3 has kube-apiserver-arg audit-log-maxage=30; kube-apiserver runs with --audit-log-maxage=7 (changed on disk, not yet restarted)`,
    )
    expect(drift(configuration, 'audit-log-maxage', { more: [file(config, 1)] })).toMatch(
      /audit-log-maxage=7$/,
    )
    expect(drift(configuration, 'audit-log-maxage', { startedAt: null })).toMatch(/audit-log-maxage=7$/)
    expect(drift(configuration, 'profiling', { more: [newer] })).toBeUndefined()
  })

  it('counts what is added to a list, and what is not given at all', () => {
    expect(
      drift('kube-apiserver-arg: [enable-admission-plugins+=EventRateLimit]', 'enable-admission-plugins'),
    ).toMatch(/runs with --enable-admission-plugins=NodeRestriction,A$/)
    expect(drift('kube-apiserver-arg: ["--audit-log-path=/x"]', 'audit-log-path')).toMatch(
      /runs without --audit-log-path$/,
    )
    expect(drift('kube-apiserver-arg: [service-account-lookup]', 'service-account-lookup')).toMatch(/without/)
  })

  it('is not said of what the command line hands over', () => {
    expect(
      drift('selinux: true', 'audit-log-maxage', { flags: '--kube-apiserver-arg=audit-log-maxage=30' }),
    ).toBeUndefined()
  })

  it('is said of RKE2 as well, while the component runs', () => {
    const manifest = '/var/lib/rancher/rke2/agent/pod-manifests/kube-scheduler.yaml'
    const rke2 = [
      process({
        name: 'rke2',
        pid: 60,
        argv: ['/usr/bin/rke2 server'],
        cgroup: '0::/system.slice/rke2-server.service',
      }),
      unit('rke2-server.service', { ActiveState: 'active', LoadState: 'loaded', FragmentPath: '/u' }),
      content('/u', '[Service]\nExecStart=/usr/bin/rke2 server\n'),
      content('/etc/rancher/rke2/config.yaml', 'kube-scheduler-arg: bind-address=127.0.0.1\n'),
      missing('directory', '/etc/rancher/rke2/config.yaml.d'),
      directory('/var/lib/rancher/rke2/agent/pod-manifests', 'kube-scheduler.yaml'),
      missing('directory', '/etc/kubernetes/manifests'),
      content(
        manifest,
        'kind: Pod\nmetadata: {name: s}\nspec:\n  containers:\n  - {name: kube-scheduler, image: "x/s:v1.34.1", command: [kube-scheduler], args: [--profiling=false]}\n',
      ),
      ...['k3s', 'k3s-agent', 'kube-scheduler', 'kubelet'].map(
        (name): RawItem => ({ kind: 'unit', id: `unit:${name}.service`, name, state: 'absent' }),
      ),
    ]
    const scheduler = process({ name: 'kube-scheduler', argv: ['kube-scheduler', '--profiling=false'] })

    expect(settingDrift(nodeWith([...rke2, scheduler]), 'kube-scheduler', 'bind-address')?.says).toBe(
      '/etc/rancher/rke2/config.yaml:1 has kube-scheduler-arg bind-address=127.0.0.1; kube-scheduler runs without --bind-address',
    )
    expect(settingDrift(nodeWith(rke2), 'kube-scheduler', 'bind-address')).toBeUndefined()
  })

  it('is not said of what is no setting, of other components, or where it cannot be told', () => {
    expect(drift('kube-apiserver-arg: [no-such=1, ""]', 'audit-log-maxage')).toBeUndefined()
    expect(drift('kubelet-arg: [audit-log-maxage=30]', 'audit-log-maxage')).toBeUndefined()
    expect(
      drift('kube-apiserver-arg: [audit-log-maxage=30]', 'audit-log-maxage', { lines: [] }),
    ).toBeUndefined()
    expect(
      drift('kube-apiserver-arg: [audit-log-maxage=30]', 'audit-log-maxage', {
        flags: '--kube-apiserver-arg=audit-log-maxage=30',
      }),
    ).toBeUndefined()
    expect(
      settingDrift(nodeWith(k3s({ configuration: 'etcd-arg: [a=1]' })), 'etcd', 'data-dir'),
    ).toBeUndefined()
    expect(settingDrift(nodeWith(k3s({ role: 'agent' })), 'kube-apiserver', 'profiling')).toBeUndefined()
  })
})
