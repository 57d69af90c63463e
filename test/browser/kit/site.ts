import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { build, type Plugin } from 'vite'

/** The tests and the benchmarks, which are compiled elsewhere, are all run from there. */
const root = process.cwd()
const src = resolve(root, 'src')

/** The package’s own names, of the sources. */
const aliases = [
  { find: /^#inspection$/, replacement: `${src}/inspect/server/nowhere.ts` },
  { find: /^tardigrade$/, replacement: `${src}/index.ts` },
  {
    find: /^tardigrade\/(stores\/indexeddb|hosts\/browser|hosts\/embedder|testing|react)$/,
    replacement: `${src}/$1/index.ts`,
  },
  { find: /^tardigrade\/(.*)$/, replacement: `${src}/$1.ts` },
]

interface BundleOptions {
  /** Minified, and without this package’s peer, as its size is told. */
  readonly small?: boolean
  readonly format?: 'es' | 'cjs'
  readonly target?: string
  /** Makes another text of a source, as another version of the package would have it. */
  readonly changed?: (path: string, code: string) => string
  readonly plugin?: Plugin
  /** What stands for modules, beside the package’s own names. */
  readonly stand?: Readonly<Record<string, string>>
}

/**
 * What the pages of the tests run, bundled from the sources as an application bundles the package.
 * @param entry a file of the tests’ pages, or the path of another one
 */
export async function bundle(
  entry: string,
  {
    small = false,
    format = 'es',
    target = 'es2022',
    changed = (_path, code) => code,
    plugin = { name: 'none' },
    stand = {},
  }: BundleOptions = {},
): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [{ name: 'changed', enforce: 'pre', transform: (code, path) => changed(path, code) }, plugin],
    resolve: {
      alias: [
        ...Object.entries(stand).map(([name, replacement]) => ({
          find: new RegExp(`^${name}$`),
          replacement,
        })),
        ...aliases,
      ],
    },
    // As applications are built; libraries that Vite builds leave it to those.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: small,
      target,
      lib: { entry: resolve(root, 'test/browser/pages', entry), formats: [format], fileName: 'page' },
      rolldownOptions: {
        external: small ? [/^xstate/] : [],
        output: { codeSplitting: false, minify: small },
      },
    },
  })
  const [first] = [built].flat()
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error(`Nothing was built of ${entry}.`)
  return chunk.code
}

/** Serves pages that run bundles, by name, on loopback; `/NAME` is one. What pages tell under `/told` goes to `onTold`. */
export async function site(
  bundles: Readonly<Record<string, string>>,
  onTold: (told: URLSearchParams) => void = () => {},
) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site')
    const name = pathname.slice(1)
    if (name === 'told') onTold(searchParams)
    const script = bundles[name.replace(/\.js$/, '')]
    if (name === 'told') response.writeHead(204).end()
    else if (script === undefined) response.writeHead(404).end()
    else if (name.endsWith('.js')) response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else {
      const page = `<!doctype html><title>${name}</title><script type="module" src="/${name}.js"></script>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((closed) => {
      server.closeAllConnections()
      server.close(() => closed())
    })
  return { url: (name: string) => `http://localhost:${port}/${name}`, close }
}
