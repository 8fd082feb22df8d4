import type { NodeContext } from '../fact-kind.ts'
import { serverConfiguration } from '../rancher/configuration.ts'
import { dataDirectory } from '../rancher/datastore.ts'
import { type RancherProgram, rancherPrograms } from '../rancher/program.ts'
import { type RancherService, rancherService } from '../rancher/service.ts'

/** A program that makes the certificates of a node itself. */
export interface IssuingProgram {
  readonly service: RancherService
  /** Everything it keeps is below this. */
  readonly directory: string
  /** The administrator's kubeconfig it writes. */
  readonly kubeconfig: string
}

/** K3s or RKE2 on this node, with their directory; undefined where neither is set up. */
export function issuingPrograms(node: NodeContext): readonly IssuingProgram[] {
  return node.memo('certificates:programs', () =>
    (['rke2', 'k3s'] satisfies readonly RancherProgram[]).flatMap((program) => {
      const service = rancherService(node.view, program)
      if (service.kind !== 'observed') return []
      const usual = rancherPrograms[program].dataDirectory
      const directory = dataDirectory(serverConfiguration(node.view, program), usual)
      return [
        {
          service: service.fact,
          directory: directory.kind === 'observed' ? directory.fact : usual,
          kubeconfig: `/etc/rancher/${program}/${program}.yaml`,
        },
      ]
    }),
  )
}
