import { trailingComment } from './trailing-comment.ts'
import type { UnitProblem, UnitProblemKind } from './unit-problem.ts'

function lineProblem(text: string): readonly [UnitProblemKind, string] | null {
  const equals = text.indexOf('=')
  const name = text.slice(0, equals)
  if (equals < 0) return ['stray-line', 'a line without = sets nothing']
  if (!/^[A-Za-z_]\w*$/.test(name))
    return ['stray-line', `"${name}" is no name of a variable; the line is ignored`]
  const value = text.slice(equals + 1)
  if (trailingComment(value) !== null) return ['comment-in-variable', `the comment is part of ${name}`]
  const variable = /^[^']*\$\{[A-Za-z_]\w*\}/.test(value)
  return variable
    ? ['unexpanded-variable', `${name} holds the text of the variable: nothing is expanded here`]
    : null
}

/** Lines of an environment file that do not do what they say (systemd.exec(5), seen with systemd 252). */
export function environmentProblems(text: string, file: string): readonly UnitProblem[] {
  const problems: UnitProblem[] = []
  let continues = false
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    const isContinuation = continues
    continues = /(^|[^\\])(\\\\)*\\$/.test(raw)
    if (isContinuation || line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const problem = lineProblem(line)
    if (problem !== null)
      problems.push({ file, line: index + 1, text: line, problem: problem[0], effect: problem[1] })
  }
  return problems
}
