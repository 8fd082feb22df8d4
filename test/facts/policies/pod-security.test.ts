import { describe, expect, it } from 'vitest'
import { podSecurityDefaults } from '../../../src/facts/pod-security-defaults.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { content, nodeWith, noManifests, noUnits, plain, process } from '../../support/settings-node.ts'

const request = { fact: 'pod-security-defaults' }
const admission = '/a/admission.yaml'
const security = 'pod-security.admission.config.k8s.io/v1'

function defaults(items: readonly RawItem[], ...flags: readonly string[]): unknown {
  const given = flags.length > 0 ? flags : [`--admission-control-config-file=${admission}`]
  const running = process({ name: 'kube-apiserver', argv: ['kube-apiserver', ...given] })
  return plain(podSecurityDefaults.derive(request, nodeWith([...noUnits, ...noManifests, running, ...items])))
}

function configured(plugins: unknown): RawItem {
  const apiVersion = 'apiserver.config.k8s.io/v1'
  return content(admission, JSON.stringify({ apiVersion, kind: 'AdmissionConfiguration', plugins }))
}

function inline(about: object, apiVersion = security): RawItem {
  const configuration = { apiVersion, kind: 'PodSecurityConfiguration', ...about }
  return configured([{ name: 'EventRateLimit' }, { name: 'PodSecurity', configuration }])
}

const builtIn = {
  enforce: 'privileged',
  'enforce-version': 'latest',
  audit: 'privileged',
  'audit-version': 'latest',
  warn: 'privileged',
  'warn-version': 'latest',
  'exempt-namespaces': [],
  'exempt-usernames': [],
  'exempt-runtime-classes': [],
}

describe('pod security where namespaces say nothing', () => {
  it.each([
    ['no file', defaults([], '--profiling=false')],
    ['a file without the plugin', defaults([configured([{ name: 'EventRateLimit', path: 'e.yaml' }])])],
    ['a file that names the plugin only', defaults([configured([{ name: 'PodSecurity' }])])],
  ])('is privileged with %s', (_, fact) => {
    expect(fact).toEqual({ configured: false, ...builtIn })
  })

  it('is privileged where a configuration leaves a mode out, or empty', () => {
    expect(defaults([inline({})])).toEqual({ configured: true, ...builtIn })
    expect(defaults([inline({ defaults: { enforce: '', warn: null }, exemptions: {} })])).toEqual({
      configured: true,
      ...builtIn,
    })
  })

  it('is what a configuration says, with its exemptions', () => {
    const about = {
      defaults: { enforce: 'restricted', 'enforce-version': 'v1.30', audit: 'baseline', warn: 'restricted' },
      exemptions: { namespaces: ['kube-system'], usernames: ['root'], runtimeClasses: ['kata'] },
    }
    for (const version of ['v1', 'v1beta1', 'v1alpha1'])
      expect(defaults([inline(about, security.replace('v1', version))])).toMatchObject({
        configured: true,
        enforce: 'restricted',
        'enforce-version': 'v1.30',
        audit: 'baseline',
        'exempt-namespaces': ['kube-system'],
        'exempt-usernames': ['root'],
        'exempt-runtime-classes': ['kata'],
      })
  })

  it('is read from the file that a path names, counted from the configuration', () => {
    const other = content(
      '/a/pss.yaml',
      JSON.stringify({
        apiVersion: security,
        kind: 'PodSecurityConfiguration',
        defaults: { enforce: 'baseline' },
      }),
    )
    for (const path of ['pss.yaml', './pss.yaml', '../a/pss.yaml', '/a/pss.yaml'])
      expect(defaults([configured([{ name: 'PodSecurity', path }]), other])).toMatchObject({
        enforce: 'baseline',
      })
    expect(defaults([configured([{ name: 'PodSecurity', path: '/a/pss.yaml' }])])).toEqual({
      unavailable: 'not-collected',
    })
  })

  it.each([
    ['a level nobody knows', inline({ defaults: { enforce: 'strict' } })],
    ['a level that is no text', inline({ defaults: { enforce: true } })],
    ['a version nobody knows', inline({ defaults: { 'enforce-version': '1.30' } })],
    ['a version that is no text', inline({ defaults: { 'warn-version': 1.3 } })],
    ['defaults that are a list', inline({ defaults: [] })],
    ['exemptions that are a text', inline({ exemptions: 'kube-system' })],
    ['names that are no list', inline({ exemptions: { namespaces: 'kube-system' } })],
    ['another API', inline({}, 'policy/v1')],
    ['plugins that are no list', configured('PodSecurity')],
  ])('is not known with %s: the API server does not start', (_, item) => {
    expect(defaults([item])).toEqual({ unavailable: 'unparsable' })
  })

  it('is not known where the file or the arguments are not, and absent without an API server', () => {
    expect(defaults([])).toEqual({ unavailable: 'not-collected' })
    const hidden = process({ name: 'kube-apiserver', argv: ['sh', '-c', 'kube-apiserver'] })
    const node = nodeWith([...noUnits, ...noManifests, hidden])
    expect(plain(podSecurityDefaults.derive(request, node))).toEqual({ unavailable: 'unparsable' })
    expect(podSecurityDefaults.derive(request, nodeWith([...noUnits, ...noManifests])).kind).toBe('absent')
  })

  it('names its fields and what it asks for', () => {
    const knowledge = { components: shippedComponents() }
    expect(podSecurityDefaults.fields(request, knowledge)).toEqual(['configured', ...Object.keys(builtIn)])
    expect(podSecurityDefaults.probes(request, knowledge)).not.toEqual([])
  })
})
