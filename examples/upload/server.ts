import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type Answer, received } from './received.js'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface ServerOptions {
  /** The folder with the built page. */
  readonly page: string
  /** Where uploads go, each into a folder of its own. */
  readonly uploads: string
  /** 0 for any that is free. */
  readonly port: number
  /** Waited for before each request for an upload is answered. */
  readonly before?: (request: IncomingMessage) => Promise<void>
}

/** Serves the page and takes its uploads, on this machine alone. */
export async function serve({ page, uploads, port, before = async () => {} }: ServerOptions) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://page').pathname)
    const [, key, name] = /^\/uploads\/([\w-]{1,100})\/([^/\\\0]{1,200})$/.exec(path) ?? []
    if (key !== undefined && name !== undefined && !/^\.+$/.test(name)) {
      await before(request)
      const { status, headers }: Answer = await received(join(uploads, key), name, request)
      return void response.writeHead(status, headers).end()
    }
    const file = normalize(path === '/' ? '/index.html' : path)
    const type = TYPES[extname(file)]
    const content = type === undefined ? undefined : await readFile(join(page, file)).catch(() => undefined)
    if (type === undefined || content === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': type }).end(content)
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A server on a port has an address of this kind.
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`
  const close = () =>
    new Promise<void>((closed) => {
      server.closeAllConnections()
      server.close(() => closed())
    })
  return { address, close }
}
