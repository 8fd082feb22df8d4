/** An address as a number, so that two ways to write it compare. */
export interface IpAddress {
  readonly width: 32 | 128
  readonly value: bigint
}

function parseIpv4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  if (parts === undefined || parts.some((part) => part > 255)) return undefined
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n)
}

/** Sixteen-bit groups on one side of `::`. */
function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === '') return []
  const groups = text.split(':')
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => BigInt(`0x${group}`))
    : undefined
}

/** A dotted end (`::ffff:10.0.0.1`) as two groups. */
function withoutDottedEnd(text: string): string | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (dotted === null) return text
  const [, head = '', tail = ''] = dotted
  const value = parseIpv4(tail)
  if (value === undefined) return undefined
  return `${head}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}

function parseIpv6(text: string): bigint | undefined {
  const [before = '', after, ...more] = (withoutDottedEnd(text) ?? '').split('::')
  const left = groupsOf(before)
  const right = groupsOf(after ?? '')
  if (left === undefined || right === undefined || more.length > 0) return undefined
  const missing = 8 - left.length - right.length
  if (after === undefined ? missing !== 0 : missing < 1) return undefined
  const zeros: readonly bigint[] = Array.from({ length: missing }, () => 0n)
  return [...left, ...zeros, ...right].reduce((value, group) => value * 0x10000n + group, 0n)
}

/** Reads an IPv4 or IPv6 address; undefined for anything else. */
export function parseIp(text: string): IpAddress | undefined {
  const four = parseIpv4(text)
  if (four !== undefined) return { width: 32, value: four }
  const six = parseIpv6(text)
  return six === undefined ? undefined : { width: 128, value: six }
}

/** The first address behind the network's own in `10.96.0.0/12`: where the API server's service is. */
export function firstAddress(range: string): IpAddress | undefined {
  const [network = '', length = '', ...more] = range.split('/')
  const address = parseIp(network)
  if (address === undefined || !/^\d{1,3}$/.test(length) || more.length > 0) return undefined
  const host = address.width - Number(length)
  return host < 0 ? undefined : { ...address, value: ((address.value >> BigInt(host)) << BigInt(host)) + 1n }
}

/** The address as people write it; groups of zeros stay. */
export function ipText({ width, value }: IpAddress): string {
  const parts = (count: number, bits: number): readonly bigint[] =>
    Array.from(
      { length: count },
      (_, index) => (value >> BigInt(bits * (count - 1 - index))) & ((1n << BigInt(bits)) - 1n),
    )
  if (width === 32) return parts(4, 8).join('.')
  return parts(8, 16)
    .map((part) => part.toString(16))
    .join(':')
}
