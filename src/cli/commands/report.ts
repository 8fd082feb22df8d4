import type { Command } from 'commander'
import { commandOptions, wantsColor } from '../command-options.ts'
import type { Io } from '../io.ts'
import type { ReportingOptions } from '../options.ts'
import { parseOutputs, writeOutputs } from '../outputs.ts'
import { readNamedFile } from '../read-file.ts'

/** `khard report`: a saved result in other formats. Exits 0: the result was decided when it was made. */
export async function runReport(file: string, command: Command, io: Io): Promise<number> {
  const options = await commandOptions<ReportingOptions>(command, io)
  const outputs = await parseOutputs(options, io)
  const { parseResult } = await import('../../report/parse-result.ts')
  const result = await parseResult(await readNamedFile(file, io, 'result-invalid'), file)
  await writeOutputs(result, outputs, { io, color: wantsColor(options, io), show: options.show })
  return 0
}
