import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../support/khard.ts'
import type { Lab, LabNode } from '../support/lab.ts'

function firstChild(pid: string): string {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] ?? ''
}

/** The process id of a running node's init, as this machine counts. */
export function initOf(lab: Lab, node: LabNode): number {
  const recorded = readFileSync(join(dirname(lab.sshConfig), 'nodes', String(node.id), 'pid'), 'utf8')
  const supervisor = recorded.trim().split(/\s/)[0] ?? ''
  return Number(firstChild(firstChild(supervisor)))
}

/** The root file system of a running node, as this machine sees it. */
export function rootOf(lab: Lab, node: LabNode): string {
  return `/proc/${initOf(lab, node)}/root`
}

/** Packages the command needs when it runs, with all they need. */
function runtimePackages(): readonly string[] {
  const lock: { packages: Record<string, { dev?: boolean; optional?: boolean }> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  )
  return Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== '' && dev !== true && optional !== true)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)))
}

/** Copies khard and its Node.js into the node's /run, for want of one there. Returns the command line to run it by. */
export function installOn(lab: Lab, node: LabNode): readonly string[] {
  const place = join(rootOf(lab, node), 'run', 'khard')
  mkdirSync(place, { recursive: true })
  cpSync(process.execPath, join(place, 'node'), { dereference: true })
  for (const part of ['bin', 'dist', 'reports', 'package.json', ...runtimePackages()]) {
    cpSync(join(root, part), join(place, part), { recursive: true, dereference: true })
  }
  return ['/run/khard/node', '/run/khard/bin/khard.js']
}
