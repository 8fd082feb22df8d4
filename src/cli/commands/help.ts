import { type ExitCode, exitMeaning } from '../../gate/exit-codes.ts'

const targets = `
Targets:
  local                          this machine (the default)
  ssh://[user@]host[:port]       a node over SSH
  root:DIR                       a mounted image or root file system
  bundle:FILE                    evidence saved earlier
`

const inventory = `
Inventory (docs/inventory.md; Ansible inventories in YAML or INI are read as well):
  targets:
    - ssh://cp-1
    - { name: w-1, address: "ssh://admin@10.0.0.21", sudo: true, identity-file: ~/.ssh/nodes }
`

/** Every option made by src/cli/options.ts; said once instead of at each. */
const settings = `
Options are also read from the environment (--fail-on from KHARD_FAIL_ON; yes or no for those without a
value; several values joined by semicolons) and from khard.yaml (fail-on: high). The command line wins.
`

function examples(lines: readonly (readonly [command: string, says: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  const text = lines.map(([command, says]) => `  khard ${command.padEnd(width)}  ${says}`.trimEnd())
  return `\nExamples:\n${text.join('\n')}\n`
}

/** What each exit code says of this command; 0 as the command means it. */
function exitCodes(done: string, codes: readonly ExitCode[]): string {
  const others = codes.map((code) => `${code} ${exitMeaning[code]}`)
  return `\nExit codes: ${[`0 ${done}`, ...others].join(' · ')}.\n`
}

/** What stands below the options in the help of each command. */
export const help = {
  khard: `${examples([
    ['audit', 'this machine'],
    ['audit --help', 'targets, options and examples of a command'],
    ['explain 1.2.1', 'what a control asks'],
  ])}${exitCodes(exitMeaning[0], [1, 2, 3, 130])}`,
  audit: `${targets}${inventory}${examples([
    ['audit', 'this machine'],
    ['audit ssh://cp-1 ssh://cp-2 --sudo', 'two nodes, one result'],
    ['audit --inventory nodes.yaml -o junit=junit.xml -o text', 'khard’s own form, or Ansible’s'],
    ['audit bundle:evidence.khard --at 2026-06-01', 'what was seen then, judged on that day'],
    ['audit --only 1.2.1 --only kubelet.anonymous-auth-off', 'a control, a check'],
    ['audit --cluster --show-rbac', 'the rights that a cluster’s audit needs'],
    ['audit --tailoring site.yaml --waivers waivers.yaml', 'what this site changes and accepts'],
    ['audit --baseline last-week.json', 'only what is new since then fails the run'],
  ])}${settings}${exitCodes(exitMeaning[0], [1, 2, 3, 130])}`,
  collect: `${targets}${inventory}${examples([
    ['collect ssh://cp-1 --sudo -o evidence.khard', 'evidence only; audit it anywhere'],
    ['collect --print-script', 'what would run on a node'],
  ])}${settings}${exitCodes('every target answered', [2, 3, 130])}`,
  report: `${examples([
    ['report result.json', 'as text'],
    ['report result.json -o junit=junit.xml -o sarif=khard.sarif', ''],
  ])}${settings}${exitCodes('rendered; what the gate said stands in the result', [2, 3])}`,
  diff: `${examples([
    ['diff last-week.json today.json', 'what got better, worse, appeared or vanished'],
    ['diff last-week.json today.json --show all', 'and each of what got better'],
    ['diff main.json branch.json --fail-on-new', 'exit 1 for what newly fails at high or above'],
    ['diff main.json branch.json --fail-on-new medium -o text -o json=diff.json', ''],
  ])}${settings}${exitCodes('compared; with --fail-on-new: nothing is worse', [1, 2, 3])}`,
  explain: `${examples([
    ['explain 1.2.1', 'a control, in every benchmark that has it'],
    ['explain cis-kubernetes@1.12:1.2.1', 'in one edition of one benchmark'],
    ['explain kubelet.anonymous-auth-off', 'a check'],
    ['explain component-settings:kubelet', 'a fact for authors of checks, and its fields'],
    ['explain 1.2.1 --evidence evidence.khard', 'with what was seen there'],
  ])}${settings}${exitCodes('explained', [2, 3])}`,
  list: `${examples([
    ['list profiles', 'what can be asked of which nodes'],
    ['list benchmarks', 'what profiles are made of'],
    ['list checks --content my-content', 'your own among them'],
    ['list facts', 'what a check can look at'],
  ])}${settings}${exitCodes('listed', [2, 3])}`,
  validate: `${examples([
    ['validate my-content/', 'every check, benchmark and profile below it'],
    ['validate my-content/benchmarks/checks/kubelet/quiet.yaml', 'one check and its examples'],
    ['validate waivers.yaml site.yaml nodes.yaml khard.yaml', 'waivers, a tailoring, an inventory, options'],
    ['validate evidence.khard result.json', 'that nobody changed them'],
  ])}${settings}${exitCodes('all are valid', [2, 3])}`,
} as const
