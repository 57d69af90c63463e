import pc from 'picocolors'

type Colors = ReturnType<typeof pc.createColors>

/** Where a command writes, and how. Results go to `out`; errors, progress and questions to `err`. */
export interface Output {
  /** Write for programs: JSON and nothing else. */
  readonly json: boolean
  /** The store's folder, where the command line named it: commands that are advised must name it too. */
  readonly store: string | undefined
  /** How the command was called, as advice has it be called again: `tardigrade`, or through npx. */
  readonly command: string
  readonly colors: Colors
  /** Whether people look at `out`; `errIsTerminal`: at `err`. */
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  out(text: string): void
  err(text: string): void
}

/** Makes where a command writes, from what its options say of that. */
export type OutputOf = (json: boolean, store?: string) => Output

/** The process' own streams. */
export function processOutput(json: boolean, store?: string): Output {
  const { stdout, stderr } = process
  const outIsTerminal = stdout.isTTY === true
  const forced = process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== ''
  return {
    json,
    store,
    command: process.env.npm_lifecycle_event === 'npx' ? 'npx tardigrade' : 'tardigrade',
    // picocolors knows --no-color and NO_COLOR, but colours the pipes of CI and of Windows as well.
    colors: pc.createColors(pc.isColorSupported && (outIsTerminal || forced)),
    outIsTerminal,
    errIsTerminal: stderr.isTTY === true,
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
  }
}

/** Who reads a pipe may close it early, as `head` does; that is no error of ours. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    })
  }
}

/** A value as JSON, whatever stands in it: a cycle becomes `[circular]`. */
export function toJson(value: unknown, indent?: number): string {
  const above: unknown[] = []
  function replace(this: unknown, _: string, inner: unknown): unknown {
    if (typeof inner === 'bigint') return String(inner)
    if (typeof inner !== 'object' || inner === null) return inner
    // `this` is the object that holds `inner`: what came after it is no longer above.
    while (above.length > 0 && above.at(-1) !== this) above.pop()
    if (above.includes(inner)) return '[circular]'
    above.push(inner)
    return inner
  }
  return JSON.stringify(value, replace, indent) ?? 'null'
}
