import { absent, type Fact, joinSources, mapEvidence, observed } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { usesOf } from '../settings/command-line.ts'
import { effectiveSettings } from '../settings/of-node.ts'
import { findPlaced } from '../text/placed.ts'
import { noFile } from './main-file.ts'

/**
 * Settings that stand both on dockerd's command line and in daemon.json: it does not start then, whatever they say
 * (moby daemon/config/config.go findConfigurationConflicts). Absent when there are none.
 */
export function dockerConflicts(node: NodeContext): Fact {
  return mapEvidence(effectiveSettings(node, 'docker'), (settings, source): Fact => {
    const { configured, state } = settings
    return mapEvidence(state.commandLine, (line): Fact => {
      if (configured === undefined) return noFile(settings)
      const conflicts = state.spec.settings.flatMap((setting) => {
        const inFile = setting.key === undefined ? undefined : findPlaced(configured, [setting.key])
        const [use] = usesOf(line, setting)
        if (setting.key === undefined || inFile === undefined || use === undefined) return []
        const at = [use.at, inFile.place].filter((place) => place !== undefined)
        return [observed(setting.key, { items: source.items, at })]
      })
      return conflicts.length === 0
        ? absent(source, 'no setting is given twice')
        : observed(conflicts, joinSources(...conflicts.map((one) => one.source)))
    })
  })
}
