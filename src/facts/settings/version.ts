/** `1.31.4` out of what `--version` printed, an image tag, or a GitVersion; undefined when there is none. */
export function versionIn(text: string): string | undefined {
  const match = /(?:^|[^0-9.])v?(\d+\.\d+\.\d+)/.exec(text)
  return match?.[1]
}

/** `1.36.2` out of `registry:5000/kube-apiserver:v1.36.2-build3@sha256:…`. */
export function imageVersion(image: string): string | undefined {
  const tag = /:([^:/]+)$/.exec(image.replace(/@.*$/, ''))?.[1]
  return tag === undefined ? undefined : versionIn(tag)
}

/** Negative, zero or positive; missing parts count as zero. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let part = 0; part < 3; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const comparisons: Readonly<Record<string, (difference: number) => boolean>> = {
  '>=': (difference) => difference >= 0,
  '>': (difference) => difference > 0,
  '<=': (difference) => difference <= 0,
  '<': (difference) => difference < 0,
  '=': (difference) => difference === 0,
}

/** True when `version` meets every comparator of a range such as `>=1.29 <1.34`. */
export function isInRange(version: string, range: string): boolean {
  return range
    .trim()
    .split(/\s+/)
    .every((comparator) => {
      const match = /^(>=|<=|>|<|=)?v?(\d+(?:\.\d+){0,2})$/.exec(comparator)
      const holds = comparisons[match?.[1] ?? '=']
      return match?.[2] !== undefined && holds?.(compareVersions(version, match[2])) === true
    })
}
