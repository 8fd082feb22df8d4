import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab, LabNode } from '../support/lab.ts'

/** A person's ~/.ssh for one test: a configuration and a known_hosts of its own. */
export interface Scene {
  readonly home: string
  readonly configFile: string
  readonly knownHosts: string
  /** The known_hosts lines of a node under a name, as its installer would know them. */
  trueKeys(node: LabNode, name?: string): string
  knows(...lines: readonly string[]): void
  configure(...lines: readonly string[]): void
  known(): string
  remove(): void
}

/** The name of a node's loopback port in known_hosts. */
export function loopback(node: LabNode): string {
  return `[127.0.0.1]:${node.port}`
}

export function createScene(lab: Lab): Scene {
  const home = mkdtempSync(join(tmpdir(), 'khard-ssh-'))
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const configFile = join(home, '.ssh', 'config')
  const knownHosts = join(home, '.ssh', 'known_hosts')
  writeFileSync(knownHosts, '')
  const scene: Scene = {
    home,
    configFile,
    knownHosts,
    trueKeys(node, name = loopback(node)) {
      const lines = readFileSync(node.knownHosts, 'utf8').split('\n')
      const own = lines.filter((line) => line.split(' ')[0]?.split(',').includes(loopback(node)))
      return own.map((line) => `${name} ${line.split(' ').slice(1).join(' ')}`).join('\n')
    },
    knows: (...lines) => writeFileSync(knownHosts, `${lines.join('\n')}\n`),
    configure(...lines) {
      const hosts = lab.nodes.map(
        (node) => `Host khnode-${node.id}\n  HostName 127.0.0.1\n  Port ${node.port}\n`,
      )
      const common = `Host *\n  User root\n  IdentityFile ${lab.nodes[0]?.key}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHosts}\n  GlobalKnownHostsFile /dev/null\n`
      writeFileSync(configFile, `${lines.join('\n')}\n${hosts.join('')}${common}`)
    },
    known: () => readFileSync(knownHosts, 'utf8'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
  scene.configure()
  return scene
}

/** `SHA256:…` of one known_hosts line, by ssh-keygen. */
export function fingerprintOf(line: string): string {
  return (
    execFileSync('ssh-keygen', ['-lf', '-'], {
      input: line.split(' ').slice(1).join(' '),
      encoding: 'utf8',
    }).split(' ')[1] ?? ''
  )
}
