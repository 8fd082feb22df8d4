import { describe, expect, it } from 'vitest'
import { environmentProblems } from '../../../src/facts/node/environment-problems.ts'
import { parseUnitFile } from '../../../src/facts/systemd/unit-file.ts'
import { unitFileProblems, unitProblems } from '../../../src/facts/unit-problems.ts'
import { blind, content, fakeNode, plain, recording, unit } from './fake-node.ts'

const problemsOf = (...texts: readonly string[]) =>
  unitFileProblems(texts.map((text, at) => parseUnitFile(text, `/etc/${at}`))).map(({ line, problem }) => [
    line,
    problem,
  ])

const derive = (items: Parameters<typeof fakeNode>[0], options = {}) =>
  plain(unitProblems.derive({ fact: 'unit-problems', of: 'kubelet' }, fakeNode(items, options))) as {
    count: unknown
    found: unknown
    problems: unknown
  }

/** Lines of a recorded unit that systemd 252 complained about when it loaded it. */
function complainedLines(name: string): readonly number[] {
  const lines = [
    ...recording('systemd-messages.txt').matchAll(new RegExp(`/${name}\\.service:(\\d+): `, 'g')),
  ]
  return [...new Set(lines.map(([, line]) => Number(line)))].sort((a, b) => a - b)
}

describe('unit-problems on units that systemd really loaded', () => {
  it('finds every line that systemd complained about in the commented unit', () => {
    const found = problemsOf(recording('commented-unit.service')).map(([line]) => Number(line))
    // Lines 5 and 27 are well-formed names systemd does not know; names come and go with its version.
    // Line 30 is the section header; the finding names the assignment below it.
    const expected = complainedLines('khard-probe').map((line) => (line === 30 ? 31 : line))
    expect(expected.filter((line) => line !== 5 && line !== 27 && !found.includes(line))).toEqual([])
  })

  it('names as well what systemd swallows in silence: arguments, names and environment files', () => {
    const found = problemsOf(recording('commented-unit.service'))
    expect(found).toContainEqual([20, 'comment-in-name'])
    expect(found).toContainEqual([22, 'comment-in-name'])
    expect(found).toContainEqual([23, 'comment-in-command'])
    expect(found).toContainEqual([24, 'comment-in-command'])
    expect(found).toContainEqual([11, 'comment-as-controllers'])
    expect(found).toContainEqual([10, 'comment-in-value'])
    expect(found).toContainEqual([35, 'comment-in-name'])
  })

  it('leaves prose, whole-line comments and sections of others alone', () => {
    const lines = problemsOf(recording('commented-unit.service')).map(([line]) => line)
    expect([1, 3, 25, 33].filter((line) => lines.includes(line))).toEqual([])
  })

  it('finds the damage of doubled backslashes and stray lines', () => {
    expect(problemsOf(recording('damaged-unit.service'))).toEqual(
      expect.arrayContaining([
        [1, 'stray-line'],
        [7, 'double-backslash'],
        [8, 'unknown-key'],
        [9, 'unknown-key'],
        [15, 'comment-as-controllers'],
        [16, 'no-controllers'],
        [17, 'unparsable-value'],
        [20, 'stray-line'],
      ]),
    )
  })

  it.each(['kubeadm-containerd.service', 'kubeadm-kubelet.service'])(
    'has nothing to say about %s',
    (name) => {
      expect(problemsOf(recording(name))).toEqual([])
    },
  )
})

describe('unit-problems in lines that look alike', () => {
  it.each([
    ['a # inside quotes', '[Service]\nExecStart=/bin/sh -c "echo # not a comment"'],
    ['a # inside a word', '[Service]\nExecStart=/bin/x --color=#fff a#b'],
    ['; between two commands', '[Service]\nExecStart=/bin/a ; /bin/b'],
    ['an escaped quote', '[Service]\nExecStart=/bin/x "a \\" # b"'],
    ['a reset of a list', '[Service]\nDelegate=\nDelegate=cpu memory'],
    ['a controller list', '[Service]\nDelegate=cpu cpuset io memory pids'],
    ['an empty typed value', '[Service]\nKillMode='],
    ['a percentage', '[Service]\nTasksMax=80%\nLimitNOFILE=1024:524288\nLimitCORE=1G'],
    ['an extension section', '[X-Fleet]\nwhatever=1 # x'],
    ['a variable in a command', '[Service]\nExecStart=/bin/x ${ARGS} $MORE'],
  ])('%s is none', (_name, text) => expect(problemsOf(text)).toEqual([]))

  it.each([
    ['a typed value with a comment', '[Service]\nRestart=always ; forever', 'comment-in-value'],
    ['a comment right behind the value', '[Service]\nKillMode=process# x', 'unparsable-value'],
    ['a comment behind an untyped value', '[Service]\nIPAddressDeny=any # all', 'comment-in-value'],
    ['more variables', '[Service]\nEnvironment=A=b # c', 'comment-in-variable'],
    ['a variable in Environment=', '[Service]\nEnvironment="A=${HOME}/x"', 'unexpanded-variable'],
    ['a key in lower case', '[Service]\nrestart=always', 'unknown-key'],
    ['a section nobody knows', '[Servce]\nRestart=always', 'unknown-section'],
    ['a unit list', '[Install]\nWantedBy=multi-user.target # boot', 'comment-in-name'],
    ['partly known controllers', '[Service]\nDelegate=cpu # only', 'comment-as-controllers'],
  ])('%s is one', (_name, text, problem) => expect(problemsOf(text)).toEqual([[2, problem]]))

  it('takes an empty Delegate= in a later drop-in for the last word', () => {
    expect(problemsOf('[Service]\nDelegate=yes', '[Service]\nDelegate=')).toEqual([[2, 'no-controllers']])
  })
})

describe('environment files', () => {
  it('finds each line that systemd 252 read differently or not at all', () => {
    const found = environmentProblems(recording('commented.env'), '/etc/x.env')
    expect(found.map(({ line, problem }) => [line, problem])).toEqual([
      [1, 'comment-in-variable'],
      [2, 'comment-in-variable'],
      [6, 'stray-line'],
    ])
    expect(recording('commented.env.seen')).toContain('A=1 # one')
  })

  it('finds lines without = and variables that nobody expands', () => {
    const text = 'nothing\nA=${HOME}/x\nB=\'${HOME}\'\nC="a # b"\n\n; x\nD=1 \\\n E # x\n'
    expect(environmentProblems(text, '/e').map(({ line, problem }) => [line, problem])).toEqual([
      [1, 'stray-line'],
      [2, 'unexpanded-variable'],
    ])
  })
})

describe('unit-problems of a node', () => {
  const path = '/etc/systemd/system/kubelet.service'
  const loaded = unit('kubelet.service', { FragmentPath: path, ActiveState: 'active' })

  it('names file, line, text and effect', () => {
    const found = derive([
      loaded,
      content(path, '[Service]\nKillMode=process # x\nExecStart=/usr/bin/kubelet'),
    ])
    expect(found).toMatchObject({
      unit: 'kubelet.service',
      count: 1,
      problems: [
        {
          unit: 'kubelet.service',
          file: path,
          line: 2,
          text: 'KillMode=process # x',
          problem: 'comment-in-value',
        },
      ],
    })
    expect(found.found).toEqual([
      expect.stringContaining(`${path}:2 "KillMode=process # x": there are no trailing comments`),
    ])
  })

  it('counts none where every line does what it says', () => {
    const found = derive([
      loaded,
      content(path, '[Service]\nEnvironmentFile=-/etc/default/%p\nExecStart=/usr/bin/kubelet'),
    ])
    expect(found).toEqual({
      unit: 'kubelet.service',
      'in-use': true,
      count: 0,
      found: 'absent',
      problems: 'absent',
    })
  })

  const withEnvironment = '[Service]\nEnvironmentFile=-/etc/default/kubelet\nExecStart=/usr/bin/kubelet'

  it('looks into environment files', () => {
    const found = derive([loaded, content(path, withEnvironment), content('/etc/default/kubelet', 'A=1 # x')])
    expect(found.count).toBe(1)
    expect(derive([loaded, content(path, withEnvironment)]).count).toBe(0)
  })

  it('claims nothing when an environment file could not be read and nothing else was found', () => {
    const unread = blind('content:/etc/default/kubelet', 'permission-denied')
    const found = derive([loaded, content(path, withEnvironment), unread])
    expect([found.count, found.found, found.problems]).toEqual(
      Array(3).fill('unavailable: permission-denied'),
    )
    const damaged = derive([loaded, content(path, `${withEnvironment}\nKillMode=process # x`), unread])
    expect(damaged.count).toBe(1)
  })

  it('is absent without the unit and unavailable when its file could not be read', () => {
    expect(derive([])).toBe('absent')
    expect(derive([loaded, blind(`content:${path}`, 'permission-denied')])).toBe(
      'unavailable: permission-denied',
    )
    expect(derive([blind('unit:kubelet.service', 'timed-out')])).toBe('unavailable: timed-out')
  })

  it('reads the files of an image in which nothing runs', () => {
    const image = [blind('unit:kubelet.service', 'offline'), content(path, '[Service]\nKillMode=process # x')]
    expect(derive(image, { offline: true }).count).toBe(1)
  })

  it('asks for unit files, drop-ins and environment files', () => {
    const probes = unitProblems.probes({ fact: 'unit-problems', of: 'kubelet' }, { components: new Map() })
    expect(probes).toContainEqual({ kind: 'unit', name: 'kubelet.service' })
    expect(probes).toContainEqual({ kind: 'path', path, holds: 'unit' })
    expect(probes).toContainEqual({ kind: 'path', path: '/etc/default/kubelet', holds: 'environment' })
    expect(unitProblems.fields({ fact: 'unit-problems', of: 'x' }, { components: new Map() })).toContain(
      'problems.line',
    )
  })
})
