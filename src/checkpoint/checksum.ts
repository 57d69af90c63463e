// A CommonJS package: Node's ESM loader sees its default export alone.
import crc from 'crc-32'

/** CRC-32 (ISO 3309, as in zlib) of the text's UTF-8 bytes, on every platform. */
export const portableCrc32 = (text: string): number => crc.str(text) >>> 0

/** The platform's own where it has one: a pure function of the same numbers, several times as fast. */
const platformCrc32 = globalThis.process?.getBuiltinModule?.('node:zlib')?.crc32

const crc32: (text: string) => number = platformCrc32 ?? portableCrc32

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The two digits of the lowest byte: looked up, which costs a fifth of having the whole number written. */
// There is one for every byte.
const byteText = (number: number) => BYTES[number & 255] as string

/**
 * CRC-32 of the text's UTF-8 bytes, as 8 hexadecimal digits.
 *
 * It finds damage, not malice: whoever can write the store can write a checksum.
 */
export function checksum(text: string): string {
  const sum = crc32(text)
  return byteText(sum >>> 24) + byteText(sum >>> 16) + byteText(sum >>> 8) + byteText(sum)
}
