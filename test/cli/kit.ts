import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pc from 'picocolors'
import { onTestFinished } from 'vitest'
import { carryOut } from '../../src/cli/carry-out.js'

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

/** The path of a module that tests run. */
export const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))

/** What a command wrote, and how it ended. */
export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Commands that run what others have written, with what belongs to a whole process: its signals, its threads and its end. */
const OF_A_PROCESS: readonly (string | undefined)[] = ['run', 'verify', 'inspect']

/** Runs a command to its end: in the process of the test, which `process.test.ts` holds against one of its own, or in such a one. */
export function cli(store: string, ...args: string[]): Promise<Result> {
  return OF_A_PROCESS.includes(args[0]) ? cliIn({}, store, ...args) : cliHere(store, ...args)
}

async function cliHere(store: string, ...args: string[]): Promise<Result> {
  const said = { out: '', err: '' }
  const code = await carryOut('0.0.0', lineOf(store, args), (json, named) => ({
    json,
    store: named,
    command: 'tardigrade',
    colors: pc.createColors(false),
    outIsTerminal: false,
    errIsTerminal: false,
    out: (text) => {
      said.out += `${text}\n`
    },
    err: (text) => {
      said.err += `${text}\n`
    },
  }))
  return { code, ...said }
}

/** Runs a command to its end in a process of its own, with environment variables. */
export async function cliIn(
  environment: NodeJS.ProcessEnv,
  store: string,
  ...args: string[]
): Promise<Result> {
  const child = start(store, args, environment)
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return { code: await exitOf(child), out, err }
}

/** Has a process that is gone be the last owner, instead of the test's own, and changes nothing else. */
export async function disown(store: string): Promise<void> {
  const script = `const { sqliteStore } = await import('tardigrade/stores/sqlite')
    await (await sqliteStore(process.argv[1]).claim()).close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, store], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  })
  await exitOf(child)
}

/** The JSON that a command wrote to stdout. */
export async function cliJson(store: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { out, err } = await cli(store, ...args, '--json')
  if (out === '') throw new Error(`nothing on stdout, and on stderr: ${err}`)
  return JSON.parse(out)
}

/** The error that a command ended with. */
export async function cliError(
  store: string,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly error: Record<string, string> }> {
  const { code, out, err } = await cli(store, ...args, '--json')
  if (err === '') throw new Error(`nothing on stderr, exit code ${code}, and on stdout: ${out}`)
  return { code, error: JSON.parse(err).error }
}

/** A `tardigrade run` that goes on beside the test; killed after it. */
export interface Owner {
  readonly pid: number
  /** Resolves with the first state line, told or to come, that fits. */
  reaches(phase: string, state?: unknown): Promise<Record<string, unknown>>
  kill(signal: NodeJS.Signals): void
  /** What it has written to stderr. */
  errors(): string
  readonly exit: Promise<number | null>
}

/** Starts `tardigrade run … --json`. Resolves when it takes requests. */
export async function owner(store: string, ...args: string[]): Promise<Owner> {
  const child = start(store, ['run', ...args, '--json'])
  const lines: Record<string, unknown>[] = []
  const waiting: ((line: Record<string, unknown>) => boolean)[] = []
  let err = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const exit = exitOf(child)
  if (child.stdout === null) throw new Error('the child has no stdout')
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text)
    lines.push(line)
    for (const [index, taken] of [...waiting.entries()].reverse()) if (taken(line)) waiting.splice(index, 1)
  })
  const line = (fits: (line: Record<string, unknown>) => boolean) => {
    const told = lines.find(fits)
    if (told !== undefined) return Promise.resolve(told)
    const coming = new Promise<Record<string, unknown>>((resolve) => {
      waiting.push((next) => {
        if (fits(next)) resolve(next)
        return fits(next)
      })
    })
    const ended = exit.then((code) => {
      throw new Error(`it ended with ${code} before: ${JSON.stringify(lines)} ${err}`)
    })
    return Promise.race([coming, ended])
  }
  await line(({ type }) => type === 'ready')
  return {
    pid: child.pid ?? 0,
    reaches: (phase, state) =>
      line(
        (told) =>
          told.phase === phase &&
          (state === undefined || JSON.stringify(told.state) === JSON.stringify(state)),
      ),
    kill: (signal) => void child.kill(signal),
    errors: () => err,
    exit,
  }
}

function start(store: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const { CI, FORCE_COLOR, TARDIGRADE_STORE, DEBUG, npm_lifecycle_event, ...inherited } = process.env
  const env = { ...inherited, NO_COLOR: '1', TARDIGRADE_GRACE_MS: '2000', ...environment }
  const child = spawn(process.execPath, [MAIN, ...lineOf(store, args)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const lineOf = (store: string, args: readonly string[]) => [
  ...(store === '' ? [] : ['--store', store]),
  ...args,
]

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}
