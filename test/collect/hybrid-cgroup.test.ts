import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseStream } from '../../src/collect/parse/parse-stream.ts'
import { placeOf } from '../../src/facts/settings/process-place.ts'
import { meta } from './node-script.ts'
import { samplePlan } from './sample-plan.ts'

const recorded = readFileSync(new URL('recorded/kubeadm-node.stream', import.meta.url)).toString('latin1')

/** Kinds of place of every process in a stream. */
function places(stream: string): readonly string[] {
  const { items } = parseStream(Buffer.from(stream, 'latin1'), samplePlan, meta())
  return items.flatMap((item) =>
    item.kind === 'process' && item.state === 'observed' ? [placeOf(item).kind] : [],
  )
}

describe('a node with both versions of cgroups', () => {
  it('tells pods from services though the new hierarchy leaves them in the runtime’s service', () => {
    const hybrid = recorded.replace(
      /^0::(\/kubepods.*)$/gm,
      '1:name=systemd:$1\n0::/system.slice/containerd.service',
    )

    expect(places(recorded)).toContain('pod')
    expect(places(hybrid)).toEqual(places(recorded))
  })
})
