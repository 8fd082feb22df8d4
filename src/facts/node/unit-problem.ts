/** What is wrong with a line; systemd itself only warns, in the journal, and starts the service. */
export type UnitProblemKind =
  | 'comment-in-value' // there are no trailing comments: the value is unparsable and ignored
  | 'comment-as-controllers' // Delegate= takes the comment for names of controllers
  | 'comment-in-command' // the words become arguments of the program
  | 'comment-in-name' // a user, file or unit name that nothing has
  | 'comment-in-variable' // the words become part of a variable
  | 'no-controllers' // an empty Delegate= delegates, and no controller with it
  | 'unparsable-value' // a typed option that is ignored
  | 'double-backslash' // not a continuation: the following lines are cut off
  | 'unexpanded-variable' // $NAME where systemd expands nothing
  | 'unknown-section'
  | 'unknown-key' // a flag line or a misspelt key, ignored
  | 'stray-line' // outside a section, or without `=`

/** One line of a unit, drop-in or environment file that does not do what it says. */
export interface UnitProblem {
  readonly file: string
  readonly line: number
  readonly text: string
  readonly problem: UnitProblemKind
  /** What systemd does with it instead. */
  readonly effect: string
}
