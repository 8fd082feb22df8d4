import type { RawConfig } from './raw.ts'
import { readOne } from './read-one.ts'
import { validate } from './schemas.ts'

/** Options by their long names without dashes: `fail-on`, `max-errors`. */
export type Config = RawConfig

/** Reads khard.yaml. Throws one `content-invalid` that lists every fault. */
export function loadConfig(text: string, file: string): Config {
  return readOne({ text, file, code: 'content-invalid' }, validate.config).value
}
