import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { redactProgram } from '../../src/collect/redact.ts'

const canary = 'CANARYcanary0123456789'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const pem = (label: string): string =>
  `-----BEGIN ${label}-----\nMII${canary}\n${canary}==\n-----END ${label}-----\n`

const seds: readonly (readonly string[])[] = [['sed'], ['busybox', 'sed']]
const redact = (sed: readonly string[], text: string): string => {
  const [program = 'sed', ...words] = sed
  return execFileSync(program, [...words, redactProgram], { input: text, encoding: 'utf8' })
}

const secrets: readonly (readonly [string, string])[] = [
  ['a private key', pem('PRIVATE KEY')],
  ['an RSA private key, indented', pem('RSA PRIVATE KEY').replace(/^/gm, '    ')],
  ['an encrypted key without an end', `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${canary}`],
  ['a key on one line of JSON', `{"key": "${pem('EC PRIVATE KEY').replaceAll('\n', '\\n')}"}\n`],
  ['a key in base64', `client-key-data: ${base64(pem('RSA PRIVATE KEY'))}\n`],
  ['a key in base64 under another name', `blob: ${base64(pem('PRIVATE KEY'))}\n`],
  ['an EC key in base64 on its own line', `${base64(pem('EC PRIVATE KEY'))}\n`],
  ['client-key-data in a flow mapping', `user: {client-key-data: ${canary}, x: 1}\n`],
  ['a token in a kubeconfig', `    token: ${canary}\n`],
  ['a quoted token', `token: "${canary}"\n`],
  ['a token in JSON', `{"user":{"token":"${canary}"}}\n`],
  ['a token as a block of text', `token: |\n  ${canary}\n  ${canary}\nnext: 1\n`],
  ['a password with spaces and commas', `password: ${canary},x ${canary}\n`],
  ['a password with an escaped quote', `{"password": "a\\"${canary}"}\n`],
  ['an encryption key', `keys: [{name: k, secret: ${canary}}]\n`],
  ['an encryption key in block style', `        - name: key1\n          secret: ${canary}\n`],
  ['an agent token in TOML or YAML', `agent-token: '${canary}'\n`],
  ['credentials in a URL', `proxy: http://user:${canary}@proxy:3128\n`],
  ['a token argument in a manifest', `    - --token=${canary}\n`],
  ['a token argument and its value on two lines', `    - --token\n    - ${canary}\n`],
  ['an argument in a JSON list', `["kubelet","--bootstrap-token=${canary}","--v=2"]\n`],
  ['a process argument', `kubelet\u0001--token=${canary} with spaces\u0001--v=2\u0001`],
  ['a process argument in two parts', `kubelet\u0001--oidc-client-secret\u0001${canary}\u0001--v=2\u0001`],
  ['a password argument in ExecStart', `ExecStart=/usr/bin/etcd --password=${canary} --x\n`],
  ['a variable', `ETCD_PASSWORD=${canary} ${canary}\n`],
  ['a variable after others', `Environment="A=b" "REGISTRY_TOKEN=${canary}"\n`],
  ['a variable with export and quotes', `export AWS_SECRET_ACCESS_KEY="${canary}"\n`],
  ['a variable of a container', `    - name: DB_PASSWORD\n      value: ${canary}\n`],
  ['a variable of a container in flow style', `env: [{name: API_KEY, value: ${canary}}]\n`],
  ['a variable of a container in JSON', `{"name":"API_TOKEN","value":"${canary}"}\n`],
  ['a bearer token', `header: Bearer ${canary}${canary}\n`],
  ['a signed token anywhere', `x ${`eyJ${canary}.eyJ${canary}.${canary}`} y\n`],
  [
    'an argument and its value on two lines of a unit',
    `ExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--token' \\\n\t'${canary}' \\\n`,
  ],
  ['the same without quotes', `ExecStart=/usr/local/bin/k3s server \\\n  --agent-token \\\n  ${canary}\n`],
  ['the key to a private network', `vpn-auth: "name=tailscale,joinKey=${canary}"\n`],
  [
    'the same as an argument',
    `ExecStart=/usr/local/bin/k3s server '--vpn-auth=name=x,joinKey=${canary}' \\\n`,
  ],
  ['the same as a variable', `K3S_VPN_AUTH="name=x,joinKey=${canary}"\n`],
  [
    'an argument of a component in config.yaml',
    `kube-apiserver-arg:\n- oidc-client-secret=${canary}\n- "token=${canary}"\n`,
  ],
  ['a database in config.yaml', `datastore-endpoint: mysql://k3s:${canary}@tcp(db:3306)/k3s\n`],
  ['a registry login', `auth = "${canary}"\n`],
]

const kept: readonly string[] = [
  'kube-apiserver\u0001--service-account-extend-token-expiration=false\u0001--enable-bootstrap-token-auth=true\u0001--token-auth-file=/x\u0001',
  '    - --enable-bootstrap-token-auth=true\n',
  '    - --authentication-token-webhook-cache-ttl=2m0s\n    - --authentication-token-webhook=true\n',
  '    - --service-account-max-token-expiration=24h\n',
  'kube-controller-manager\u0001--concurrent-serviceaccount-token-syncs=5\u0001',
  'token-auth-file: /etc/tokens.csv\n',
  'automountServiceAccountToken: false\n',
  'enableBootstrapTokenAuth: true\n',
  '  resources: ["secrets", "configmaps"]\n',
  '- secrets\n',
  'volumes: [{name: x, secret: {secretName: y}}]\n',
  '    secret:\n      secretName: tls\n',
  'ETCD_KEY_FILE=/etc/etcd/server.key\nETCD_CERT_FILE="/etc/etcd/server.crt"\n',
  'tlsPrivateKeyFile: /etc/kubernetes/pki/kubelet.key\n',
  `certificate-authority-data: ${base64('-----BEGIN CERTIFICATE-----\nMIIabc')}\n`,
  '-----BEGIN CERTIFICATE-----\nMIIabc+/=\n-----END CERTIFICATE-----\n',
  '-----BEGIN PUBLIC KEY-----\nMIIabc+/=\n-----END PUBLIC KEY-----\n',
  'server: https://10.0.0.1:6443\n',
  'image: registry:5000/x@sha256:abc\n',
]

describe.each(seds.map((sed) => ({ sed, name: sed.join(' ') })))(
  'the filter on the node, by $name',
  ({ sed }) => {
    it.each(secrets)('replaces %s', (_name, text) => {
      const filtered = redact(sed, text)

      expect(filtered).not.toContain(canary)
      expect(filtered).not.toContain(base64(canary).slice(2, -4))
      expect(filtered).toContain('<redacted>')
      expect(filtered.split('\n')).toHaveLength(text.split('\n').length)
    })

    it.each(kept.map((text) => [text]))('keeps %j', (text) => {
      expect(redact(sed, text)).toBe(text)
    })

    it('takes up again after a key that has no end', () => {
      const text = '-----BEGIN PRIVATE KEY-----\nAAAA\nkhard:00 ~\nfine\n'

      expect(redact(sed, text)).toBe('<redacted>\n<redacted>\nkhard:00 ~\nfine\n')
    })

    it('leaves the rest of a flow mapping readable', () => {
      expect(redact(sed, '{token: abc, server: x}\n')).toBe('{token: <redacted>, server: x}\n')
    })
  },
)
