import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { build } from 'vite'

const PAGE = `<!doctype html><title>An application</title><script type="module" src="/app.js"></script>
<button id="frame">In the iframe</button><button id="window">In a window</button><button id="press">Press</button>
<output></output><iframe title="inspector" width="1200" height="600"></iframe>`

/** Serves an application from an origin of its own: the module of this path, bundled with what it imports. */
export async function serveApp(entry: string, at = 0) {
  const code = await bundled(resolve(import.meta.dirname, entry))
  const server = createServer((request, response) => {
    const isCode = request.url === '/app.js'
    response.writeHead(200, { 'content-type': isCode ? 'text/javascript' : 'text/html' })
    response.end(isCode ? code : request.url === '/' ? PAGE : '')
  })
  await new Promise<void>((listening) => server.listen(at, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}

async function bundled(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, rollupOptions: { input: entry } },
  })
  const [chunk] = 'output' in output ? output.output : []
  if (chunk?.type !== 'chunk') throw new Error(`${entry} was not bundled`)
  return chunk.code
}
