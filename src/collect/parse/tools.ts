import type { RawCommand, RawKey, RawUnit } from '../../model/node-evidence.ts'
import { decodeText } from '../stream.ts'
import type { Outcome } from './account.ts'
import type { Missing, Parse } from './context.ts'
import { missing, notA } from './context.ts'
import { realPath } from './files.ts'

/** What `timeout` answers: its own 124, or the signal it sent (busybox). */
export function isTimeout(status: number): boolean {
  return [124, 137, 143].includes(status)
}

/** Why a program that should have run gave no answer. */
export function notRun(parse: Parse, program: string): Missing {
  const { programsEnd } = parse.account
  if (programsEnd === null) return parse.end
  if (typeof programsEnd === 'string') return missing(programsEnd, 'no sh to run it with')
  return isTimeout(programsEnd)
    ? missing('timed-out', `${program} did not answer`)
    : missing('tool-failed', `${program} gave no answer`)
}

/** Units by every name systemd gave them. */
export function readUnits(text: string): ReadonlyMap<string, { readonly [name: string]: string }> {
  const units = new Map<string, { readonly [name: string]: string }>()
  for (const block of text.split(/\n\n+/)) {
    const properties = new Map<string, string>()
    for (const line of block.split('\n')) {
      const cut = line.indexOf('=')
      if (cut <= 0) continue
      const name = line.slice(0, cut)
      const known = properties.get(name)
      properties.set(name, known === undefined ? line.slice(cut + 1) : `${known}\n${line.slice(cut + 1)}`)
    }
    const names = [properties.get('Id') ?? '', ...(properties.get('Names') ?? '').split(' ')]
    for (const name of names) if (name !== '') units.set(name, Object.fromEntries(properties))
  }
  return units
}

function unitsFailure(parse: Parse): Missing {
  const { unitsNotAsked } = parse.account
  if (parse.offline) return missing('offline')
  if (unitsNotAsked === 'no-tool') return missing('tool-missing', 'systemctl is not on the node')
  return notRun(parse, 'systemctl')
}

/** Units as systemd has them. Where another init runs the machine it has loaded none of them: all are absent. */
export function unitItems(parse: Parse): readonly RawUnit[] {
  const { programs, unitsNotAsked, unknownUnits } = parse.account
  const answer = programs.get('units')
  const text = answer === undefined || typeof answer === 'string' ? null : decodeText(answer.payload)
  const units = text === null ? new Map() : readUnits(text)
  return parse.plan.units.map((name): RawUnit => {
    const item = { kind: 'unit', id: `unit:${name}`, name } as const
    if (unitsNotAsked === 'no-systemd' || unknownUnits.has(name)) return { ...item, state: 'absent' }
    const properties: { readonly [name: string]: string } | undefined = units.get(name)
    const loadState = properties?.LoadState
    if (properties === undefined || loadState === undefined) return { ...item, ...unitsFailure(parse) }
    if (loadState === 'not-found') return { ...item, state: 'absent' }
    return { ...item, state: 'observed', properties }
  })
}

/** Public half as openssl printed it, or why there is none. */
export function keyState(outcome: Outcome): Missing | { state: 'observed'; publicKey: string } {
  if (typeof outcome === 'string')
    return missing(outcome, outcome === 'tool-missing' ? 'openssl is not on the node' : undefined)
  const text = (decodeText(outcome.payload) ?? '').trim()
  const isKey = /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----$/.test(text)
  if (outcome.status === 0 && isKey) return { state: 'observed', publicKey: `${text}\n` }
  return missing('tool-failed', 'openssl could not read it (a password, or not a key)')
}

/** Public halves: of every path that is to hold a private key, and of others in use that turned out to. */
export function keyItems(parse: Parse): readonly RawKey[] {
  const { account, plan } = parse
  const wanted = new Set(plan.paths.filter(({ holds }) => holds === 'private-key').map(({ path }) => path))
  for (const [path, { classes }] of account.paths) {
    if (classes.has('private-key') || account.keys.has(realPath(parse, path))) wanted.add(path)
  }
  return [...wanted].map((path): RawKey => {
    const item = { kind: 'key', id: `key:${path}`, path } as const
    const asked = account.paths.get(path)
    if (asked?.state === 'absent') return { ...item, state: 'absent' }
    if (asked?.state === 'denied') return { ...item, ...missing('permission-denied') }
    const real = realPath(parse, path)
    const outcome = account.keys.get(real)
    if (outcome !== undefined) return { ...item, ...keyState(outcome) }
    const type = account.stats.get(real)?.type
    if (type !== undefined && type !== 'file') return { ...item, ...notA('file', type) }
    return { ...item, ...parse.end }
  })
}

export function commandItems(parse: Parse): readonly RawCommand[] {
  return parse.plan.commands.map((argv, number): RawCommand => {
    const item = { kind: 'command', id: `command:${argv.join(' ')}`, argv } as const
    const [program = ''] = argv
    if (parse.offline) return { ...item, ...missing('offline') }
    const outcome = parse.account.programs.get(`command ${number}`)
    if (outcome === undefined) return { ...item, ...notRun(parse, program) }
    // Not a tool of ours that is missing: the program that was asked about is not there.
    if (outcome === 'tool-missing') return { ...item, state: 'absent' }
    if (typeof outcome === 'string') return { ...item, ...missing(outcome) }
    if (isTimeout(outcome.status)) return { ...item, ...missing('timed-out', `${program} did not answer`) }
    const text = decodeText(outcome.payload)
    if (text === null || text.includes('\u0001')) return { ...item, ...missing('not-text') }
    return { ...item, state: 'observed', text: text.replace(/\n$/, ''), exitCode: outcome.status }
  })
}
