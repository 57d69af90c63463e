import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** A server that runs in a process of its own. */
export interface ServerProcess {
  /** SIGKILL, as when the machine takes its memory. Resolves when it has ended. */
  kill(): Promise<void>
  /** Lets it end as it likes to. */
  stop(signal: NodeJS.Signals): Promise<void>
}

export interface ServerCommand {
  readonly path: string
  readonly args: readonly string[]
  /** User and group that it runs as. Default: ours. */
  readonly user?: number | undefined
  /** What it prints when it takes connections. */
  readonly ready: RegExp
  readonly stream: 'stdout' | 'stderr'
}

/** Everything that was started and has not ended: it ends with this process at the latest. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a server, and waits until it takes connections.
 * @throws {Error} with what it has printed, when it ended before
 */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const { path, args, user, ready, stream } = command
  const child = spawn(path, args, {
    stdio: ['ignore', stream === 'stdout' ? 'pipe' : 'ignore', stream === 'stderr' ? 'pipe' : 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  running.add(child)
  const ended = once(child, 'exit').finally(() => running.delete(child))
  const output = child[stream]
  if (output === null) throw new Error('no output')
  const printed: string[] = []
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: output })
      .on('line', (line) => {
        printed.push(line)
        if (ready.test(line)) resolve()
      })
      .on('close', () => reject(new Error(`${path} has ended: ${printed.slice(-20).join('\n')}`)))
  })
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return { kill: () => stop('SIGKILL'), stop }
}

/** A port of loopback that nobody has. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
