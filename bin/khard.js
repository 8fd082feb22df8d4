#!/usr/bin/env node
// Checks the runtime before anything newer than it can understand is loaded.
import module from 'node:module'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `error: khard needs Node.js 22.19 or newer, this is ${process.versions.node}; use a newer one; in the khard repository, \`npm ci\` brings one and \`npx khard\` runs it\n`,
  )
  process.exitCode = 2
} else {
  module.enableCompileCache?.()
  const { main } = await import('../dist/cli/main.js')
  // Not exitCode: a peer that leaves its connection half open must not keep the run from ending.
  process.exit(await main(process.argv.slice(2)))
}
