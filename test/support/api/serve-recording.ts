import { openRecording } from './recordings.ts'
import { serve } from './server.ts'
import { issueCertificates, writeKubeconfig } from './users.ts'

// By hand: node test/support/api/serve-recording.ts hardened /tmp/dir, then khard audit --cluster --kubeconfig …
const [mode = 'hardened', directory = '.'] = process.argv.slice(2)
const certificates = issueCertificates()
const known = (['hardened', 'default', 'alwaysallow'] as const).find((one) => one === mode)
if (known === undefined) throw new Error(`there is no recording ${mode}: hardened, default or alwaysallow`)
const server = await serve(openRecording(known), certificates)
process.stdout.write(`${writeKubeconfig(directory, server.url, certificates)}\n`)
