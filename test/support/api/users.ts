import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { opensslPki } from '../../facts/certificates/openssl.ts'

/** Who the recordings were made as. */
export const users = ['admin', 'auditor', 'nobody'] as const
export type User = (typeof users)[number]

/** A certificate authority for one test server, a certificate for it and one for each user. */
export function issueCertificates() {
  const pki = opensslPki()
  const ca = pki.issue({
    name: 'ca',
    subject: '/CN=kubernetes',
    extensions: ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign'],
  })
  const server = pki.issue({
    name: 'server',
    subject: '/CN=kube-apiserver',
    issuer: 'ca',
    extensions: ['subjectAltName=IP:127.0.0.1', 'extendedKeyUsage=serverAuth', 'basicConstraints=CA:false'],
  })
  const clients = Object.fromEntries(
    users.map((user) => {
      const subject = user === 'admin' ? '/O=kubeadm:cluster-admins/CN=admin' : `/CN=${user}`
      const extensions = ['extendedKeyUsage=clientAuth', 'basicConstraints=CA:false']
      const certificate = pki.issue({ name: user, subject, issuer: 'ca', extensions })
      return [user, { certificate, key: pki.privateKey(user) }]
    }),
  )
  const made = { ca, server: { certificate: server, key: pki.privateKey('server') }, clients }
  pki.remove()
  return made
}

export type Certificates = ReturnType<typeof issueCertificates>

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Writes a kubeconfig with one context for each user, `auditor` first and current. */
export function writeKubeconfig(directory: string, url: string, { ca, clients }: Certificates): string {
  const file = join(directory, `kubeconfig-${new URL(url).port}`)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'recorded', cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: users.map((name) => ({
      name,
      user: {
        'client-certificate-data': base64(clients[name]?.certificate ?? ''),
        'client-key-data': base64(clients[name]?.key ?? ''),
      },
    })),
    contexts: users.map((name) => ({ name, context: { cluster: 'recorded', user: name } })),
    'current-context': 'auditor',
  }
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  return file
}
