import type { ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import { opensslPki } from '../facts/certificates/openssl.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, runScript, shells, startProcess } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

const pki = opensslPki()
const base64 = (text: string): string => Buffer.from(text).toString('base64')
let here: Fixture
const running: ChildProcess[] = []

beforeAll(() => {
  pki.issue({ name: 'a', subject: '/CN=a' })
  pki.issue({ name: 'b', subject: '/CN=b', key: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] })
})
afterAll(() => pki.remove())
beforeEach(() => {
  here = fixture()
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  here.remove()
})

const user = (name: string, key: string): string => `- name: ${name}
  user:
    client-certificate-data: ${base64('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n')}
    client-key-data: ${key}
`
const kubeconfig = (...users: readonly string[]): string =>
  `apiVersion: v1\nkind: Config\nclusters: []\nusers:\n${users.join('')}`

/** A plan that looks at every kubeconfig here, and for the process that may use one. */
const plan = () =>
  planCollection(
    [
      { kind: 'process', name: 'kubelet', binaries: ['khtest'], env: [] },
      { kind: 'glob', pattern: `${here.root}/*.conf`, holds: 'kubeconfig' },
    ],
    sampleComponents,
  )

const uses = (path: string): Promise<number> =>
  startProcess({ here, running }, { name: 'khtest', argv: [`--kubeconfig=${path}`] })

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'keys inside kubeconfigs, with $name',
  ({ shell }) => {
    it('are derived for every user, EC and RSA alike', async () => {
      const text = kubeconfig(
        user('one', base64(pki.privateKey('a'))),
        user('two', base64(pki.privateKey('b'))),
      )
      const path = here.put('used.conf', text)
      await uses(path)

      const view = collect(plan(), { shell })

      expect(view.key(`${path}#one`)).toMatchObject({ state: 'observed', publicKey: pki.publicKey('a') })
      expect(view.key(`${path}#two`)).toMatchObject({ state: 'observed', publicKey: pki.publicKey('b') })
    })

    it('are derived of an administrator’s too, which no component uses', async () => {
      const path = here.put('admin.conf', kubeconfig(user('admin', base64(pki.privateKey('a')))))

      const view = collect(plan(), { shell })

      expect(view.key(`${path}#admin`)).toMatchObject({ state: 'observed', publicKey: pki.publicKey('a') })
    })

    it('are left alone where nothing is read, whoever names the file', async () => {
      const path = here.put('.ssh/used.conf', kubeconfig(user('one', base64(pki.privateKey('a')))))
      await uses(path)

      const output = runScript(plan(), { shell }).toString('latin1')

      expect(output).toContain(path)
      expect(output).not.toContain('client-certificate-data')
      expect(output).not.toContain('embedded from')
    })

    it('are derived of root’s kubectl, and nothing else in that home is opened', () => {
      for (const name of ['root/.kube/config', 'root/other.conf'])
        here.put(name, kubeconfig(user('one', base64(pki.privateKey('a')))))
      const paths = ['/root/.kube/config', '/root/other.conf'] as const
      const asked = planCollection(
        paths.map((path) => ({ kind: 'path', path, holds: 'kubeconfig' }) as const),
        sampleComponents,
      )

      const view = collect(asked, { shell, root: here.root })

      expect(view.key('/root/.kube/config#one')).toMatchObject({ publicKey: pki.publicKey('a') })
      expect(view.content('/root/.kube/config').state).toBe('observed')
      expect(view.content('/root/other.conf').state).toBe('unavailable')
    })

    it('that is no base64, or holds what is between keys, spoils no other', async () => {
      const path = here.put(
        'odd.conf',
        kubeconfig(
          user('short', `${base64(pki.privateKey('a')).slice(0, 41)}=`),
          user('split', base64('-----BEGIN X\nkhard:key.\n')),
          user('good', base64(pki.privateKey('b'))),
        ),
      )

      const view = collect(plan(), { shell })

      expect(view.key(`${path}#short`)).toMatchObject({ reason: 'tool-failed' })
      expect(view.key(`${path}#split`)).toMatchObject({ reason: 'tool-failed' })
      expect(view.key(`${path}#good`)).toMatchObject({ publicKey: pki.publicKey('b') })
    })

    it('never leave the node, not even in part', async () => {
      const secret = pki.privateKey('b')
      const path = here.put('used.conf', kubeconfig(user('one', base64(secret))))
      await uses(path)

      const output = runScript(plan(), { shell }).toString('latin1')

      const encoded = base64(secret)
      const lines = secret.split('\n').filter((line) => line.length > 20 && !line.includes('-----'))
      expect(lines.filter((line) => output.includes(line))).toEqual([])
      expect(output).not.toContain(encoded.slice(60, 120))
      expect(output).toContain('embedded from')
    })

    it('belong to their user in any order of keys, in JSON on one line, and beside a comment', async () => {
      const [a, b] = [base64(pki.privateKey('a')), base64(pki.privateKey('b'))]
      const json = here.put(
        'json.conf',
        JSON.stringify({
          kind: 'Config',
          users: [
            { user: { 'client-key-data': a }, name: 'first' },
            { name: 'second', user: { 'client-key-data': b } },
          ],
        }),
      )
      const yaml = here.put(
        'yaml.conf',
        `kind: Config\nusers:\n# client-key-data: ${b}\n- user:\n    client-key-data: "${a}"\n  name: last\n`,
      )
      await uses(json)
      await uses(yaml)

      const view = collect(plan(), { shell })

      expect(view.key(`${json}#first`)).toMatchObject({ publicKey: pki.publicKey('a') })
      expect(view.key(`${json}#second`)).toMatchObject({ publicKey: pki.publicKey('b') })
      expect(view.key(`${yaml}#last`)).toMatchObject({ publicKey: pki.publicKey('a') })
    })

    it('that are no keys say so, and do not take the next one with them', async () => {
      const broken = base64('-----BEGIN EC PRIVATE KEY-----\nrubbish\n-----END EC PRIVATE KEY-----\n')
      const path = here.put(
        'used.conf',
        kubeconfig(user('bad', broken), user('good', base64(pki.privateKey('a')))),
      )
      await uses(path)

      const view = collect(plan(), { shell })

      expect(view.key(`${path}#bad`)).toMatchObject({ reason: 'tool-failed' })
      expect(view.key(`${path}#good`)).toMatchObject({ publicKey: pki.publicKey('a') })
    })
  },
)
