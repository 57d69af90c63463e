import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve } from 'node:path'

/** The built page, as `npm run setup` leaves it. */
export const BUILT = resolve(import.meta.dirname, '../../../dist/visualizer')

/** What the page is served with: nothing from elsewhere, nothing inline, no text that becomes a script. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types tardigrade',
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Serves the built page on loopback, with more files by their paths, such as recorded traces. */
export async function servePage(files: Readonly<Record<string, string>> = {}) {
  if (!existsSync(join(BUILT, 'index.html'))) throw new Error('The page is not built: run npm run setup.')
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    const path = join(BUILT, pathname === '/' ? 'index.html' : pathname)
    const isThere = path.startsWith(BUILT) && existsSync(path)
    const body = files[pathname] ?? (isThere ? readFileSync(path) : undefined)
    const type = TYPES[extname(pathname === '/' ? 'index.html' : pathname)] ?? 'application/octet-stream'
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': type,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    })
    response.end(body)
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
