import type { Result } from '../model/finding.ts'

export interface ReportOptions {
  /** True when the reader is a terminal that shows colour. */
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
  /** `failures`: what needs action; `all`: every finding. */
  readonly show: 'failures' | 'all'
}

/** Writes a value as text and prints nothing. */
export type Renderer<T> = (value: T, options: ReportOptions) => string

/** The same piece by piece, for text that is too large to stand in memory as a whole. */
export type PieceRenderer<T> = (value: T, options: ReportOptions) => Iterable<string>

/** What renders a whole text, as one piece. */
export function inOnePiece<T>(render: Renderer<T>): PieceRenderer<T> {
  return (value, options) => [render(value, options)]
}

/** Renders a result and prints nothing. Computes no verdict. */
export type Reporter = Renderer<Result>
