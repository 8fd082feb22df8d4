import { describe, expect, it } from 'vitest'
import { checkFaults } from '../../../src/evaluate/check.ts'
import { claim, nodesWith, only, over } from './scene.ts'

const denied = { unavailable: 'permission-denied' }

describe('values that must be the same', () => {
  const same = over(claim('same'))

  it('passes where they are, and says what they are', () => {
    expect(only(same, nodesWith('x', 'x', 'x'))).toMatchObject({ verdict: 'pass', observed: ['x'] })
  })

  it('tells the majority by number and the odd ones by name', () => {
    const finding = only(same, nodesWith('x', 'x', 'y', 'x'))
    expect(finding.verdict).toBe('fail')
    expect(finding.reason).toBe('It is so: seen.value is x on 3 nodes; y on c, not the same on every node.')
    expect(finding.observed).toEqual([
      { value: 'x', count: 3 },
      { value: 'y', count: 1, nodes: ['c'] },
    ])
  })

  it('names everybody where no value is the majority', () => {
    expect(only(same, nodesWith('x', 'y')).reason).toContain('x on a; y on b')
  })

  it('names five nodes of a value and counts the rest', () => {
    const { reason } = only(same, nodesWith('x', 'y', 'y', 'y', 'y', 'y', 'y', 'y', ...'x'.repeat(8)))
    expect(reason).toContain('y on b, c, d, e, f and 2 more')
  })

  it('shows five values and counts the rest', () => {
    expect(only(same, nodesWith(1, 2, 3, 4, 5, 6, 7)).reason).toContain('; and 2 more')
  })

  it('takes lists for sets, as almost every setting does', () => {
    expect(only(same, nodesWith(['A', 'B'], ['B', 'A'])).verdict).toBe('pass')
    expect(only(same, nodesWith(['A', 'B'], ['A'])).verdict).toBe('fail')
  })

  it('tells a value that is not set from one that is', () => {
    expect(only(same, nodesWith('x', null)).reason).toContain('not set on b')
    expect(only(same, nodesWith(null, null)).verdict).toBe('pass')
  })

  it('tells 1 from "1"', () => {
    expect(only(same, nodesWith(1, '1')).verdict).toBe('fail')
  })

  it('is an error while a node could not be looked at', () => {
    const finding = only(same, nodesWith('x', denied, 'x'))
    expect(finding).toMatchObject({ verdict: 'error', next: expect.stringContaining('root') })
    expect(finding.reason).toMatch(/^b could not be compared: seen\.value: /)
    expect(finding.provenance).toEqual([{ kind: 'file', at: '/etc/b', target: 'b' }])
  })

  it('fails all the same when the others differ already', () => {
    expect(only(same, nodesWith('x', denied, 'y')).verdict).toBe('fail')
  })

  it('names the first node that is missing, and counts the rest', () => {
    expect(only(same, nodesWith(denied, denied, denied)).reason).toContain('; 2 more could not be compared')
  })

  it('names the first node by name, whichever claim it is missing for', () => {
    const nodes = [
      { name: 'a', seen: { x: 1, y: denied, z: 1 } },
      { name: 'b', seen: { x: denied, y: 1, z: denied } },
    ]
    const check = over([claim('same', 'x'), claim('same', 'y'), claim('same', 'z')])
    expect(only(check, nodes).reason).toMatch(/^a could not be compared: seen\.y/)
  })

  it('shortens digests in sentences and keeps them whole in the result', () => {
    const [one, other] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]
    const finding = only(same, nodesWith([one], [other]))
    expect(finding.reason).toContain(`sha256:${'a'.repeat(12)}… on a`)
    expect(JSON.stringify(finding.observed)).toContain(one)
  })

  it('says which of several claims are broken', () => {
    const finding = only(over([claim('same', 'x'), claim('same', 'y')]), [
      { name: 'a', seen: { x: 1, y: 1 } },
      { name: 'b', seen: { x: 1, y: 2 } },
    ])
    expect(finding.reason).toContain('seen.y is 1 on a; 2 on b')
    expect(finding.reason).not.toContain('seen.x')
  })

  it('rests on the nodes it names: their places and their evidence', () => {
    const finding = only(same, nodesWith('x', 'x', 'y'))
    expect(finding.provenance[0]).toEqual({ kind: 'file', at: '/etc/c', target: 'c' })
    expect(finding.evidence).toEqual(['sha256:item:c', 'sha256:item:a', 'sha256:item:b'])
  })

  it('does not depend on the order in which nodes come', () => {
    const nodes = nodesWith('x', 'y', 'x', denied, 'z')
    expect(only(same, nodes.toReversed())).toEqual(only(same, nodes))
  })

  it('never takes a field nobody asked for as absent', () => {
    expect(only(over(claim('same', 'other')), nodesWith('x', 'x')).verdict).toBe('error')
  })

  it('never looks into a list by name', () => {
    expect(only(over(claim('same', 'value.inner')), nodesWith(['x'], ['x'])).verdict).toBe('error')
  })

  it('compares whole facts too', () => {
    const whole = over({ fact: 'seen', operator: 'nodes:same', value: true })
    const nodes = [
      { name: 'a', seen: 'x' },
      { name: 'b', seen: 'y' },
    ]
    expect(only(whole, nodes).reason).toContain('seen is x on a; y on b')
  })
})

describe('values that must be different', () => {
  const unique = over(claim('unique'))

  it('passes where no two nodes share one', () => {
    expect(only(unique, nodesWith('x', 'y', 'z'))).toMatchObject({ verdict: 'pass', observed: 3 })
  })

  it('names those that share one', () => {
    const finding = only(unique, nodesWith('x', 'y', 'x'))
    expect(finding.reason).toContain('x on a and c')
    expect(finding.observed).toEqual([{ value: 'x', count: 2, nodes: ['a', 'c'] }])
  })

  it('compares lists item by item, and a node never with itself', () => {
    expect(only(unique, nodesWith(['x', 'x'], ['y'])).verdict).toBe('pass')
    expect(only(unique, nodesWith(['x', 'y'], ['y', 'z'])).verdict).toBe('fail')
  })

  it('has nothing to say where nobody has a value', () => {
    expect(only(unique, nodesWith(null, null)).verdict).toBe('notApplicable')
  })

  it('may only be told of', () => {
    const informing = over(claim('unique'), { judges: false })
    expect(only(informing, nodesWith('x', 'y')).reason).toContain('2 different values')
  })

  it('is an error while one could not be looked at, even where nobody else has a value', () => {
    expect(only(unique, nodesWith('x', denied)).verdict).toBe('error')
    expect(only(unique, nodesWith(null, denied)).verdict).toBe('error')
  })

  it('fails for two that share one, whoever else could not be looked at', () => {
    expect(only(unique, nodesWith('x', 'x', denied)).verdict).toBe('fail')
  })
})

describe('a number of values', () => {
  const atLeast = (wanted: number) => over(claim('count:at-least', 'value', { value: wanted }))

  it('counts different values, of lists each item', () => {
    const finding = only(atLeast(3), nodesWith(['x', 'y'], ['y']))
    expect(finding).toMatchObject({ verdict: 'fail', observed: 2 })
    expect(finding.reason).toContain('2 (x; y), not at least 3')
  })

  it('is settled by what was seen where more could only help, or only harm', () => {
    const atMost = over(claim('count:at-most', 'value', { value: 1 }))
    expect(only(atLeast(2), nodesWith('x', 'y', denied)).verdict).toBe('pass')
    expect(only(atLeast(3), nodesWith('x', 'y', denied)).verdict).toBe('error')
    expect(only(atMost, nodesWith('x', 'y', denied)).verdict).toBe('fail')
    expect(only(atMost, nodesWith('x', 'x', denied)).verdict).toBe('error')
  })

  it('asks for an odd one', () => {
    const odd = over(claim('count:odd', 'value', { value: true }))
    expect(only(odd, nodesWith('x', 'y', 'z')).verdict).toBe('pass')
    expect(only(odd, nodesWith('x', 'y')).verdict).toBe('fail')
    expect(only(odd, nodesWith('x', 'y', 'z', denied)).verdict).toBe('error')
  })

  it('has nothing to say of none, unless one could not be looked at', () => {
    expect(only(atLeast(1), nodesWith(null, null)).verdict).toBe('notApplicable')
    expect(only(atLeast(1), nodesWith(null, denied)).verdict).toBe('error')
  })

  it('takes its limit from a parameter', () => {
    const check = over(claim('count:at-least', 'value', { value: { parameter: 'wanted' } }), {
      parameters: { wanted: { default: 1, means: 'how many' } },
    })
    expect(only(check, nodesWith('x', 'x')).verdict).toBe('pass')
    expect(only(check, nodesWith('x', 'x'), { wanted: 2 }).verdict).toBe('fail')
  })

  it('counts the nodes themselves', () => {
    const nodes = over({ fact: 'nodes', operator: 'nodes:count:at-least', value: 3 })
    expect(only(nodes, nodesWith('x', 'x')).reason).toContain('2 (a; b)')
    expect(only(nodes, nodesWith('x', 'x', 'x'))).toMatchObject({ verdict: 'pass', provenance: [] })
  })
})

describe('a span', () => {
  const within = over(claim('span:at-most', 'value', { value: 5 }))

  it('is from the smallest to the largest', () => {
    expect(only(within, nodesWith(-1, 3, 2)).verdict).toBe('pass')
    const finding = only(within, nodesWith(-1, 0, 9))
    expect(finding).toMatchObject({ verdict: 'fail', observed: 10 })
    expect(finding.reason).toContain('10 (-1 on a; 9 on c)')
  })

  it('takes two numbers for what a value lies between', () => {
    expect(only(within, nodesWith([-1, 1], [0, 2])).verdict).toBe('pass')
    expect(only(within, nodesWith([-1, 1], [59, 60]))).toMatchObject({ verdict: 'fail', observed: 58 })
    expect(only(within, nodesWith([9.5, 10.2], [9.1, 9.9])).reason).toBe('Profiling is off.')
  })

  it('is unclear where it may be either', () => {
    expect(only(within, nodesWith([-9, 1], [0, 1]))).toMatchObject({
      verdict: 'unknown',
      next: expect.any(String),
    })
  })

  it('leaves out who has no value, and has nothing to say where nobody has', () => {
    expect(only(within, nodesWith(1, null)).verdict).toBe('pass')
    expect(only(within, nodesWith(null, null)).verdict).toBe('notApplicable')
  })

  it('is unclear over what is no number', () => {
    expect(only(within, nodesWith(1, 'soon')).verdict).toBe('unknown')
    expect(only(within, nodesWith(1, [])).verdict).toBe('unknown')
  })

  it('is an error while one could not be looked at, unless it is too wide already', () => {
    expect(only(within, nodesWith(1, 2, denied)).verdict).toBe('error')
    expect(only(within, nodesWith(1, 20, denied)).verdict).toBe('fail')
    expect(only(within, nodesWith(null, null, denied)).verdict).toBe('error')
    const apart = over(claim('span:at-least', 'value', { value: 5 }))
    expect(only(apart, nodesWith(1, 2, denied)).verdict).toBe('error')
    expect(only(apart, nodesWith(1, 9, denied)).verdict).toBe('error')
  })

  it('counts minor versions', () => {
    const minors = over(claim('minor-span:at-most', 'value', { value: 1 }))
    expect(only(minors, nodesWith('1.34.2', '1.33.9')).verdict).toBe('pass')
    expect(only(minors, nodesWith('1.34.2', '1.32.9')).reason).toContain('2 (1.32.9 on b; 1.34.2 on a)')
    expect(only(minors, nodesWith('1.34.2', 'unknown')).verdict).toBe('unknown')
    expect(only(minors, nodesWith('1.34.2', 2)).verdict).toBe('unknown')
    expect(only(minors, nodesWith('1', '1.34.2')).verdict).toBe('unknown')
  })
})

describe('versions beside those of others', () => {
  const behind = (operator: string, value: number, params = {}) =>
    over(claim(`minors-behind:${operator}`, 'own', { value, params: { of: 'seen.other', ...params } }))
  const nodes = (...pairs: readonly (readonly [own: unknown, other: unknown])[]) =>
    pairs.map(([own, other], index) => ({ name: 'abc'[index] ?? '', seen: { own, other } }))

  it('holds against the oldest and the newest', () => {
    const two = nodes(['1.34.0', '1.34.0'], ['1.33.0', '1.35.0'])
    expect(only(behind('at-most', 2), two).verdict).toBe('pass')
    expect(only(behind('at-most', 1), two).reason).toContain(
      'seen.own is 1.33.0 on b, beside seen.other 1.34.0 on a; 1.35.0 on b',
    )
    expect(only(behind('at-least', 0), nodes(['1.34.0', '1.33.0'], ['1.33.0', '1.35.0'])).verdict).toBe(
      'fail',
    )
  })

  it('may be about old versions only', () => {
    const two = nodes(['1.24.0', '1.27.0'], ['1.30.0', null])
    expect(only(behind('at-most', 2, { below: '1.25' }), two).reason).toContain('1.24.0 on a')
    expect(only(behind('at-most', 2, { below: '1.20' }), two).verdict).toBe('notApplicable')
  })

  it('has nothing to say without anything to compare with', () => {
    expect(only(behind('at-most', 2), nodes(['1.34.0', null], ['1.33.0', null])).verdict).toBe(
      'notApplicable',
    )
    expect(only(behind('at-most', 2), nodes([null, '1.34.0'], [null, null])).verdict).toBe('notApplicable')
  })

  it('is unclear over what is no version, on either side', () => {
    expect(only(behind('at-most', 2), nodes(['new', '1.34.0'], ['1.34.0', null])).verdict).toBe('unknown')
    expect(only(behind('at-most', 2), nodes(['1.34.0', 'new'], ['1.34.0', null])).verdict).toBe('unknown')
  })

  it('is an error while one could not be looked at, unless another breaks it already', () => {
    expect(only(behind('at-most', 2), nodes(['1.34.0', '1.34.0'], [denied, null])).verdict).toBe('error')
    expect(only(behind('at-most', 2), nodes(['1.34.0', null], ['1.34.0', denied])).verdict).toBe('error')
    expect(only(behind('at-most', 2), nodes(['1.30.0', '1.34.0'], [denied, null])).verdict).toBe('fail')
  })

  it('compares with a whole fact too', () => {
    const check = over(claim('minors-behind:at-most', 'own', { value: 2, params: { of: 'seen' } }))
    expect(only(check, nodes(['1.34.0', null], ['1.34.0', null])).verdict).toBe('unknown')
  })
})

describe('more than half', () => {
  const check = over(claim('majority', 'up', { params: { of: 'seen.all' } }))
  const nodes = (all: readonly string[], ...ups: readonly unknown[]) =>
    ups.map((up, index) => ({ name: 'abcde'[index] ?? '', seen: { up, all } }))

  it('is what it says', () => {
    expect(only(check, nodes(['a', 'b', 'c'], 'a', 'b', null)).verdict).toBe('pass')
    expect(only(check, nodes(['a', 'b', 'c'], 'a', null, null))).toMatchObject({
      verdict: 'fail',
      observed: 1,
    })
    expect(only(check, nodes(['a', 'b'], 'a', null)).reason).toContain('1 of 2, not more than half')
  })

  it('does not count who is not among them', () => {
    expect(only(check, nodes(['a', 'b', 'c'], 'a', 'x', 'y')).verdict).toBe('fail')
  })

  it('is an error where members that were not looked at could settle it', () => {
    expect(only(check, nodes(['a', 'b', 'c', 'd', 'e'], 'a', 'b')).reason).toContain('Only 2 of 5')
    expect(only(check, nodes(['a', 'b', 'c'], 'a', denied, denied)).reason).toContain(
      'b could not be compared',
    )
    expect(only(check, nodes(['a', 'b', 'c'], 'a', 'b', denied)).verdict).toBe('pass')
  })

  it('has nothing to say where there are none', () => {
    expect(only(check, nodes([], null, null)).verdict).toBe('notApplicable')
  })
})

describe('a check that only informs', () => {
  it('never judges', () => {
    const check = over(claim('same'), { judges: false })
    expect(only(check, nodesWith('x', 'y'))).toMatchObject({ verdict: 'informational' })
    expect(only(check, nodesWith('x', 'x')).reason).toContain('seen.value is x')
    const saying = over(claim('same'), {
      judges: false,
      say: { fail: 'no', pass: 'All: {observed}', next: 'x' },
    })
    expect(only(saying, nodesWith('x', 'x')).reason).toBe('All: seen.value is x.')
  })
})

describe('faults of a check over nodes', () => {
  const faults = (...claims: Parameters<typeof over>[0][]) => checkFaults(over(claims.flat() as never))

  it('has none as it is written here', () => {
    expect(faults(claim('same'))).toEqual([])
  })

  it.each([
    ['a claim nobody knows', claim('alike'), 'there is no claim'],
    ['no operator', claim('count'), 'there is no operator'],
    [
      'an operator that cannot take the value',
      claim('count:at-least', 'value', { value: 'x' }),
      'takes a number',
    ],
    [
      'a parameter nobody declares',
      claim('span:at-most', 'v', { value: { parameter: 'x' } }),
      'takes a number',
    ],
    ['nothing to compare with', claim('majority'), 'does not say of what'],
    [
      'nothing to compare versions with',
      claim('minors-behind:at-most', 'v', { value: 1 }),
      'does not say of what',
    ],
    ['a path that is none', claim('same', 'a..b'), 'is not a path'],
    ['a path that is none beside it', claim('majority', 'v', { params: { of: 'seen.a..b' } }), 'of what'],
    ['evidence that is not asked for', { ...claim('same'), fact: 'other' }, 'no evidence is named "other"'],
    ['a combination', { any: [claim('same')] }, 'without any, all or not'],
  ])('names %s', (_, condition, words) => {
    expect(faults(condition as never).join()).toContain(words)
  })

  it('names a check that claims nothing', () => {
    expect(checkFaults({ ...over(claim('same')), condition: { all: [] } })).toEqual([
      'a check over nodes that claims nothing',
    ])
    expect(checkFaults({ ...over([]), condition: claim('same') })).toEqual([])
  })
})
