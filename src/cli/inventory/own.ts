import { parseTarget, type TargetSpec } from '../targets.ts'
import type { Complain } from './ansible.ts'
import type { ComplainAt } from './ansible-yaml.ts'

const keys = ['name', 'address', 'sudo', 'identity-file']

/** Targets of khard's own inventory form: `{ targets: [ { name, address, sudo?, identity-file? } ] }`. */
export function readOwnInventory(targets: unknown, complainAt: ComplainAt): readonly TargetSpec[] {
  if (!Array.isArray(targets)) return complainAt(['targets'])('"targets" is not a list')
  return targets.map((entry: unknown, index) => {
    const complain = complainAt(['targets', index])
    return readEntry(entry, (message) => complain(`target ${index + 1}: ${message}`))
  })
}

function readEntry(entry: unknown, complain: Complain): TargetSpec {
  if (typeof entry === 'string') return parseTarget(entry)
  if (typeof entry !== 'object' || entry === null) return complain('it is neither an address nor a mapping')
  const fields = new Map<string, unknown>(Object.entries(entry))
  for (const key of fields.keys())
    if (!keys.includes(key)) complain(`"${key}" is not a key; the keys are ${keys.join(', ')}`)
  const text = (key: string): string | undefined => {
    const value = fields.get(key)
    return value === undefined || typeof value === 'string' ? value : complain(`${key} is not text`)
  }
  const sudo = fields.get('sudo')
  if (sudo !== undefined && typeof sudo !== 'boolean') return complain('sudo is neither true nor false')
  const parsed = parseTarget(text('address') ?? complain('address is missing'))
  const identityFile = text('identity-file')
  if (identityFile !== undefined && parsed.address.kind !== 'ssh')
    return complain('identity-file goes with an ssh:// address only')
  return {
    name: text('name') ?? parsed.name,
    address:
      identityFile !== undefined && parsed.address.kind === 'ssh'
        ? { ...parsed.address, identityFile }
        : parsed.address,
    ...(sudo === undefined ? {} : { sudo }),
  }
}
