import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { Page } from '../../../src/inspect/server/page.js'

/** The built page, as `npm run setup` leaves it. */
export const BUILT = resolve(import.meta.dirname, '../../../dist/visualizer')

/** Serves the built page on loopback, as the library's own server does, with more files by their paths, such as recorded traces. */
export async function servePage(files: Readonly<Record<string, string>> = {}) {
  if (!existsSync(join(BUILT, 'index.html'))) throw new Error('The page is not built: run npm run setup.')
  const page = new Page(BUILT)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    const file = files[pathname]
    if (file === undefined) page.answer(pathname, request.headers.host ?? '', response)
    else response.writeHead(200, { 'content-type': 'application/json' }).end(file)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
