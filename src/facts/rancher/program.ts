import type { Probe } from '../../model/probe.ts'

/** K3s and RKE2: one supervisor program each, with the same configuration language and layout. */
export type RancherProgram = 'k3s' | 'rke2'

export interface AboutProgram {
  readonly program: RancherProgram
  readonly binaries: readonly string[]
  readonly units: { readonly server: string; readonly agent: string }
  readonly configuration: string
  readonly dataDirectory: string
  /** Prefix of its environment variables. */
  readonly variables: string
}

export const rancherPrograms: { readonly [name in RancherProgram]: AboutProgram } = {
  k3s: {
    program: 'k3s',
    binaries: ['k3s', 'k3s-server', 'k3s-agent'],
    units: { server: 'k3s.service', agent: 'k3s-agent.service' },
    configuration: '/etc/rancher/k3s/config.yaml',
    dataDirectory: '/var/lib/rancher/k3s',
    variables: 'K3S_',
  },
  rke2: {
    program: 'rke2',
    binaries: ['rke2'],
    units: { server: 'rke2-server.service', agent: 'rke2-agent.service' },
    configuration: '/etc/rancher/rke2/config.yaml',
    dataDirectory: '/var/lib/rancher/rke2',
    variables: 'RKE2_',
  },
}

/** The process itself; what K3s runs inside it, and which Kubernetes that is, only K3s says. */
export function programProbe({ program, binaries }: AboutProgram): Probe {
  const base = { kind: 'process', name: program, binaries, env: [] } as const
  return program === 'k3s' ? { ...base, versionArgument: '--version', startLog: true } : base
}

const unitDirectories = ['/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system']

function stem(unit: string): string {
  return unit.replace(/\.service$/, '')
}

/** A unit of this name, as its files lie on disk. */
function unitProbes(unit: string): readonly Probe[] {
  const environment = [
    ...unitDirectories.flatMap((directory) => [`${directory}/${stem(unit)}.env`, `${directory}/${unit}.env`]),
    `/etc/default/${stem(unit)}`,
    `/etc/sysconfig/${stem(unit)}`,
  ]
  return [
    { kind: 'unit', name: unit },
    ...unitDirectories.map(
      (directory): Probe => ({ kind: 'path', path: `${directory}/${unit}`, holds: 'unit' }),
    ),
    ...environment.map((path): Probe => ({ kind: 'path', path, holds: 'environment' })),
  ]
}

/** Service scripts of openrc, and the file the installers put the variables of either into. */
export function initScripts({ program, units }: AboutProgram): {
  readonly server: string
  readonly agent: string
  readonly environment: string
} {
  const script = (unit: string): string => `/etc/init.d/${stem(unit)}`
  return {
    server: script(units.server),
    agent: script(units.agent),
    environment: `/etc/rancher/${program}/${program}.env`,
  }
}

/** The installer of K3s takes any name (`k3s-NAME`) and puts its units here. */
const renamedUnits: readonly Probe[] = [
  { kind: 'glob', pattern: '/etc/systemd/system/k3s*.service', holds: 'unit' },
  { kind: 'glob', pattern: '/etc/systemd/system/k3s*.service.d/*.conf', holds: 'unit' },
  { kind: 'glob', pattern: '/etc/systemd/system/k3s*.env', holds: 'environment' },
  { kind: 'glob', pattern: '/etc/default/k3s*', holds: 'environment' },
  { kind: 'glob', pattern: '/etc/sysconfig/k3s*', holds: 'environment' },
]

/** Everything that configures such a program: units, environment files, configuration files. */
export function programProbes(about: AboutProgram): readonly Probe[] {
  const { program, units, configuration, dataDirectory } = about
  const scripts = initScripts(about)
  return [
    programProbe(about),
    ...unitProbes(units.server),
    ...unitProbes(units.agent),
    ...(program === 'k3s' ? renamedUnits : []),
    { kind: 'path', path: dataDirectory, holds: 'file' },
    { kind: 'path', path: `${dataDirectory}/server`, holds: 'file' },
    { kind: 'path', path: scripts.server, holds: 'text' },
    { kind: 'path', path: scripts.agent, holds: 'text' },
    { kind: 'path', path: scripts.environment, holds: 'environment' },
    { kind: 'path', path: configuration, holds: 'configuration' },
    { kind: 'glob', pattern: `${configuration}.d/*`, holds: 'configuration' },
  ]
}
