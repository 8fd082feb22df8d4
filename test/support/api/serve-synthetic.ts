import { openRecording } from './recordings.ts'
import { serve } from './server.ts'
import { syntheticCluster } from './synthetic.ts'
import { issueCertificates, writeKubeconfig } from './users.ts'

// A process of its own for measurements: node test/support/api/serve-synthetic.ts 10000 /tmp/dir
const [pods = '1000', directory = '.'] = process.argv.slice(2)
const certificates = issueCertificates()
const cluster = syntheticCluster({ pods: Number(pods) })
const server = await serve(openRecording('hardened'), certificates, cluster)
process.stdout.write(`${writeKubeconfig(directory, server.url, certificates)}\n`)
