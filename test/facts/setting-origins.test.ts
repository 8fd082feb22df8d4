import { describe, expect, it } from 'vitest'
import { settingOrigins } from '../../src/facts/setting-origins.ts'
import { noSource, observed } from '../../src/model/evidence.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { shippedComponents } from '../support/components.ts'
import {
  content,
  directory,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
} from '../support/settings-node.ts'

const components = shippedComponents()
const ofKubelet = { fact: 'setting-origins', of: 'kubelet' }
const header = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

function origins(of: string, flags: readonly string[], items: readonly RawItem[] = []): unknown {
  const running = process({ name: of, argv: [of, ...flags], version: 'v1.33.4' })
  const node = nodeWith([...noUnits, ...noManifests, running, ...items])
  return plain(settingOrigins.derive({ ...ofKubelet, of }, node))
}

describe('the origin of a setting', () => {
  it('is the flag, the file, or the default', () => {
    const file = content('/c.yaml', `${header}authorization: { mode: Webhook }\nreadOnlyPort: 0\n`)
    expect(
      origins('kubelet', ['--config=/c.yaml', '--read-only-port=0', '--rotate-certificates'], [file]),
    ).toMatchObject({
      'authorization-mode': 'file',
      'read-only-port': 'flag',
      'rotate-certificates': 'flag',
      'anonymous-auth': 'default',
      'client-ca-file': undefined,
    })
  })

  it('is the file for what a drop-in says', () => {
    const items = [
      content('/c.yaml', header),
      directory('/d', '10.conf'),
      content('/d/10.conf', `${header}readOnlyPort: 0\n`),
      missing('directory', '/d/10.conf'),
    ]
    expect(origins('kubelet', ['--config=/c.yaml', '--config-dir=/d'], items)).toMatchObject({
      'read-only-port': 'file',
    })
  })

  it('is the flag where maps of flag and file are merged', () => {
    const file = content('/c.yaml', `${header}featureGates: { NodeSwap: true }\n`)
    expect(origins('kubelet', ['--config=/c.yaml', '--feature-gates=A=true'], [file])).toMatchObject({
      'feature-gates': 'flag',
    })
    expect(origins('kubelet', ['--config=/c.yaml'], [file])).toMatchObject({ 'feature-gates': 'file' })
  })

  it('is the environment for components that read it', () => {
    const running = process({ name: 'etcd', argv: ['etcd'], env: { ETCD_AUTO_TLS: 'false' } })
    const node = nodeWith([...noUnits, ...noManifests, running])
    expect(plain(settingOrigins.derive({ ...ofKubelet, of: 'etcd' }, node))).toMatchObject({
      'auto-tls': 'environment',
      'peer-auto-tls': 'default',
    })
  })

  it('is the default for a default that depends on a version nobody knows', () => {
    const hidden = process({ name: 'kubelet', argv: ['kubelet'] })
    const node = nodeWith([...noUnits, ...noManifests, hidden])
    expect(plain(settingOrigins.derive(ofKubelet, node))).toMatchObject({ 'event-qps': 'default' })
  })

  it('is not known where the file or the arguments are not', () => {
    expect(origins('kubelet', ['--config=/c.yaml', '--read-only-port=0'])).toMatchObject({
      'anonymous-auth': { unavailable: 'not-collected' },
      'read-only-port': 'flag',
    })
    const shell = process({ name: 'kubelet', argv: ['sh', '-c', 'kubelet'] })
    const node = nodeWith([...noUnits, ...noManifests, shell])
    expect(plain(settingOrigins.derive(ofKubelet, node))).toMatchObject({
      'read-only-port': { unavailable: 'unparsable' },
    })
  })

  it('is absent where the component is not on the node', () => {
    expect(settingOrigins.derive(ofKubelet, nodeWith([...noUnits, ...noManifests])).kind).toBe('absent')
  })
})

describe('origins as a fact', () => {
  it('have a field per setting, and none for a component nobody describes', () => {
    expect(settingOrigins.fields(ofKubelet, { components })).toContain('anonymous-auth')
    expect(settingOrigins.fields({ fact: 'setting-origins' }, { components })).toEqual([])
    expect(settingOrigins.faults?.({ ...ofKubelet, of: 'nginx' }, { components })).toHaveLength(1)
    expect(settingOrigins.faults?.(ofKubelet, { components })).toEqual([])
    expect(settingOrigins.probes(ofKubelet, { components })).not.toEqual([])
  })

  it('are those of unset settings where an example leaves them out', () => {
    const given = observed({ 'read-only-port': observed('flag', noSource) }, noSource)
    const complete = (of: string) =>
      plain(settingOrigins.complete?.({ ...ofKubelet, of }, given, { components }, {}))
    expect(complete('kubelet')).toMatchObject({
      'read-only-port': 'flag',
      'anonymous-auth': 'default',
      'client-ca-file': undefined,
    })
    expect(complete('nginx')).toEqual({ 'read-only-port': 'flag' })
    const list = observed([], noSource)
    expect(settingOrigins.complete?.(ofKubelet, list, { components }, {})).toBe(list)
  })
})
