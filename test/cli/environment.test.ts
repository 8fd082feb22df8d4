import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { commandOptions } from '../../src/cli/command-options.ts'
import { defineCommands } from '../../src/cli/commands/index.ts'
import {
  addGateOptions,
  addGlobalOptions,
  addReportingOptions,
  addSelectionOptions,
  addTargetOptions,
  SettableOption,
} from '../../src/cli/options.ts'
import { fakeIo } from './fake-io.ts'

type Options = Readonly<Record<string, unknown>>

async function optionsOf(env: Record<string, string>, argv: readonly string[] = []): Promise<Options> {
  const command = new Command('audit')
  for (const add of [
    addSelectionOptions,
    addTargetOptions,
    addReportingOptions,
    addGateOptions,
    addGlobalOptions,
  ])
    add(command)
  command.parse([...argv], { from: 'user' })
  return commandOptions<Options>(command, fakeIo(env))
}

describe('an environment variable that is true or false', () => {
  it.each(['true', 'TRUE', 'yes', '1', ' 1 '])('switches on with %j', async (value) => {
    expect(await optionsOf({ KHARD_SUDO: value, KHARD_COLOR: value })).toMatchObject({
      sudo: true,
      color: true,
    })
  })

  it.each(['false', 'No', '0'])('switches off with %j', async (value) => {
    expect(await optionsOf({ KHARD_SUDO: value, KHARD_COLOR: value })).toMatchObject({
      sudo: false,
      color: false,
    })
  })

  it('says nothing when it is empty', async () => {
    const options = await optionsOf({ KHARD_SUDO: '', KHARD_COLOR: '', KHARD_FAIL_ON: ' ' })

    expect(options).not.toHaveProperty('sudo')
    expect(options).not.toHaveProperty('failOn')
    expect(options).toMatchObject({ color: true })
  })

  it.each(['maybe', 'on', '2', 'constructor'])('is refused by its name with %j', async (value) => {
    await expect(optionsOf({ KHARD_SUDO: value })).rejects.toMatchObject({
      code: 'usage',
      message: `KHARD_SUDO is "${value}", which is neither true nor false`,
    })
  })

  it('is outranked by the command line', async () => {
    expect(await optionsOf({ KHARD_SUDO: 'no', KHARD_COLOR: 'yes' }, ['--sudo', '--no-color'])).toMatchObject(
      {
        sudo: true,
        color: false,
      },
    )
  })
})

describe('an environment variable with a value', () => {
  it('is held to what the option takes', async () => {
    await expect(optionsOf({ KHARD_FAIL_ON: 'severe' })).rejects.toMatchObject({
      message: expect.stringMatching(/^KHARD_FAIL_ON is "severe": .*critical/),
    })
    expect(await optionsOf({ KHARD_TIMEOUT: '5m', KHARD_LEVEL: '1' })).toMatchObject({
      timeout: 300,
      level: 1,
    })
  })

  it('gives several by lines or semicolons; commas part ids, and belong to file names', async () => {
    expect(
      await optionsOf({
        KHARD_OUTPUT: 'json=a,b.json; text',
        KHARD_WAIVERS: 'a.yaml\nb.yaml\n',
        KHARD_ONLY: '1.2.1,1.2.2;1.2.3',
      }),
    ).toMatchObject({
      output: ['json=a,b.json', 'text'],
      waivers: ['a.yaml', 'b.yaml'],
      only: ['1.2.1', '1.2.2', '1.2.3'],
    })
  })

  it('is replaced as a whole by the command line', async () => {
    expect(await optionsOf({ KHARD_ONLY: '1.2.1,1.2.2' }, ['--only', '3.1.1'])).toMatchObject({
      only: ['3.1.1'],
    })
  })
})

describe('a KHARD_ variable that nothing reads', () => {
  const noted = async (env: Record<string, string>): Promise<string> => {
    const program = new Command('khard')
    const io = fakeIo(env)
    defineCommands(program, io, () => undefined)
    const list = program.commands.find((command) => command.name() === 'list') ?? program
    // The notes are what is looked at here, not the list.
    list.action(() => undefined)
    list.exitOverride().parse(['checks'], { from: 'user' })
    await commandOptions(list, io)
    return io.written.stderr
  }

  it('is named with the one that was meant, and stops nothing', async () => {
    expect(await noted({ KHARD_FAILON: 'high', KHARD_CLUSTER_OF_MINE: 'x', HOME: '/' })).toBe(
      'note: KHARD_CLUSTER_OF_MINE is no variable of khard; it has no effect\n' +
        'note: KHARD_FAILON is no variable of khard; did you mean KHARD_FAIL_ON?\n',
    )
  })

  it('is not one of any command, nor the password', async () => {
    expect(await noted({ KHARD_FAIL_ON: 'high', KHARD_AT: '2026-01-01', KHARD_SUDO_PASSWORD: 'x' })).toBe('')
  })

  it('is kept quiet about with --quiet', async () => {
    expect(await noted({ KHARD_FAILON: 'high', KHARD_QUIET: 'yes' })).toBe('')
  })
})

describe('khard.yaml', () => {
  it('has a key for every option that is no affair of one run alone', () => {
    const program = new Command('khard')
    defineCommands(program, fakeIo(), () => undefined)
    const options = program.commands
      .flatMap((command) => command.options)
      .filter((option) => option instanceof SettableOption)
      .map((option) => option.long?.replace(/^--(no-)?/, ''))
      .filter((name) => name !== 'config' && name !== 'at')
    const schema: { properties: object } = JSON.parse(
      readFileSync(new URL('../../reports/schemas/config-v1.json', import.meta.url), 'utf8'),
    )

    expect(Object.keys(schema.properties).toSorted()).toEqual([...new Set(options)].toSorted())
  })
})
