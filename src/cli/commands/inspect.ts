import { UsageError } from '../../errors/cli.js'
import type { GuestRefusedError, InspectionFailedError, StoreOlderError } from '../../errors/inspect.js'
import { hasRecordings } from '../../inspect/files/has-recordings.js'
import { inspectBeside } from '../../inspect/server/beside.js'
import type { StoreReader } from '../../ports/store.js'
import { EXIT } from '../exit-codes.js'
import { tellFailure } from '../failure.js'
import { argument } from '../format.js'
import { tellNote, tellWarning } from '../note.js'
import { type Output, toJson } from '../output.js'
import { ownerSentence, ownerStatus } from '../owner.js'
import { existingPlace, openStore, placeOf, type StorePlace, withReader } from '../store.js'
import { asked } from '../until-asked.js'
import { showCounterexample } from './counterexample.js'

export interface InspectCommandOptions {
  readonly store: string
  readonly port?: number
  readonly control?: boolean
  readonly redact?: readonly string[]
  readonly counterexample?: string
  readonly export?: string
  readonly allowOrigin?: readonly string[]
  readonly connect?: readonly string[]
}

/** Of a folder without a store. */
const LEFT = ' any more: the page shows what was recorded beside it.'
const NOTHING = ': the page shows applications that show themselves here, and nothing of them is stored.'
/** Of a store that cannot be read. */
const RECORDED = 'The page shows what was recorded beside the store.'

/**
 * `tardigrade inspect`: shows the store and what its processes have recorded, in a page on loopback, until Ctrl+C or SIGTERM. Of a store
 * that cannot be read it says so, and shows what was recorded; so it ends with 1 where that is so to the last.
 * @throws {StoreNotFoundError} there is none, nothing was recorded of one, and no other application is to show itself
 * @throws {PortInUseError} the port is taken
 */
export async function inspect(
  output: Output,
  options: InspectCommandOptions,
  module: string | undefined,
): Promise<number> {
  const { counterexample } = options
  if (counterexample !== undefined) return showCounterexample(output, counterexample, module, options)
  if (module !== undefined) {
    throw new UsageError(
      `The module ${module} says nothing of a store.`,
      'Name the store with --store, or a token of the module with --counterexample.',
    )
  }
  return withReader(
    options.store,
    (reader, place) => showStore(output, options, reader, place),
    (folder) => placeFor(folder, options),
  )
}

async function showStore(
  output: Output,
  options: InspectCommandOptions,
  reader: StoreReader,
  place: StorePlace,
): Promise<number> {
  const { port, control = false, redact, allowOrigin: allowOrigins, connect } = options
  const { folder, kind } = place
  let failure = await failureOf(reader)
  const onStoreFailed = (error: unknown) => {
    if (error !== undefined && !isSame(error, failure)) tellFailure(output, error)
    if (error === undefined && failure !== undefined)
      tellNote(output, `The store ${folder} can be read again.`)
    failure = error
  }
  const owner = failure === undefined ? await ownerStatus(reader, folder) : undefined
  const store = await openStore(place)
  const command = commandOf(output, options, folder)
  const onGuestRefused = ({ message }: GuestRefusedError) => tellWarning(output, message)
  const onFailed = ({ message }: InspectionFailedError) => tellWarning(output, message)
  let older: string | undefined
  const onStoreOlder = ({ message }: StoreOlderError) => {
    if (older !== message) tellWarning(output, message)
    older = message
  }
  const watched = { onStoreFailed, onStoreOlder, onGuestRefused, onFailed }
  const isNone = kind === undefined && !isRecordedAlone(place)
  const given = { isNone, folder, store, command, port, control, redact, allowOrigins, connect, ...watched }
  const server = await inspectBeside(given)
  if (output.json) {
    const { address } = server
    output.out(toJson({ store: folder, address, control, readable: failure === undefined, owner }))
  } else {
    output.out(`Open ${server.address}`)
    output.out(output.colors.dim(`${owner ? ownerSentence(owner) : RECORDED} ${permission(control)}`))
  }
  if (failure !== undefined) tellFailure(output, failure)
  if (kind === undefined) tellNote(output, `There is no store in ${folder}${isNone ? NOTHING : LEFT}`)
  try {
    await asked()
  } finally {
    await server.close()
  }
  return failure === undefined ? EXIT.done : EXIT.failed
}

/** How it was called, but for its port: the page says what starts its server again. */
function commandOf({ command }: Output, options: InspectCommandOptions, folder: string): string {
  const { control, redact = [], allowOrigin = [], connect = [] } = options
  const named = (name: string, values: readonly string[]) =>
    values.flatMap((value) => [name, argument(value)])
  return [
    command,
    'inspect',
    ...named('--store', [folder]),
    ...(control === true ? ['--control'] : []),
    ...named('--redact', redact),
    ...named('--allow-origin', allowOrigin),
    ...named('--connect', connect),
  ].join(' ')
}

/** The place of a store, of what was recorded beside one that is there no more, or of none, where other applications are to show themselves. */
function placeFor(folder: string, { allowOrigin = [], connect = [] }: InspectCommandOptions): StorePlace {
  const place = placeOf(folder)
  const isForGuests = allowOrigin.length + connect.length > 0
  return isForGuests || isRecordedAlone(place) ? place : existingPlace(folder)
}

function isRecordedAlone({ kind, folder }: StorePlace): boolean {
  return kind === undefined && hasRecordings(folder)
}

/** Why the store cannot be read; undefined where it can. */
async function failureOf(reader: StoreReader): Promise<unknown> {
  try {
    await reader.owner()
    await reader.list({ limit: 1 })
    return undefined
  } catch (error) {
    return error
  }
}

/** Whether both say the same: nobody is told twice. */
function isSame(error: unknown, other: unknown): boolean {
  return error instanceof Error && other instanceof Error && error.message === other.message
}

function permission(control: boolean): string {
  return control
    ? 'The page may send events, pause, stop and crash. Ctrl+C ends it.'
    : 'The page only reads; --control lets it do more. Ctrl+C ends it.'
}
