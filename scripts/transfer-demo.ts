import { createCipheriv } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The demonstration: long enough to be interrupted at leisure. */
export const DEMO = {
  from: 'transfer-demo/source.bin',
  to: 'transfer-demo/copy.bin',
  size: 300_000_000,
  chunkSize: 1024 * 1024,
  bytesPerSecond: 10_000_000,
} as const

const PIECE = 4 * 1024 * 1024

/** Makes a file of seeded pseudo-random bytes, unless it is there: always the same for the same seed. */
export async function makeFile(path: string, size: number, seed: number): Promise<void> {
  if (existsSync(path)) return
  await mkdir(dirname(path), { recursive: true })
  // A cipher's key stream is the quickest generator at hand.
  const key = Buffer.alloc(16)
  key.writeDoubleBE(seed)
  const stream = createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
  const zeros = Buffer.alloc(PIECE)
  // Half a file must not pass for a whole one after an interruption.
  const unfinished = `${path}.making`
  {
    await using file = await open(unfinished, 'w')
    for (let left = size; left > 0; left -= PIECE) {
      await file.writeFile(stream.update(zeros.subarray(0, Math.min(PIECE, left))))
    }
  }
  await rename(unfinished, path)
}
