import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { DamagedCheckpointError } from 'tardigrade'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { checksum, portableCrc32 } from '../../src/checkpoint/checksum.js'
import { FORMAT, seal, unseal } from '../../src/checkpoint/seal.js'

// Well-formed texts of every plane: the codec writes no lone surrogates.
const body = fc.string({ unit: 'binary', maxLength: 60 })

describe('the checksum', () => {
  test('is the check value that the standard gives for CRC-32', () => {
    expect(checksum('123456789')).toBe('cbf43926')
    expect(checksum('')).toBe('00000000')
  })

  test('is always 8 digits, with its leading zeros', () => {
    let short = 0
    for (let n = 0; n < 500; n++) {
      const sum = checksum(String(n))
      expect(sum).toMatch(/^[0-9a-f]{8}$/)
      if (sum.startsWith('0')) short++
    }
    expect(short).toBeGreaterThan(0)
  })

  test('is computed here where the platform computes none', async () => {
    onTestFinished(() => {
      vi.unstubAllGlobals()
      vi.resetModules()
    })
    vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }))
    vi.resetModules()
    const elsewhere = await import('../../src/checkpoint/checksum.js')
    vi.unstubAllGlobals()
    expect(elsewhere.checksum).not.toBe(checksum)
    expect(elsewhere.checksum('123456789')).toBe('cbf43926')
  })

  test('is the same with the platform’s own implementation and without', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(checksum(text)).toBe(portableCrc32(text).toString(16).padStart(8, '0'))
        // Node 20.15 and 22.2 brought zlib.crc32; where it is missing, the check value above stands alone.
        if (typeof crc32 === 'function') expect(portableCrc32(text)).toBe(crc32(text))
      }),
    )
  })
})

describe('a sealed checkpoint', () => {
  test('shows format and checksum to whoever opens the file', () => {
    expect(seal('{"json":1}')).toBe(`tardigrade/1 ${checksum('{"json":1}')}\n{"json":1}`)
  })

  test('comes back as it was', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(unseal(seal(text))).toEqual({ format: FORMAT, body: text })
      }),
    )
  })

  test('tells of the format, also of one that comes later', () => {
    const text = `tardigrade/999999999 ${checksum('x')}\nx`
    expect(unseal(text)).toEqual({ format: 999_999_999, body: 'x' })
  })
})

describe('damage', () => {
  const whole = seal('{"json":{"name":"Überfuhr 🐻","n":[1,2,3]}}')
  const refused = (text: string) => {
    expect(() => unseal(text)).toThrow(DamagedCheckpointError)
  }

  test('any single flipped bit is found', () => {
    const bytes = Buffer.from(whole, 'utf8')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const copy = Buffer.from(bytes)
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      let format: number | undefined
      try {
        format = unseal(copy.toString('utf8')).format
      } catch (error) {
        expect(error).toBeInstanceOf(DamagedCheckpointError)
      }
      // The format’s digit stands outside the checksum; another format is refused by who reads it.
      if (format !== undefined) expect(format).not.toBe(FORMAT)
    }
  })

  test('any cut is found', () => {
    for (let length = 0; length < whole.length; length++) refused(whole.slice(0, length))
  })

  test('whatever was added is found', () => {
    for (const more of ['\0', '\n', ' ', '}', '🐻']) refused(whole + more)
  })

  test.each([
    ['nothing', ''],
    ['another file', '{"json":1}'],
    ['something before the header', `\uFEFF${whole}`],
    ['a header alone', 'tardigrade/1 00000001\n'],
    ['capital digits', `tardigrade/1 ${checksum('{').toUpperCase()}\n{`],
    ['a format of ten digits', `tardigrade/1000000000 ${checksum('x')}\nx`],
    ['a negative format', `tardigrade/-1 ${checksum('x')}\nx`],
    ['Windows line ends', whole.replace('\n', '\r\n')],
    ['zeros, as a file system leaves them after a power cut', '\0'.repeat(whole.length)],
  ])('%s is no checkpoint', (_, text) => {
    refused(text)
  })

  test('says that the header is missing', () => {
    expect(() => unseal('{"json":1}')).toThrow('it does not begin with a checkpoint’s header')
  })

  test('says what was found and what was written, and what to do', () => {
    const cut = whole.slice(0, -1)
    expect(() => unseal(cut)).toThrow(
      expect.objectContaining({
        code: 'DAMAGED_CHECKPOINT',
        reason: `its checksum is ${checksum(cut.slice(cut.indexOf('\n') + 1))}, and ${whole.slice(13, 21)} was written`,
        remedy: expect.stringContaining('last-good'),
      }),
    )
  })
})
