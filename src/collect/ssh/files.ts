import { appendFileSync, globSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { type ConfigQuery, type HostSettings, resolveHost } from './config.ts'
import { type ConfigLine, parseConfigLines } from './config-lines.ts'
import type { Surroundings } from './hop.ts'
import { type KnownHost, parseKnownHosts } from './known-hosts.ts'

const systemConfig = '/etc/ssh/ssh_config'

/** The text of a file, or null when there is none to read. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null // a missing known_hosts or configuration is the usual case; the key is then unknown, never trusted
  }
}

/** Reads the SSH configuration once and answers for any host. `configFile` stands in for both usual files. */
export function openSshConfig(
  around: Surroundings,
  configFile?: string,
): (query: ConfigQuery) => HostSettings {
  const userConfig = join(around.home, '.ssh', 'config')
  const paths = configFile === undefined ? [userConfig, systemConfig] : [configFile]
  const read = (path: string): readonly ConfigLine[] => parseConfigLines(readText(path) ?? '', path)
  const sources = paths.map(read)
  const include = (pattern: string, from: ConfigLine): readonly (readonly ConfigLine[])[] => {
    const expanded = pattern.replace(/^~(?=\/)/, () => around.home)
    const base = from.at.startsWith(`${dirname(systemConfig)}/`) ? dirname(systemConfig) : dirname(userConfig)
    return globSync(isAbsolute(expanded) ? expanded : join(base, expanded))
      .sort()
      .map(read)
  }
  return (query) => resolveHost(sources, query, include)
}

/** Every entry of the known_hosts files that exist. */
export function readKnownHosts(paths: readonly string[]): readonly KnownHost[] {
  return paths.flatMap((path) => parseKnownHosts(readText(path) ?? '', path))
}

/** Adds one accepted key; false when the file cannot be written. */
export function addKnownHost(path: string, line: string): boolean {
  try {
    appendFileSync(path, `${line}\n`, { mode: 0o600 })
    return true
  } catch {
    return false
  }
}
