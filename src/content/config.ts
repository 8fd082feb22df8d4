import { type Fault, throwFaults } from './faults.ts'
import type { RawConfig } from './raw.ts'
import { validate } from './schemas.ts'
import { readYaml } from './yaml-source.ts'

/** Options by their long names without dashes: `fail-on`, `max-errors`. */
export type Config = RawConfig

/** Reads khard.yaml. Throws one `content-invalid` that lists every fault. */
export function loadConfig(text: string, file: string): Config {
  const faults: Fault[] = []
  const source = readYaml(new TextEncoder().encode(text), file, faults)
  const read = source === null ? null : validate.config(source, faults)
  throwFaults(faults, 'content-invalid')
  return read?.value ?? {}
}
