import { type GuestRefusedError, InspectionFailedError, type StoreOlderError } from '../../errors/inspect.js'
import { checkOptions } from '../../errors/option-checks.js'
import { StoreGoneError } from '../../errors/store-doubt.js'
import type { InspectOptions, Subject } from '../../ports/inspector.js'
import type { Store, StoreClaim, StoreOwner } from '../../ports/store.js'
import { systemClock } from '../../runtime/clock.js'
import type { Inspection } from '../../runtime/inspection.js'
import type { Supervisor } from '../../runtime/supervisor.js'
import type { SupervisorOptions } from '../../runtime/supervisor-options.js'
import { apart } from '../../xstate/apart.js'
import { dropClaimNote, noteClaim } from '../files/claim-note.js'
import { newestCommitsIn } from '../files/newest-commits.js'
import { olderThan } from '../files/older.js'
import { Recordings } from '../files/recordings.js'
import { SegmentFiles } from '../files/segment-files.js'
import { Guests } from '../guests/guests.js'
import { INSPECT_CHECKS } from '../inspect-checks.js'
import { olderShown } from '../older-shown.js'
import { hiding } from '../redact.js'
import { Journal } from '../stream/journal.js'
import { JournalSink } from '../stream/journal-sink.js'
import { Recorder } from '../stream/recorder.js'
import type { StoreOwnerShown } from '../stream/stored.js'
import { Choice } from './choice.js'
import { controlsOf, withGuests } from './controls.js'
import { tellingFailures } from './failures.js'
import { callGuests } from './guest-calls.js'
import { incarnationAt } from './incarnation-name.js'
import { RefusedGuests } from './refused-guests.js'
import { addressOf, type InspectionServer, serveInspection } from './serve.js'
import { StoredWatch } from './stored-watch.js'
import { isToken, makeToken, tokenOf } from './token.js'

export { listenForReceivers } from './receivers.js'

const MEMORY_BYTES = 16 * 1024 * 1024
const FILE_BYTES = 64 * 1024 * 1024
/** Segments that a budget is for: the oldest of them makes room at a time. */
const SEGMENTS = 8

type Surroundings = Pick<SupervisorOptions, 'store' | 'clock' | 'onWarning'>

/** Whether a store that this process is about to claim is older than what was recorded beside it. What cannot be read, the claim tells. */
async function olderBefore(store: Store): Promise<StoreOlderError | undefined> {
  const { folder } = store
  const recorded = folder === undefined ? [] : newestCommitsIn(folder)
  if (folder === undefined || recorded.length === 0) return undefined
  try {
    const reader = await store.read()
    return await olderThan(folder, reader, recorded, true).finally(() => reader.close())
  } catch {
    return undefined
  }
}

/**
 * Makes ready to show the services of a supervisor of this process, and to record them beside its store where that has a folder: before the
 * store is claimed, since whether it is older than its recording nobody can tell afterwards. Gives what opens the inspection.
 * @throws {InvalidOptionError} an option is unknown or is not what it must be
 */
export async function inspectionHere(
  options: InspectOptions,
  surroundings: Surroundings,
): Promise<() => Inspection> {
  checkOptions('inspect', options, INSPECT_CHECKS)
  const older = await olderBefore(surroundings.store)
  return () => new InspectionHere(options, surroundings, older)
}

class InspectionHere implements Inspection {
  address: string | undefined
  readonly #hide
  readonly #choice: Choice | undefined
  readonly #journal: Journal
  readonly #files: SegmentFiles | undefined
  readonly #sink: JournalSink
  readonly #recorder: Recorder
  readonly #incarnation: string
  readonly #startedAtMs: number
  #server: InspectionServer | undefined
  #stored: StoredWatch | undefined
  #endCalls = () => {}
  #dropNote = () => {}
  #closed = false

  constructor(
    private readonly options: InspectOptions,
    private readonly surroundings: Surroundings,
    private readonly older: StoreOlderError | undefined,
  ) {
    const { redact, only, memoryBytes = MEMORY_BYTES, fileBytes = FILE_BYTES } = options
    const { store, clock = systemClock } = surroundings
    const startedAtMs = clock.now()
    this.#startedAtMs = startedAtMs
    const failed = once((cause) => this.#warn(new InspectionFailedError({ cause })))
    this.#hide = hiding(redact)
    this.#choice = only && new Choice(only, failed)
    this.#incarnation = incarnationAt(startedAtMs)
    if (store.folder !== undefined && fileBytes > 0) {
      this.#files = new SegmentFiles(store.folder, this.#incarnation, fileBytes, failed)
    }
    const budget = this.#files === undefined ? memoryBytes : Math.min(memoryBytes, fileBytes)
    // Its last entry may come to a little more.
    this.#journal = new Journal(memoryBytes, budget / SEGMENTS + 4096)
    const facts = { incarnation: this.#incarnation, pid: process.pid, startedAtMs }
    this.#sink = new JournalSink(this.#journal, facts, budget / SEGMENTS, this.#files)
    this.#recorder = new Recorder(this.#sink, this.#hide, clock, failed)
  }

  readonly inspect: Inspection['inspect'] = (event, of) => {
    if (!this.#closed && this.#choice?.of(of) !== false) this.#recorder.inspect(event, of)
  }

  readonly observe: Inspection['observe'] = (fact, of) => {
    // What it says of each service is over, and a look may be a long time off.
    if (fact.type === 'committed' && fact.error instanceof StoreGoneError) this.#stored?.lookNow()
    if (!this.#closed && this.#choice?.of(of) !== false) this.#recorder.observe(fact, of)
    if (fact.type === 'removed') this.#choice?.forget(of)
  }

  async begin(supervisor: Supervisor, claim: StoreClaim): Promise<void> {
    const { port, control = false, allowOrigins = [], connect = [] } = this.options
    const { onListening = (address: string) => console.error(`Inspect at ${address}`) } = this.options
    const { store, clock = systemClock } = this.surroundings
    if (this.older !== undefined) this.#warn(this.older)
    const owner = this.#files && (await claim.owner())
    if (store.folder !== undefined && owner !== undefined) this.#noteClaim(store.folder, owner)
    if (port === false) return
    const token = store.folder === undefined ? makeToken() : tokenOf(store.folder)
    const shown = this.#ownerShown(claim)
    const only = (of: Subject) => this.#choice?.ofStored(of) !== false
    this.#stored = new StoredWatch(claim, this.#hide, only, clock, {
      ownerNow: async () => shown,
      folder: store.folder,
      looked: (hasMetAll) => this.#choice?.looked(hasMetAll),
    })
    const earlier =
      this.#files === undefined
        ? undefined
        : new Recordings(store.folder ?? '', this.#journal, this.#hide, this.#incarnation)
    let loaded: Promise<void> | undefined
    const guests = new Guests(this.#journal, this.#hide, clock, incarnationAt)
    const served = {
      journal: this.#journal,
      stored: this.#stored,
      hello: { pid: process.pid, store: store.location },
      isToken: (given: string) => isToken(given, token),
      control: control ? withGuests(guests, controlsOf(supervisor)) : undefined,
      guests,
      failed: tellingFailures((error) => this.#warn(error)),
      refusedGuests: new RefusedGuests((error) => this.#warn(error)),
      origins: allowOrigins,
      // What earlier processes have left is read for the first who wants to see it.
      arrives: () => {
        loaded ??= earlier === undefined ? Promise.resolve() : earlier.readGently(clock, () => this.#closed)
        return loaded
      },
      unreadable: () => earlier?.unreadable ?? [],
    }
    this.#server = await serveInspection(served, port)
    this.#endCalls = callGuests(connect, guests, clock)
    this.address = addressOf(this.#server, token)
    onListening(this.address)
  }

  #noteClaim(folder: string, owner: StoreOwner): void {
    noteClaim(folder, owner)
    this.#dropNote = () => dropClaimNote(folder, owner.epoch)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#dropNote()
    this.#endCalls()
    this.#recorder.flush()
    this.#sink.end()
    this.#files?.close()
    // A store that hangs keeps no page open.
    await Promise.all([this.#stored?.close(), this.#server?.close()])
  }

  /** Told where there is something to say of the store that it has claimed. */
  #ownerShown({ epoch }: StoreClaim): StoreOwnerShown | undefined {
    const { older } = this
    if (older === undefined) return undefined
    const own = { pid: process.pid, claimedAtMs: this.#startedAtMs, exists: true, own: true } as const
    return { epoch, ...own, ...olderShown(older) }
  }

  #warn(warning: InspectionFailedError | GuestRefusedError | StoreOlderError): void {
    const { onWarning } = this.surroundings
    if (onWarning === undefined) console.warn(warning.message)
    else apart(() => onWarning(warning))
  }
}

/** The first call alone. */
function once<T extends readonly unknown[]>(run: (...values: T) => void): (...values: T) => void {
  let done = false
  return (...values) => {
    if (!done) run(...values)
    done = true
  }
}
