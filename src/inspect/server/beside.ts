import { existsSync } from 'node:fs'
import { processExists } from '../../control/process-exists.js'
import {
  type GuestRefusedError,
  type InspectionFailedError,
  StoreAwayError,
  type StoreOlderError,
} from '../../errors/inspect.js'
import type { Redact } from '../../ports/inspector.js'
import type { Store } from '../../ports/store.js'
import { systemClock } from '../../runtime/clock.js'
import { olderThan } from '../files/older.js'
import { Recordings } from '../files/recordings.js'
import { Guests } from '../guests/guests.js'
import { olderShown } from '../older-shown.js'
import { hiding } from '../redact.js'
import { type Chapter, Journal } from '../stream/journal.js'
import { controlsOfOwner, noticing, withGuests } from './controls.js'
import { tellingFailures } from './failures.js'
import { callGuests } from './guest-calls.js'
import { incarnationAt } from './incarnation-name.js'
import { OwnerPlace } from './owner-place.js'
import { OwnerPulse } from './owner-pulse.js'
import { RefusedGuests } from './refused-guests.js'
import { addressOf, serveInspection } from './serve.js'
import { StoredWatch } from './stored-watch.js'
import { isToken, makeToken, tokenOf } from './token.js'

const MEMORY_BYTES = 64 * 1024 * 1024
const LOOK_EVERY_MS = 100

export interface BesideOptions {
  /** The store's folder. */
  readonly folder: string
  /** There is neither a store nor a recording in it: nothing is written there, and the token is another one each time. */
  readonly isNone?: boolean
  readonly store: Store
  /** How it was called, but for its port: what starts it again. */
  readonly command?: string | undefined
  /** The default one, or the next that is free, where it is undefined. */
  readonly port?: number | undefined
  /** Whether the owner is asked for what the page wants of it. */
  readonly control: boolean
  readonly redact?: Redact | undefined
  /** As in `InspectOptions`. */
  readonly allowOrigins?: readonly string[] | undefined
  readonly connect?: readonly string[] | undefined
  /** Is told, while somebody looks, why the store cannot be read, and of undefined when it can be. */
  readonly onStoreFailed?: ((error: unknown) => void) | undefined
  /** Is told, while somebody looks, that the store is older than what was recorded beside it. */
  readonly onStoreOlder?: ((error: StoreOlderError) => void) | undefined
  /** Is told, once for each cause, of an application that would show itself here without the token. */
  readonly onGuestRefused?: ((error: GuestRefusedError) => void) | undefined
  /** Is told, once for each cause, what was met with a client or a request. */
  readonly onFailed?: ((error: InspectionFailedError) => void) | undefined
}

const isThere = ({ pid, startedAtMs }: Chapter['facts']) => processExists(pid, startedAtMs)

/** A server over a store of which another process may be the owner. */
export interface InspectionBeside {
  readonly address: string
  close(): Promise<void>
}

/**
 * Shows a store beside its owner, or at rest: what it holds, what its processes have recorded, and what the owner records now. It changes
 * nothing, but for a token in the folder. Of a store that cannot be read it shows what was recorded, until it can be.
 *
 * @throws {PortInUseError} the port is taken
 */
export async function inspectBeside(options: BesideOptions): Promise<InspectionBeside> {
  const {
    folder,
    store,
    port,
    control,
    redact,
    allowOrigins = [],
    connect = [],
    onStoreFailed,
    onStoreOlder,
  } = options
  const { command = 'npx tardigrade inspect', onGuestRefused = () => {}, onFailed = () => {} } = options
  let address = ''
  const reader = await store.read()
  const journal = new Journal(MEMORY_BYTES)
  const recordings = new Recordings(folder, journal, hiding(redact))
  const pulse = new OwnerPulse(folder)
  const place = new OwnerPlace(folder)
  /** Whether what the owner records comes to where nobody finds it. */
  let isGone = false
  const owner = async () => {
    // Before the store is asked: an owner claims it before it commits, and a new one may do both meanwhile.
    const { newestCommits } = recordings
    const claimed = await reader.owner()
    isGone = true
    place.check(claimed)
    // Without an owner that is missed: of a folder that is there, what is not in it was removed.
    if (options.isNone !== true && !existsSync(folder)) throw new StoreAwayError(folder)
    isGone = false
    if (claimed === undefined) return undefined
    const { epoch, pid, claimedAtMs } = claimed
    const exists = processExists(pid, claimedAtMs)
    const older = await olderThan(folder, reader, newestCommits)
    if (older !== undefined) onStoreOlder?.(older)
    const told = { epoch, pid, claimedAtMs, exists, ...olderShown(older) }
    if (!told.exists) return told
    const { requests, ...awaits } = await pulse.feel(told)
    return { ...told, ...(control && { requests }), ...awaits }
  }
  const stored = new StoredWatch(reader, hiding(redact), () => true, systemClock, {
    failed: onStoreFailed,
    ownerNow: owner,
    isAlone: true,
    folder,
  })
  const ownerControls = noticing(controlsOfOwner(folder), () => {
    pulse.forget()
    stored.lookNow()
  })
  const guests = new Guests(journal, hiding(redact), systemClock, incarnationAt)
  const token = options.isNone === true ? makeToken() : tokenOf(folder)
  const served = {
    journal,
    stored,
    get hello() {
      // The same port, so that open pages find it.
      return {
        pid: process.pid,
        store: store.location,
        command: `${command} --port ${new URL(address).port}`,
      }
    },
    isToken: (given: string) => isToken(given, token),
    arrives: async () => {
      await loaded
      look()
    },
    unreadable: () => recordings.unreadable,
    control: control ? withGuests(guests, ownerControls) : undefined,
    guests,
    failed: tellingFailures(onFailed),
    refusedGuests: new RefusedGuests(onGuestRefused),
    origins: allowOrigins,
  }
  const look = () => {
    recordings.read()
    // Guests come and go by themselves.
    const owners = journal.chapters.filter(({ facts }) => facts.guest === undefined)
    const newest = owners.at(-1)
    // An earlier one gave the store up before the next could take it.
    for (const chapter of owners) chapter.live = chapter === newest && !isGone && isThere(chapter.facts)
    journal.settle()
  }
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  // There may be much of it, and the server is to answer meanwhile.
  const loaded = recordings
    .readGently(systemClock, () => isClosed)
    .then(() => {
      if (!isClosed) timer = setInterval(look, LOOK_EVERY_MS)
    })
  try {
    const server = await serveInspection(served, port)
    const endCalls = callGuests(connect, guests, systemClock)
    address = addressOf(server, token)
    return {
      address,
      close: async () => {
        isClosed = true
        clearInterval(timer)
        endCalls()
        // A store that hangs keeps no page open.
        await Promise.all([stored.close(), server.close()])
        await reader.close()
      },
    }
  } catch (error) {
    isClosed = true
    clearInterval(timer)
    await reader.close()
    throw error
  }
}
