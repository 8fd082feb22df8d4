import { describe, expect, it } from 'vitest'
import {
  type CarrierOptions,
  forEachLimited,
  gatherTargets,
  makeCarrier,
  parseTarget,
  type ReachableTarget,
} from '../../src/cli/targets.ts'
import { KhardError } from '../../src/model/errors.ts'

const codeOf = (step: () => unknown): string => {
  try {
    step()
  } catch (error) {
    if (error instanceof KhardError && error.next !== '') return error.code
    throw error
  }
  return 'nothing was thrown'
}

describe('a target', () => {
  it.each([
    ['local', { kind: 'local' }],
    ['root:/mnt/image', { kind: 'root', directory: '/mnt/image' }],
    ['bundle:a:b.khard', { kind: 'bundle', file: 'a:b.khard' }],
    ['ssh://cp-1', { kind: 'ssh', host: 'cp-1' }],
    ['ssh://audit@cp-1:2222', { kind: 'ssh', user: 'audit', host: 'cp-1', port: 2222 }],
    ['ssh://[2001:db8::1]:2222', { kind: 'ssh', host: '2001:db8::1', port: 2222 }],
    ['ssh://user@domain@cp-1', { kind: 'ssh', user: 'user@domain', host: 'cp-1' }],
  ])('%s', (text, address) => {
    expect(parseTarget(text)).toEqual({ name: text, address })
  })

  it.each([
    'cp-1',
    'ssh:cp-1',
    'ssh://',
    'ssh://2001:db8::1',
    'ssh://-oProxyCommand=x',
    'ssh://cp-1:0',
    'ssh://cp-1/path',
    'http://cp-1',
    'root:',
    '',
    'LOCAL',
  ])('%s is refused with a way out', (text) => {
    expect(codeOf(() => parseTarget(text))).toBe('unknown-target')
  })

  it('hints at ssh:// for a bare host name', () => {
    expect(() => parseTarget('cp-1')).toThrow(
      expect.objectContaining({ next: expect.stringContaining('ssh://cp-1') }),
    )
  })
})

describe('the targets of a run', () => {
  it('are this machine when none is named', () => {
    expect(gatherTargets({ given: [] })).toEqual([{ name: 'local', address: { kind: 'local' } }])
  })

  it('keep their order, the inventory last', () => {
    const targets = gatherTargets({
      given: ['ssh://b', 'local'],
      more: [{ name: 'a', address: { kind: 'ssh', host: 'a' } }],
    })

    expect(targets.map(({ name }) => name)).toEqual(['ssh://b', 'local', 'a'])
  })

  it.each([
    ['the same text', ['ssh://a', 'ssh://a'], []],
    ['the same address', ['ssh://A'], [{ name: 'x', address: { kind: 'ssh', host: 'a' } as const }]],
    [
      'the same name',
      [],
      [
        { name: 'x', address: { kind: 'local' } as const },
        { name: 'x', address: { kind: 'ssh', host: 'a' } as const },
      ],
    ],
    ['the same directory', ['root:/mnt', 'root:/mnt/'], []],
  ])('are refused when given twice: %s', (_what, given, inventory) => {
    expect(codeOf(() => gatherTargets({ given, more: inventory }))).toBe('unknown-target')
  })

  it('may differ in user or port only', () => {
    expect(gatherTargets({ given: ['ssh://a', 'ssh://u@a', 'ssh://a:2222'] })).toHaveLength(3)
  })
})

describe('the carrier of a target', () => {
  const options: CarrierOptions = {
    sshClient: 'ssh2',
    sudo: false,
    sudoPassword: null,
    env: {},
    home: '/',
    localUser: 'me',
    warn: () => undefined,
  }
  const node: ReachableTarget = { name: 'cp-1', address: { kind: 'ssh', host: 'cp-1' } }

  it('follows the address and --ssh-client', () => {
    expect(makeCarrier(node, options)).toMatchObject({ kind: 'ssh2', target: 'cp-1', offline: false })
    expect(makeCarrier(node, { ...options, sshClient: 'openssh' })).toMatchObject({
      kind: 'openssh',
      target: 'cp-1',
      offline: false,
    })
    expect(makeCarrier({ name: 'local', address: { kind: 'local' } }, options)).toMatchObject({
      kind: 'local',
      offline: false,
    })
    expect(makeCarrier({ name: 'root:/', address: { kind: 'root', directory: '/' } }, options)).toMatchObject(
      { kind: 'root', offline: true },
    )
  })

  it('is refused for an image that is not there: all its files would look absent', () => {
    expect(
      codeOf(() =>
        makeCarrier({ name: 'r', address: { kind: 'root', directory: '/no/such/directory' } }, options),
      ),
    ).toBe('unknown-target')
    expect(
      codeOf(() => makeCarrier({ name: 'r', address: { kind: 'root', directory: '/etc/passwd' } }, options)),
    ).toBe('unknown-target')
  })
})

describe('work over many targets', () => {
  const collect = async <T>(results: AsyncIterable<T>): Promise<T[]> => {
    const all: T[] = []
    for await (const result of results) all.push(result)
    return all
  }
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

  it('yields results in the order of the targets, whichever is done first', async () => {
    const results = await collect(forEachLimited([30, 5, 20, 1], 4, async (ms) => sleep(ms).then(() => ms)))

    expect(results).toEqual([30, 5, 20, 1])
  })

  it('yields each as soon as it can, not at the end', async () => {
    const results = forEachLimited([1, 10_000], 2, async (ms) => sleep(ms).then(() => ms))

    expect((await results.next()).value).toBe(1)
  })

  it.each([1, 2, 7, 50])('never does more than %i at a time, and does all', async (concurrency) => {
    let running = 0
    let most = 0
    const items = Array.from({ length: 40 }, (_, i) => i)

    const results = await collect(
      forEachLimited(items, concurrency, async (item) => {
        most = Math.max(most, ++running)
        await sleep(item % 3)
        running--
        return item
      }),
    )

    expect(results).toEqual(items)
    expect(most).toBe(Math.min(concurrency, 40))
  })

  it('goes on past a slow one, but not without bound', async () => {
    const started: number[] = []
    const release = Promise.withResolvers<void>()
    const results = forEachLimited(
      Array.from({ length: 100 }, (_, i) => i),
      5,
      async (item) => {
        started.push(item)
        if (item === 0) await release.promise
        return item
      },
    )
    const first = results.next()
    await sleep(20)
    expect(started).toHaveLength(10)
    release.resolve()

    expect((await first).value).toBe(0)
    expect(await collect(results)).toHaveLength(99)
  })

  it('passes on a failure of the work', async () => {
    await expect(
      collect(forEachLimited([1, 2], 2, () => Promise.reject(new Error('broken')))),
    ).rejects.toThrow('broken')
  })

  it('has nothing to do for no targets', async () => {
    expect(await collect(forEachLimited([], 3, () => Promise.resolve(1)))).toEqual([])
  })
})
