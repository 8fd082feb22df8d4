// Scaffolds a check: npm run new-check -- kube-apiserver.profiling-off [content directory]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const idForm = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/

/** Path of a check's file below a content root. */
export function checkPath(id) {
  const [component, ...name] = id.split('.')
  return join('benchmarks', 'checks', component, `${name.join('.')}.yaml`)
}

/** A check file to fill in: valid form, every place to think about marked. */
export function scaffold(id) {
  const [component] = id.split('.')
  return `id: ${id}
title: CHANGE, the compliant state as one claim (The API server serves no profiling data)
severity: medium # low, medium, high or critical
why: CHANGE, what goes wrong when this is not so.
applies: { component: ${component} } # also roles, started-as, distributions, versions, when, because
evidence: # a name of yours, then a fact and its parameters
  settings: { fact: component-settings, of: ${component} }
expect: # all must hold; one operator a line; any, all, not, every and some join and spread them
  - { value: settings.CHANGE, equals: false }
say: # {observed} and {expected} are filled in
  fail: CHANGE is {observed} in ${component}.
  next: Set CHANGE=false and restart ${component}.
sources: # where the facts above were read
  - CHANGE, document or source file with its version
# spare: true # only when no benchmark maps the check
examples: # each row is run; at least these kinds
  - { name: as it should be, given: { settings: { CHANGE: false } }, verdict: pass }
  - { name: as it should not be, given: { settings: { CHANGE: true } }, verdict: fail }
  - { name: unset means the default of its version, given: { settings: {} }, version: "1.34.2", verdict: fail }
  - { name: a setting that looks alike, given: { settings: { CHANGE-too: false } }, look-alike: true, version: "1.33.0", verdict: fail }
  - { name: processes unreadable, given: { settings: unavailable }, verdict: error }
`
}

/**
 * Writes the file; answers the exit code.
 * @param {readonly string[]} args
 * @param {(line: string) => unknown} say
 */
export function newCheck(args, say) {
  const [id, root = '.'] = args
  if (id === undefined || !idForm.test(id)) {
    say(`error: ${id === undefined ? 'no id is given' : `"${id}" is not a check id`}`)
    say('next: npm run new-check -- component.compliant-state, e.g. kube-apiserver.profiling-off')
    return 2
  }
  const path = checkPath(id)
  const file = join(root, path)
  if (existsSync(file)) {
    say(`error: ${path} exists already`)
    say('next: edit it, or choose another id; ids are never reused')
    return 2
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, scaffold(id))
  say(`wrote ${path}`)
  const [component] = id.split('.')
  say('next:')
  say(
    `  1. replace every CHANGE; npx khard explain component-settings:${component} lists the settings there are`,
  )
  say(`  2. map it: add ${id} to the checks of a control in benchmarks/<id>/<version>/, or write spare: true`)
  say(`  3. npx khard validate ${file} runs its examples; then npm test`)
  return 0
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = newCheck(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`))
}
