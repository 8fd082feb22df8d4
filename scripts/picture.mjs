// Draws the terminal picture of the README (docs/terminal.svg) from a real run over the example bundle.
// Usage: npm run picture
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const colors = {
  30: '#4b5563',
  31: '#f87171',
  32: '#4ade80',
  33: '#fbbf24',
  34: '#60a5fa',
  35: '#c084fc',
  36: '#22d3ee',
  37: '#e5e7eb',
  90: '#9ca3af',
}
const command = ['audit', 'bundle:examples/three-nodes.khard', '--at', '2026-11-22']
const lines = 58

/** What a terminal would show: `script` gives the run a terminal of its own, so that colours are the real ones. */
function run() {
  const shell = `stty cols 100 rows 200; '${process.execPath}' bin/khard.js ${command.join(' ')}`
  const { stdout } = spawnSync('script', ['-qec', shell, '/dev/null'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color' },
  })
  return stdout.replaceAll('\r', '').split('\n')
}

function markup(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** One line with SGR sequences as tspans. */
function spans(line) {
  let style = { color: '#e5e7eb', bold: false, dim: false }
  let out = ''
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1]
    if (codes === undefined) {
      const weight = style.bold ? ' font-weight="700"' : ''
      const opacity = style.dim ? ' opacity="0.6"' : ''
      if (part !== '') out += `<tspan fill="${style.color}"${weight}${opacity}>${markup(part)}</tspan>`
      continue
    }
    for (const code of codes.split(';').map(Number)) {
      if (code === 0) style = { color: '#e5e7eb', bold: false, dim: false }
      else if (code === 1) style = { ...style, bold: true }
      else if (code === 2) style = { ...style, dim: true }
      else if (code === 22) style = { ...style, bold: false, dim: false }
      else if (code === 39) style = { ...style, color: '#e5e7eb' }
      else if (colors[code] !== undefined) style = { ...style, color: colors[code] }
    }
  }
  return out
}

const shown = [`\u001b[90m$\u001b[0m npx khard ${command.join(' ')}`, '', ...run()].slice(0, lines)
const height = 24 + shown.length * 17
const text = shown
  .map((line, index) => `<text x="16" y="${30 + index * 17}" xml:space="preserve">${spans(line)}</text>`)
  .join('\n')
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="840" height="${height}" viewBox="0 0 840 ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13">
<title>khard audit over three recorded nodes</title>
<rect width="840" height="${height}" rx="8" fill="#111827"/>
${text}
</svg>
`
writeFileSync(new URL('../docs/terminal.svg', import.meta.url), svg)
process.stdout.write(`docs/terminal.svg: ${shown.length} lines\n`)
