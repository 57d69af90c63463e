import { DamagedCheckpointError } from '../errors/checkpoint.js'
import { checksum } from './checksum.js'

/** The newest format of a checkpoint that this code writes. */
export const FORMAT = 1

const HEADER = /^tardigrade\/(\d{1,9}) ([0-9a-f]{8})\n/

/** Puts the header line with format and checksum before the body. */
export function seal(body: string): string {
  return `tardigrade/${FORMAT} ${checksum(body)}\n${body}`
}

/**
 * Takes the header off again.
 * @throws {DamagedCheckpointError} no header, or the body is not the one that was sealed
 */
export function unseal(text: string): { readonly format: number; readonly body: string } {
  const header = HEADER.exec(text)
  if (header === null) throw new DamagedCheckpointError('it does not begin with a checkpoint’s header')
  const body = text.slice(header[0].length)
  const actual = checksum(body)
  if (actual !== header[2]) {
    throw new DamagedCheckpointError(`its checksum is ${actual}, and ${header[2]} was written`)
  }
  return { format: Number(header[1]), body }
}
