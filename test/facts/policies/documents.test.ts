import { describe, expect, it } from 'vitest'
import { readAnonymousScope } from '../../../src/facts/policies/anonymous.ts'
import { readAuthorizerTypes } from '../../../src/facts/policies/authorization.ts'
import { yamlValue } from '../../../src/facts/policies/document.ts'
import { findEventRateLimit, hasLimits, readLimits } from '../../../src/facts/policies/event-rate-limit.ts'
import type { Evidence } from '../../../src/model/evidence.ts'
import { noSource, observed, unavailable } from '../../../src/model/evidence.ts'

const answer = (evidence: Evidence<unknown>): unknown =>
  evidence.kind === 'observed' ? evidence.fact : evidence.kind
const given = (kind: string, body: string): Evidence<unknown> =>
  yamlValue(observed(`apiVersion: apiserver.config.k8s.io/v1beta1\nkind: ${kind}\n${body}`, noSource))

describe('readAnonymousScope', () => {
  const scope = (body: string): unknown =>
    answer(readAnonymousScope(given('AuthenticationConfiguration', body)))

  it.each([
    ['anonymous: {enabled: false}', 'none'],
    ['anonymous: {}', 'none'],
    ['anonymous: {enabled: true}', 'all'],
    ['anonymous: {enabled: true, conditions: []}', 'all'],
    ['anonymous: {enabled: true, conditions: [{path: /livez}, {path: /readyz}, {path: /healthz}]}', 'health'],
    ['anonymous: {enabled: true, conditions: [{path: /livez}, {path: /}]}', 'all'],
    ['anonymous: {enabled: true, conditions: [{path: /livez/}]}', 'all'],
    ['anonymous: {enabled: true, conditions: [{path: "/livez*"}]}', 'all'],
    ['anonymous: {enabled: true, conditions: [{}]}', 'all'],
    ['jwt: []', 'absent'],
    ['anonymous: {enabled: false, conditions: [{path: /livez}]}', 'unavailable'],
    ['anonymous: {enabled: "no"}', 'unavailable'],
    ['anonymous: true', 'unavailable'],
  ])('%s leaves %s', (body, expected) => {
    expect(scope(body)).toBe(expected)
  })

  it('does not read a document of another kind', () => {
    expect(
      answer(readAnonymousScope(given('AuthorizationConfiguration', 'anonymous: {enabled: false}'))),
    ).toBe('unavailable')
  })
})

describe('readAuthorizerTypes', () => {
  const types = (body: string): unknown =>
    answer(readAuthorizerTypes(given('AuthorizationConfiguration', body)))

  it('lists authorizers in their order', () => {
    expect(
      types('authorizers: [{type: Webhook, name: w}, {type: Node, name: n}, {type: RBAC, name: r}]'),
    ).toEqual(['Webhook', 'Node', 'RBAC'])
  })

  it.each(['authorizers: []', 'authorizers: [{name: x}]', 'authorizers: RBAC', ''])('refuses %j', (body) => {
    expect(types(body)).toBe('unavailable')
  })
})

describe('EventRateLimit', () => {
  const place = (body: string): unknown =>
    answer(
      findEventRateLimit(
        yamlValue(
          observed(`apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n${body}`, noSource),
        ),
        '/etc/k8s/admission.yaml',
      ),
    )
  const limits =
    'apiVersion: eventratelimit.admission.k8s.io/v1alpha1\nkind: Configuration\nlimits: [{type: Server, qps: 50, burst: 100}]'

  it.each([
    ['plugins: []', { kind: 'none' }],
    ['plugins: [{name: PodSecurity, path: x.yaml}]', { kind: 'none' }],
    ['plugins: [{name: EventRateLimit}]', { kind: 'none' }],
    ['plugins: [{name: EventRateLimit, path: limits.yaml}]', { kind: 'path', path: '/etc/k8s/limits.yaml' }],
    ['plugins: [{name: EventRateLimit, path: /x/limits.yaml}]', { kind: 'path', path: '/x/limits.yaml' }],
    [
      'plugins: [{name: EventRateLimit, path: x, configuration: {a: 1}}]',
      { kind: 'inline', configuration: { a: 1 } },
    ],
    ['plugins: {}', 'unavailable'],
  ])('%s is found as %j', (body, expected) => {
    expect(place(body)).toEqual(expected)
  })

  it('is configured only by limits that limit', () => {
    expect(answer(readLimits(yamlValue(observed(limits, noSource))))).toBe(true)
    expect(
      answer(
        readLimits(
          yamlValue(observed(limits.replace('[{type: Server, qps: 50, burst: 100}]', '[]'), noSource)),
        ),
      ),
    ).toBe(false)
    expect(hasLimits({ kind: 'Configuration', apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1' })).toBe(
      false,
    )
    expect(hasLimits({ kind: 'Configuration', apiVersion: 'v1', limits: [{ qps: 1 }] })).toBe(false)
  })

  it('does not guess at a file it could not read', () => {
    expect(readLimits(unavailable('permission-denied', noSource)).kind).toBe('unavailable')
  })
})
