import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMissing } from '../../errors/missing.js'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

const NOT_BUILT = `The page is not built. In a clone of the project, run:  npm run setup\n`
const ANEW =
  'The files of the page are not those with which this process has started: it was built, installed or removed since. Start the process again; until then its services go on.\n'

/** What the page may load and do: nothing but its own, no text becomes code. Its one policy makes the address of its worker. */
function policyOf(host: string, framedBy: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy}`,
    "require-trusted-types-for 'script'",
    'trusted-types tardigrade',
  ].join('; ')
}

/** Where applications open the page in an iframe or a window, to show themselves in it. */
const RECEIVING = '/receive'

/** The built page: the files of a folder, which are found once, so that no path leads anywhere else. */
export class Page {
  readonly #files: ReadonlyMap<string, string>

  constructor(
    private readonly folder = builtPage(),
    private readonly texts: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#files = new Map(filesOf(folder).map((path) => [pathOf(folder, path), path]))
  }

  /**
   * Answers a request for a path; the caller has checked where it comes from.
   *
   * @param origins of applications that may hold the page in an iframe, or a window that they have opened, and only at `/receive`
   */
  answer(path: string, host: string, response: ServerResponse, origins: readonly string[] = []): void {
    const receives = path === RECEIVING && origins.length > 0
    const wanted = path === '/' || receives ? '/index.html' : path
    const file = this.#files.get(wanted)
    const headers = {
      'Content-Security-Policy': policyOf(host, receives ? origins.join(' ') : "'none'"),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      // Who has opened it must be able to send to it, and it must know who that is.
      'Cross-Origin-Opener-Policy': receives ? 'unsafe-none' : 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-cache',
    }
    if (file !== undefined) {
      const bytes = wanted === '/index.html' && this.#isAnew() ? undefined : bytesOf(file)
      const type = bytes && (TYPES[extname(file)] ?? 'application/octet-stream')
      response
        .writeHead(bytes === undefined ? 503 : 200, { ...headers, 'Content-Type': type ?? TYPES['.txt'] })
        .end(bytes ?? ANEW)
      return
    }
    const text = this.texts.get(wanted)
    if (text !== undefined) {
      response.writeHead(200, { ...headers, 'Content-Type': TYPES['.json'] }).end(text)
      return
    }
    const headersOfText = { ...headers, 'Content-Type': TYPES['.txt'] }
    if (this.#files.size > 0 || wanted !== '/index.html') {
      response.writeHead(404, headersOfText).end('There is nothing here.\n')
      return
    }
    // What was built since is found by another start alone.
    response.writeHead(503, headersOfText).end(this.#isAnew() ? ANEW : NOT_BUILT)
  }

  /** Whether other files are there now: what stands in one of another build leads to what nobody finds. */
  #isAnew(): boolean {
    const now = filesOf(this.folder)
    const known = new Set(this.#files.values())
    return now.length !== known.size || !now.every((path) => known.has(path))
  }
}

/** Undefined where there is no such file any more. */
function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function pathOf(folder: string, file: string): string {
  return `/${relative(folder, file).split(sep).join('/')}`
}

/** `dist/visualizer` of this package, whether this runs from its sources or is built. */
function builtPage(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
  return join(folder, 'dist', 'visualizer')
}
