import { describe, expect, it } from 'vitest'
import { parseVersion, versionRangeFault, versionSatisfies } from '../../src/model/version.ts'

describe('versions', () => {
  it.each([
    ['v1.31.4', [1, 31, 4], null],
    ['1.31.4+rke2r1', [1, 31, 4], null],
    ['1.31', [1, 31], null],
    ['v1.32.0-rc.1', [1, 32, 0], 'rc.1'],
    ['v1.32.0-alpha.2.14+abcdef', [1, 32, 0], 'alpha.2.14'],
    ['1.7.12-0ubuntu2~22.04.1', [1, 7, 12], null],
    ['v1.31.4-eks-7a1b', [1, 31, 4], null],
    [' 1.31.4\n', [1, 31, 4], null],
    ['2.0.0~beta', [2, 0, 0], null],
  ])('reads %j', (text, parts, preRelease) => {
    expect(parseVersion(text)).toEqual({ parts, preRelease })
  })

  it.each(['', 'latest', 'v', '1.', '1.31.4.5.6', 'Kubernetes v1.31.4', '1.31.4x', '99999999999.1'])(
    'does not read %j',
    (text) => {
      expect(parseVersion(text)).toBeNull()
    },
  )

  it.each([
    ['v1.31.4', '>=1.29 <1.34', true],
    ['v1.34.0', '>=1.29 <1.34', false],
    ['v1.28.15', '>=1.29 <1.34', false],
    // 1.9 comes before 1.29 by number, after it by text.
    ['v1.9.0', '>=1.29', false],
    // A release candidate already has the defaults of its release.
    ['v1.34.0-rc.1', '<1.34', false],
    ['v1.34.0-rc.1', '>=1.34', true],
    ['v1.34.0-rc.1', '>=1.34.0', false],
    ['v1.34.0-rc.1', '>=1.34.0-rc.1', true],
    ['v1.34.0-rc.2', '>1.34.0-rc.1', true],
    ['v1.34.0-rc.10', '>1.34.0-rc.9', true],
    ['v1.34.0-beta.1', '<1.34.0-rc.0', true],
    ['v1.34.0-rc.0', '>1.34.0-beta.1', true],
    ['v1.34.0-rc', '<1.34.0-rc.1', true],
    ['v1.34.0-rc.1', '>1.34.0-rc', true],
    ['v1.34.0', '>1.34.0-rc.1', true],
    ['v1.33.9', '<=1.33', true],
    ['v1.33.9', '>1.33', false],
    ['v1.34.1', '>1.33', true],
    ['v1.33.9', '1.33', true],
    ['v1.33.9', '=1.33.9', true],
    ['v1.33.9', '=1.33.8', false],
    ['1.33', '>=1.33.1', false],
    ['v1.27.1', '<1.28 || >=1.30', true],
    ['v1.29.1', '<1.28 || >=1.30', false],
    ['1.31.4+rke2r2', '=1.31.4', true],
    ['unknown', '>=1.29', null],
  ])('%s in %s: %s', (version, range, inside) => {
    expect(versionSatisfies(version, range)).toBe(inside)
    expect(versionSatisfies(version, range)).toBe(inside)
  })

  it('finds no fault with a range that is one', () => {
    expect(versionRangeFault('>=1.29 <1.34 || =1.35')).toBeNull()
  })

  it.each(['', '>=', '1.x', '>= 1.29', '>=1.29,<1.34', '<1.28 ||', '^1.29', '=>1.29'])(
    'refuses the range %j',
    (range) => {
      expect(versionRangeFault(range)).toContain('is not a version range')
      expect(() => versionSatisfies('1.30.0', range)).toThrow(
        expect.objectContaining({ code: 'content-invalid' }),
      )
    },
  )
})
