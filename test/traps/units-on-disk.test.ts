import { describe, expect, it } from 'vitest'
import { aNode, asImage, denied, file, folder, type Part, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const check = 'kubelet.anonymous-auth-off'
const weak = '/usr/lib/systemd/system'
const strong = '/etc/systemd/system'
const closed = unit('kubelet', ['--anonymous-auth=false', '--config=/k.yaml'], {
  fragment: `${weak}/kubelet.service`,
})
const config = file('/k.yaml', {
  text: 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n',
})

const starts = (...flags: readonly string[]): string =>
  `[Service]\nExecStart=\nExecStart=/usr/local/bin/kubelet --config=/k.yaml ${flags.join(' ')}\n`
const open = starts('--anonymous-auth=true')

const imageWith = (...parts: readonly Part[]) => asImage(aNode(closed, config, ...parts))

describe('a unit of an image', () => {
  it.each([
    ['a link to /dev/null', file(`${strong}/kubelet.service`, { type: 'character' })],
    ['an empty file', file(`${strong}/kubelet.service`, { text: '' })],
  ])('that is masked by %s starts nothing', (_what, mask) => {
    expect(verdictOf(imageWith(mask), check).verdict).toBe('notApplicable')
  })

  it.each([
    `${strong}/service.d/10.conf`,
    `${weak}/service.d/10.conf`,
    `/run/systemd/system/kubelet.service.d/10.conf`,
    `/usr/local/lib/systemd/system/kubelet.service.d/10.conf`,
  ])('is what %s makes of it', (path) => {
    expect(verdictOf(imageWith(file(path, { text: open })), check).verdict).toBe('fail')
  })

  it('follows its own drop-in where one for all services has the same name', () => {
    const own = file(`${weak}/kubelet.service.d/10.conf`, { text: starts('--anonymous-auth=false') })
    const general = file(`${strong}/service.d/10.conf`, { text: open })

    expect(verdictOf(imageWith(own, general), check).verdict).toBe('pass')
  })

  it('does not have a drop-in that a link to /dev/null of the same name masks', () => {
    const dropIn = file(`${weak}/kubelet.service.d/10.conf`, { text: open })
    const mask = file(`${strong}/kubelet.service.d/10.conf`, { type: 'character' })

    expect(verdictOf(imageWith(dropIn), check).verdict).toBe('fail')
    expect(verdictOf(imageWith(dropIn, mask), check).verdict).toBe('pass')
  })

  it('is not known where its drop-ins may not be listed', () => {
    const hidden = [folder(`${strong}/kubelet.service.d`), denied(`${strong}/kubelet.service.d`)].flat()

    expect(verdictOf(imageWith(hidden), check).verdict).toBe('error')
  })
})

describe('a unit that systemd says is masked', () => {
  it('starts nothing, whatever its files say', () => {
    const [shown, ...files] = unit('kubelet', ['--anonymous-auth=true'], { runs: false })
    const masked: Part =
      shown?.kind === 'unit' && shown.state === 'observed'
        ? [{ ...shown, properties: { ...shown.properties, LoadState: 'masked', UnitFileState: 'masked' } }]
        : []

    expect(verdictOf(aNode(masked, files), check).verdict).toBe('notApplicable')
  })
})
