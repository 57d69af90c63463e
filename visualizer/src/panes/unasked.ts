import type { StoreOwnerShown } from '../../../src/inspect/stream/message.js'
import { tickMs } from '../shell/clock.js'
import type { Service, Standing } from '../store/service.js'
import type { Store } from '../store/store.js'

/** Why nothing can be asked of the process, or of the service alone; undefined where it can. */
export interface Unasked {
  readonly ofProcess: string | undefined
  readonly ofService: string | undefined
}

/** Whether there is somebody to ask something of a service, as far as the page knows; `isLost`: its server is gone. */
export function unaskedOf(service: Service, store: Store, isLost: boolean): Unasked {
  const ofProcess = isLost
    ? 'The server of this page is gone: nothing can be asked until it is there again.'
    : ofProcessIn(store, store.kept.standingOf(service))
  return { ofProcess, ofService: ofProcess ?? endedText(store.list.summary(service).lifecycle) }
}

function ofProcessIn({ hello, kept }: Store, { live, word }: Standing): string | undefined {
  // Who shows itself is there, and of a store that was not looked through yet nobody knows the owner.
  if (hello.value?.command === undefined || word === 'unknown') return undefined
  if (word === 'unreadable')
    return live ? undefined : 'The store cannot be read, so that nobody knows which process has it.'
  const owner = kept.owner.value
  if (owner?.exists !== true)
    return 'No process has the store: start the one that runs its services, and it takes requests again.'
  if (owner.requests === 'none' && isStarting(owner, tickMs.value))
    return `Process ${owner.pid} has just claimed the store, and takes no requests yet: it is starting.`
  if (owner.requests === 'none')
    return `Process ${owner.pid}, which claimed the store, takes no requests: it does not call serveControl(supervisor, folder), or has closed its supervisor.`
  return owner.requests === 'unanswered'
    ? `Process ${owner.pid}, which has the store, does not answer: it is busy or was frozen, and is asked again all the while.`
    : undefined
}

/** A process claims the store before it serves requests, and is asked now and then whether it does. */
const START_MS = 5000

/** Whether it has claimed the store just now; clocks that differ say nothing. */
function isStarting({ claimedAtMs }: StoreOwnerShown, nowMs: number): boolean {
  return nowMs >= claimedAtMs && nowMs - claimedAtMs < START_MS
}

function endedText(lifecycle: string): string | undefined {
  if (lifecycle === 'done') return 'It is done: nothing more can be asked of it.'
  if (lifecycle === 'removed') return 'It was removed from the store: nothing can be asked of it.'
  return lifecycle === 'stopped'
    ? 'It was stopped: nothing can be asked of it until its process starts it again.'
    : undefined
}
