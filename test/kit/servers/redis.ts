import { rmSync } from 'node:fs'
import { findOnPath, installFromDebian } from '../install.js'
import { dataFolder } from './data-folder.js'
import { freePort, type ServerProcess, startServer } from './server-process.js'

const NAMES = ['redis-server', 'valkey-server']
const REMEDY =
  'The tests of redisStore need a Redis: install it (on Debian: apt-get install redis-server), or set REDIS_SERVER to its program.'

/** A real Redis on a port of loopback, with data of its own. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  /** kill -9 of the server. */
  kill(): Promise<void>
  /** Starts it again, on the same data and port; with other settings, where they are given. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>
  /** Ends it, with its data. */
  dispose(): Promise<void>
}

/**
 * Starts a Redis that has on its disk whatever it has acknowledged.
 * @throws {Error} there is none for this machine, and what to do about it
 */
export async function startRedis(): Promise<RedisServer> {
  const path = redisPath()
  const folder = dataFolder('redis', undefined, 'memory')
  const port = await freePort()
  let server: ServerProcess | undefined
  const start = async (settings: Readonly<Record<string, string>> = {}) => {
    if (server !== undefined) return
    const all = {
      port: String(port),
      bind: '127.0.0.1',
      dir: folder,
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      ...settings,
    }
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
    server = await startServer({ path, args, ready: /[Rr]eady to accept connections/, stream: 'stdout' })
  }
  const kill = async () => {
    const running = server
    server = undefined
    await running?.kill()
  }
  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    dispose: async () => {
      await kill()
      // A child of the server may still be writing.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 })
    },
  }
}

/** The one that REDIS_SERVER names, an installed one, or Debian’s, which root installs. */
function redisPath(): string {
  const found = foundRedis()
  if (found !== undefined) return found
  try {
    installFromDebian('redis-server', 'redis-server')
  } catch (cause) {
    throw new Error(REMEDY, { cause })
  }
  const installed = findOnPath(NAMES)
  if (installed === undefined) throw new Error(REMEDY)
  return installed
}

/** The one that REDIS_SERVER names, or an installed one. */
function foundRedis(): string | undefined {
  const named = process.env.REDIS_SERVER
  return named !== undefined && named !== '' ? named : findOnPath(NAMES)
}
