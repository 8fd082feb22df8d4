import { describe, expect, it } from 'vitest'
import { parseEnvironmentFile } from '../../../src/facts/systemd/environment.ts'
import { expandExec } from '../../../src/facts/systemd/exec-line.ts'
import { dropInDirectories, unitFileProbes } from '../../../src/facts/systemd/places.ts'
import { unitOnDisk } from '../../../src/facts/systemd/unit.ts'
import { lastEntry, listEntries, parseUnitFile } from '../../../src/facts/systemd/unit-file.ts'
import { splitWords } from '../../../src/facts/systemd/words.ts'
import { content, nodeWith, unit } from '../../support/settings-node.ts'

describe('a unit file', () => {
  it('joins continued lines, skips comments between them, and keeps line numbers', () => {
    const file = parseUnitFile('[Service]\nExecStart=/bin/a \\\n# why\n  --b \\\n  --c\nType=notify\n', '/u')

    expect(file.entries).toMatchObject([
      { section: 'Service', key: 'ExecStart', line: 2, endLine: 5 },
      { key: 'Type', value: 'notify', line: 6 },
    ])
    expect(splitWords(file.entries[0]?.value ?? '')).toEqual(['/bin/a', '--b', '--c'])
  })

  it('has no trailing comments', () => {
    const file = parseUnitFile('[Service]\nKillMode=process # keep containers\n', '/u')
    expect(file.entries[0]?.value).toBe('process # keep containers')
  })

  it('ends a statement at two backslashes', () => {
    const file = parseUnitFile('[Service]\nExecStart=/bin/a \\\\\n  --b=1\n', '/u')
    expect(file.entries.map((entry) => entry.key)).toEqual(['ExecStart', '--b'])
    expect(splitWords(file.entries[0]?.value ?? '')).toEqual(['/bin/a', '\\'])
  })

  it('reports lines that are nothing', () => {
    expect(
      parseUnitFile('Type=simple\n[Service]\nnonsense\n', '/u').strays.map((stray) => stray.line),
    ).toEqual([1, 3])
  })

  it('forgets earlier values at an empty assignment, also across drop-ins', () => {
    const files = [
      parseUnitFile('[Service]\nExecStart=/bin/a\n', '/u'),
      parseUnitFile('[Service]\nExecStart=\nExecStart=/bin/b\n', '/u.d/x.conf'),
    ]
    expect(listEntries(files, 'Service', 'ExecStart').map((entry) => entry.value)).toEqual(['/bin/b'])
    expect(lastEntry(files, 'Service', 'ExecStart')).toMatchObject({ file: '/u.d/x.conf', line: 3 })
  })
})

describe('a unit file with an open end', () => {
  it('keeps the last line although it says that it goes on', () => {
    const file = parseUnitFile('[Service]\nExecStart=/bin/a \\', '/u')
    expect(file.entries).toMatchObject([{ key: 'ExecStart', value: '/bin/a', line: 2, endLine: 2 }])
  })

  it('takes a line that begins with = for nothing', () => {
    expect(parseUnitFile('[Service]\n= x\n', '/u')).toMatchObject({ entries: [], strays: [{ line: 2 }] })
  })
})

describe('a command line in a unit', () => {
  const environment = new Map([
    ['ARGS', { value: '--a=1 "--b=x y"', file: '/e', line: 1 }],
    ['ONE', { value: 'p q', file: '/e', line: 2 }],
  ])

  it('splits a variable that stands alone and keeps one in braces whole', () => {
    expect(expandExec('/bin/k $ARGS --c=${ONE} --d=$ONE $$HOME', environment)?.argv).toEqual([
      '/bin/k',
      '--a=1',
      '--b=x y',
      '--c=p q',
      '--d=$ONE',
      '$HOME',
    ])
  })

  it('makes unknown variables nothing and names them', () => {
    expect(expandExec('/bin/k $NONE --x=${NOR}', environment)).toEqual({
      program: '/bin/k',
      argv: ['/bin/k', '--x='],
      unset: ['NONE', 'NOR'],
    })
  })

  it('reads prefixes: another argv[0], no substitution', () => {
    expect(expandExec('@/bin/k kubelet --a', environment)?.argv).toEqual(['kubelet', '--a'])
    expect(expandExec('-:/bin/k $ARGS', environment)?.argv).toEqual(['/bin/k', '$ARGS'])
  })

  it('ends at a semicolon of its own, and is nothing without a program', () => {
    expect(expandExec('/bin/a --x ; /bin/b --y', environment)?.argv).toEqual(['/bin/a', '--x'])
    expect(expandExec('-', environment)).toBeUndefined()
  })

  it('reads octal escapes, and a backslash at the end as itself', () => {
    expect(splitWords(String.raw`\101\102 "" x\ `.trim())).toEqual(['AB', '', 'x\\'])
  })

  it('unquotes whole words, parts of words and escapes', () => {
    expect(splitWords(String.raw`a "b c" --d="e f" 'g\x41' h\ i`)).toEqual([
      'a',
      'b c',
      '--d=e f',
      'gA',
      'h\\ i',
    ])
  })
})

describe('an environment file', () => {
  it('takes comments at line start only, and unquotes', () => {
    const file = parseEnvironmentFile(
      '# no\n;no\nA=1 # stays\nB="x y" \nC=\'$q\'\nD=one\\\ntwo\nbad line\n',
      '/e',
    )
    expect([...file].map(([name, variable]) => [name, variable.value, variable.line])).toEqual([
      ['A', '1 # stays', 3],
      ['B', 'x y', 4],
      ['C', '$q', 5],
      ['D', 'onetwo', 6],
    ])
  })
})

describe('values of an environment file', () => {
  it.each([
    [String.raw`A="x\"y\$z\n"`, String.raw`x"y$z\n`],
    [String.raw`A=x\ y`, 'x y'],
    ["A='it''s'", 'its'],
    ['A=x\\ ', 'x\\'],
    ['A=one\\', 'one'],
    ['A=', ''],
  ])('reads %s', (text, value) => {
    expect(parseEnvironmentFile(text, '/e').get('A')?.value).toBe(value)
  })

  it('come from the words of Environment= that set something', () => {
    const node = nodeWith([
      unit('a.service', { FragmentPath: '/a' }),
      content('/a', '[Service]\nEnvironment="A=1 2" loose B=\nExecStart=/bin/a $A\n'),
    ])
    const found = unitOnDisk(node.view, 'a.service')
    expect(found).toMatchObject({ fact: { execStart: { line: { argv: ['/bin/a', '1', '2'] } } } })
    expect(found.kind === 'observed' && [...found.fact.environment.keys()]).toEqual(['A', 'B'])
  })
})

describe('a unit on disk', () => {
  it('is the fragment and the drop-ins systemd names', () => {
    const node = nodeWith([
      unit('a.service', {
        FragmentPath: '/lib/systemd/system/a.service',
        DropInPaths: '/etc/systemd/system/a.service.d/1.conf',
      }),
      content('/lib/systemd/system/a.service', '[Service]\nEnvironmentFile=-/e\nExecStart=/bin/a $X\n'),
      content('/etc/systemd/system/a.service.d/1.conf', '[Service]\nEnvironment=X=no\n'),
      content('/e', 'X=--yes\n'),
    ])
    expect(unitOnDisk(node.view, 'a.service')).toMatchObject({
      kind: 'observed',
      fact: { execStart: { line: { argv: ['/bin/a', '--yes'] } }, unreadEnvironmentFiles: [] },
    })
  })

  it('may name itself in the paths of its environment files', () => {
    const node = nodeWith([
      unit('a-b@c.service', { FragmentPath: '/u', LoadState: 'loaded' }),
      content(
        '/u',
        '[Service]\nEnvironmentFile=-/1/%n\nEnvironmentFile=-/2/%N\nEnvironmentFile=-/3/%p\nExecStart=/bin/a $X $Y $Z\n',
      ),
      content('/1/a-b@c.service', 'X=1\n'),
      content('/2/a-b@c', 'Y=2\n'),
      content('/3/a-b', 'Z=3\n'),
    ])

    expect(unitOnDisk(node.view, 'a-b@c.service')).toMatchObject({
      fact: { execStart: { line: { argv: ['/bin/a', '1', '2', '3'] } }, unreadEnvironmentFiles: [] },
    })
  })

  it('is, where systemd cannot be asked, its fragment and drop-ins by name, stronger directories first', () => {
    const at = '/etc/systemd/system/a.service'
    const node = nodeWith([
      content(at, '[Service]\nExecStart=/bin/a\n'),
      content('/usr/lib/systemd/system/a.service.d/9.conf', '[Service]\nType=notify\n'),
      content('/usr/lib/systemd/system/a.service.d/5.conf', '[Service]\nType=exec\n'),
      content('/usr/lib/systemd/system/a.service.d/7.conf', '[Service]\nType=simple\n'),
      content(`${at}.d/5.conf`, '[Service]\nType=forking\n'),
    ])
    expect(unitOnDisk(node.view, 'a.service')).toMatchObject({
      fact: {
        files: [
          { path: at },
          { path: `${at}.d/5.conf` },
          { path: '/usr/lib/systemd/system/a.service.d/7.conf' },
          { path: '/usr/lib/systemd/system/a.service.d/9.conf' },
        ],
      },
    })
  })

  it('is unavailable when one of its files was not read', () => {
    const node = nodeWith([
      unit('a.service', {
        FragmentPath: '/lib/systemd/system/a.service',
        DropInPaths: '/etc/systemd/system/a.service.d/1.conf',
      }),
      content('/lib/systemd/system/a.service', '[Service]\nExecStart=/bin/a\n'),
    ])
    expect(unitOnDisk(node.view, 'a.service')).toMatchObject({ kind: 'unavailable', reason: 'not-collected' })
  })
})

describe('directories of drop-ins', () => {
  it('are, in each place, those of its name and its prefixes, and last of all those of its type', () => {
    const found = dropInDirectories('kube-controller-manager.service')

    expect(found.slice(0, 4)).toEqual([
      '/etc/systemd/system/kube-controller-manager.service.d',
      '/etc/systemd/system/kube-controller-.service.d',
      '/etc/systemd/system/kube-.service.d',
      '/run/systemd/system/kube-controller-manager.service.d',
    ])
    expect(found.slice(-5)).toEqual([
      '/etc/systemd/system/service.d',
      '/run/systemd/system/service.d',
      '/usr/local/lib/systemd/system/service.d',
      '/usr/lib/systemd/system/service.d',
      '/lib/systemd/system/service.d',
    ])
  })

  it('are the prefixes of dashes between words only', () => {
    const names = (unit: string) =>
      dropInDirectories(unit).flatMap((path) =>
        path.startsWith('/run/') ? [path.slice('/run/systemd/system/'.length)] : [],
      )

    expect(names('-a-.service')).toEqual(['-a-.service.d', 'service.d'])
    expect(names('kubelet.service')).toEqual(['kubelet.service.d', 'service.d'])
  })

  it('are asked for what is in them', () => {
    expect(unitFileProbes('a-b.service')).toContainEqual({
      kind: 'glob',
      pattern: '/usr/lib/systemd/system/a-.service.d/*.conf',
      holds: 'unit',
    })
  })
})
