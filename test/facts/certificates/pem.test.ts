import { describe, expect, it } from 'vitest'
import { isCertificateLabel, isPrivateKeyLabel, pemBlocks } from '../../../src/facts/certificates/pem.ts'
import { cpuMs } from '../../support/cpu-time.ts'

const block = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`

describe('pemBlocks', () => {
  it('finds blocks in order and ignores what stands between them', () => {
    const text = `subject=CN = x\n${block('CERTIFICATE')}  noise\n${block('EC PRIVATE KEY')}`

    expect(pemBlocks(text).blocks.map((one) => one.label)).toEqual(['CERTIFICATE', 'EC PRIVATE KEY'])
  })

  it('reads CRLF as well', () => {
    expect(pemBlocks(block('CERTIFICATE').replaceAll('\n', '\r\n')).blocks).toEqual(
      pemBlocks(block('CERTIFICATE')).blocks,
    )
  })

  it('takes no block that does not end', () => {
    expect(pemBlocks('-----BEGIN CERTIFICATE-----\nAAAA\n').blocks).toEqual([])
  })

  it('takes no block whose end belongs to another kind', () => {
    expect(pemBlocks('-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----\n').blocks).toEqual([])
  })

  it('stops at its cap and says that there is more', () => {
    const found = pemBlocks(block('CERTIFICATE').repeat(300))

    expect(found.blocks).toHaveLength(256)
    expect(found.more).toBe(true)
  })

  it('does not say there is more at exactly the cap', () => {
    expect(pemBlocks(block('CERTIFICATE').repeat(2), 2).more).toBe(false)
  })

  it('reads ten megabytes that hold no block in well under a second', () => {
    const text = '-----BEGIN '.repeat(900_000)

    expect(cpuMs(() => expect(pemBlocks(text).blocks).toEqual([]))).toBeLessThan(1000)
  })

  it('knows keys and certificates by label, not by file suffix', () => {
    expect(['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].every(isPrivateKeyLabel)).toBe(true)
    expect(['PUBLIC KEY', 'CERTIFICATE', 'CERTIFICATE REQUEST'].some(isPrivateKeyLabel)).toBe(false)
    expect(isCertificateLabel('CERTIFICATE')).toBe(true)
    expect(isCertificateLabel('CERTIFICATE REQUEST')).toBe(false)
  })
})
