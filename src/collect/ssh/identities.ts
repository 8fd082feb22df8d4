import { readFileSync } from 'node:fs'
import ssh2, { type AnyAuthMethod, type OpenSSHAgent, type ParsedKey } from 'ssh2'
import type { Hop } from './hop.ts'

/** The ways to log in to a hop, best first, and what to tell when none of them works. */
export interface Identities {
  readonly methods: AnyAuthMethod[]
  readonly notes: readonly string[]
}

type Loaded =
  | { readonly kind: 'key'; readonly path: string; readonly key: ParsedKey }
  | { readonly kind: 'public'; readonly key: ParsedKey; readonly note: string }
  | { readonly kind: 'unusable'; readonly note: string | null }

/**
 * Named identity files first, then the agent, then the usual files: an agent with many keys would use up the
 * server's tries before the named one. `IdentitiesOnly` leaves only those keys of the agent that a file names.
 */
export function loadIdentities(hop: Hop): Identities {
  const loaded = hop.identityFiles.map((path) => loadIdentity(path, hop.areIdentitiesNamed))
  const notes = loaded.flatMap((one) => (one.kind === 'key' || one.note === null ? [] : [one.note]))
  const files = loaded.flatMap((one): AnyAuthMethod[] =>
    one.kind === 'key' ? [{ type: 'publickey', username: hop.user, key: one.key }] : [],
  )
  if (hop.agentSocket === null)
    return { methods: files, notes: [...notes, 'no ssh-agent is in use (SSH_AUTH_SOCK is not set)'] }
  const named = loaded.flatMap((one) => (one.kind === 'unusable' ? [] : [one.key]))
  const agent = createAgent(hop.agentSocket, hop.identitiesOnly ? named : null)
  const byAgent: AnyAuthMethod = { type: 'agent', username: hop.user, agent }
  return { methods: hop.areIdentitiesNamed ? [...files, byAgent] : [byAgent, ...files], notes }
}

function loadIdentity(path: string, isNamed: boolean): Loaded {
  const text = readIdentity(path)
  if (text === null) {
    const publicHalf = readPublicHalf(path)
    if (publicHalf !== null) return { kind: 'public', key: publicHalf, note: `${path} is only in the agent` }
    return { kind: 'unusable', note: isNamed ? `identity file ${path} cannot be read` : null }
  }
  const key = firstKey(ssh2.utils.parseKey(text))
  if (!(key instanceof Error) && key.isPrivateKey()) return { kind: 'key', path, key }
  if (!(key instanceof Error)) return { kind: 'public', key, note: `${path} holds a public key only` }
  const isEncrypted = /encrypted|passphrase/i.test(key.message)
  const note = isEncrypted
    ? `identity file ${path} is encrypted: load it into ssh-agent (ssh-add ${path})`
    : `identity file ${path} is not a key the built-in client can use (hardware keys need --ssh-client openssh)`
  const publicHalf = readPublicHalf(path)
  return publicHalf === null ? { kind: 'unusable', note } : { kind: 'public', key: publicHalf, note }
}

function readIdentity(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null // said in the note, when the file was asked for by name
  }
}

function readPublicHalf(path: string): ParsedKey | null {
  const text = readIdentity(`${path}.pub`)
  const key = text === null ? null : firstKey(ssh2.utils.parseKey(text))
  return key instanceof Error ? null : key
}

function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  if (!Array.isArray(parsed)) return parsed
  return parsed[0] ?? new Error('no key')
}

/** The agent, showing only the keys in `only` when that is given. */
function createAgent(socket: string, only: readonly ParsedKey[] | null): OpenSSHAgent {
  const agent = new ssh2.OpenSSHAgent(socket)
  if (only === null) return agent
  const all = agent.getIdentities.bind(agent)
  agent.getIdentities = (answer) =>
    all((error, keys) => {
      if (error) return answer(error)
      const isNamed = (key: ParsedKey): boolean =>
        only.some((one) => one.getPublicSSH().equals(key.getPublicSSH()))
      answer(
        undefined,
        (keys ?? []).filter((key) => 'getPublicSSH' in key && isNamed(key)),
      )
    })
  return agent
}
