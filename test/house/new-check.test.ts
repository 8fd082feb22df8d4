import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkPath, newCheck, scaffold } from '../../scripts/new-check.mjs'
import { component, faultsOf, goodTree, load, paths, section } from '../content/content-tree.ts'

let root = ''
let said: string[] = []
const say = (line: string): number => said.push(line)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'khard-new-'))
  said = []
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

describe('npm run new-check', () => {
  it('writes a check that loads once its blanks are filled', () => {
    const id = 'kube-apiserver.quiet'
    const text = scaffold(id).replaceAll('CHANGE', 'profiling')
    const tree = {
      ...goodTree,
      [paths.component]: component.replace('name: tls-cipher-suites', 'name: profiling-too'),
      [checkPath(id)]: text,
      [paths.section]: section.replace('[kube', `[${id}, kube`),
    }

    expect(faultsOf(() => load(tree))).toEqual([])
  })

  it('writes the file where the loader looks for it, and says what else to do', () => {
    expect(newCheck(['kubelet.quiet', root], say)).toBe(0)

    expect(readFileSync(join(root, 'benchmarks/checks/kubelet/quiet.yaml'), 'utf8')).toContain(
      'id: kubelet.quiet\n',
    )
    expect(said.join('\n')).toMatch(/map it: add kubelet\.quiet/)
  })

  it('never writes over a check', () => {
    newCheck(['kubelet.quiet', root], say)

    expect(newCheck(['kubelet.quiet', root], say)).toBe(2)
    expect(said).toContain('error: benchmarks/checks/kubelet/quiet.yaml exists already')
  })

  it.each(['Kubelet.quiet', 'kubelet', '../x.y', 'kubelet.'])('refuses %s', (id) => {
    expect(newCheck([id, root], say)).toBe(2)
    expect(said[0]).toBe(`error: "${id}" is not a check id`)
  })

  it('asks for an id', () => {
    expect(newCheck([], say)).toBe(2)
    expect(said[0]).toBe('error: no id is given')
  })
})

describe('a scaffold that was not filled in', () => {
  const id = 'kube-apiserver.quiet'
  const filled = scaffold(id).replaceAll('CHANGE', 'profiling')
  const load1 = (text: string) =>
    load({
      ...goodTree,
      [paths.component]: component.replace('name: tls-cipher-suites', 'name: profiling-too'),
      [checkPath(id)]: text,
      [paths.section]: section.replace('[kube', `[${id}, kube`),
    })

  it.each([
    ['title: profiling', '"title" still says CHANGE'],
    ['why: profiling', '"why" still says CHANGE'],
    ['fail: profiling', '"say.fail" still says CHANGE'],
    ['next: Set profiling', '"say.next" still says CHANGE'],
    ['- profiling, document', '"sources[1]" still says CHANGE'],
  ])('is refused where it reads %s', (text, message) => {
    const left = filled.replace(text, text.replace('profiling', 'CHANGE'))

    expect(faultsOf(() => load1(left))).toEqual([expect.stringContaining(message)])
  })
})
