import { createHash } from 'node:crypto'
import type { Answer, SeenRequest } from './http-server.js'

/** The server's side of resumable uploads, in memory, as `HttpTarget` describes them. */
export class Uploads {
  readonly #files = new Map<string, { bytes: Buffer; total: number }>()
  /** Whether it tells SHA-256, and whether it gives files back. */
  digests = true
  downloads = true
  /** Every write that it took, as `path from-to`. */
  readonly taken: string[] = []

  /** Loses everything, as a server without a disk does. */
  forget(): void {
    this.#files.clear()
  }

  contentOf(path: string): Buffer | undefined {
    return this.#files.get(path)?.bytes
  }

  readonly handle = ({ method, path, headers, body }: SeenRequest): Answer => {
    if (method === 'PUT') return this.#put(path, String(headers['content-range']), body)
    const file = this.#files.get(path)
    if (file === undefined) return { status: 404 }
    if (method === 'GET') return this.downloads ? { status: 200, body: file.bytes } : { status: 405 }
    const digest = createHash('sha256').update(file.bytes).digest('base64')
    return { status: 200, headers: this.digests ? { 'repr-digest': `sha-256=:${digest}:` } : {} }
  }

  #put(path: string, range: string, body: Buffer): Answer {
    const [, first, , total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(range) ?? []
    if (total === undefined) return { status: 400 }
    if (first === '0' || !this.#files.has(path)) {
      this.#files.set(path, { bytes: Buffer.alloc(0), total: Number(total) })
    }
    const file = this.#files.get(path)
    if (file === undefined) return { status: 500 }
    if (first !== undefined) {
      const at = Number(first)
      if (at !== file.bytes.length) return { status: 416 }
      file.bytes = Buffer.concat([file.bytes, body])
      this.taken.push(`${at}-${file.bytes.length}`)
    }
    if (file.bytes.length === file.total) return { status: 201 }
    const held = file.bytes.length
    return { status: 308, headers: held === 0 ? {} : { range: `bytes=0-${held - 1}` } }
  }
}
