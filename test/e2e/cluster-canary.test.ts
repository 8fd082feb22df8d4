import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiList, openRecording } from '../support/api/recordings.ts'
import { type Answer, recordedAnswer, type Seen, serve } from '../support/api/server.ts'
import { issueCertificates, writeKubeconfig } from '../support/api/users.ts'
import { khard, workspace } from '../support/khard.ts'
import { tomorrow } from '../support/tomorrow.ts'

const directory = workspace()
const certificates = issueCertificates()
const recording = openRecording('hardened')
const planted = new Map<string, string>()

/** A secret nobody else has. */
function plant(name: string): string {
  const secret = `CANARY0${Buffer.from(name).toString('hex')}0${name}`.replaceAll(/[^A-Za-z0-9]/g, '')
  planted.set(name, secret)
  return secret
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

function inContainers(value: unknown, where: string): unknown {
  if (!Array.isArray(value)) return value
  return value.map((container: { command?: string[]; args?: string[] }) => ({
    ...container,
    env: [{ name: 'DB_PASSWORD', value: plant(`${where} env`) }],
    args: [
      ...(container.args ?? []),
      `--token=${plant(`${where} argument`)}`,
      '--password',
      plant(`${where} word`),
    ],
    ...(container.command === undefined
      ? {}
      : { command: [...container.command, `--api-key=${plant(`${where} command`)}`] }),
    livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: plant(`${where} probe`) }] } },
  }))
}

function inSpec(spec: unknown, where: string): unknown {
  if (typeof spec !== 'object' || spec === null) return spec
  const fields = spec as Readonly<Record<string, unknown>>
  return {
    ...fields,
    ...(fields.containers === undefined ? {} : { containers: inContainers(fields.containers, where) }),
    ...(fields.template === undefined
      ? {}
      : {
          template: {
            ...(fields.template as object),
            spec: inSpec((fields.template as { spec?: unknown }).spec, where),
          },
        }),
    ...(fields.jobTemplate === undefined
      ? {}
      : { jobTemplate: { spec: inSpec((fields.jobTemplate as { spec?: unknown }).spec, where) } }),
  }
}

/** Secrets wherever people put them, in every object the server has. */
function withCanaries(seen: Seen): Answer | undefined {
  const answer = recordedAnswer(seen, recording)
  if (seen.path.endsWith('/configz') && answer.status === 200) {
    const config = JSON.parse(String(answer.body))
    config.kubeletconfig.staticPodURLHeader = { Authorization: [plant('configz header')] }
    return { ...answer, body: JSON.stringify(config) }
  }
  const list = answer.body as ApiList | null
  if (answer.status !== 200 || !Array.isArray(list?.items)) return undefined
  const where = seen.path.split('/').at(-1) ?? ''
  const items = list.items.map((item) => ({
    ...item,
    metadata: {
      ...item.metadata,
      annotations: {
        ...(item.metadata.annotations as object | undefined),
        [lastApplied]: plant(`${where} last applied`),
        'example.com/token': plant(`${where} annotation`),
        'rke2.io/node-args': JSON.stringify(['server', '--token', plant(`${where} node argument`)]),
      },
    },
    ...(item.spec === undefined ? {} : { spec: inSpec(item.spec, where) }),
    // What a server that was asked for metadata leaves out.
    ...(list.kind === 'PartialObjectMetadataList' ? {} : { data: { key: plant(`${where} data`) } }),
  }))
  return { ...answer, body: { ...list, items } }
}

const server = await serve(recording, certificates, withCanaries)
afterAll(() => server.close())

/** How a secret could leave: as it is, in base64 at any offset, in hexadecimal. */
function forms(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${secret}`)
      .toString('base64')
      .slice(4)
      .replace(/=+$/, '')
      .slice(0, -1),
  )
  return [secret, ...inBase64, Buffer.from(secret).toString('hex')]
}

const formats = ['text', 'json', 'junit', 'sarif'] as const

describe('secrets of a cluster', () => {
  const outputs = new Map<string, string>()

  beforeAll(async () => {
    const file = writeKubeconfig(directory, server.url, certificates)
    const config = JSON.parse(readFileSync(file, 'utf8'))
    const [admin] = config.users.filter(({ name }: { name: string }) => name === 'admin')
    admin.user.token = plant('kubeconfig token')
    admin.user.password = plant('kubeconfig password')
    planted.set('client key', admin.user['client-key-data'].slice(100, 160))
    writeFileSync(file, JSON.stringify(config))
    const bundle = join(directory, 'canary.khard')
    const place = (format: string): string => join(directory, `out.${format}`)
    const ran = await khard([
      'audit',
      '--cluster',
      '--kubeconfig',
      file,
      '--context',
      'admin',
      '--verbose',
      '--show',
      'all',
      '--save-evidence',
      bundle,
      ...formats.flatMap((format) => ['-o', `${format}=${place(format)}`]),
    ])
    outputs.set('stdout', ran.stdout)
    outputs.set('stderr', ran.stderr)
    outputs.set('bundle', gunzipSync(readFileSync(bundle)).toString('utf8'))
    for (const format of formats) outputs.set(format, readFileSync(place(format), 'utf8'))
    const explained = await khard(['explain', '5.2.2', '--evidence', bundle])
    outputs.set('explain', explained.stdout + explained.stderr)
    expect(explained.code).toBe(0)
  }, 120_000)

  it('were sent to us, and the objects that hold them were read', () => {
    const sent = server.sent.join('\n')
    const seen = [...planted.keys()].filter((name) => sent.includes(planted.get(name) ?? ''))

    expect(seen).toEqual(
      expect.arrayContaining(['pods env', 'pods argument', 'deployments env', 'configz header']),
    )
    expect(outputs.get('bundle')).toContain('list:v1/pods')
  })

  it('are in no output and not in the bundle', () => {
    const leaks = [...outputs].flatMap(([output, text]) =>
      [...planted].flatMap(([name, secret]) =>
        forms(secret).some((form) => text.includes(form)) ? [`${name} in ${output}`] : [],
      ),
    )

    expect(leaks).toEqual([])
  })

  it('never crossed the wire where they are the object: only metadata of Secrets and ConfigMaps was asked for', () => {
    const asked = server.seen.filter(({ path }) => /\/(?:secrets|configmaps)$/.test(path))

    expect(asked.filter(({ accept }) => !accept.includes('as=PartialObjectMetadataList'))).toEqual([])
    expect(
      server.sent.filter((body) => body.includes(planted.get('secrets data') ?? 'CANARY0nothing')),
    ).toEqual([])
  })

  it('go to the server that is named, and not with the question asked as a stranger', () => {
    const strangers = server.seen.filter(({ user }) => user === 'anon')

    expect(strangers.length).toBeGreaterThan(0)
    expect(strangers.filter(({ authorization }) => authorization !== '')).toEqual([])
  })
})

describe('evidence of a cluster', () => {
  it('judged from a bundle gives the findings of the run that collected it, byte for byte', async () => {
    const file = writeKubeconfig(directory, server.url, certificates)
    const bundle = join(directory, 'replay.khard')
    const at = ['--at', tomorrow, '-o', 'json']
    const access = ['--cluster', '--kubeconfig', file, '--context', 'admin']
    const live = await khard(['audit', ...access, '--save-evidence', bundle, ...at])
    const first = await khard(['audit', `bundle:${bundle}`, ...at])
    const second = await khard(['audit', `bundle:${bundle}`, ...at])
    const findings = (text: string): string => JSON.stringify(JSON.parse(text).findings)

    expect(findings(first.stdout)).toBe(findings(live.stdout))
    expect(findings(second.stdout)).toBe(findings(first.stdout))
    expect(JSON.parse(first.stdout).targets).toEqual(JSON.parse(live.stdout).targets)
  })

  it('has no script', async () => {
    const ran = await khard(['collect', '--cluster', '--print-script'])

    expect(ran.stderr).toContain('no script runs there')
    expect(ran.code).toBe(2)
  })
})
