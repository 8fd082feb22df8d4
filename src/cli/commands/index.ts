import type { Command } from 'commander'
import type { Io } from '../io.ts'
import {
  addClockOption,
  addEvidenceOption,
  addGateOptions,
  addGlobalOptions,
  addReportingOptions,
  addSelectionOptions,
  addTargetOptions,
} from '../options.ts'

const targetsHelp = `
Targets:
  local                          this machine (the default)
  ssh://[user@]host[:port]       a node over SSH
  root:DIR                       a mounted image or root file system
  bundle:FILE                    evidence saved earlier
`

const auditHelp = `${targetsHelp}
Examples:
  khard audit                                        this machine
  khard audit ssh://cp-1 ssh://cp-2 --sudo           two nodes, one result
  khard audit --inventory nodes.yaml -o junit=junit.xml -o text
  khard audit bundle:evidence.khard --at 2026-06-01  what was seen then, judged on that day

Exit codes: 0 gate met, 1 gate not met, 2 usage or content error, 3 could not complete.
`

/**
 * The verbs, their options and help. What they do is loaded when one is called, so that
 * `khard --version` loads nothing.
 */
export function defineCommands(program: Command, io: Io, setExit: (code: number) => void): void {
  const audit = program
    .command('audit')
    .description('collect evidence, evaluate it, report, and decide the gate')
  audit.argument('[target...]', 'what to audit').addHelpText('after', auditHelp)
  for (const add of [
    addSelectionOptions,
    addTargetOptions,
    addReportingOptions,
    addGateOptions,
    addClockOption,
    addEvidenceOption,
    addGlobalOptions,
  ])
    add(audit)
  audit.action(async (targets: string[], _options, command: Command) => {
    const { runAudit } = await import('./audit.ts')
    setExit(await runAudit(targets, command, io))
  })

  const collect = program.command('collect').description('collect evidence only, into one file that replays')
  collect.argument('[target...]', 'what to look at').addHelpText('after', targetsHelp)
  collect.option('-o, --output <bundle>', 'the file to write')
  collect.option('--print-script', 'print what would run on a node, and exit')
  for (const add of [addSelectionOptions, addTargetOptions, addGlobalOptions]) add(collect)
  collect.action(async (targets: string[], _options, command: Command) => {
    const { runCollect } = await import('./collect.ts')
    setExit(await runCollect(targets, command, io))
  })

  const report = program.command('report').description('render a saved result again')
  report.argument('<result.json>', 'written by khard audit -o json=FILE')
  for (const add of [addReportingOptions, addGlobalOptions]) add(report)
  report.action(async (file: string, _options, command: Command) => {
    const { runReport } = await import('./report.ts')
    setExit(await runReport(file, command, io))
  })

  const explain = program
    .command('explain')
    .description('a control or a check: what, why, how it is assessed, how to fix it')
  explain.argument('<id>', 'a check (kubelet.anonymous-auth-off) or a control (1.2.1, cis-kubernetes:1.2.1)')
  explain.option('--evidence <bundle>', 'add what was seen')
  addGlobalOptions(explain)
  explain.action(async (id: string, _options, command: Command) => {
    const { runExplain } = await import('./explain.ts')
    setExit(await runExplain(id, command, io))
  })

  const list = program.command('list').description('list benchmarks, profiles, checks or remediations')
  list.argument('<what>', 'benchmarks, profiles, checks or remediations')
  addGlobalOptions(list)
  list.action(async (what: string, _options, command: Command) => {
    const { runList } = await import('./list.ts')
    setExit(await runList(what, command, io))
  })

  const validate = program
    .command('validate')
    .description('check content, waivers, configuration, bundles and results')
  validate.argument('<file...>', 'files, or directories laid out like khard’s own content')
  addGlobalOptions(validate)
  validate.action(async (files: string[], _options, command: Command) => {
    const { runValidate } = await import('./validate.ts')
    setExit(await runValidate(files, command, io))
  })
}
