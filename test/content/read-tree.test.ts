import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTree } from '../../src/content/read-tree.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'khard-content-'))
  mkdirSync(join(root, 'profiles'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

describe('reading a content directory', () => {
  it('reads only benchmarks and profiles, in name order, without hidden files and prose', () => {
    for (const name of ['b.yaml', 'a.yaml', '.a.yaml.swp', 'a.yaml~', 'README.md', 'c.yml'])
      writeFileSync(join(root, 'profiles', name), 'x')
    mkdirSync(join(root, 'src'))
    writeFileSync(join(root, 'src', 'x.yaml'), 'x')

    expect(readTree(root).map(({ path }) => path)).toEqual([
      'profiles/a.yaml',
      'profiles/b.yaml',
      'profiles/c.yml',
    ])
  })

  it('follows a link and stops at a loop', () => {
    mkdirSync(join(root, 'elsewhere'))
    writeFileSync(join(root, 'elsewhere', 'x.yaml'), 'x')
    symlinkSync(join(root, 'elsewhere'), join(root, 'profiles', 'linked'))
    symlinkSync(join(root, 'profiles'), join(root, 'profiles', 'loop'))

    expect(readTree(root)).toEqual([
      { path: 'profiles/linked/x.yaml', bytes: expect.anything() },
      {
        path: 'profiles/loop',
        problem: 'a symbolic link leads back to a directory above it',
        next: 'Remove the link.',
      },
    ])
  })

  it('reports a link to nothing and a link to itself instead of leaving them out', () => {
    symlinkSync(join(root, 'gone'), join(root, 'profiles', 'dangling.yaml'))
    symlinkSync('self.yaml', join(root, 'profiles', 'self.yaml'))

    expect(readTree(root)).toEqual([
      expect.objectContaining({ path: 'profiles/dangling.yaml', problem: 'it cannot be read (ENOENT)' }),
      expect.objectContaining({ path: 'profiles/self.yaml', problem: 'it cannot be read (ELOOP)' }),
    ])
  })

  it('does not read a file that is too large', () => {
    writeFileSync(join(root, 'profiles', 'huge.yaml'), '')
    truncateSync(join(root, 'profiles', 'huge.yaml'), 2 ** 33)

    expect(readTree(root)).toEqual([
      expect.objectContaining({ problem: 'the file is larger than 1 MiB (8589934592 bytes)' }),
    ])
  })

  it('does not read a device', () => {
    symlinkSync('/dev/null', join(root, 'profiles', 'null.yaml'))

    expect(readTree(root)).toEqual([
      { path: 'profiles/null.yaml', problem: 'this is not a regular file', next: 'Remove it.' },
    ])
  })

  it('finds nothing where there is nothing', () => {
    expect(readTree(join(root, 'nowhere'))).toEqual([])
  })
})
