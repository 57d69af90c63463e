import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** What the server answers. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Resumable uploads as `machines/transfer` sends them, kept in a folder: a `PUT` with `Content-Range` appends a chunk, 308 says how
 * much is there, and a `HEAD` tells the SHA-256.
 */
export async function received(folder: string, name: string, request: IncomingMessage): Promise<Answer> {
  const path = join(folder, name)
  if (request.method === 'HEAD') return digestOf(path)
  const [, first, , total] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(String(request.headers['content-range'])) ?? []
  if (request.method !== 'PUT' || total === undefined) return { status: 400 }
  if (first !== undefined) {
    const at = Number(first)
    // A chunk that came and whose answer was lost comes again; one that would leave a hole does not come.
    if (at > (await sizeOf(path))) return { status: 416 }
    await write(folder, path, at, request)
  }
  // Of an empty file no chunk comes.
  if (total === '0') await write(folder, path, 0, request)
  const size = await sizeOf(path)
  if (size >= Number(total)) return { status: 201 }
  return { status: 308, headers: size === 0 ? {} : { range: `bytes=0-${size - 1}` } }
}

/** Makes a chunk durable before it is acknowledged. */
async function write(
  folder: string,
  path: string,
  at: number,
  chunk: AsyncIterable<Uint8Array>,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const file = await open(path, at === 0 ? 'w' : 'r+')
  try {
    let end = at
    for await (const piece of chunk) {
      await file.write(piece, 0, piece.length, end)
      end += piece.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

async function digestOf(path: string): Promise<Answer> {
  if (!existsSync(path)) return { status: 404 }
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { status: 200, headers: { 'repr-digest': `sha-256=:${hash.digest('base64')}:` } }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.size ?? 0
}
