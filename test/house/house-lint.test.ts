import { describe, expect, it } from 'vitest'
import { codeOnly, houseFaults } from '../../scripts/house-lint.mjs'

const path = 'src/evaluate/check.ts'

describe('a house rule', () => {
  it.each([
    ['const a = b as string', 'a cast with `as`'],
    ['const a = <T>(b: unknown) => b as { c: T }', 'a cast with `as`'],
    ['function f(a: any) {}', 'the type any'],
    ['const a: Record<string, any> = {}', 'the type any'],
    ['const a: any[] = []', 'the type any'],
    ['const a = list[0]!', 'a non-null assertion'],
    ['const a = map.get(key)!.name', 'a non-null assertion'],
    ['try { f() } catch {}', 'a fault that is swallowed'],
    ['try { f() } catch (fault) {\n  // ignored\n}', 'a fault that is swallowed'],
    ['await f().catch(() => undefined)', 'a fault that is swallowed'],
    ['const now = Date.now()', 'clock, randomness or environment'],
    ['const now = new Date()', 'clock, randomness or environment'],
    ['const name = process.env.NAME', 'clock, randomness or environment'],
    ['execSync(`stat ${file}`)', 'a command given to a shell'],
    ["spawn('x', [], { shell: true })", 'a command given to a shell'],
    ["const command = 'sh -c ls'", 'a shell command built outside'],
    ["spawn('sh', ['-c', command])", 'a shell command built outside'],
    [`const root = '${['', 'work', 'main'].join('/')}'`, 'a path of one workplace'],
    [`// see ${['registry', 'npmjs', 'org'].join('.')}`, 'a registry host'],
    [`// as ${['kube', 'bench'].join('-')} does`, 'the name of another tool'],
    ['\n'.repeat(401), 'the file has 401 lines'],
  ])('fires on %j', (text, says) => {
    expect(houseFaults(path, text)).toEqual(expect.arrayContaining([expect.stringContaining(says)]))
  })

  it.each([
    ["import { a as b } from './a.ts'"],
    ["import * as a from './a.ts'"],
    ['const a = [1] as const'],
    ["export { a as b } from './a.ts'"],
    ["import {\n  a as b,\n} from './a.ts'"],
    ['// as string, any, list[0]!'],
    ["const a = 'b as string'"],
    ['const a = `${b} as string ${c ? `d as ${e} any` : ""} any`'],
    ['const a = /[/"] as any/.test(b)'],
    ['const a = b !== c && !d'],
    ['const any = [].some(Boolean)'],
    ['if (a! === b) {}'.replace('!', ' !')],
    ["import { any } from './conditions.ts'"],
    ['try { f() } catch (fault) { throw wrap(fault) }'],
    ['one.catch(() => undefined) // awaited in its turn'],
    ['const at = new Date(atMs)'],
    ['pattern.exec(text)'],
    ['\n'.repeat(400)],
  ])('lets %j pass', (text) => {
    expect(houseFaults(path, text)).toEqual([])
  })

  it('names file, line and remedy', () => {
    expect(houseFaults(path, '\n\nconst a = b as string\n')).toEqual([
      'src/evaluate/check.ts:3: a cast with `as`. Narrow the value with a check or a type guard; only src/model/ids.ts makes brands.',
    ])
  })

  it('applies where it says', () => {
    expect(houseFaults('src/model/ids.ts', 'const a = b as string')).toEqual([])
    expect(houseFaults('test/model/ids.test.ts', 'const a = b as string')).toEqual([])
    expect(houseFaults('src/cli/io.ts', 'const a = Date.now()')).toEqual([])
    expect(houseFaults('src/collect/script.ts', "spawn('sh', ['-c', script])")).toEqual([])
    expect(houseFaults('src/model/utils.ts', '')).toEqual([
      expect.stringContaining('the file name says nothing'),
    ])
  })
})

describe('code without its texts', () => {
  it.each([
    ["a('b // c', /* d */ e) // f", 'a(        ,         e)     '],
    ['a / b / c', 'a / b / c'],
    ['`a${b({ c: `${d}` })}e` + f', '    b({ c:    d   })    + f'],
    ["'it\\'s' + a", '        + a'],
  ])('of %j keeps length and lines', (text, code) => {
    expect(codeOnly(text)).toBe(code)
    expect(codeOnly(text)).toHaveLength(text.length)
  })

  it('takes a text that never ends', () => {
    expect(codeOnly('a + `b')).toHaveLength(6)
    expect(codeOnly("a + 'b")).toHaveLength(6)
  })
})
