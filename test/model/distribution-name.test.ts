import { expect, it } from 'vitest'
import { distributionName } from '../../src/model/distribution-name.ts'

it.each([
  ['rke2', 'RKE2'],
  ['hardway', 'Kubernetes the hard way'],
  ['kubeadm', 'kubeadm'],
  ['constructor', 'constructor'],
])('%s is called %s', (id, name) => {
  expect(distributionName(id)).toBe(name)
})
