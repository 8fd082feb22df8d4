import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { Probe } from '../../src/model/probe.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, shells, textOf } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

let here: Fixture
beforeEach(() => {
  here = fixture()
})
afterEach(() => here.remove())

const plan = (...probes: readonly Probe[]) => planCollection(probes, sampleComponents)
const configuration = (path: string): Probe => ({ kind: 'path', path, holds: 'configuration' })

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'following what a runtime names, with $name',
  ({ shell }) => {
    it('brings hosts.toml of every registry, from each of several places, and no key beside it', () => {
      const hosts = here.put('certs.d/docker.io/hosts.toml', 'server = "https://a"\n')
      const key = here.put('certs.d/docker.io/client.key', 'not read')
      here.put('certs.d/plain/ca.crt', 'x')
      const other = here.put('docker/r.example:5000/hosts.toml', 'server = "https://b"\n')
      const main = here.put(
        'config.toml',
        `config_path = "${here.root}/certs.d:${here.root}/docker:relative"\n`,
      )

      const view = collect(plan(configuration(main)), { shell })

      expect(textOf(view.content(hosts))).toBe('server = "https://a"\n')
      expect(textOf(view.content(other))).toBe('server = "https://b"\n')
      expect(view.content(key).state).not.toBe('observed')
      expect(view.directory(`${here.root}/certs.d`)).toMatchObject({
        state: 'observed',
        entries: [`${here.root}/certs.d/docker.io`, `${here.root}/certs.d/plain`],
      })
      // The directory was listed, so that what is not in it is not there.
      expect(view.content(`${here.root}/certs.d/plain/hosts.toml`).state).toBe('absent')
    })

    it('looks for the templates K3s and RKE2 make the configuration from', () => {
      const base = `${here.root}/rke2/agent/etc/containerd`
      const main = here.put('rke2/agent/etc/containerd/config.toml', 'version = 3\n')
      const template = here.put('rke2/agent/etc/containerd/config-v3.toml.tmpl', '{{ template "base" . }}\n')
      const first = here.put('first.yaml', `- --config=${main}\n`)

      const view = collect(plan(configuration(first)), { shell })

      expect(view.file(template).state).toBe('observed')
      expect(view.content(template).state).not.toBe('observed')
      expect(view.file(`${base}/config.toml.tmpl`).state).toBe('absent')
    })

    it('finds the file an admission configuration names beside itself, and nothing that is no file of settings', () => {
      for (const written of ['pss.yaml', './pss.yaml', '"../a/pss.yaml"']) {
        const admission = here.put('a/control.yaml', `plugins:\n- name: PodSecurity\n  path: ${written}\n`)
        const named = here.put('a/pss.yaml', 'defaults: {}\n')
        const probe = here.put('a/livez', 'not read')
        here.put('a/other.yaml', 'path: livez\n')

        const view = collect(plan(configuration(admission), configuration(`${here.root}/a/other.yaml`)), {
          shell,
        })

        expect(textOf(view.content(named))).toBe('defaults: {}\n')
        expect(view.content(probe).state).not.toBe('observed')
      }
    })

    it('finds what a mounted file names in the same mount, a step later', () => {
      const admission = here.put('admission/control.yaml', 'plugins:\n- path: /shown/limits.yaml\n')
      const limits = here.put('admission/limits.yaml', 'limits: []\n')
      const manifest = here.put(
        'pod.yaml',
        [
          'command:',
          '- kube-apiserver',
          '- --admission-control-config-file=/shown/control.yaml',
          'volumeMounts:',
          '- mountPath: /shown',
          'volumes:',
          `- hostPath: { path: ${here.root}/admission }`,
        ].join('\n'),
      )

      const view = collect(plan(configuration(manifest)), { shell })

      expect(view.content(admission).state).toBe('observed')
      expect(textOf(view.content(limits))).toBe('limits: []\n')
    })

    it('finds on the host what a container reads through the host’s own root', () => {
      const control = here.put('control.yaml', 'a: 1\n')
      const manifest = here.put(
        'pod.yaml',
        [
          `- --admission-control-config-file=/rootfs-of-khard${control}`,
          '- mountPath: /rootfs-of-khard',
          '- hostPath: { path: / }',
        ].join('\n'),
      )

      const view = collect(plan(configuration(manifest)), { shell })

      expect(textOf(view.content(control))).toBe('a: 1\n')
      expect(view.all('file').filter(({ path }) => path.startsWith('//'))).toEqual([])
    })
  },
)
