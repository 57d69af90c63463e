import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** How a child process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The exit code of a process that was told to end, and did. */
export const POLITE_EXIT = 128 + constants.signals.SIGTERM

/** Compiled files lie beside the sources' own folders, in `dist`; these paths count from the project's root. */
export function compiled(path: string): string {
  const here = fileURLToPath(import.meta.url)
  const root = here.slice(0, here.lastIndexOf(/[/\\]dist[/\\]/.test(here) ? 'dist' : 'test'))
  return `${root}dist/${path}`
}

/** A compiled program of this project in a process of its own, to be killed. */
export class Child {
  readonly exited: Promise<Exit>
  readonly lines: string[] = []
  errors = ''
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #watchers = new Set<(line: string) => void>()

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(process.execPath, [compiled(program), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    this.#process.stderr.on('data', (piece: Buffer) => {
      this.errors += piece.toString()
    })
    // Writing to a child that was just killed is no error here.
    this.#process.stdin.on('error', () => {})
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.lines.push(line)
      for (const watch of [...this.#watchers]) watch(line)
    })
    this.exited = new Promise((resolve) => {
      this.#process.on('close', (code, signal) => resolve({ code, signal }))
    })
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  onLine(watch: (line: string) => void): void {
    this.#watchers.add(watch)
  }

  /** Resolves when the output has this many lines, or the process has ended. */
  prints(count: number): Promise<unknown> {
    const enough = new Promise<void>((resolve) => {
      const look = () => {
        if (this.lines.length >= count) resolve()
      }
      this.onLine(look)
      look()
    })
    return Promise.race([enough, this.exited])
  }

  /** Resolves with the first line that begins so, or with a later one; rejects when the process ends without it. */
  says(beginning: string, occurrence = 1): Promise<string> {
    const said = new Promise<string>((resolve) => {
      let count = 0
      const look = (line: string) => {
        if (line.startsWith(beginning) && ++count === occurrence) resolve(line)
      }
      for (const line of this.lines) look(line)
      this.onLine(look)
    })
    const ended = this.exited.then((exit) => {
      throw new Error(`It ended (${exit.code ?? exit.signal}) without “${beginning}”. ${this.errors}`)
    })
    return Promise.race([said, ended])
  }
}
