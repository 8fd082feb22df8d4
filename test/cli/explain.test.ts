import { describe, expect, it } from 'vitest'
import { seenOn } from '../../src/cli/explain-evidence.ts'
import { explainFact } from '../../src/cli/explain-fact.ts'
import { describeFinding } from '../../src/cli/explain-text.ts'
import { fileTrouble } from '../../src/cli/file-trouble.ts'
import { checkId } from '../../src/model/ids.ts'
import { goodTree, load } from '../content/content-tree.ts'
import { findingOf } from '../evaluate/support.ts'
import { aNode, evidenceOf, pod } from '../traps/a-node.ts'
import { askedBy, content as own } from '../traps/verdict-of.ts'

const content = load(goodTree)

describe('explaining a fact', () => {
  it('lists the settings of a component', () => {
    expect(explainFact('component-settings:kube-apiserver', content)).toMatch(
      /Fields\n[\s\S]* {2}profiling\n/,
    )
  })

  it('says how to ask where the fields depend on the component', () => {
    expect(explainFact('component-settings', content)).toMatch(/khard explain component-settings:kubelet/)
  })

  it.each([
    [
      'component-settings:kube-apiservr',
      'there is no component "kube-apiservr"',
      'Did you mean kube-apiserver?',
    ],
    ['component-files:x', 'there is no component "x"', 'Components: kube-apiserver.'],
    ['swap:kubelet', 'the fact swap is not about a component', 'khard explain swap'],
  ])('refuses %s with what there is', (id, message, next) => {
    expect(() => explainFact(id, content)).toThrow(
      expect.objectContaining({ code: 'unknown-check', message, next }),
    )
  })

  it('does not miss parameters that are no part of the question', () => {
    expect(explainFact('component-files:kube-apiserver', content)).toMatch(/which: /)
    expect(explainFact('service-unit:anything', content)).toMatch(/kill-mode/)
  })

  it('leaves other ids to others', () => {
    expect(explainFact('1.2.1', content)).toBeNull()
    expect(explainFact('constructor', content)).toBeNull()
  })
})

describe('explaining what was seen', () => {
  it('shows the value and who set it, for a pass as well', () => {
    const finding = findingOf({
      verdict: 'pass',
      reason: 'Fine.',
      check: 'kube-apiserver.profiling-off',
      observed: false,
      expected: false,
      provenance: [{ kind: 'file', at: '/etc/x.yaml', line: 4 }],
      drift: 'The file says true.',
    })

    expect(describeFinding(finding)).toBe(
      '    kube-apiserver.profiling-off: Pass. Fine.\n' +
        '      seen: false\n      wanted: false\n      set by: /etc/x.yaml:4\n      The file says true.\n',
    )
  })

  it('shows no line for what there is not', () => {
    const { check: _, ...ofPerson } = findingOf({
      verdict: 'notChecked',
      reason: 'A person has to.',
      next: 'Ask.',
    })

    expect(describeFinding(ofPerson)).toBe('    1.2.1: Not checked. A person has to.\n      next: Ask.\n')
  })
})

describe('trouble with a file', () => {
  it.each([
    [
      Object.assign(new Error('ENOENT: no such file, open "/x"'), { code: 'ENOENT' }),
      /^there is no such file/,
    ],
    [Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }), /^EIO: i\/o error$/],
    [new Error('no file name is given'), /^no file name is given$/],
    ['thrown text', /^thrown text$/],
  ])('is told in words: %s', (cause, words) => {
    expect(fileTrouble(cause)).toMatch(words)
  })
})

describe('what a named profile asks of recorded nodes', () => {
  const seen = (id: string, profile?: string): Promise<string> => {
    const check = own.checks.get(checkId(id))
    async function* nodes() {
      const described = aNode(pod('kube-apiserver', ['--anonymous-auth=false']))
      yield { ...evidenceOf(described, askedBy(id)), name: 'cp-1', target: 'ssh://cp-1' }
    }
    const question = { checks: check ? [check] : [], atMs: 0, ...(profile && { profile }) }
    return seenOn(nodes(), question, { content: own, io: {} as never })
  }

  it('is judged by it, not by the profile that would be chosen', async () => {
    expect(await seen('kube-apiserver.anonymous-access-off')).toMatch(/cp-1: not asked by its profile/)
    expect(await seen('kube-apiserver.anonymous-access-off', 'kubernetes-stig')).toMatch(
      /cp-1: Pass\n {4}kube-apiserver\.anonymous-access-off: Pass\./,
    )
  })

  it('is nothing where the profile does not ask it', async () => {
    expect(await seen('kube-apiserver.anonymous-access-off', 'rke2-cis')).toBe(
      '\nSeen\n  Nothing: rke2-cis does not ask it.\n',
    )
  })
})
