import { userInfo } from 'node:os'
import type { Carrier, RunOptions } from '../../src/collect/carrier.ts'
import { createLocalCarrier } from '../../src/collect/carriers/local.ts'
import { createOpensshCarrier, type SshAddress } from '../../src/collect/carriers/openssh.ts'
import { createSsh2Carrier } from '../../src/collect/carriers/ssh2.ts'
import type { Sudo } from '../../src/collect/carriers/sudo.ts'

/** Limits roomy enough for a busy machine. */
export const limits: RunOptions = { timeoutMs: 30_000, connectTimeoutMs: 15_000, maxBytes: 4_000_000 }

export interface SshSetting {
  readonly address: SshAddress
  readonly configFile?: string
  readonly sudo?: Sudo
  readonly home?: string
  readonly env?: { readonly [name: string]: string }
  readonly warnings?: string[]
}

export function ssh2(setting: SshSetting): Carrier {
  return createSsh2Carrier({
    target: `ssh://${setting.address.host}`,
    address: setting.address,
    sudo: setting.sudo ?? null,
    around: { home: setting.home ?? '/nonexistent', localUser: userInfo().username, env: setting.env ?? {} },
    ...(setting.configFile === undefined ? {} : { configFile: setting.configFile }),
    warn: (message) => setting.warnings?.push(message),
  })
}

export function openssh(setting: SshSetting): Carrier {
  return createOpensshCarrier({
    target: `ssh://${setting.address.host}`,
    address: setting.address,
    sudo: setting.sudo ?? null,
    env: { PATH: process.env['PATH'], ...setting.env },
    ...(setting.configFile === undefined ? {} : { configFile: setting.configFile }),
  })
}

export function local(sudo: Sudo | null = null, env: NodeJS.ProcessEnv = process.env): Carrier {
  return createLocalCarrier({ kind: 'local', target: 'local', sudo, env })
}

export function root(): Carrier {
  return createLocalCarrier({ kind: 'root', target: 'root:/mnt', sudo: null, env: process.env })
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
