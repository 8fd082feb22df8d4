import type { Hop } from './hop.ts'
import {
  entriesFor,
  fingerprint,
  type HostKeyVerdict,
  judgeHostKey,
  type KnownHost,
  keyTypeOf,
} from './known-hosts.ts'

/** Whether a connection may go on over the key a host has shown. */
export type HostKeyDecision =
  | { readonly kind: 'accept'; readonly add: string | null }
  | { readonly kind: 'refuse'; readonly detail: string; readonly next: string }

/** Decides by known_hosts and the host's StrictHostKeyChecking. No password ever goes over a changed key. */
export function decideHostKey(
  hop: Hop,
  shown: Uint8Array,
  circumstances: { readonly known: readonly KnownHost[]; readonly sendsPassword: boolean },
): HostKeyDecision {
  const { known, sendsPassword } = circumstances
  const verdict = judgeHostKey(entriesFor(known, hop.knownHostsName), shown)
  const isLenient = hop.hostKeyCheck === 'off'
  switch (verdict.kind) {
    case 'trusted':
      return { kind: 'accept', add: null }
    case 'unknown':
      return isLenient || hop.hostKeyCheck === 'accept-new'
        ? { kind: 'accept', add: knownHostsLine(hop, shown) }
        : refuseUnknown(hop, shown, verdict)
    case 'changed':
      return isLenient && !sendsPassword ? { kind: 'accept', add: null } : refuseChanged(hop, shown, verdict)
    case 'revoked':
      return {
        kind: 'refuse',
        detail: `${named(hop)} showed a revoked host key, ${described(shown)} (@revoked in ${verdict.at})`,
        next: 'Do not connect. Ask who revoked the key; the node needs a new one.',
      }
    default:
      return verdict satisfies never
  }
}

function refuseUnknown(
  hop: Hop,
  shown: Uint8Array,
  verdict: HostKeyVerdict & { kind: 'unknown' },
): HostKeyDecision {
  if (verdict.certificateAuthority !== null) {
    return {
      kind: 'refuse',
      detail: `${named(hop)} is trusted by a host certificate authority (${verdict.certificateAuthority}), and the built-in client does not verify host certificates; it showed ${described(shown)}`,
      next: 'Use --ssh-client openssh, which verifies host certificates.',
    }
  }
  const others = verdict.knownTypes.length === 0 ? '' : `; known there: ${verdict.knownTypes.join(', ')}`
  return {
    kind: 'refuse',
    detail: `the host key of ${named(hop)} is not known: ${described(shown)}${others}`,
    next: `Compare with \`${localCheck(shown)}\` on the node itself; if it is the same: ${addCommand(hop, shown)}`,
  }
}

function refuseChanged(
  hop: Hop,
  shown: Uint8Array,
  verdict: HostKeyVerdict & { kind: 'changed' },
): HostKeyDecision {
  const file = verdict.at.replace(/:\d+$/, '')
  return {
    kind: 'refuse',
    detail: `the host key of ${named(hop)} has changed: it showed ${described(shown)}, known is ${verdict.known} (${verdict.at})`,
    next: `Someone may be in between. Compare with \`${localCheck(shown)}\` on the node itself; if the change was meant: ssh-keygen -R ${quote(hop.knownHostsName)} -f ${quote(file)} && ${addCommand(hop, shown)}`,
  }
}

function named(hop: Hop): string {
  return hop.alias === hop.host ? `${hop.host}:${hop.port}` : `${hop.alias} (${hop.host}:${hop.port})`
}

function described(shown: Uint8Array): string {
  return `${keyTypeOf(shown)} ${fingerprint(shown)}`
}

function localCheck(shown: Uint8Array): string {
  const type = keyTypeOf(shown).replace(/^ssh-/, '').replace(/-.*$/, '')
  return `ssh-keygen -lf /etc/ssh/ssh_host_${type}_key.pub`
}

function knownHostsLine(hop: Hop, shown: Uint8Array): string {
  return `${hop.knownHostsName} ${keyTypeOf(shown)} ${Buffer.from(shown).toString('base64')}`
}

function addCommand(hop: Hop, shown: Uint8Array): string {
  return `echo ${quote(knownHostsLine(hop, shown))} >>${quote(hop.acceptInto ?? '~/.ssh/known_hosts')}`
}

function quote(word: string): string {
  return /^[A-Za-z0-9_.:/@+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
