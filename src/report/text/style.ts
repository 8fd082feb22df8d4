import type { Verdict } from '../../model/verdict.ts'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan'

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const satisfies Record<Style, readonly [on: number, off: number]>

/** Text in a style. The only place where an escape sequence is written. */
export function styled(text: string, styles: readonly Style[]): string {
  return styles.reduce((inner, style) => `\u001b[${codes[style][0]}m${inner}\u001b[${codes[style][1]}m`, text)
}

/** Sign and colour of each verdict; the sign carries the meaning, colour only helps. */
export const marks = {
  fail: { sign: '✗', style: 'red' },
  error: { sign: '!', style: 'yellow' },
  unknown: { sign: '?', style: 'yellow' },
  notChecked: { sign: '○', style: 'blue' },
  pass: { sign: '✓', style: 'green' },
  fixed: { sign: '+', style: 'green' },
  informational: { sign: 'i', style: 'cyan' },
  notApplicable: { sign: '–', style: 'dim' },
} as const satisfies Record<Verdict, { readonly sign: string; readonly style: Style }>
