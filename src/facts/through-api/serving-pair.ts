import type { SettingSpec } from '../../model/component.ts'
import { absent, type Fact, joinSources, unavailable } from '../../model/evidence.ts'
import type { RawAnswer } from '../../model/node-evidence.ts'
import { textAt } from '../cluster/json.ts'
import { sourceOf } from '../files/raw-source.ts'

/** Settings for which a kubelet that signs its own serving certificate fills in where it keeps it. */
export function isOfServingPair({ name }: SettingSpec): boolean {
  return name === 'tls-cert-file' || name === 'tls-private-key-file'
}

/** Slashes written twice and one at the end do not make another directory. */
const plainPath = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '')

/** Directory of a pair with the names a kubelet gives its own; undefined for any other pair. */
function ownDirectory(body: unknown): string | undefined {
  const [certificate, key] = [textAt(body, 'tlsCertFile') ?? '', textAt(body, 'tlsPrivateKeyFile') ?? '']
  const [, directory] = /^(.*)\/kubelet\.crt$/.exec(plainPath(certificate)) ?? []
  return directory !== undefined && plainPath(key) === `${directory}/kubelet.key` ? directory : undefined
}

/**
 * A kubelet that signs for itself writes `<cert-dir>/kubelet.crt` and `.key` into the configuration it tells: that is
 * nobody's setting. Which directory is its own, and whether a flag named the files, its flags alone tell.
 */
export function notWrittenByItself(
  shown: Fact,
  asked: { readonly configz: RawAnswer; readonly flagz: RawAnswer; readonly setting: SettingSpec },
): Fact {
  const { configz, flagz, setting } = asked
  const directory = configz.state === 'observed' ? ownDirectory(configz.body) : undefined
  if (directory === undefined) return shown
  const source = joinSources(shown.source, sourceOf(flagz))
  const flags = flagz.state === 'observed' ? flagz.body : undefined
  if (setting.flags.some((flag) => (textAt(flags, flag) ?? '') !== '')) return shown
  const own = textAt(flags, 'cert-dir') ?? ''
  if (own === '')
    return unavailable('not-shown', source, 'only its flags tell whether the kubelet made the file itself')
  if (plainPath(own) !== directory) return shown
  // A file may name the very pair that the kubelet would make itself.
  const hasFile = ['config', 'config-dir'].some((flag) => (textAt(flags, flag) ?? '') !== '')
  return hasFile
    ? unavailable(
        'not-shown',
        source,
        'a file names this pair, or the kubelet made it itself: the API shows the same',
      )
    : absent(source)
}
