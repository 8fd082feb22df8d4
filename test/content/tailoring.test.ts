import { describe, expect, it } from 'vitest'
import { loadTailoring } from '../../src/content/tailoring.ts'
import { operators } from '../../src/evaluate/operators/index.ts'
import { faultsOf, goodTree, load, paths, profilingOff } from './content-tree.ts'

const aged = profilingOff.replace(
  'expect:\n  - { value: settings.profiling, equals: false }',
  'parameters:\n  wanted: { default: false, means: what }\nexpect:\n  - { value: settings.profiling, equals: { parameter: wanted } }',
)
const language = { content: load({ ...goodTree, [paths.check]: aged }), operators: Object.values(operators) }
const read = (text: string) => loadTailoring(text, 'site.yaml', language)

const head = 'tailoring: payments\nversion: "1"\n'
const whole = `${head}skip:
  - { control: "1.2.1", because: Probes need it. }
parameters:
  wanted: { value: true, because: We look at profiles. }
gate: { fail-on: medium, max-errors: any, because: It is a trial. }
`

describe('a tailoring file', () => {
  it('says what a site changes, each change with its reason', () => {
    expect(read(whole)).toEqual({
      id: 'payments',
      version: '1',
      skip: [{ control: '1.2.1', because: 'Probes need it.', at: 'site.yaml:4' }],
      parameters: { wanted: true },
      gate: { failOn: 'medium', maxErrors: 'any' },
      says: ['wanted is true: We look at profiles.', 'the gate is changed: It is a trial.'],
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    })
  })

  it('may change one thing only', () => {
    expect(read(`${head}gate: { max-errors: 2, because: Two are known. }\n`)).toMatchObject({
      skip: [],
      parameters: {},
      gate: { maxErrors: 2 },
    })
    expect(read(`${head}skip: [{ control: "1.2", because: Elsewhere. }]\n`).gate).toEqual({})
    expect(read(`${head}gate: { fail-on: low, because: All of it. }\n`).gate).toEqual({ failOn: 'low' })
  })

  it('has another digest for another reason', () => {
    expect(read(whole.replace('a trial', 'no trial')).digest).not.toBe(read(whole).digest)
  })

  it.each([
    ['nothing to change', head, /site\.yaml/],
    ['no reason', `${head}skip: [{ control: "1.2.1" }]\n`, /because/],
    [
      'a parameter nothing has',
      `${head}parameters: { wnted: { value: true, because: So. } }\n`,
      /no check has a parameter "wnted"\. Did you mean "?wanted/,
    ],
    [
      'a value of another kind',
      `${head}parameters: { wanted: { value: 3, because: So. } }\n`,
      /parameter "wanted" of kube-apiserver\.profiling-off is true or false, and 3 is a number/,
    ],
    [
      'a control twice',
      `${head}skip: [{ control: "1.2.1", because: A. }, { control: "1.2.1", because: B. }]\n`,
      /"1\.2\.1" is left out twice/,
    ],
    ['text that is not YAML', '{', /site\.yaml/],
  ])('is refused with %s', (_, text, message) => {
    expect(faultsOf(() => read(text)).join('\n')).toMatch(message)
  })
})
