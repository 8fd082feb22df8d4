import { Command, CommanderError } from 'commander'
import { help } from './commands/help.ts'
import { defineCommands } from './commands/index.ts'
import { type Io, processIo } from './io.ts'
import { createSay, sayFault } from './say.ts'
import { toolVersion } from './tool-version.ts'

/** Verbs of the contract that are still to come: asking for one is a usage error that says so. */
const notBuilt = ['harden', 'remediate', 'gate', 'verify']

const usageExit = 2

function createProgram(io: Io, setExit: (code: number) => void): Command {
  const program = new Command('khard')
    .description('Audits Kubernetes nodes against CIS and its own baseline, and says what it could not see.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .addHelpText('after', help.khard)
    .showHelpAfterError('(khard --help lists the commands)')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
    .exitOverride()
  defineCommands(program, io, setExit)
  return program
}

/** The `khard` command line. Answers the exit code: 0, 1, 2, 3, or 130 when interrupted. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const verb = argv.find((word) => !word.startsWith('-'))
  const color = (io.env.NO_COLOR ?? '') === '' && !argv.includes('--no-color')
  const say = createSay(io, { quiet: false, verbose: false, color })
  let exitCode = 0
  const program = createProgram(io, (code) => {
    exitCode = code
  })
  if (verb !== undefined && notBuilt.includes(verb)) {
    const built = program.commands.map((command) => command.name())
    await say.error(`khard ${verb} is not built yet`, `Use one of: ${built.join(', ')}.`)
    return usageExit
  }
  if (argv.length === 0) {
    program.outputHelp({ error: true })
    return usageExit
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : usageExit
    await sayFault(say, fault, argv.includes('-v') || argv.includes('--verbose'))
    const { exitCodeFor } = await import('../gate/exit-codes.ts')
    return exitCodeFor(fault)
  }
  return io.signal.aborted ? 130 : exitCode
}
