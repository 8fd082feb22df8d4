import type { Command } from 'commander'
import type { Io } from '../io.ts'
import {
  addClockOption,
  addDiffOptions,
  addDistributionOption,
  addEvidenceOption,
  addGateOptions,
  addGlobalOptions,
  addReportingOptions,
  addSelectionOptions,
  addTargetOptions,
} from '../options.ts'
import { help } from './help.ts'

/** Hands the exit code of a verb on. What a verb does is loaded when it is called. */
type Run = (work: () => Promise<number>) => Promise<void>

/**
 * The verbs, their options and help. What they do is loaded when one is called, so that
 * `khard --version` loads nothing.
 */
export function defineCommands(program: Command, io: Io, setExit: (code: number) => void): void {
  const run: Run = async (work) => setExit(await work())
  for (const define of [
    defineAudit,
    defineCollect,
    defineReport,
    defineDiff,
    defineExplain,
    defineList,
    defineValidate,
  ])
    define(program, io, run)
}

function defineAudit(program: Command, io: Io, run: Run): void {
  const audit = program
    .command('audit')
    .description('collect evidence, evaluate it, report, and decide the gate')
  audit.argument('[target...]', 'what to audit').addHelpText('after', help.audit)
  audit.option('--show-rbac', 'print the smallest ClusterRole that --cluster needs, and exit')
  for (const add of [
    addSelectionOptions,
    addTargetOptions,
    addReportingOptions,
    addGateOptions,
    addClockOption,
    addDistributionOption,
    addEvidenceOption,
    addGlobalOptions,
  ])
    add(audit)
  audit.action((targets: string[], _options, command: Command) =>
    run(async () => (await import('./audit.ts')).runAudit(targets, command, io)),
  )
}

function defineCollect(program: Command, io: Io, run: Run): void {
  const collect = program.command('collect').description('collect evidence only, into one file that replays')
  collect.argument('[target...]', 'what to look at').addHelpText('after', help.collect)
  collect.option('-o, --output <bundle>', 'the file to write')
  collect.option('--print-script', 'print what would run on a node, and exit')
  for (const add of [addSelectionOptions, addTargetOptions, addGlobalOptions]) add(collect)
  collect.action((targets: string[], _options, command: Command) =>
    run(async () => (await import('./collect.ts')).runCollect(targets, command, io)),
  )
}

function defineReport(program: Command, io: Io, run: Run): void {
  const report = program.command('report').description('render a saved result again')
  report.argument('<result.json>', 'written by khard audit -o json=FILE').addHelpText('after', help.report)
  for (const add of [addReportingOptions, addGlobalOptions]) add(report)
  report.action((file: string, _options, command: Command) =>
    run(async () => (await import('./report.ts')).runReport(file, command, io)),
  )
}

function defineDiff(program: Command, io: Io, run: Run): void {
  const diff = program
    .command('diff')
    .description('what got better, worse, appeared or vanished between two results')
  diff.argument('<old.json>', 'the older result, written by khard audit -o json=FILE')
  diff.argument('<new.json>', 'the newer one').addHelpText('after', help.diff)
  for (const add of [addDiffOptions, addGlobalOptions]) add(diff)
  diff.action((older: string, newer: string) =>
    run(async () => (await import('./diff.ts')).runDiff([older, newer], diff, io)),
  )
}

function defineExplain(program: Command, io: Io, run: Run): void {
  const explain = program
    .command('explain')
    .description('a control, a check or a fact: what, why, how it is assessed, how to fix it')
  explain
    .argument('<id>', 'a check (kubelet.anonymous-auth-off), a control (cis-kubernetes:1.2.1) or a fact')
    .addHelpText('after', help.explain)
  explain.option('--profile <id>', 'as this profile asks it, on the distributions it is for')
  explain.option('--evidence <bundle>', 'add what was seen')
  for (const add of [addClockOption, addGlobalOptions]) add(explain)
  explain.action((id: string, _options, command: Command) =>
    run(async () => (await import('./explain.ts')).runExplain(id, command, io)),
  )
}

function defineList(program: Command, io: Io, run: Run): void {
  const list = program.command('list').description('list benchmarks, profiles, checks or facts')
  list.argument('<what>', 'benchmarks, profiles, checks or facts').addHelpText('after', help.list)
  addGlobalOptions(list)
  list.action((what: string, _options, command: Command) =>
    run(async () => (await import('./list.ts')).runList(what, command, io)),
  )
}

function defineValidate(program: Command, io: Io, run: Run): void {
  const validate = program
    .command('validate')
    .description('check content, waivers, tailorings, inventories, configuration, bundles and results')
  validate
    .argument('<file...>', 'files, or directories laid out like khard’s own content')
    .addHelpText('after', help.validate)
  addGlobalOptions(validate)
  validate.action((files: string[], _options, command: Command) =>
    run(async () => (await import('./validate.ts')).runValidate(files, command, io)),
  )
}
