import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { argument } from '../src/cli/format.js'
import { EXIT, EXIT_CODES_HELP } from './transfer-exit.js'

/** What the command line asks for. */
export interface TransferOptions {
  /** Undefined for the demonstration on a file of its own. */
  readonly files: { readonly from: string; readonly to: string } | undefined
  readonly chunkSize: number | undefined
  readonly bytesPerSecond: number | undefined
  readonly store: string
  readonly journal: string | undefined
  /** Whether the page that shows it may pause, resume and crash it. */
  readonly control: boolean
}

const DEFAULT_STORE = '.tardigrade'

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
}

function bytes(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(|k|M|G|Ki|Mi|Gi)B?$/.exec(text) ?? []
  const value = Math.round(Number(number) * (UNITS[unit ?? ''] ?? Number.NaN))
  if (value >= 1) return value
  throw new InvalidArgumentError('Give a number of bytes from 1 on, such as 500k, 10M or 4Mi.')
}

const AFTER_OPTIONS = `
A transfer that goes on keeps the options that it was started with.
Relative paths count from ${process.cwd()}.
${EXIT_CODES_HELP}`

/** Reads the arguments; on a mistake, or for `--help`, it says so and ends the process. */
export function readOptions(argv: readonly string[]): TransferOptions {
  const command = new Command('npm start --')
    .description('Copies a file in chunks and goes on where it was, whatever interrupts it.')
    .argument('[from]', 'the file to copy; without one, a demonstration on a file of its own')
    .argument('[to]', 'a file, a folder, or an http address that takes resumable uploads')
    .option('--rate <bytes>', 'the most to copy in a second, such as 10M (demonstration: 10M)', bytes)
    .option(
      '--chunk <bytes>',
      'how much to copy between two checkpoints (demonstration: 1Mi; else 4Mi)',
      bytes,
    )
    .option('--store <folder>', 'where the checkpoints are kept', DEFAULT_STORE)
    .option('--control', 'let the page that shows it send events, pause, resume, stop and crash')
    .option('--journal <file>', 'for diagnostics: append a line for every chunk')
    .addHelpText('after', AFTER_OPTIONS)
    .showHelpAfterError('Say `npm start -- --help` to see what can be given.')
    .exitOverride()
  try {
    command.parse(argv, { from: 'user' })
    const [from, to] = command.args
    if (from !== undefined && to === undefined) command.error('error: give FROM and TO, or neither')
    if (from === '' || to === '') command.error('error: FROM and TO cannot be empty')
    const {
      rate,
      chunk,
      store,
      journal,
      control = false,
    } = command.opts<{
      rate?: number
      chunk?: number
      store: string
      journal?: string
      control?: boolean
    }>()
    const files = from === undefined || to === undefined ? undefined : { from, to }
    return { files, chunkSize: chunk, bytesPerSecond: rate, store, journal, control }
  } catch (error) {
    // Commander has printed what is wrong.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT.usage)
    throw error
  }
}

/** The same files, the same transfer; the demonstration has a key that is easy to type. */
export function keyOf({ files }: TransferOptions): string {
  if (files === undefined) return 'demo'
  const from = resolve(files.from)
  return `copy-${createHash('sha256').update(`${from}\0${files.to}`).digest('hex').slice(0, 12)}`
}

/** How `tardigrade` is called in a clone for the store of this transfer. */
export function commandOf({ store }: Pick<TransferOptions, 'store'>): string {
  return store === DEFAULT_STORE ? 'npx tardigrade' : `npx tardigrade --store ${argument(store)}`
}
