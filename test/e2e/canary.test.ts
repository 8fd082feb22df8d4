import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { khard, workspace } from '../support/khard.ts'
import { labAvailable, withLab } from '../support/lab.ts'
import { rootOf } from './lab-node.ts'

const available = labAvailable()

/** A secret nobody else has, twenty letters and digits. */
function canary(name: string): string {
  return `${name}0CANARY0${Buffer.from(name).toString('hex')}`.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 36)
}

/** How a secret could leave: as it is, in base64 at any offset, in hexadecimal. */
function forms(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${secret}`)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4)
      .replace(/=+$/, '')
      .slice(0, -1),
  )
  const hex = Buffer.from(secret).toString('hex')
  return [secret, ...inBase64, hex, hex.toUpperCase()]
}

/** The middle of a PEM block: what a key has that its certificate has not. */
function innards(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '').slice(12, 60)
}

describe.skipIf(!available.ok)(
  `secrets planted on nodes${available.ok ? '' : ` (skipped: ${available.reason})`}`,
  () => {
    const lab = withLab(['kubeadm', 'hardway'])
    const files = workspace()
    const file = (name: string): string => join(files, name)
    const planted = new Map<string, string>()
    let outputs: ReadonlyMap<string, string>

    const plant = (name: string): string => {
      const secret = canary(name)
      planted.set(name, secret)
      return secret
    }

    async function plantOnKubeadm(): Promise<void> {
      const node = lab.node('kubeadm')
      const at = (path: string): string => join(rootOf(lab, node), path)
      const put = (path: string, text: string): void => {
        mkdirSync(dirname(at(path)), { recursive: true })
        writeFileSync(at(path), text)
        chmodSync(at(path), 0o600)
      }
      const replace = (path: string, from: string | RegExp, to: string): void => {
        const before = readFileSync(at(path), 'utf8')
        const after = before.replace(from, to)
        if (after === before) throw new Error(`nothing to replace in ${path}`)
        writeFileSync(at(path), after)
      }
      for (const name of ['ca', 'apiserver', 'sa', 'etcd/server']) {
        planted.set(
          `private key ${name}`,
          innards(readFileSync(at(`/etc/kubernetes/pki/${name}.key`), 'utf8')),
        )
      }
      for (const name of ['admin', 'controller-manager', 'scheduler']) {
        const text = readFileSync(at(`/etc/kubernetes/${name}.conf`), 'utf8')
        const data = /client-key-data: (\S+)/.exec(text)?.[1] ?? ''
        expect(data.length).toBeGreaterThan(100)
        planted.set(`client-key-data of ${name}`, data.slice(60, 120))
        planted.set(
          `key in client-key-data of ${name}`,
          innards(Buffer.from(data, 'base64').toString('utf8')),
        )
      }
      // A private key where only a certificate is expected.
      const stray = execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519'], { encoding: 'utf8' })
      planted.set('key behind a certificate', innards(stray))
      appendFileSync(at('/etc/kubernetes/pki/front-proxy-client.crt'), stray)
      const kubelet = readFileSync(at('/var/lib/kubelet/pki/kubelet-client-2026-01-01-00-00-00.pem'), 'utf8')
      planted.set('key in kubelet-client-current.pem', innards(kubelet.slice(kubelet.indexOf('PRIVATE KEY'))))
      replace(
        '/etc/kubernetes/admin.conf',
        / {4}client-key-data:/,
        `    token: ${plant('kubeconfigToken')}\n    password: "${plant('kubeconfigPassword')}"\n    client-key-data:`,
      )
      put(
        '/etc/kubernetes/bootstrap-kubelet.conf',
        `apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers:\n- name: b\n  user: {token: abcdef.${plant('bootstrapToken')}}\n`,
      )
      put(
        '/etc/default/kubelet',
        `KUBELET_EXTRA_ARGS=--node-ip=10.0.0.1\nREGISTRY_PASSWORD=${plant('environmentFilePassword')}\nexport CLOUD_TOKEN="${plant('environmentFileToken')}"\n`,
      )
      put(
        '/etc/kubernetes/manifests/extra.yaml',
        [
          'apiVersion: v1',
          'kind: Pod',
          'metadata: {name: extra}',
          'spec:',
          '  containers:',
          '  - name: extra',
          '    image: extra',
          '    command: [extra, "--token=' +
            plant('manifestFlag') +
            '", --password, "' +
            plant('manifestFlagNext') +
            '"]',
          '    env:',
          '    - name: DB_PASSWORD',
          `      value: ${plant('manifestVariable')}`,
          `    - {name: API_TOKEN, value: "${plant('manifestInlineVariable')}"}`,
          '',
        ].join('\n'),
      )
      put(
        '/etc/containerd/conf.d/registry.toml',
        `version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.configs."r".auth]\n  username = "u"\n  password = "${plant('registryPassword')}"\n  auth = "${plant('registryAuth')}"\n`,
      )
      replace(
        '/etc/containerd/config.toml',
        'version = 2',
        `version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n[plugins."io.containerd.grpc.v1.cri".registry.configs."s".auth]\n  identitytoken = "${plant('registryIdentity')}"\n`,
      )
      put('/var/lib/kubelet/config.json', `{"auths": {"r": {"auth": "${plant('dockerAuth')}"}}}`)
      put(
        '/etc/systemd/system/kubelet.service.d/20-secret.conf',
        `[Service]\nEnvironment="CLOUD_SECRET=${plant('unitVariable')}" HTTP_PROXY=http://user:${plant('proxyPassword')}@proxy:3128\n`,
      )
      await lab.on(node, 'systemctl', 'daemon-reload')
      await lab.on(node, 'systemctl', 'restart', 'kubelet.service')
    }

    async function plantOnHardway(): Promise<void> {
      const node = lab.node('hardway')
      const at = (path: string): string => join(rootOf(lab, node), path)
      const encryption = Buffer.from(plant('encryptionKey').slice(0, 32).padEnd(32, 'z')).toString('base64')
      planted.set('encryption key in base64', encryption.slice(0, 40))
      const config = at('/var/lib/kubernetes/encryption-config.yaml')
      writeFileSync(config, readFileSync(config, 'utf8').replace(/secret: [^}]+}/, `secret: ${encryption}}`))
      writeFileSync(at('/var/lib/kubernetes/tokens.csv'), `${plant('tokenFile')},admin,1,system:masters\n`)
      const unit = at('/etc/systemd/system/kube-apiserver.service')
      const flags = [
        '--token-auth-file=/var/lib/kubernetes/tokens.csv',
        `--cloud-token=${plant('argument')}`,
        `--some-password ${plant('argumentNext')}`,
        `--etcd-servers=http://root:${plant('urlPassword')}@127.0.0.1:2379`,
      ]
      const variables = `Environment=API_SERVICE_TOKEN=${plant('processVariable')} ETCD_INITIAL_CLUSTER_TOKEN=${plant('etcdClusterToken')}`
      writeFileSync(
        unit,
        readFileSync(unit, 'utf8')
          .replace('--etcd-servers=http://127.0.0.1:2379', flags.join(' '))
          .replace('[Service]\n', `[Service]\n${variables}\n`),
      )
      await lab.on(node, 'systemctl', 'daemon-reload')
      await lab.on(node, 'systemctl', 'restart', 'kube-apiserver.service')
    }

    beforeAll(async () => {
      await plantOnKubeadm()
      await plantOnHardway()
      const targets = lab.nodes.map((node) => `ssh://khnode-${node.id}`)
      const formats = ['json', 'junit', 'sarif', 'text'].flatMap((format) => [
        '-o',
        `${format}=${file(format)}`,
      ])
      const everything = [
        '--profile',
        'kubeadm-cis-l2',
        '--profile',
        'hardway-cis',
        '--show',
        'all',
        '--verbose',
      ]
      const ran = await khard([
        'audit',
        ...targets,
        '--ssh-config',
        lab.sshConfig,
        ...everything,
        ...formats,
        '--save-evidence',
        file('evidence'),
      ])
      outputs = new Map([
        ...['json', 'junit', 'sarif', 'text'].map((format): [string, string] => [
          format,
          readFileSync(file(format), 'utf8'),
        ]),
        ['evidence', gunzipSync(readFileSync(file('evidence'))).toString('utf8')],
        ['standard output', ran.stdout],
        ['standard error', ran.stderr],
      ])
    }, 90_000)

    it('were looked at: the files they are in are in the evidence', () => {
      const evidence = outputs.get('evidence') ?? ''
      for (const path of [
        '/etc/kubernetes/admin.conf',
        '/etc/default/kubelet',
        '/etc/kubernetes/manifests/extra.yaml',
        '/var/lib/kubernetes/encryption-config.yaml',
      ]) {
        expect(evidence).toMatch(new RegExp(`"id":"content:${path}"[^}]*"state":"observed"`))
      }
      expect(evidence).toContain('<redacted>')
      expect(planted.size).toBeGreaterThan(25)
    })

    it.each(['evidence', 'json', 'junit', 'sarif', 'text', 'standard output', 'standard error'])(
      'are nowhere in %s, in no form',
      (name) => {
        const text = (outputs.get(name) ?? '').replaceAll('\\n', '').replaceAll('\n', '')
        const leaked = [...planted].filter(([, secret]) => forms(secret).some((form) => text.includes(form)))
        expect(leaked.map(([what]) => what)).toEqual([])
      },
    )
  },
)
