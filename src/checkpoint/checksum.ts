// A CommonJS package: Node's ESM loader sees its default export alone.
import crc32 from 'crc-32'

/**
 * CRC-32 (ISO 3309, as in zlib) of the text's UTF-8 bytes, as 8 hexadecimal digits.
 *
 * It finds damage, not malice: whoever can write the store can write a checksum.
 */
export function checksum(text: string): string {
  return (crc32.str(text) >>> 0).toString(16).padStart(8, '0')
}
